"""A small data set in which every page of the journey has something to show."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

from aftersales.models import Survey
from aftersales.services import tickets
from aftersales.services.tickets import Complaint
from catalog.models import Product
from crm.models import Address
from crm.services import answer_inquiry, convert_inquiry, receive_inquiry
from foundation.accounts import tokens
from foundation.journal.machine import perform
from foundation.notifications.models import Message
from foundation.sla.models import Target
from logistics import services as logistics
from logistics.models import Carrier
from orders import services as orders
from orders.models import Order, Quote
from orders.services import LineData
from tests.aftersales.factories import PIXEL
from tests.crm.factories import make_address
from tests.logistics.factories import dispatch, png

COSTS = {"inland_haulage": Decimal(350), "export_clearance": Decimal(80), "main_carriage": Decimal(1850)}


def furnish(house: SimpleNamespace) -> tuple[list[str], list[str], list[str]]:
    """The addresses of colleagues' pages, of the office's own pages, and of customers' pages."""
    inquiry, quote = _sell(house)
    order = _agree(house, quote)
    shipment, planned = _ship(house, order)
    ticket, closed = _complain(house, order)
    survey = Survey.objects.get()
    customer, product = order.customer, Product.objects.latest("pk")
    draft = orders.create_quote(actor=house.anna, customer=customer, contact=order.contact, lines=_lines(), costs=COSTS)
    inside = [
        "/",
        "/inquiries/?view=all",
        inquiry.get_absolute_url(),
        f"{inquiry.get_absolute_url()}do/answer/",
        "/inquiries/new/",
        "/customers/",
        "/customers/?q=nothing",
        "/customers/new/",
        customer.get_absolute_url(),
        f"{customer.get_absolute_url()}edit/",
        f"{customer.get_absolute_url()}do/call/",
        f"{customer.get_absolute_url()}contacts/new/",
        f"{customer.get_absolute_url()}addresses/new/",
        "/products/",
        product.get_absolute_url(),
        "/quotes/?view=all",
        quote.get_absolute_url(),
        "/quotes/new/",
        f"{draft.get_absolute_url()}edit/",
        "/orders/?view=all",
        order.get_absolute_url(),
        f"/shipments/new/?order={order.pk}",
        "/shipments/?view=all",
        shipment.get_absolute_url(),
        f"{shipment.get_absolute_url()}do/sign/",
        f"{planned.get_absolute_url()}do/dispatch/",
        "/after-sales/?view=all",
        ticket.get_absolute_url(),
        closed.get_absolute_url(),
        "/after-sales/new/",
        "/after-sales/surveys/",
        survey.get_absolute_url(),
        "/figures/?period=30",
        "/figures/first_response_in_time/?period=30",
        "/messages/?view=all",
        Message.objects.latest("pk").get_absolute_url(),
        "/inbox/",
        "/search/?q=bodenwerk",
        "/profile/",
        "/people/",
    ]
    office = [
        f"/people/{house.anna.pk}/",
        "/people/invite/",
        "/company/",
        "/products/new/",
        "/admin/",
        "/admin/notifications/template/",
        f"/admin/sla/target/{Target.objects.earliest('pk').pk}/change/",
    ]
    outside = [
        "/welcome/",
        "/account/login/",
        "/account/password/reset/",
        "/inquiry/",
        "/complaint/",
        f"/p/quote/{tokens.issue('quote', quote)}/",
        f"/p/track/{tokens.issue('track', shipment)}/",
        f"/p/ticket/{tokens.issue('ticket', ticket)}/",
        f"/p/survey/{tokens.issue('survey', survey, single_use=True)}/",
        "/p/track/unknown/",
    ]
    return inside, office, outside


def _lines() -> list[LineData]:
    return [
        LineData(product=product, specification="1220 × 180 × 5 mm", quantity=Decimal(quantity), unit="m2", unit_price=Decimal(price))
        for product, quantity, price in zip(Product.objects.order_by("sku"), ("1200", "300.5"), ("7.85", "8.10"), strict=False)
    ]  # fmt: skip


def _sell(house: SimpleNamespace) -> tuple[object, Quote]:
    asked = {
        "contact_name": "Jo Petersen",
        "company_name": "Bodenwerk GmbH",
        "email": "jo@bodenwerk.example",
        "phone": "040 1234567",
        "country": "DE",
        "language": "de",
        "subject": "SPC-Boden für ein Hotel",
        "text": "Was kosten 1.200 m² in 5 mm?",
    }
    first = receive_inquiry(actor=None, **asked)
    answer_inquiry(first.pk, actor=house.anna, subject_line="Re: SPC", body="Gern bieten wir an.")
    converted = convert_inquiry(first.pk, actor=house.anna)
    waiting = receive_inquiry(actor=None, **{**asked, "subject": "Noch eine Frage", "priority": "urgent"})
    customer = converted.customer
    make_address(customer, kind=Address.Kind.DELIVERY, is_default=True)
    quote = orders.create_quote(
        actor=house.anna,
        customer=customer,
        contact=customer.contacts.get(),
        language="de",
        incoterm_place="Hamburg",
        currency="EUR",
        lines=_lines(),
        costs=COSTS,
    )
    perform(Quote, quote.pk, "send", actor=house.anna)
    return waiting, Quote.objects.get(pk=quote.pk)


def _agree(house: SimpleNamespace, quote: Quote) -> Order:
    other = orders.create_quote(
        actor=house.anna,
        customer=quote.customer,
        contact=quote.contact,
        language="de",
        incoterm_place="Hamburg",
        lines=_lines(),
        costs=COSTS,
    )
    perform(Quote, other.pk, "send", actor=house.anna)
    order = orders.accept_quote(other.pk, actor=house.anna, name="Jo Petersen")
    orders.submit_order(order.pk, actor=house.anna)
    return orders.confirm_order(order.pk, actor=house.paul)


def _ship(house: SimpleNamespace, order: Order) -> tuple[object, object]:
    carrier = Carrier.objects.get()
    lines = list(order.lines.all())
    half = {line.pk: line.quantity / 4 for line in lines}
    gone = dispatch(logistics.plan_shipment(actor=house.lin, quantities=half), actor=house.lin, carrier=carrier)
    logistics.depart_shipment(gone.pk, actor=house.lin)
    logistics.arrive_shipment(gone.pk, actor=house.lin)
    signed = dispatch(logistics.plan_shipment(actor=house.lin, quantities=half), actor=house.lin, carrier=carrier)
    logistics.depart_shipment(signed.pk, actor=house.lin)
    logistics.arrive_shipment(signed.pk, actor=house.lin)
    logistics.sign_shipment(signed.pk, actor=house.lin, signer_name="Jo Petersen", signature=png())
    planned = logistics.plan_shipment(actor=house.lin, quantities=half, origin="Ningbo", destination="Hamburg")
    return gone, planned


def _complain(house: SimpleNamespace, order: Order) -> tuple[object, object]:
    found = []
    for subject in ("Klickverbindung öffnet sich", "Kratzer"):
        ticket = tickets.receive_ticket(
            Complaint(
                subject=subject,
                description="Auf 40 m².",
                language="de",
                customer=order.customer,
                contact=order.contact,
                order=order,
            ),
            owner=house.sven,
        )
        tickets.acknowledge_ticket(ticket.pk, actor=house.sven)
        found.append(tickets.propose_solution(ticket.pk, actor=house.sven, text="Wir ersetzen 40 m²."))
    closed = found[1]
    tickets.accept_solution(closed.pk, actor=house.sven, by="Jo Petersen")
    tickets.resolve_ticket(closed.pk, actor=house.sven, resolution="Ersetzt.", signed_by="Jo Petersen", signature=PIXEL)
    tickets.close_ticket(closed.pk, actor=house.sven)
    return found[0], closed
