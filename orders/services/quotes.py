"""Changes to quotes. An accepted quote becomes an order in the same transaction."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Inquiry
from crm.services import convert_inquiry, win_inquiry
from foundation.accounts import tokens
from foundation.accounts.models import Company
from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach_bytes
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.services import record
from orders.models import EDITION, CostKind, Order, Quote, QuoteCost, QuoteLine, SalesPolicy
from orders.pricing import BREAKDOWNS, Totals, cif_totals
from orders.services.orders import order_from_quote
from orders.services.parts import LineData, line_data, lock, put_lines

# What a form may set; everything else belongs to the machine and to the arithmetic.
FIELDS = (
    "customer",
    "contact",
    "inquiry",
    "language",
    "currency",
    "incoterm",
    "incoterm_place",
    "payment_term",
    "valid_until",
    "insurance_rate",
    "insured_percent",
    "intro",
    "terms",
    "owner",
)
TOKEN = "quote"
PAPER = "quote"


def refuse_unknown_breakdown(incoterm: str) -> None:
    """Raise Refused for a term whose breakdown is not worked out yet."""
    if incoterm not in BREAKDOWNS:
        raise Refused(
            _("The cost breakdown under %(term)s comes with a later version. For now, quote under %(known)s.")
            % {"term": incoterm, "known": ", ".join(BREAKDOWNS)},
            reason="input",
            field="incoterm",
        )


@transaction.atomic
def create_quote(*, actor: Any, lines: Sequence[LineData], costs: Mapping[str, Decimal], **values: Any) -> Quote:
    """Start a quote as a draft. `values` are names of FIELDS; `costs` are amounts by kind. Raises Refused."""
    policy = SalesPolicy.current()
    today = timezone.localdate()
    given = {
        "valid_until": today + dt.timedelta(days=policy.validity_days),
        "insurance_rate": policy.insurance_rate,
        "insured_percent": policy.insured_percent,
        **_allowed(values),
    }
    given.setdefault("owner", values["customer"].owner or actor)
    quote = Quote(number=next_number("quote"), created_by=actor, incoterm_edition=EDITION, **given)
    _save(quote, lines, costs)
    record("quote.created", quote, actor=actor)
    return quote


@transaction.atomic
def update_quote(
    pk: int, *, actor: Any, seen: int | None, lines: Sequence[LineData], costs: Mapping[str, Decimal], **values: Any
) -> Quote:
    """Change a draft that still looks as it did at version `seen`. Raises Refused, and nothing has changed."""
    quote = lock(Quote, pk, seen=seen)
    if quote.status != Quote.Status.DRAFT:
        raise Refused(_("Quote %(number)s has been sent: revise it instead.") % {"number": quote.reference})
    for name, value in _allowed(values).items():
        setattr(quote, name, value)
    quote.row_version += 1
    _save(quote, lines, costs)
    record("quote.updated", quote, actor=actor)
    return quote


def totals_of(quote: Quote, amounts: Sequence[Decimal], costs: Mapping[str, Decimal]) -> Totals:
    """The money of a quote. Raises Refused for a term without a breakdown."""
    refuse_unknown_breakdown(quote.incoterm)
    return cif_totals(
        amounts,
        costs,
        rate=quote.insurance_rate,
        insured_percent=quote.insured_percent,
        currency=quote.currency,
    )


def send_quote(pk: int, *, actor: Any, note: str = "") -> Quote:
    """Print the quote, keep the paper, and send it to the contact with a link to answer by.

    The paper is printed before the transaction begins, because it takes a second; if the draft changes meanwhile, the
    sender is told. Raises Refused.
    """
    from orders.papers import print_quote

    shown = Quote.objects.select_related("customer", "contact").get(pk=pk)
    demand(shown, "send", actor=actor)
    if shown.contact is None or not (shown.contact.email or shown.contact.other_email):
        raise Refused(_("The contact has no email address to send the quote to."), reason="condition")
    data = print_quote(shown)
    with transaction.atomic():
        quote = lock(Quote, pk, seen=shown.row_version)
        if quote.status == Quote.Status.DRAFT:
            title = f"{quote.reference}.pdf"
            attach_bytes(quote, data, "application/pdf", title, actor=actor, purpose=PAPER)
        return perform(Quote, pk, "send", actor=actor, private={"note": note} if note else None)


@transaction.atomic
def accept_quote(pk: int, *, actor: Any, name: str = "", note: str = "", via: str = "staff") -> Order:
    """The customer says yes: the quote is accepted and an order in draft exists, or neither.

    `actor` None is the customer on their own page, `name` who signed. The inquiry behind the quote is won.
    """
    private = {key: value for key, value in {"name": name, "note": note}.items() if value}
    quote = perform(Quote, pk, "accept", actor=actor, facts={"via": via}, private=private or None)
    order = order_from_quote(quote, actor=actor)
    if quote.inquiry_id:
        _convert_inquiry(quote, actor)
    return order


@transaction.atomic
def decline_quote(pk: int, *, actor: Any, reason: str = "", name: str = "", via: str = "staff") -> Quote:
    """The customer says no, perhaps why."""
    private = {key: value for key, value in {"name": name, "reason": reason}.items() if value}
    return perform(Quote, pk, "decline", actor=actor, facts={"via": via}, private=private or None)


@transaction.atomic
def expire_quote(pk: int) -> Quote:
    """Nobody answered in time. Raises Refused when somebody has."""
    quote = lock(Quote, pk)
    if not quote.is_lapsed:
        raise Refused(_("Quote %(number)s is still valid.") % {"number": quote.reference})
    return perform(Quote, pk, "expire", actor=None)


def expire_lapsed_quotes(limit: int = 500) -> int:
    """Let every sent quote expire whose last day is over by the company's calendar; returns how many did."""
    done = 0
    with timezone.override(zoneinfo.ZoneInfo(Company.current().time_zone)):
        lapsed = Quote.objects.filter(status=Quote.Status.SENT, valid_until__lt=timezone.localdate())
        for pk in list(lapsed.order_by("valid_until").values_list("pk", flat=True)[:limit]):
            try:
                expire_quote(pk)
                done += 1
            except Refused:
                continue  # answered or revised in this moment
    return done


@transaction.atomic
def revise_quote(pk: int, *, actor: Any) -> Quote:
    """Make the next version as a draft; the present one, and every link to it, stops being an offer. Returns the draft."""
    old = perform(Quote, pk, "supersede", actor=actor)
    tokens.revoke(TOKEN, old)
    policy = SalesPolicy.current()
    values = {name: getattr(old, name) for name in FIELDS}
    values["valid_until"] = timezone.localdate() + dt.timedelta(days=policy.validity_days)
    new = Quote(
        number=old.number,
        version=old.version + 1,
        replaces=old,
        created_by=actor,
        incoterm_edition=old.incoterm_edition,
        **values,
    )
    lines = [line_data(row) for row in old.lines.select_related("product__unit")]
    costs = {row.kind: row.amount for row in old.costs.all() if row.kind != CostKind.INSURANCE}
    _save(new, lines, costs)
    record("quote.created", new, actor=actor, facts={"replaces": old.reference})
    return new


def _allowed(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"A quote has no {', '.join(sorted(unknown))}")
    return dict(values)


def _save(quote: Quote, lines: Sequence[LineData], costs: Mapping[str, Decimal]) -> None:
    """Save the quote with its lines, costs and totals: the total is always the sum of what is stored."""
    _refuse_strangers(quote)
    refuse_unknown_breakdown(quote.incoterm)
    quote.save()
    rows = put_lines(QuoteLine, quote, lines, quote.currency)
    totals = totals_of(quote, [row.amount for row in rows], costs)
    quote.costs.all().delete()
    QuoteCost.objects.bulk_create(
        [QuoteCost(quote=quote, kind=kind, amount=amount) for kind, amount in totals.costs.items()]
    )
    quote.goods_total, quote.total = totals.goods, totals.total
    quote.save(update_fields=["goods_total", "total"])


def _refuse_strangers(quote: Quote) -> None:
    """A contact or an inquiry of somebody else is a slip that would send one customer's prices to another."""
    if quote.contact is not None and quote.contact.customer_id != quote.customer_id:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")
    if quote.inquiry is not None and quote.inquiry.customer_id not in (None, quote.customer_id):
        raise Refused(_("This inquiry belongs to another customer."), reason="input", field="inquiry")


def _convert_inquiry(quote: Quote, actor: Any) -> None:
    """An answered or converted inquiry has become a sale: it is won; unanswered, it stays for whoever works on it."""
    inquiry = quote.inquiry
    if inquiry is not None and inquiry.status == Inquiry.Status.ANSWERED:
        may = actor is not None and actor.has_perm("crm.convert_inquiry")
        convert_inquiry(inquiry.pk, actor=actor if may else None, customer=quote.customer)
    if inquiry is not None and inquiry.status in (Inquiry.Status.ANSWERED, Inquiry.Status.CONVERTED):
        win_inquiry(inquiry.pk, actor=actor)
