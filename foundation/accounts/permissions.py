"""What each role may do with people and company."""

ROLE_PERMISSIONS = {
    "*": ["accounts.view_user", "accounts.view_team"],
    "manager": [
        "accounts.change_company",
        "accounts.invite_user",
        "accounts.deactivate_user",
        "accounts.view_leave",
        "accounts.manage_leave",
        "accounts.hand_over_work",
    ],
}
