"""What each role may do with people and company."""

ROLE_PERMISSIONS = {"manager": ["accounts.view_user", "accounts.view_team", "accounts.change_company"]}
