"""Forms for visits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, date_field, local_time_field, spoken_files_field
from crm.forms.recordings import ASKED, AsksConsent
from crm.models import Address, AppointmentPolicy, CheckIn, Contact, Customer, ServiceRecord, Visit, Wish
from crm.selectors import Neighbour, last_consent, neighbours_of, visible_customers
from crm.services.arrivals import Fix
from crm.services.outcomes import NEXT_NONE, NEXT_TASK, NEXT_VISIT
from crm.services.visits import usual_length
from foundation.accounts.models import User
from foundation.accounts.picking import ColleagueField
from foundation.ui import formats
from foundation.ui.forms import SubjectForm, text_area

MOST_CUSTOMERS = 500


def wishes_field() -> forms.MultipleChoiceField:
    """What the customer asked for."""
    return forms.MultipleChoiceField(
        label=_("What the customer asked for"),
        choices=Wish.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Fills the checklist."),
    )


def companions_field() -> forms.ModelMultipleChoiceField:
    """Colleagues who come along."""
    return forms.ModelMultipleChoiceField(
        User.objects.filter(is_active=True).order_by("name"),
        label=_("Companions"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )


def _offer(form: forms.BaseForm, name: str, rows: Any, initial: Any = None) -> None:
    """What a field of the form offers."""
    field: Any = form.fields[name]
    field.queryset = rows
    if initial is not None:
        field.initial = initial


class VisitForm(forms.Form):
    """Whom to visit, and what for."""

    customer: Any = forms.ModelChoiceField(Customer.objects.none(), label=_("Customer"), empty_label=_("Please choose"))
    contact: Any = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    purpose = LineField(label=_("Purpose"), max_length=200)
    start = local_time_field(label=_("When it would suit"), required=False, help_text=_("In your own time zone."))
    wishes = wishes_field()
    wish_note = LineField(label=_("More about it"), max_length=300, required=False)
    owner = ColleagueField(label=_("Salesperson"), empty_label=None)
    companions = companions_field()

    def __init__(self, data: Any = None, files: Any = None, *, actor: Any, customer: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        rows = visible_customers(actor).active()  # type: ignore[attr-defined]
        chosen = str((data or {}).get("customer") or (customer.pk if customer else ""))
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
            _offer(self, "customer", rows.filter(pk=chosen))
            _offer(self, "contact", Contact.objects.filter(customer=int(chosen), left_at=None))
        else:
            _offer(self, "customer", rows.order_by("name")[:MOST_CUSTOMERS])
            del self.fields["contact"]
        if not actor.has_perm("crm.plan_visits_of_others"):
            del self.fields["owner"]


class AgreeForm(SubjectForm):
    """Who said yes, when, and how we heard of it: begun with what was said in the last call."""

    consent: Any = None

    contact: Any = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who agreed"), required=False, empty_label=_("Somebody else")
    )
    by = LineField(label=_("Name, if it is somebody else"), max_length=120, required=False)
    channel = forms.ChoiceField(label=_("By what channel"), choices=ServiceRecord.Channel.choices)
    at = local_time_field(label=_("When"), required=False, help_text=_("Empty: just now."))
    start = local_time_field(label=_("When it suits the customer"), required=False)
    content = text_area(_("What was said"), rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            people = Contact.objects.filter(customer=self.instance.customer_id, left_at=None)
            said = self.consent.contact_id if self.consent else None
            _offer(self, "contact", people, said or self.instance.contact_id or getattr(people.first(), "pk", None))

    def first_values(self, subject: Any) -> dict[str, Any]:
        """What the customer said in the last call, if they agreed there not long ago."""
        found = last_consent(subject.customer)
        holds = timedelta(days=AppointmentPolicy.current().consent_days)
        self.consent = found if found and found.agreed_at > timezone.now() - holds else None
        known: dict[str, Any] = {"start": _local(subject.planned_start)}
        if self.consent is not None:
            words = gettext("Agreed in call %(number)s.") % {"number": self.consent.call.number}
            known |= {"channel": self.consent.channel, "at": _local(self.consent.agreed_at), "content": words}
        return known

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        person = values.get("contact")
        if person is not None and not values.get("by"):
            values["by"] = person.name
        if not values.get("by") and not self.errors:
            self.add_error("by", _("Say who agreed."))
        return values


def _local(moment: Any) -> Any:
    return timezone.localtime(moment).replace(tzinfo=None) if moment else None


class TimesForm(SubjectForm):
    """When, where, and how long the way takes."""

    start = local_time_field(label=_("Begins"), help_text=_("In your own time zone."))
    end = local_time_field(label=_("Ends"), required=False, help_text=_("Empty: the usual length."))
    address: Any = forms.ModelChoiceField(
        Address.objects.none(), label=_("Address"), required=False, empty_label=_("Not known yet")
    )
    travel_minutes = forms.IntegerField(
        label=_("Travel time in minutes"),
        min_value=0,
        max_value=1440,
        required=False,
        help_text=_("Empty: estimated from the distance."),
    )
    tells_customer = forms.BooleanField(label=_("Tell the customer"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            _offer(self, "address", Address.objects.filter(customer=self.instance.customer_id))

    def first_values(self, subject: Any) -> dict[str, Any]:
        start = subject.planned_start
        if start is None:
            start = (timezone.localtime() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        end = subject.planned_end or start + usual_length()
        return {
            "start": _local(start),
            "end": _local(end),
            "address": subject.address_id,
            "travel_minutes": subject.travel_minutes,
            "tells_customer": True,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("start") and not values.get("end") and "end" not in self.errors:
            values["end"] = values["start"] + usual_length()
        return values


class PlanForm(TimesForm):
    """The time that we agreed on, and who comes along."""

    companions = companions_field()
    field_order = ["start", "end", "address", "travel_minutes", "companions", "tells_customer"]

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {**super().first_values(subject), "companions": list(subject.companions.all())}

    def neighbours(self) -> list[Neighbour]:
        """Other customers near the address, while we are there."""
        if self.instance is None or self.actor is None:
            return []
        return neighbours_of(self.actor, self.instance.address)


class ChangeForm(SubjectForm):
    """What it is about, and what the customer asked for."""

    purpose = LineField(label=_("Purpose"), max_length=200)
    contact: Any = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    wishes = wishes_field()
    wish_note = LineField(label=_("More about it"), max_length=300, required=False)
    companions = companions_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is not None:
            _offer(self, "contact", Contact.objects.filter(customer=self.instance.customer_id, left_at=None))

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {
            "purpose": subject.purpose,
            "contact": subject.contact_id,
            "wishes": subject.wishes,
            "wish_note": subject.wish_note,
            "companions": list(subject.companions.all()),
        }


class CheckInForm(SubjectForm):
    """At the door: the phone tells where it is, or somebody says why it does not."""

    asks_position = True
    latitude = forms.DecimalField(
        min_value=-90, max_value=90, required=False, widget=forms.HiddenInput(attrs={"data-position": "latitude"})
    )
    longitude = forms.DecimalField(
        min_value=-180, max_value=180, required=False, widget=forms.HiddenInput(attrs={"data-position": "longitude"})
    )
    accuracy = forms.FloatField(
        min_value=0, max_value=10_000_000, required=False, widget=forms.HiddenInput(attrs={"data-position": "accuracy"})
    )
    no_position = forms.ChoiceField(
        label=_("Why there is no position"),
        choices=[("", "–"), *CheckIn.NoPosition.choices],
        required=False,
        help_text=_("Only when the device does not tell where it is."),
        widget=forms.Select(attrs={"data-position": "reason"}),
    )
    stated_at = local_time_field(
        label=_("Arrived at"),
        required=False,
        help_text=_("Only when you could not check in on the spot: it is marked as entered late."),
    )
    note = LineField(label=_("Note"), max_length=300, required=False)
    keep_position = forms.BooleanField(label=_("This is where the address lies: keep the position"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["stated_at"].widget.attrs.update({"data-position": "stated", "data-zone": zone})
        address = self.instance.address if self.instance is not None else None
        if address is None or address.position is not None:
            del self.fields["keep_position"]
        planned = self.instance.planned_start if self.instance is not None else None
        early = timedelta(hours=AppointmentPolicy.current().ask_early_hours)
        if planned is not None and planned - timezone.now() > early:
            # Days too early would count as punctual: the wrong visit was opened, or the time was never moved.
            label = gettext("It takes place now, not on %(when)s") % {"when": formats.moment(planned)}
            self.fields["is_now"] = forms.BooleanField(label=label)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        """What `check_in` takes: a position with its accuracy, or a reason. What a browser garbles counts as no position."""
        values = super().clean() or {}
        values.pop("is_now", None)
        for name in ("latitude", "longitude", "accuracy"):
            self.errors.pop(name, None)
        latitude, longitude = values.pop("latitude", None), values.pop("longitude", None)
        accuracy = values.pop("accuracy", None)
        values["fix"] = None
        if latitude is not None and longitude is not None and accuracy is not None:
            values["fix"] = Fix(round(latitude, 6), round(longitude, 6), round(accuracy))
        elif not values.get("no_position") and "no_position" not in self.errors:
            self.add_error("no_position", _("There is no position: say why, or let the phone tell it."))
        return values


class OutcomeForm(AsksConsent, SubjectForm):
    """What came of the visit, and what comes next."""

    result = forms.ChoiceField(label=_("Result"), choices=Visit.Result.choices, widget=forms.RadioSelect)
    discussed = text_area(_("What was discussed"), rows=5)
    feedback = text_area(_("Customer feedback"), rows=2, required=False)
    ended_at = local_time_field(label=_("Ended"), required=False, help_text=_("Empty: just now."))
    photos = spoken_files_field()
    next_kind = forms.ChoiceField(
        label=_("What comes next?"),
        choices=[
            (NEXT_TASK, pgettext_lazy("next step", "A task")),
            (NEXT_VISIT, pgettext_lazy("next step", "Another visit")),
            (NEXT_NONE, pgettext_lazy("next step", "Nothing")),
        ],
        initial=NEXT_TASK,
        widget=forms.RadioSelect,
    )
    next_step = LineField(label=_("Next step"), max_length=200, required=False)
    next_step_on = date_field(label=pgettext_lazy("date", "On"), required=False)
    no_next_step_reason = LineField(
        label=_("Why nothing follows"), max_length=300, required=False, help_text=_("Needed without a next step.")
    )
    field_order = ("result", "discussed", "feedback", "ended_at", "photos", *ASKED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_consent()

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("next_kind") == NEXT_NONE:
            if not values.get("no_next_step_reason"):
                self.add_error("no_next_step_reason", _("Say why nothing follows."))
        else:
            if not values.get("next_step"):
                self.add_error("next_step", _("Say what comes next."))
            day = values.get("next_step_on")
            if day is None and "next_step_on" not in self.errors:
                self.add_error("next_step_on", _("A next step needs its day."))
            elif day is not None and day < timezone.localdate():
                self.add_error("next_step_on", _("The next step lies in the past."))
        ended, arrived = values.get("ended_at"), getattr(self.instance, "arrived_at", None)
        if ended is not None and arrived is not None and not arrived <= ended <= timezone.now():
            self.add_error("ended_at", gettext("It ended after you arrived and before now."))
        values["recording"] = self.consent_given(values)
        return values


class MissForm(SubjectForm):
    """Whose doing it was, and why."""

    missed_by = forms.ChoiceField(label=_("Who missed it?"), choices=Visit.MissedBy.choices, widget=forms.RadioSelect)
    reason = LineField(label=_("Reason"), max_length=300)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class CancelForm(SubjectForm):
    """Why, and whether the customer hears of it."""

    reason = LineField(label=_("Reason"), max_length=300)
    tells_customer = forms.BooleanField(label=_("Tell the customer"), required=False, initial=True)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"tells_customer": True}


class OwnItemForm(forms.Form):
    """A line of one's own on the checklist."""

    text = LineField(label=_("One more thing"), max_length=180)
