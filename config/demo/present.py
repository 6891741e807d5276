"""What is going on right now, done through the real services: clocks run, messages leave, worklists fill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from aftersales.models import Ticket
from aftersales.services.tickets import (
    Complaint,
    accept_solution,
    acknowledge_ticket,
    investigate_ticket,
    propose_solution,
    receive_ticket,
    resolve_ticket,
    wait_for_customer,
)
from catalog.models import Product
from config.demo import care_words, words
from config.demo.customers import Client
from config.demo.deals import ROUTES, Deal
from config.demo.papers import signature, signed_paper
from config.demo.times import Times
from crm.models import Inquiry
from crm.services import answer_inquiry, convert_inquiry, promise_answer, receive_inquiry
from foundation.documents.numbering import next_number
from foundation.journal.services import add_note, record
from foundation.ui.places import zone_of
from logistics.models import Carrier, Shipment
from logistics.services import (
    cancel_shipment,
    change_eta,
    dispatch_shipment,
    pick_shipment,
    plan_shipment,
    receive_pod,
    reject_pod,
    sign_shipment,
)
from orders.models import Order, PaymentTerm
from orders.services import accept_quote, confirm_order, create_order, create_quote, send_quote, submit_order
from orders.services.parts import LineData


@dataclass
class Stage:
    """Everything that the present is played with."""

    clients: dict[str, Client]
    products: dict[str, Product]
    staff: dict[str, Any]
    carriers: dict[str, Carrier]
    deals: list[Deal]
    times: Times

    def client(self, name: str) -> Client:
        """The customer whose name begins so."""
        return next(one for key, one in self.clients.items() if key.startswith(name))


def play(stage: Stage) -> None:
    """Today in the company."""
    _inquiries(stage)
    _quotes(stage)
    _orders(stage)
    _shipments(stage)
    _tickets(stage)
    _notes(stage)


def _ask(stage: Stage, name: str, sku: str, quantity: str, minutes: int, **more: Any) -> Inquiry:
    """A question that came in just now from somebody whom we know."""
    client = stage.client(name)
    language, product = client.row.language, stage.products[sku]
    pool = words.PARTITION_INQUIRIES if sku.startswith("PRT") else words.FLOOR_INQUIRIES
    subject, text = pool[language][0]
    names = {"product": product.name_in(language), "quantity": quantity, "place": client.firm.port}
    return receive_inquiry(
        actor=None,
        contact_name=client.main.name,
        company_name=client.row.local_name or client.row.name,
        email=client.main.email,
        phone=str(client.main.phone),
        country=client.row.country,
        language=language,
        subject=subject.format(**names),
        text=text.format(**names),
        product_interest=names["product"],
        received_at=stage.times.now - timedelta(minutes=minutes),
        has_consented=True,
        **more,
    )


def _inquiries(stage: Stage) -> None:
    _ask(stage, "Thames", "SPC-6020", "1,800 m²", 42)
    _ask(stage, "Blue Ridge", "SPC-5002", "5,200 m²", 18, channel="email")
    _ask(stage, "Al Noor", "PRT-200", "340 m²", 9, priority="urgent", channel="phone")
    _ask(stage, "Bodenwelt", "WPC-8002", "2.600 m²", 31)
    _ask(stage, "Shengyang", "SPC-4001", "3,000 m²", 25)
    _ask(stage, "Guangzhou Huazhu", "PRT-100", "260 m²", 12, channel="phone")
    _ask(stage, "Beijing", "LAM-1201", "1,600 m²", 36)
    answered = [_ask(stage, "Straits", "PRT-300", "420 m²", 75), _ask(stage, "Raumwerk", "PRT-200", "180 m²", 66)]
    for inquiry in answered:
        subject, body = words.ANSWERS[inquiry.language]
        answer_inquiry(
            inquiry.pk,
            actor=inquiry.owner,
            subject_line=subject.format(subject=inquiry.subject),
            body=body.format(name=inquiry.contact_name, product=inquiry.product_interest, days=25),
        )
    convert_inquiry(answered[1].pk, actor=answered[1].owner, customer=answered[1].customer)
    promised = _ask(stage, "Shanghai Ruijian", "PRT-410", "120 m²", 50)
    promise_answer(promised.pk, actor=promised.owner, promised_at=stage.times.now + timedelta(hours=5))
    _nobodys(stage)


def _nobodys(stage: Stage) -> None:
    """From somebody unknown, and nobody has taken it yet."""
    text = (
        "Hello,\n\nI run a small showroom in Lisbon and saw your stand at the fair. Could you send me a catalogue and tell me "
        "the minimum quantity for SPC planks in oak decors? We would start with half a container.\n\nBest regards\nInês Duarte"
    )
    inquiry = Inquiry(
        number=next_number("inquiry"),
        contact_name="Inês Duarte",
        company_name="Chão Novo Lda",
        email="ines@chao-novo.example",
        country="PT",
        language="en",
        time_zone=zone_of("PT"),
        channel="web",
        subject="Catalogue and minimum quantity, SPC oak",
        text=text,
        product_interest="SPC oak",
        received_at=stage.times.now - timedelta(minutes=6),
        consent_at=stage.times.now,
    )
    inquiry.save(force_insert=True)
    private = {"subject": inquiry.subject, "text": text}
    record("inquiry.received", inquiry, private=private, occurred_at=inquiry.received_at)


# ---------------------------------------------------------------- quotes and orders


def _lines(stage: Stage, language: str, *items: tuple[str, str, str]) -> list[LineData]:
    found = []
    for sku, quantity, each in items:
        product = stage.products[sku]
        found.append(
            LineData(
                product=product,
                description=product.name_in(language),
                quantity=Decimal(quantity),
                unit_price=Decimal(each),
                weight_kg=(product.weight_kg or Decimal(1)) * Decimal(quantity),
                promised_on=stage.times.today + timedelta(days=50),
            )
        )
    return found


def _offer(stage: Stage, name: str, *items: tuple[str, str, str]) -> Any:
    client = stage.client(name)
    language = client.row.language
    return create_quote(
        actor=client.row.owner,
        customer=client.row,
        contact=client.main,
        language=language,
        currency="USD",
        incoterm="CIF",
        incoterm_place=client.firm.port,
        intro=words.INTROS[language],
        terms=words.TERMS[language],
        lines=_lines(stage, language, *items),
        costs={"inland_haulage": Decimal(480), "export_clearance": Decimal(95), "main_carriage": Decimal(4300)},
    )


def _quotes(stage: Stage) -> None:
    _offer(stage, "Southern Cross", ("SPC-6020", "2400", "10.40"), ("ACC-UL15", "240", "8.60"))
    sent = [
        _offer(stage, "Pennine", ("SPC-5002", "1800", "7.45"), ("ACC-SK60", "900", "1.05")),
        _offer(stage, "Harbour", ("SPC-5010", "1500", "8.10"), ("ACC-TM40", "300", "1.45")),
        _offer(stage, "Nordholz", ("LAM-1201", "2200", "6.90"), ("ACC-UL15", "200", "8.60")),
    ]
    for quote in sent:
        send_quote(quote.pk, actor=quote.owner, note="")
    # the customer has just said yes: an order in draft waits for its details
    accept_quote(sent[0].pk, actor=None, name="Graham Ashworth", via="portal")


def _orders(stage: Stage) -> None:
    orders = [
        make_order(stage, "Blue Ridge", "FOB", ("SPC-5003", "4200", "7.60")),
        make_order(stage, "Bodenwelt", "CFR", ("WPC-8002", "2600", "12.20"), ("ACC-SK60", "1200", "1.00")),
        make_order(stage, "Maas", "CFR", ("SPC-4001", "5400", "6.05")),
        make_order(stage, "Guangzhou Huazhu", "DAP", ("PRT-200", "320", "136.00"), ("PRT-D90", "12", "262.00")),
        make_order(stage, "Shengyang", "FOB", ("SPC-5010", "2800", "8.10")),
        make_order(stage, "Southern Cross", "CFR", ("SPC-6020", "3200", "10.30")),
    ]
    for order in orders:
        submit_order(order.pk, actor=order.created_by)
    desk = stage.staff["lijuan.huang"]
    for order in orders[2:]:
        confirm_order(order.pk, actor=desk)


def make_order(stage: Stage, name: str, term: str, *items: tuple[str, str, str], pays: str = "") -> Order:
    """A draft of this customer; `pays` is the code of its payment terms."""
    client = stage.client(name)
    return create_order(
        actor=client.row.owner,
        customer=client.row,
        contact=client.main,
        consignee_address=client.delivery,
        destination_country=client.row.country,
        currency="USD",
        incoterm=term,
        incoterm_place="Nansha" if term == "FOB" else client.firm.port,
        payment_term=PaymentTerm.objects.get(code=pays) if pays else None,
        promised_on=stage.times.today + timedelta(days=50),
        contract_number=f"NL{stage.times.today:%y%m}-{name[:2].upper()}",
        contract_date=stage.times.today,
        lines=_lines(stage, client.row.language, *items),
    )


# ---------------------------------------------------------------- goods


def _shipments(stage: Stage) -> None:
    by, times = stage.staff["zhiqiang.li"], stage.times
    waiting = [
        one for one in Order.objects.filter(status="confirmed").order_by("pk") if not one.lines.filter(shipment_lines__isnull=False)
    ]  # fmt: skip
    planned = [_plan(stage, order, by) for order in waiting[:5]]
    if len(planned) > 1:
        pick_shipment(planned[1].pk, actor=by)
    if len(planned) > 2:
        carrier = stage.carriers["forwarder"]
        dispatch_shipment(
            planned[2].pk, actor=by, carrier=carrier, waybill_number="NHF882104", eta=times.now + timedelta(days=26)
        )
    if len(planned) > 3:
        cancel_shipment(planned[3].pk, actor=by, reason="The vessel is full; booked again for next week.")
    moving = list(Shipment.objects.filter(status="in_transit", eta__gt=times.now + timedelta(days=4)).order_by("pk"))
    if moving:
        change_eta(
            moving[0].pk,
            actor=by,
            eta=moving[0].eta + timedelta(days=4),
            reason="congestion",
            details="Berth waiting time at the port of transshipment.",
        )
    _signed(stage, by)


def _plan(stage: Stage, order: Order, by: Any) -> Shipment:
    client = next(one for one in stage.clients.values() if one.row.pk == order.customer_id)
    mode, carrier, days = ROUTES[client.firm.country]
    return plan_shipment(
        actor=by,
        quantities={line.pk: line.quantity or Decimal(0) for line in order.lines.all()},
        carrier=stage.carriers[carrier],
        mode=mode,
        origin="Guangzhou",
        destination=client.firm.place[1] if client.firm.is_inland else client.firm.port,
        etd=stage.times.now + timedelta(days=6),
        eta=stage.times.now + timedelta(days=6 + days),
    )


def _signed(stage: Stage, by: Any) -> None:
    """Goods that arrived: signed for in the last days; one paper is to be checked, one was unreadable."""
    arrived = list(Shipment.objects.filter(status="arrived").order_by("-arrived_at")[:5])
    for number, shipment in enumerate(arrived[2:]):
        signer = shipment.customer.contacts.all()[0].name
        at = max(stage.times.now - timedelta(hours=30 - number * 8), shipment.arrived_at)
        sign_shipment(shipment.pk, actor=by, signer_name=signer, signature=signature(shipment.pk), at=at)
        if number < 2:
            paper = signed_paper(shipment, signer, at, seed=shipment.pk)
            receive_pod(shipment.pk, actor=by, scan=SimpleUploadedFile("pod.jpg", paper, "image/jpeg"))
        if number == 1:
            reject_pod(shipment.pk, actor=by, reason="The stamp covers the quantities.")


# ---------------------------------------------------------------- complaints


def _tickets(stage: Stage) -> None:
    delivered = list(
        Order.objects.filter(status__in=["delivered", "completed"])
        .exclude(customer__tickets__status__in=["resolved"])
        .select_related("customer", "contact")
        .order_by("-ordered_at")
    )
    seen: set[int] = set()
    chosen = [one for one in delivered if not (one.customer_id in seen or seen.add(one.customer_id))]  # type: ignore[func-returns-value]
    tickets = [_complain(order, number) for number, order in enumerate(chosen[:7])]
    for depth, ticket in enumerate(tickets):
        _work(stage, ticket, depth)


def _complain(order: Order, number: int) -> Ticket:
    language = order.customer.language
    line = order.lines.select_related("product").first()
    kinds = care_words.fitting_kinds(line.product.sku if line and line.product else "", language)
    kind = kinds[number % len(kinds)]
    subject, description, defect = care_words.COMPLAINTS[kind][language]
    return receive_ticket(
        Complaint(
            subject=subject,
            description=description,
            channel=Ticket.Channel.PORTAL,
            kind=Ticket.Kind(kind),
            demand=care_words.SOLUTIONS[kind][0],
            defect=defect,
            language=language,
            customer=order.customer,
            contact=order.contact,
            order=order,
            product=line.product if line else None,
            complainant_name=order.contact.name if order.contact else "",
            complainant_email=order.contact.email if order.contact else "",
            order_reference=order.number,
        )
    )


def _work(stage: Stage, ticket: Ticket, depth: int) -> None:
    """The first ticket has just come, the second is acknowledged, and so on."""
    by = ticket.owner or stage.staff["xiaoyan.feng"]
    if depth >= 1:
        acknowledge_ticket(ticket.pk, actor=by)
    if depth >= 2:
        investigate_ticket(ticket.pk, actor=by)
    if depth in (3, 4, 6):
        offered = care_words.SOLUTIONS[ticket.kind][1][ticket.language][0]
        ready = stage.times.today + timedelta(days=5)
        propose_solution(
            ticket.pk, actor=by, text=offered, kind=care_words.SOLUTIONS[ticket.kind][0], ready_on=ready, fault="ours"
        )
    if depth in (4, 6):
        accept_solution(ticket.pk, actor=None, by=ticket.complainant_name, check=False)
    if depth == 5:
        wait_for_customer(ticket.pk, actor=by, reason="photos", note="Photos of the labels are missing.")

    if depth == 6:
        done = care_words.SOLUTIONS[ticket.kind][1][ticket.language][1]
        resolve_ticket(
            ticket.pk, actor=by, resolution=done, signed_by=ticket.complainant_name, signature=signature(ticket.pk)
        )


def _notes(stage: Stage) -> None:
    add_note(
        stage.client("Blue Ridge").row,
        "Daniel calls on Thursday about the spring programme.",
        actor=stage.staff["emily.carter"],
    )
    add_note(
        stage.client("Bodenwelt").row,
        "Rahmenvertrag läuft aus: neues Angebot vorbereiten.",
        actor=stage.staff["katharina.brandt"],
    )
    add_note(stage.client("Shengyang").row, "客戶詢問明年第一季船期，待確認。", actor=stage.staff["yiting.lin"])
