"""Whom messages about samples and technical requests go to, what they may say, and the pages that their links open."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm import sample_texts
from crm.models import Sample, SamplePolicy, TechnicalRequest
from crm.people import recipient_of_visit
from crm.sample_selectors import visible_samples, visible_technical_requests
from crm.services.samples import TOKEN as SAMPLE_TOKEN
from crm.services.technical import TOKEN as DRAWING_TOKEN
from foundation.accounts import tokens
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.routing import staff_in_role
from foundation.journal.models import EventPrivate
from foundation.journal.standing import holds_while
from foundation.notifications.defaults import register_message
from foundation.notifications.manners.kinds import register_kind
from foundation.notifications.placeholders import register_event_placeholders, register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import one_line
from foundation.ui import formats

SAMPLE_NAMES = {
    "customer_name": _("Name of the customer"),
    "sample_purpose": _("What the samples are for"),
    "sample_lines": _("The samples, one line each"),
    "courier": _("Who brings the samples"),
    "waybill": _("Waybill number; empty when there is none"),
    "tracking_url": _("Address of the courier's tracking page; empty when there is none"),
    "wanted_on": _("The day by which it is wanted"),
    "sample_link": _("Address of the customer's page about the samples"),
}
TECHNICAL_NAMES = {
    "customer_name": _("Name of the customer"),
    "request_subject": _("Subject of the technical request"),
    "request_kind": _("Kind of the technical request"),
    "revision": _("Letter of the revision"),
    "wanted_on": _("The day by which it is wanted"),
    "drawing_link": _("Address of the customer's page with the drawings"),
    "salesperson_name": _("The salesperson"),
}
MOST_LINES = 30
STAFF = ("inbox", "email")


def senders(event: Any, subject: Any) -> list[Recipient]:
    """Active people of the roles order desk and logistics."""
    people = (staff_in_role("order desk") | staff_in_role("logistics")).distinct().order_by("pk")
    return [staff_recipient(person) for person in people]


def technical_team(event: Any, subject: Any) -> list[Recipient]:
    """Active people of the role technical."""
    return [staff_recipient(person) for person in staff_in_role("technical").order_by("pk")]


def releasers(event: Any, subject: Any) -> list[Recipient]:
    """The technical team but for the one who drew."""
    drew = getattr(subject, "drawn_by_id", None) or 0
    return [staff_recipient(one) for one in staff_in_role("technical").exclude(pk=drew).order_by("pk")]


def salesperson(event: Any, subject: Any) -> list[Recipient]:
    """Whoever asked the technical team."""
    person = getattr(subject, "salesperson", None)
    return [staff_recipient(person)] if person is not None and person.is_active else []


def sample_link(sample: Sample, recipient: Recipient) -> str:
    """An address by which this person sees the samples and decides. Makes a token: call it when it is sent."""
    raw = tokens.issue(SAMPLE_TOKEN, sample, days=SamplePolicy.current().link_days, contact_key=recipient.key)
    return f"{settings.ORIGIN}{reverse('portal:sample', args=[raw])}"


def drawing_link(request: TechnicalRequest, recipient: Recipient) -> str:
    """An address by which this person sees the drawings and decides. Makes a token: call it when it is sent."""
    raw = tokens.issue(DRAWING_TOKEN, request, days=SamplePolicy.current().link_days, contact_key=recipient.key)
    return f"{settings.ORIGIN}{reverse('portal:drawings', args=[raw])}"


def sample_values(sample: Sample, recipient: Recipient) -> dict[str, Any]:
    """What a message about samples may say."""
    return {
        "customer_name": one_line(sample.customer.name),
        "sample_purpose": one_line(sample.purpose),
        "sample_lines": lambda: lines_of(sample),
        "courier": one_line(sample.courier),
        "waybill": one_line(sample.waybill),
        "tracking_url": sample.tracking_url,
        "wanted_on": formats.day(sample.wanted_on) if sample.wanted_on else "–",
        "sample_link": lambda: sample_link(sample, recipient),
    }


def lines_of(sample: Sample) -> str:
    """What is in the parcel, one line each."""
    from catalog.selectors import unit_symbol

    language = get_language() or "en"
    rows = sample.lines.select_related("product")[:MOST_LINES]
    shown = (
        " · ".join(
            part
            for part in (formats.quantity(row.quantity, unit_symbol(row.unit)), row.name_in(language), row.variant)
            if part
        )
        for row in rows
    )
    return "\n".join(f"- {one_line(text)}" for text in shown)


def technical_values(request: TechnicalRequest, recipient: Recipient) -> dict[str, Any]:
    """What a message about a technical request may say."""
    return {
        "customer_name": one_line(request.customer.name),
        "request_subject": one_line(request.subject),
        "request_kind": one_line(str(request.kind)),
        "revision": request.letter,
        "wanted_on": formats.day(request.wanted_on) if request.wanted_on else "–",
        "drawing_link": lambda: drawing_link(request, recipient),
        "salesperson_name": str(request.salesperson or ""),
    }


def _words(event: Any, key: str) -> str:
    private = EventPrivate.objects.filter(event_id=event.pk).values_list("data", flat=True).first() or {}
    return str(private.get(key) or "")


def _question(event: Any, _subject: Any, _recipient: Recipient) -> dict[str, Any]:
    return {"question": lambda: _words(event, "text") or "–"}


def _note(event: Any, _subject: Any, _recipient: Recipient) -> dict[str, Any]:
    def note() -> str:
        text = _words(event, "note")
        return f"{text}\n\n" if text else ""

    return {"note": note}


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(
        "sample",
        nouns=("sample", "technical_request"),
        names={
            "en": "Samples and drawings",
            "de": "Muster und Zeichnungen",
            "zh-hans": "样品与图纸",
            "zh-hant": "樣品與圖面",
        },
    )
    register_audience("sample_senders", _("Whoever sends samples"), senders)
    register_audience("technical_team", _("The technical team"), technical_team)
    register_audience("drawing_releasers", _("Whoever may release the drawings"), releasers)
    register_audience("technical_salesperson", _("The salesperson of a technical request"), salesperson)
    register_subject(Sample, contact=recipient_of_visit, owner=lambda sample: sample.owner, visible=visible_samples)
    register_subject(
        TechnicalRequest,
        contact=recipient_of_visit,
        owner=lambda request: request.owner,
        visible=visible_technical_requests,
    )
    register_placeholders(Sample, sample_values, names=SAMPLE_NAMES)
    register_placeholders(TechnicalRequest, technical_values, names=TECHNICAL_NAMES)
    register_event_placeholders("technical_request.asked", _question, names={"question": _("What we have to know")})
    register_event_placeholders(
        "technical_request.sent", _note, names={"note": _("What the sender wrote, with an empty line after it")}
    )
    _register_truth()
    _register_customers()
    _register_staff()


def _register_truth() -> None:
    decided = _("It has been decided about meanwhile.")
    moved_on = _("The technical request has moved on meanwhile.")
    holds_while(("sample.sent", "sample.decision_asked"), Sample, set(Sample.WITH_CUSTOMER), why=decided)
    holds_while(("sample.requested",), Sample, set(Sample.TO_SEND), why=_("The samples have left meanwhile."))
    status = TechnicalRequest.Status
    sent = ("technical_request.sent", "technical_request.approval_asked")
    holds_while(sent, TechnicalRequest, {status.SENT}, why=decided)
    holds_while(("technical_request.asked",), TechnicalRequest, {status.WAITING}, why=moved_on)
    holds_while(("technical_request.submitted",), TechnicalRequest, {status.NEW}, why=moved_on)
    holds_while(("technical_request.drawn",), TechnicalRequest, {status.TO_RELEASE}, why=moved_on)
    holds_while(("technical_request.released",), TechnicalRequest, {status.RELEASED}, why=moved_on)


def _register_customers() -> None:
    for key, event, words in (
        ("sample.sent", "sample.sent", sample_texts.SAMPLE_SENT),
        ("sample.decision_asked", "sample.decision_asked", sample_texts.SAMPLE_ASKED),
        ("technical_request.sent", "technical_request.sent", sample_texts.DRAWINGS_SENT),
        ("technical_request.approval_asked", "technical_request.approval_asked", sample_texts.DRAWINGS_ASKED),
    ):
        register_message(key, event=event, audience="customer_contact", texts=words)
    register_message(
        "technical_request.asked",
        event="technical_request.asked",
        audience="customer_contact",
        condition={"asked": "customer"},
        texts=sample_texts.CUSTOMER_QUESTION,
    )


def _register_staff() -> None:
    register_message(
        "sample.requested",
        event="sample.requested",
        audience="sample_senders",
        channels=("inbox",),
        texts=sample_texts.SAMPLE_NEWS,
    )
    register_message(
        "technical_request.submitted",
        event="technical_request.submitted",
        audience="technical_team",
        channels=STAFF,
        texts=sample_texts.TECHNICAL_NEWS,
    )
    sample = "sample.requested"
    technical = "technical_request.submitted"
    for key, event, audience, channels, template, condition in (
        ("sample.received", "sample.received", "owner", ("inbox",), sample, {"via": "link"}),
        ("sample.approved", "sample.approved", "owner", STAFF, sample, {"via": "link"}),
        ("sample.rejected", "sample.rejected", "owner", STAFF, sample, {"via": "link"}),
        ("technical_request.assigned", "technical_request.assigned", "owner", ("inbox",), technical, {"by_owner": False}),
        ("technical_request.queried", "technical_request.asked", "technical_salesperson", STAFF, technical, {}),
        ("technical_request.answered", "technical_request.answered", "owner", STAFF, technical, {}),
        ("technical_request.drawn", "technical_request.drawn", "drawing_releasers", ("inbox",), technical, {}),
        ("technical_request.released", "technical_request.released", "technical_salesperson", STAFF, technical, {}),
        ("technical_request.returned", "technical_request.returned", "owner", STAFF, technical, {}),
        ("technical_request.approved", "technical_request.approved", "owner", STAFF, technical, {}),
        ("technical_request.changes_asked", "technical_request.changes_asked", "owner", STAFF, technical, {}),
        ("technical_request.approved.sales", "technical_request.approved", "technical_salesperson", STAFF, technical, {"via": "link"}),
        ("technical_request.changes.sales", "technical_request.changes_asked", "technical_salesperson", STAFF, technical, {"via": "link"}),
        ("technical_request.abandoned", "technical_request.abandoned", "owner", ("inbox",), technical, {}),
    ):  # fmt: skip
        register_message(key, event=event, audience=audience, channels=channels, template=template, condition=condition)
