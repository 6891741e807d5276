"""Calendars for administrators: edited as text, kept as versions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.calendars.forms import WEEKDAYS, CalendarForm
from foundation.calendars.models import Calendar, CalendarVersion
from foundation.calendars.services import revise_calendar


class VersionInline(admin.TabularInline):
    """What counted when."""

    model = CalendarVersion
    fields = ("number", "valid_from", "created_by")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Versions come from edits only."""
        return False


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):
    """Saving makes a new version; running clocks follow it from that moment."""

    form = CalendarForm
    list_display = ("name", "code", "version", "zone", "notice")
    list_select_related = ("current",)
    search_fields = ("name", "code")
    inlines = (VersionInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Week and dates under headings of their own."""
        return [
            (
                None,
                {
                    "fields": [
                        *("name", "code", "zone", "day_hours", "country", "region", "needs_notice", "years", "based_on")
                    ]
                },
            ),
            (_("Week"), {"fields": [f"day_{n}" for n in range(1, len(WEEKDAYS) + 1)]}),
            (_("Dates"), {"fields": ["closed", "special"]}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The weekdays are made by the form, so the model form must not look for them."""
        kwargs["fields"] = CalendarForm.Meta.fields
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        """Keep the names and hand the plan to the service."""
        super().save_model(request, obj, form, change)
        revise_calendar(
            obj.pk,
            actor=request.user,
            plan=form.plan(),
            day_seconds=form.day_seconds,
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Clocks were measured with it."""
        return False

    @admin.display(description=_("version"))
    def version(self, calendar: Calendar) -> str:
        """The number that counts now."""
        return str(calendar.current.number) if calendar.current else "–"

    @admin.display(description=_("time zone"))
    def zone(self, calendar: Calendar) -> str:
        """The zone whose wall clock decides."""
        return str(calendar.current.plan["tz"]) if calendar.current else "–"

    @admin.display(description=_("holidays"))
    def notice(self, calendar: Calendar) -> str:
        """A visible warning while the next year's holidays are missing."""
        year = calendar.missing_notice(timezone.localdate())
        return "" if year is None else _("⚠ %(year)s is missing") % {"year": year}
