"""Everybody who serves customers sees what was sent to them and puts right what failed; rules and templates are for administrators."""

_MESSAGES = ["notifications.view_message", "notifications.change_message", "notifications.send_message"]

ROLE_PERMISSIONS = {
    "*": ["notifications.view_message"],
    **dict.fromkeys(("sales", "order desk", "logistics", "service", "operations", "manager"), _MESSAGES),
}
