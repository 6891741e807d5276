"""What each role may do after the sale."""

_READ = ["aftersales.view_ticket", "aftersales.view_survey", "aftersales.view_solution"]
_WORK = ["aftersales.add_ticket", "aftersales.change_ticket", "aftersales.work_ticket", "aftersales.propose_solution"]

ROLE_PERMISSIONS = {
    "*": _READ,
    "sales": ["aftersales.add_ticket"],
    "order desk": ["aftersales.add_ticket"],
    "logistics": ["aftersales.add_ticket"],
    "service": [*_WORK, "aftersales.close_ticket"],
    "operations": _WORK,
    "technical": ["aftersales.work_ticket"],
    "manager": [*_WORK, "aftersales.close_ticket"],
}
