"""Inquiries from files: history keeps its days, starts no clock, and nobody is written to."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.imports import CUSTOMER_FIELDS, shared_customers
from crm.models import ClosingReason, Inquiry
from foundation.documents.numbering import next_numbers
from foundation.imports.registry import Field, Kind, Rejected, Row, register_kind
from foundation.imports.upsert import Shelf
from foundation.imports.values import beginning_of
from foundation.journal.services import record_imported
from foundation.ui.places import zone_of

INQUIRY_FIELDS = (
    Field("subject", _("subject"), is_required=True, max_length=200),
    Field("text", _("question"), max_length=20_000),
    Field("contact_name", _("name of the sender"), max_length=120),
    Field("company_name", _("company"), max_length=200),
    Field("email", _("email address"), "email"),
    Field("phone", _("phone"), "phone"),
    Field("country", _("country"), "country"),
    Field("region", _("province or state"), max_length=80),
    Field("language", _("language"), "language"),
    Field("channel", _("channel"), "choice", choices=tuple(Inquiry.Channel.values)),
    Field("product_interest", _("product of interest"), max_length=200),
    Field("received_on", _("received on"), "date", is_required=True),
    Field("answered_on", _("answered on"), "date"),
    Field("closed_on", _("closed on"), "date"),
    Field("outcome", _("outcome"), "choice", choices=tuple(Inquiry.Outcome.values)),
    Field("closing_reason", _("reason (its code)"), max_length=40),
    Field("reason", _("reason in words"), max_length=300),
    Field("competitor", _("competitor"), max_length=120),
)
DAYS = {"received_on": "received_at", "answered_on": "answered_at", "closed_on": "closed_at"}


def _moments(said: dict[str, Any]) -> dict[str, datetime]:
    found = {field: beginning_of(said.pop(day)) for day, field in DAYS.items() if day in said}
    return {field: moment for field, moment in found.items() if moment is not None}


def _values(row: Row, reasons: dict[str, ClosingReason], customer: Any) -> tuple[dict[str, Any], str]:
    """The fields of an inquiry and the state that they mean. Raises Rejected."""
    said = dict(row.values.get("inquiry", {}))
    moments = _moments(said)
    if code := said.pop("closing_reason", ""):
        if code not in reasons:
            words = {"code": code, "known": ", ".join(sorted(reasons))}
            raise Rejected(_t("There is no reason “%(code)s”; there are %(known)s.") % words)
        said["closing_reason"] = reasons[code]
        if said.setdefault("outcome", reasons[code].outcome) != reasons[code].outcome:
            raise Rejected(_t("The reason belongs to another outcome."))
    if said.get("closing_reason") is None and (said.get("reason") or said.get("competitor")) and "outcome" not in said:
        raise Rejected(_t("A reason needs its outcome."))
    received = moments["received_at"]
    for name in ("answered_at", "closed_at"):
        if name in moments and moments[name] < received:
            raise Rejected(_t("It was answered or closed before it was received."))
    if "outcome" in said:
        moments.setdefault("closed_at", moments.get("answered_at", received))
        return {**said, **moments}, Inquiry.Status.CLOSED
    if "closed_at" in moments:
        raise Rejected(_t("What is closed needs its outcome."))
    if "answered_at" in moments:
        return {**said, **moments}, Inquiry.Status.ANSWERED
    return {**said, **moments}, Inquiry.Status.NEW


def load_inquiries(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change inquiries; their customers are made where the row names new ones. A machine is not moved by a file."""
    customers = shared_customers(rows, source)
    shelf = Shelf(Inquiry, source, numbers=partial(next_numbers, "inquiry"), related=("customer", "closing_reason"))
    shelf.fetch(row.refs["inquiry"] for row in rows)
    reasons = {one.code: one for one in ClosingReason.objects.all()}
    outcomes: list[str | Rejected] = []
    for row in rows:
        customer = customers.known.get(row.refs.get("customer", ""))
        try:
            values, status = _values(row, reasons, customer)
        except Rejected as reason:
            outcomes.append(reason)
            continue
        outcomes.append(_put(shelf, row.refs["inquiry"], values, status, customer))
    changed = [shelf.known[ref] for ref in shelf.changed]
    record_imported("inquiry.received", shelf.save(), when=lambda one: one.received_at)
    record_imported("inquiry.updated", changed, when=lambda one: None)
    return outcomes


def _put(shelf: Shelf, ref: str, values: dict[str, Any], status: str, customer: Any) -> str | Rejected:
    known = shelf.known.get(ref)
    if known is None:
        country = values.get("country") or (customer.country if customer else "")
        fresh = {
            "status": status,
            "customer": customer,
            "owner": customer.owner if customer else None,
            "time_zone": zone_of(country) or "UTC",
            "contact_name": customer.name[:120] if customer else _t("unknown"),
            "text": values["subject"],
            "channel": Inquiry.Channel.EMAIL,
            "country": country,
        }
        return shelf.put(ref, values, fresh=fresh)
    if customer is not None and known.customer_id not in (None, customer.pk):
        return Rejected(_t("The inquiry belongs to another customer."))
    if known.status != status:
        # what people have done meanwhile stands: of a machine's fields nothing is taken from a file
        taken = ("outcome", "closing_reason", "reason", "competitor", "answered_at", "closed_at")
        values = {name: value for name, value in values.items() if name not in taken}
    return shelf.put(ref, values)


register_kind(
    Kind(
        code="inquiries",
        label=_("Inquiries"),
        main="inquiry",
        entities={"inquiry": INQUIRY_FIELDS, "customer": CUSTOMER_FIELDS},
        load=load_inquiries,
        optional=("customer",),
    )
)
