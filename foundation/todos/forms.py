"""Forms of tasks: everything that a task says, and the short ones of its verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.picking import ColleagueField
from foundation.todos.due import Due
from foundation.todos.models import MOST_EVERY, Series, Task, TaskPolicy
from foundation.todos.selectors import next_monday
from foundation.todos.services.series import Repetition
from foundation.todos.services.tasks import Wish
from foundation.ui import formats
from foundation.ui.forms import SubjectForm, refuse_slip, text_area

MINUTES = {"minutes": 1, "hours": 60, "days": 60 * 24}
LONGEST_BEFORE = 365 * 24 * 60
LONGEST_NOTE = 5000


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day of a year that people deal with."""
    return forms.DateField(label=label, required=False, widget=DayInput(), validators=[refuse_slip], **kwargs)


class TaskForm(forms.Form):
    """A task; `wish()` gives what its service takes. A quick one asks for little, and takes the policy for the rest."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    person = ColleagueField(label=pgettext_lazy("person", "For"), required=False, empty_label=None)
    due_on = day_field(_("Due on"))
    due_time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In your time zone. Without one, the end of the day."),
    )
    priority = forms.ChoiceField(label=_("Priority"), choices=Task.Priority.choices, required=False)
    remind_amount = forms.IntegerField(label=_("Remind"), required=False, min_value=0, max_value=999)
    remind_unit = forms.ChoiceField(
        label=_("before it is due"),
        required=False,
        choices=[("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))],
    )
    every = forms.IntegerField(label=_("Repeat every"), required=False, min_value=1, max_value=MOST_EVERY)
    repeat = forms.ChoiceField(
        label=_("Repetition"), required=False, choices=[("", _("does not repeat")), *Series.Unit.choices]
    )
    until = day_field(_("Until"))
    times = forms.IntegerField(label=_("Number of times"), required=False, min_value=1, max_value=999)
    waits_for_day = forms.BooleanField(
        label=_("Make the next one on its day, not as soon as this one is done"), required=False
    )
    note = text_area(_("Note"), rows=3, required=False, most=LONGEST_NOTE, help_text=_("Name colleagues with @."))
    record = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    quick = forms.BooleanField(required=False, widget=forms.HiddenInput)

    MAIN = ("title", "person", "due_on", "due_time")
    MORE = ("priority", "remind_amount", "remind_unit", "every", "repeat", "until", "times", "waits_for_day")

    def __init__(self, data: Any = None, *, actor: Any, task: Task | None = None, **kwargs: Any) -> None:
        known = first_values(task) if task is not None else fresh_values(actor)
        super().__init__(data, initial={**known, **kwargs.pop("initial", {})}, auto_id="task-%s", **kwargs)
        self.actor = actor
        # A day long before the task was written down is a slip; one that stands there already is left alone.
        self.kept_on = known.get("due_on")
        self.earliest = (timezone.localdate(task.created_at) if task else timezone.localdate()) - timedelta(days=1)
        self.fields["note"].widget.attrs["data-mention"] = True
        if task is not None:
            del self.fields["person"]
        self.is_folded = task is None or (task.series_id is None and task.priority == Task.Priority.NORMAL)

    @property
    def main(self) -> list[Any]:
        """What every task says."""
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def more(self) -> list[Any]:
        """What some tasks say besides."""
        return [self[name] for name in self.MORE]

    @property
    def shows_more(self) -> bool:
        """Whether the rest stands open: something is chosen there, or wrong."""
        return not self.is_folded or any(name in self.errors for name in self.MORE)

    def clean(self) -> dict[str, Any]:
        """A time and a repetition need a day; a reminder is counted in minutes."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["person"] = values.get("person") or self.actor
        if "due_on" not in self.errors and not values.get("due_on"):
            for name in ("due_time", "repeat"):
                if values.get(name):
                    self.add_error("due_on", gettext("Choose a day as well."))
                    break
        due_on = values.get("due_on")
        if due_on and due_on < self.earliest and due_on != self.kept_on:
            self.add_error(
                "due_on", gettext("This day had passed before the task was written down. Choose a later one.")
            )
        if (self._minutes() or 0) > LONGEST_BEFORE:
            self.add_error("remind_amount", gettext("At most a year before."))
        if values.get("until") and due_on and values["until"] < due_on:
            self.add_error("until", gettext("The repetition ends before the task is due."))
        return values

    def _minutes(self) -> int | None:
        values = self.cleaned_data
        if values.get("quick"):
            policy = TaskPolicy.current()
            return policy.remind_minutes if policy.has_reminder else None
        amount = values.get("remind_amount")
        return None if amount is None else amount * MINUTES[values.get("remind_unit") or "minutes"]

    def wish(self) -> Wish:
        """What was asked for, with the reader's wall clock."""
        values = self.cleaned_data
        due = None
        if values["due_on"]:
            due = Due(values["due_on"], values["due_time"], timezone.get_current_timezone())
        repetition = None
        if values["repeat"]:
            repetition = Repetition(
                values["repeat"], values["every"] or 1, values["until"], values["times"], values["waits_for_day"]
            )
        return Wish(
            title=values["title"],
            due=due,
            note=values["note"],
            priority=values["priority"] or Task.Priority.NORMAL,
            remind_minutes=self._minutes(),
            repetition=repetition,
        )


def fresh_values(actor: Any) -> dict[str, Any]:
    """A new task is one's own, and reminds as the policy says."""
    policy = TaskPolicy.current()
    return {
        "person": actor.pk,
        "priority": Task.Priority.NORMAL,
        "every": 1,
        **(_amount(policy.remind_minutes) if policy.has_reminder else {}),
    }


def first_values(task: Task) -> dict[str, Any]:
    """The task as it stands, on the reader's wall clock."""
    local = timezone.localtime(task.due_at) if task.due_at is not None and task.due_time is not None else None
    series = task.series
    return {
        "title": task.title,
        "due_on": local.date() if local else task.due_on,
        "due_time": local.time() if local else None,
        "priority": task.priority,
        "note": task.note,
        "every": series.every if series else 1,
        "repeat": series.unit if series else "",
        "until": series.until if series else None,
        "times": series.times if series else None,
        "waits_for_day": series.waits_for_day if series else False,
        **_amount(task.remind_minutes),
    }


def _amount(minutes: int | None) -> dict[str, Any]:
    if minutes is None:
        return {"remind_unit": "minutes"}
    unit = next(
        unit for unit in ("days", "hours", "minutes") if minutes % MINUTES[unit] == 0 and (minutes or unit == "minutes")
    )
    return {"remind_amount": minutes // MINUTES[unit], "remind_unit": unit}  # fmt: skip


class PostponeForm(SubjectForm):
    """To tomorrow, to next Monday, to a day of one's choice."""

    to = forms.ChoiceField(label=_("Put off until"), widget=forms.RadioSelect, initial="tomorrow")
    on = day_field(_("Another day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.days = {"tomorrow": today + timedelta(days=1), "monday": next_monday(today)}
        words = {"tomorrow": _("Tomorrow, %(day)s"), "monday": _("Next Monday, %(day)s")}
        field: Any = self.fields["to"]
        field.choices = [
            *((code, str(words[code]) % {"day": formats.day(day)}) for code, day in self.days.items()),
            ("day", gettext("Another day")),
        ]

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Tomorrow, unless somebody says otherwise."""
        return {"to": "tomorrow"}

    def clean(self) -> dict[str, Any]:
        """The day itself."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        choice, on = values.get("to"), values.pop("on", None)
        if choice == "day" and on is None and "on" not in self.errors:
            self.add_error("on", gettext("Choose a day."))
        values["to"] = self.days.get(choice or "", on)
        return values


class AssignForm(SubjectForm):
    """To whom."""

    person = ColleagueField(label=pgettext_lazy("person", "For"), empty_label=_("Please choose"))

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Nobody is suggested."""
        return {}


class CancelForm(SubjectForm):
    """Why, and whether a repeating task ends with it."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    ends_series = forms.BooleanField(label=_("It does not come again either"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is None or self.instance.series_id is None:
            del self.fields["ends_series"]
