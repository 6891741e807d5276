"""What each role may do with promises."""

SEE = ["sla.view_clock", "sla.view_target", "calendars.view_calendar"]
CHANGE = [
    "sla.add_target",
    "sla.change_target",
    "sla.add_pausereason",
    "sla.change_pausereason",
    "sla.view_pausereason",
    "sla.view_soonpolicy",
    "sla.change_soonpolicy",
]
ROLE_PERMISSIONS = {
    "manager": [*SEE, "sla.set_due", "sla.reset_clock"],
    "operations": SEE,
    "administrator": [*SEE, *CHANGE],
}
