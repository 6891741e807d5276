"""The audiences that every stage has: the customer's contact, the colleague in charge, those above."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient, get_audience, register_audience, staff_recipient
from foundation.accounts.models import Team
from foundation.notifications.placeholders import owner_of
from foundation.notifications.subjects import subject_type


def customer_contact(event: Any, subject: Any) -> list[Recipient]:
    """The customer's person for this record, as its stage registered it."""
    kind = subject_type(type(subject))
    found = kind.contact(subject) if kind and kind.contact else None
    return [found] if found else []


def _staff(user: Any) -> list[Recipient]:
    return [staff_recipient(user)] if user is not None and user.is_active else []


def owner(event: Any, subject: Any) -> list[Recipient]:
    """The colleague in charge."""
    return _staff(owner_of(subject))


def owner_manager(event: Any, subject: Any) -> list[Recipient]:
    """The manager of the colleague in charge; the lead of the team where nobody is in charge or no manager is named."""
    person = owner_of(subject)
    if person is None:
        team = Team.objects.select_related("lead").filter(pk=event.facts.get("team_id") or 0).first()
        return _staff(team.lead if team else None)
    return _staff(person.manager) or _staff(person.team.lead if person.team else None)


def team_lead(event: Any, subject: Any) -> list[Recipient]:
    """The lead of the team of the colleague in charge."""
    person = owner_of(subject)
    return _staff(person.team.lead) if person is not None and person.team else []


def escalation(event: Any, subject: Any) -> list[Recipient]:
    """Those whom this step of the escalation names in the event's facts, by the channels that it names.

    Without such facts, as in events of an earlier version: the colleague in charge and their manager.
    """
    steps = event.facts.get("escalation") or []
    number = event.facts.get("level") or 0
    step = steps[number - 1] if 0 < number <= len(steps) else {"audiences": ("owner", "owner_manager"), "channels": ()}
    found: dict[str, Recipient] = {}
    for code in step["audiences"]:
        audience = get_audience(code)
        if audience is not None and not audience.is_named_by_event:
            for one in audience.find(event, subject):
                found.setdefault(one.key, replace(one, channels=tuple(step["channels"])))
    return list(found.values())


def register() -> None:
    """Offer them to the rules."""
    register_audience("customer_contact", _("The customer's contact"), customer_contact, kind="customer")
    register_audience("owner", _("The colleague in charge"), owner)
    register_audience("owner_manager", _("The manager of the colleague in charge"), owner_manager)
    register_audience("escalation", _("Whom the step of the escalation names"), escalation, is_named_by_event=True)
    register_audience("team_lead", _("The lead of the team in charge"), team_lead)
