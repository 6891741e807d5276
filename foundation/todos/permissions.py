"""What each role may do with the tasks of others; one's own need no right."""

ROLE_PERMISSIONS = {"manager": ["todos.manage_team_tasks"]}
