"""Everybody who serves customers sees what was sent to them and puts right what failed; managers keep rules and words."""

_WORDS = [
    *(f"notifications.{verb}_{kind}" for verb in ("view", "change", "add") for kind in ("template", "rule")),
    "notifications.view_templateversion",
]
_MESSAGES = ["notifications.view_message", "notifications.change_message", "notifications.send_message"]

ROLE_PERMISSIONS = {
    "*": ["notifications.view_message"],
    **dict.fromkeys(("sales", "order desk", "logistics", "service", "operations"), _MESSAGES),
    "manager": [*_MESSAGES, *_WORDS],
}
