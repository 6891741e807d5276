"""Everybody reads; writing, publishing and training belong to roles."""

_READING = ["knowledge.view_article", "knowledge.view_course"]
_WRITING = ["knowledge.add_article", "knowledge.change_article"]
_TRAINING = [
    "knowledge.add_course",
    "knowledge.change_course",
    "knowledge.manage_training",
    "knowledge.view_session",
    "knowledge.view_result",
    "knowledge.view_certificate",
    "knowledge.view_standing",
]

ROLE_PERMISSIONS = {
    "*": _READING,
    **dict.fromkeys(("sales", "order desk", "logistics", "service", "technical", "operations"), _WRITING),
    "manager": [*_WRITING, "knowledge.publish_article", "knowledge.publish_own_article", *_TRAINING],
}
