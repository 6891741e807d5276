"""Inquiries and quotes of the past."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from babel.numbers import format_decimal

from catalog.models import Product
from config.demo import words
from config.demo.catalogue import CNY_PER_USD
from config.demo.deals import FREIGHT, Deal
from config.demo.ledger import Ledger, Step
from config.demo.times import Times
from crm.models import ClosingReason, Inquiry
from foundation.accounts.models import User
from foundation.documents.numbering import next_number
from orders.models import EDITION, Quote, QuoteCost, QuoteLine
from orders.pricing import Totals, cif_totals, line_amount

CHANNELS = ("web", "email", "web", "platform", "phone", "email", "chat")
SHARE = {"dealer": "0.88", "importer": "0.88", "agent": "0.84", "decorator": "0.92", "end_client": "1"}
BABEL = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
# which reason of the house stands behind the words of `words.LOST`, and behind the end of a quote
LOST_BY = ("project-ended", "competitor")
DECLINED_BY = {"declined": "price", "expired": "no-reply"}
RATE, INSURED = Decimal("0.3000"), Decimal(110)


def currency_of(deal: Deal) -> str:
    """Domestic customers pay in their own money."""
    return "CNY" if deal.client.firm.country == "CN" else "USD"


def unit_price(deal: Deal, product: Product) -> Decimal:
    """What this customer pays for one unit."""
    listed = next(p.amount for p in product.prices.all() if p.price_list.code == "list" and p.currency == "USD")
    rate = CNY_PER_USD if currency_of(deal) == "CNY" else Decimal(1)
    return (listed * Decimal(SHARE[deal.client.firm.kind]) * rate).quantize(Decimal("0.01"))


def amount_of(product: Product, quantity: Decimal, language: str) -> str:
    """A quantity as people write it: 1.200 m²."""
    number = format_decimal(quantity, locale=BABEL.get(language, language))
    return f"{number} {product.unit.symbol_in(language)}"


def owner_of(deal: Deal, staff: dict[str, User]) -> User:
    """Who sold it."""
    return deal.client.row.owner or staff["emily.carter"]


def make_inquiries(deals: list[Deal], staff: dict[str, User], times: Times, ledger: Ledger, rng: random.Random) -> None:
    """The questions, in the order in which they came."""
    for deal in sorted((one for one in deals if one.has_inquiry), key=lambda one: one.begun):
        deal.rows["inquiry"] = (
            _spam(deal, staff, times, ledger) if deal.end == "spam" else _inquiry(deal, staff, times, ledger, rng)
        )


def _texts(deal: Deal, rng: random.Random) -> tuple[str, str, str]:
    product, quantity = deal.items[0]
    pool = words.PARTITION_INQUIRIES if product.sku.startswith("PRT") else words.FLOOR_INQUIRIES
    subject, text = rng.choice(pool[deal.language])
    names = {
        "product": product.name_in(deal.language),
        "quantity": amount_of(product, quantity, deal.language),
        "place": deal.client.firm.port if not deal.is_domestic else deal.client.firm.place[1],
    }
    return subject.format(**names), text.format(**names), names["product"]


def _inquiry(deal: Deal, staff: dict[str, User], times: Times, ledger: Ledger, rng: random.Random) -> Inquiry:
    client, owner = deal.client, owner_of(deal, staff)
    subject, text, product = _texts(deal, rng)
    contact, closed = client.main, None
    if deal.end == "lost":
        assert deal.answered is not None
        closed = times.after_days(deal.answered, rng.uniform(6, 20), rng)
    is_lost = bool(closed) or deal.end in ("declined", "expired")
    inquiry = Inquiry(
        number=next_number("inquiry", at=deal.begun),
        status="closed" if is_lost or deal.end == "order" else "answered",
        customer=client.row,
        contact=contact,
        contact_name=contact.name,
        company_name=client.row.local_name or client.row.name,
        email=contact.email,
        phone=contact.phone,
        phone_typed=str(contact.phone),
        country=client.row.country,
        language=deal.language,
        time_zone=client.row.time_zone,
        channel=CHANNELS[deal.index % len(CHANNELS)],
        priority="urgent" if deal.is_urgent else "normal",
        subject=subject,
        text=text,
        product_interest=product,
        owner=owner,
        received_at=deal.begun,
        answered_at=deal.answered,
        answered_by=owner,
        consent_at=deal.begun if CHANNELS[deal.index % len(CHANNELS)] == "web" else None,
    )
    if is_lost:
        inquiry.closed_at = closed or _lapse(deal, times)
        inquiry.outcome = "lost"
        inquiry.reason = rng.choice(words.LOST[deal.language])
        code = LOST_BY[words.LOST[deal.language].index(inquiry.reason)] if deal.end == "lost" else DECLINED_BY[deal.end]
        inquiry.closing_reason = ClosingReason.objects.get(code=code)
        inquiry.competitor = "Baltic Floor Systems" if code == "competitor" else ""
    elif deal.end == "order":
        inquiry.closed_at, inquiry.outcome = deal.ordered, "won"
        inquiry.closing_reason = ClosingReason.objects.get(code="ordered" if deal.is_domestic else "quote-accepted")
    inquiry.save(force_insert=True)
    _tell_inquiry(inquiry, deal, owner, times, ledger)
    return inquiry


def _lapse(deal: Deal, times: Times) -> datetime:
    """When a quote that came to nothing was given up."""
    assert deal.quote_sent is not None
    return deal.accepted or min(deal.quote_sent + timedelta(days=31), times.now - timedelta(hours=7))


def _tell_inquiry(inquiry: Inquiry, deal: Deal, owner: User, times: Times, ledger: Ledger) -> None:
    assert deal.answered is not None
    private = {"subject": inquiry.subject, "text": inquiry.text}
    ledger.add("inquiry.received", inquiry, at=deal.begun, facts={"status": "new"}, private=private)
    steps: list[Step] = [
        ("inquiry.assigned", deal.begun + timedelta(seconds=4), None, "new", "assigned", {"owner": str(owner)}),
        ("inquiry.answered", deal.answered, owner, "assigned", "answered", None),
    ]
    if deal.end == "order":
        assert deal.ordered is not None
        steps.append(("inquiry.converted", deal.ordered, owner, "answered", "converted", None))
        steps.append(("inquiry.closed", deal.ordered, owner, "converted", "closed", None))
    elif inquiry.closed_at:
        steps.append(("inquiry.closed", inquiry.closed_at, owner, "answered", "closed", {"reason": inquiry.reason}))
    ledger.path(inquiry, steps)
    ledger.clock("first_response", inquiry, start=deal.begun, stop=deal.answered)
    subject, body = words.ANSWERS[deal.language]
    ledger.letter(
        inquiry,
        deal.client.main,
        at=deal.answered,
        actor=owner,
        language=deal.language,
        subject_line=subject.format(subject=inquiry.subject),
        body=body.format(name=inquiry.contact_name, product=inquiry.product_interest, days=25),
    )


def _spam(deal: Deal, staff: dict[str, User], times: Times, ledger: Ledger) -> Inquiry:
    subject, text = words.SPAM[deal.index % len(words.SPAM)]
    closer = staff["emily.carter"]
    closed = times.later(deal.begun, 0.4)
    inquiry = Inquiry.objects.create(
        number=next_number("inquiry", at=deal.begun),
        status="closed",
        contact_name="Growth Team",
        company_name="Rank Rocket",
        email=f"hello{deal.index}@rank-rocket.example",
        language="en",
        channel="web",
        subject=subject,
        text=text,
        owner=closer,
        received_at=deal.begun,
        closed_at=closed,
        outcome="spam",
    )
    private = {"subject": subject, "text": text}
    ledger.add("inquiry.received", inquiry, at=deal.begun, facts={"status": "new"}, private=private)
    ledger.path(
        inquiry,
        [
            ("inquiry.assigned", deal.begun + timedelta(seconds=4), None, "new", "assigned", {"owner": str(closer)}),
            ("inquiry.closed", closed, closer, "assigned", "closed", None),
        ],
    )
    return inquiry


# ---------------------------------------------------------------- quotes


def price(deal: Deal) -> Totals:
    """The CIF price of what was asked for."""
    currency = currency_of(deal)
    goods = [line_amount(quantity, unit_price(deal, product), currency) for product, quantity in deal.items]
    weight = sum((product.weight_kg or Decimal(1)) * quantity for product, quantity in deal.items)
    containers = int(weight // 24000) + 1
    rate = CNY_PER_USD if currency == "CNY" else Decimal(1)
    costs = {
        "inland_haulage": Decimal(240 * containers) * rate,
        "export_clearance": Decimal(95) * rate,
        "main_carriage": Decimal(FREIGHT["ocean"] * containers) * rate,
    }
    return cif_totals(goods, costs, rate=RATE, insured_percent=INSURED, currency=currency)


def make_quotes(deals: list[Deal], staff: dict[str, User], times: Times, ledger: Ledger, rng: random.Random) -> None:
    """The offers, in the order in which they were written."""
    quoted = [one for one in deals if one.quoted and not one.is_domestic]
    for deal in sorted(quoted, key=lambda one: one.quoted or one.begun):
        first = _quote(deal, staff, deal.quoted, deal.quote_sent, ledger, rng, times)
        if deal.revised:
            first = _quote(deal, staff, deal.revised, deal.revised + timedelta(minutes=12), ledger, rng, times, first)
        deal.rows["quote"] = first


def _quote(
    deal: Deal,
    staff: dict[str, User],
    made: datetime | None,
    sent: datetime | None,
    ledger: Ledger,
    rng: random.Random,
    times: Times,
    replaces: Quote | None = None,
) -> Quote:
    assert made is not None and sent is not None
    owner, totals = owner_of(deal, staff), price(deal)
    is_final = replaces is not None or not deal.revised
    status = {"order": "accepted"}.get(deal.end, deal.end) if is_final else "superseded"
    quote = Quote(
        number=replaces.number if replaces else next_number("quote", at=made),
        version=2 if replaces else 1,
        replaces=replaces,
        status=status,
        customer=deal.client.row,
        contact=deal.client.main,
        inquiry=deal.rows["inquiry"],
        language=deal.language,
        currency=currency_of(deal),
        incoterm="CIF",
        incoterm_edition=EDITION,
        incoterm_place=deal.client.firm.port,
        valid_until=(sent + timedelta(days=30)).date(),
        insurance_rate=RATE,
        insured_percent=INSURED,
        intro=words.INTROS[deal.language],
        terms=words.TERMS[deal.language],
        goods_total=totals.goods,
        total=totals.total,
        owner=owner,
        created_by=owner,
        created_at=made,
        sent_at=sent,
        decided_at=deal.accepted if status in ("accepted", "declined") else None,
    )
    quote.save(force_insert=True)
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=quote, **line_values(deal, number)) for number in range(len(deal.items))
    )
    QuoteCost.objects.bulk_create(QuoteCost(quote=quote, kind=kind, amount=sum_) for kind, sum_ in totals.costs.items())
    _tell_quote(quote, deal, owner, ledger, rng, times)
    return quote


def line_values(deal: Deal, number: int) -> dict[str, object]:
    """One line of a quote or an order."""
    product, quantity = deal.items[number]
    each = unit_price(deal, product)
    return {
        "position": number + 1,
        "product": product,
        "description": product.name_in(deal.language),
        "specification": product.specification,
        "brand": product.brand,
        "hs_code": product.hs_code,
        "quantity": quantity,
        "unit": product.unit.code,
        "unit_price": each,
        "amount": line_amount(quantity, each, currency_of(deal)),
    }


def _tell_quote(quote: Quote, deal: Deal, owner: User, ledger: Ledger, rng: random.Random, times: Times) -> None:
    assert quote.sent_at is not None
    ledger.add("quote.created", quote, at=quote.created_at, actor=owner, facts={"status": "draft"})
    steps: list[Step] = [("quote.sent", quote.sent_at, owner, "draft", "sent", None)]
    who = {"name": deal.client.main.name}
    if quote.status == "accepted":
        assert deal.accepted is not None
        steps.append(("quote.accepted", deal.accepted, None, "sent", "accepted", who))
    elif quote.status == "declined":
        assert deal.accepted is not None
        reason = {**who, "reason": rng.choice(words.DECLINED[deal.language])}
        steps.append(("quote.declined", deal.accepted, None, "sent", "declined", reason))
    elif quote.status == "expired":
        steps.append(("quote.expired", _lapse(deal, times), None, "sent", "expired", None))
    elif quote.status == "superseded":
        assert deal.revised is not None
        steps.append(("quote.superseded", deal.revised, owner, "sent", "superseded", None))
    ledger.path(quote, steps)
