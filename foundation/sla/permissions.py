"""What each role may do with promises."""

ROLE_PERMISSIONS = {
    "manager": ["sla.view_clock", "sla.view_target", "calendars.view_calendar"],
    "operations": ["sla.view_clock", "sla.view_target", "calendars.view_calendar"],
}
