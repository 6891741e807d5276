"""What changed of a customer, a contact or an address, in words: before and after, field by field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm import own
from crm.models import AccountPlan, Address, Contact, Customer, OwnField
from foundation.journal.models import Event
from foundation.journal.registry import get_type
from foundation.journal.timeline import register_words

MODELS: dict[str, type[models.Model]] = {
    "customer.updated": Customer,
    "contact.updated": Contact,
    "address.updated": Address,
    "account_plan.updated": AccountPlan,
}
LONGEST = 120


def say(events: list[Event]) -> dict[int, tuple[object, object]]:
    """The sentence of the event, and what stood where before; no query."""
    found: dict[int, tuple[object, object]] = {}
    for event in events:
        private = event.private.data if hasattr(event, "private") else {}
        changes = private.get("changes") or {}
        if changes:
            sentence = get_type(event.code).say({**private, **event.facts})
            found[event.pk] = (sentence, _lines(MODELS[event.code], changes))
    return found


def _lines(model: type[models.Model], changes: dict[str, Any]) -> SafeString:
    rows = [(_label(model, name), _shown(model, name, before), _shown(model, name, after)) for name, (before, after) in changes.items()]  # fmt: skip
    return format_html_join("\n", "{}: {} → {}", rows)


def _label(model: type[models.Model], name: str) -> str:
    if name.startswith("own."):
        code = name.removeprefix("own.")
        return next((str(one) for one in OwnField.of(retired=True) if one.code == code), code)
    if name == "working_calendar":
        return _("Agreed working calendar")
    try:
        label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        label = name
    return label[:1].upper() + label[1:]


def _shown(model: type[models.Model], name: str, value: str) -> object:
    if not value or value == "None":
        return format_html('<span class="muted">{}</span>', _("empty"))
    if value in ("True", "False"):
        return _("Yes") if value == "True" else _("No")
    if name.startswith("own."):
        field = next((one for one in OwnField.of(retired=True) if f"own.{one.code}" == name), None)
        value = own.read(field, value) if field is not None else value
    choices = (
        dict(getattr(model._meta.get_field(name), "flatchoices", ()))
        if "." not in name and hasattr(model, name)
        else {}
    )
    said = str(choices.get(value, value))
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()}…"


def register() -> None:
    """Called once, when the apps are ready."""
    for code in MODELS:
        register_words(code, say)
