"""Whoever serves customers reads the mail of their records; sorting what fits nowhere is theirs too."""

_SORTING = ["mailroom.view_incomingmail", "mailroom.sort_incomingmail"]

ROLE_PERMISSIONS = {
    "*": ["mailroom.view_incomingmail"],
    **dict.fromkeys(("sales", "order desk", "service", "manager"), _SORTING),
}
