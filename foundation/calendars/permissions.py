"""What each role may do with working calendars."""

ROLE_PERMISSIONS = {
    "*": ["calendars.view_calendar"],
    "manager": [
        "calendars.add_calendar",
        "calendars.change_calendar",
        "calendars.view_calendarversion",
        "calendars.view_holidayyear",
        "calendars.view_calendaruse",
        "calendars.add_calendaruse",
        "calendars.change_calendaruse",
        "calendars.delete_calendaruse",
    ],
}
