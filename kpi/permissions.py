"""Who sees the company's figures."""

ROLE_PERMISSIONS = {"manager": ["kpi.view_figures", "kpi.change_figuretarget", "kpi.view_figuretarget"]}
