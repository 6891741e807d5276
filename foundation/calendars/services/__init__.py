"""Changing calendars."""

from foundation.calendars.services.versions import create_calendar, edit_calendar, revise_calendar

__all__ = ["create_calendar", "edit_calendar", "revise_calendar"]
