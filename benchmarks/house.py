"""A large house, the same on every machine: customers, orders, deliveries, complaints with their clocks."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.utils import timezone

from aftersales.models import Survey, Ticket
from aftersales.services.tickets import Complaint, receive_ticket
from benchmarks.copying import ALIAS, Rows, clone, lexemes, move_sequences
from crm.models import Contact, Customer
from crm.services.customers import create_customer
from foundation.accounts.models import User
from foundation.documents.models import NumberSeries
from foundation.journal.models import Event
from foundation.lists.tokens import tokens_of
from foundation.notifications.models import Message
from foundation.sla.models import Clock, Entry, Timer
from kpi.services import rebuild_figures
from logistics.models import Carrier, Shipment, ShipmentLine
from orders.models import Order, OrderLine

FIRST = 1001  # the keys of the filled rows begin here; what came before was made by services
CHUNK = 5000
PLACES = [
    "上海",
    "北京",
    "广州",
    "深圳",
    "杭州",
    "苏州",
    "成都",
    "武汉",
    "青岛",
    "厦门",
    "香港",
    "台北",
    "宁波",
    "佛山",
    "东莞",
]
MARKS = ["锦绣", "华美", "永新", "东方", "金石", "远洋", "宏达", "瑞丰", "天成", "嘉木", "盛世", "云峰", "新禾", "恒通"]
TRADES = ["装饰工程有限公司", "建材贸易有限公司", "木业有限公司", "地板销售中心", "隔断制造厂"]
GERMANS = [
    "Müller",
    "Schäfer",
    "Größl",
    "Köhler",
    "Weiß",
    "Bäcker",
    "Jäger",
    "Vogel",
    "Krüger",
    "Böhm",
    "Lange",
    "Hartmann",
    "Kühn",
]
GERMAN_TRADES = ["Bodenbeläge GmbH", "Trennwände AG", "Raumausstattung KG", "Holzhandel GmbH & Co. KG"]
GERMAN_TOWNS = ["Hamburg", "Köln", "München", "Düsseldorf", "Nürnberg", "Lübeck", "Osnabrück", "Görlitz"]
ENGLISH = [
    "Harbour",
    "Oakfield",
    "Northgate",
    "Silver",
    "Meridian",
    "Crown",
    "Riverside",
    "Atlas",
    "Beacon",
    "Summit",
    "Cedar",
]
ENGLISH_TRADES = ["Flooring Ltd", "Interiors Inc", "Partition Systems", "Building Supply", "Timber & Co"]
SUBJECTS = {
    "zh-hans": ["地板起拱", "数量短少", "表面划痕", "安装问题"],
    "de": ["Dielen gewölbt", "Lieferung unvollständig", "Kratzer in der Oberfläche", "Türen klemmen"],
    "en": ["Boards are warped", "Short delivery", "Scratched surface", "Panels do not fit"],
}
# language, country, zone
LANDS = [("zh-hans", "CN", "Asia/Shanghai"), ("de", "DE", "Europe/Berlin"), ("en", "GB", "Europe/London")]
ROLES = ("sales", "order_desk", "logistics", "service", "manager")


def names(rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Company, its people's word for a person, and what they complain about; the three languages in turn."""
    while True:
        code = "".join(rng.choices(string.ascii_uppercase, k=4))
        yield rng.choice(PLACES) + rng.choice(MARKS) + rng.choice(TRADES) + code, "联系人", "zh-hans"
        yield f"{rng.choice(GERMANS)} {rng.choice(GERMAN_TRADES)} {rng.choice(GERMAN_TOWNS)} {code}", "Einkauf", "de"
        yield f"{rng.choice(ENGLISH)} {rng.choice(ENGLISH_TRADES)} {code}", "Buyer", "en"


def people() -> User:
    """Ten colleagues; the first, who measures, has the work of five departments. Answers that one."""
    found = []
    for number in range(10):
        user = User.objects.create(email=f"colleague{number}@example.org", name=f"Colleague {number}", language="en")
        roles = ROLES if number == 0 else (ROLES[number % len(ROLES)],)
        user.groups.set(Group.objects.filter(name__in=roles))
        found.append(user)
    return found[0]


def fill(count: int, say: Callable[[str], None]) -> None:
    """Fill the house with so many customers, orders, deliveries and complaints."""
    me = people()
    original = _original(me)
    colleagues = list(User.objects.order_by("pk").values_list("pk", flat=True))
    carrier = Carrier.objects.first() or Carrier.objects.create(name="Forwarder")
    filler = _Filler(count, colleagues, carrier.pk)
    filler.run()
    say(f"{count:,} customers, orders and complaints")
    move_sequences(Customer, Contact, Order, OrderLine, Shipment, ShipmentLine, Ticket, Survey)
    # So do the numbers of customers, or those of the imported ones would meet them: both have six digits from there on.
    NumberSeries.objects.filter(code="customer").update(last=FIRST + count)
    _clocks(original, say)
    say(f"{rebuild_figures():,} days of figures")
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill_clocks(count: int, say: Callable[[str], None]) -> None:
    """Give the open complaints further running promises, until so many clocks run; for figures of clocks alone.

    Each has a breach and a warning ahead, and the record that it is about; the ledger of these begins nowhere.
    """
    kind = ContentType.objects.get_for_model(Ticket).pk
    origin = Clock.objects.open().filter(content_type=kind, object_id__gte=FIRST).order_by("pk").first()
    records = Ticket.objects.open().filter(pk__gte=FIRST).count()
    missing = count - Clock.objects.open().count()
    if origin is None or missing <= 0:
        return
    each = -(-missing // records)
    source = (
        "(SELECT k.id, k.number, k.owner_id, k.customer_id, n FROM aftersales_ticket k, "
        f"generate_series(1, {each}) n WHERE k.id >= {FIRST} AND k.status NOT IN ('closed', 'cancelled', 'resolved') "
        f"ORDER BY n, k.id LIMIT {missing})"
    )
    newest = Clock.objects.order_by("-pk").values_list("pk", flat=True)[0]
    clone(
        Clock, f"t.id = {origin.pk}", source, object_id="g.id", number="g.number", owner_id="g.owner_id",
        customer_id="g.customer_id", metric="'extra-' || g.n", path="'/after-sales/' || g.id || '/'",
        due_at="now() + interval '2 days' + (g.id + g.n * 7) * interval '1 second'",
    )  # fmt: skip
    clone(
        Timer, f"t.clock_id = {origin.pk} AND t.kind IN ('breach', 'warn:90')", f"(SELECT id, due_at FROM sla_clock WHERE id > {newest})",
        clock_id="g.id", due_at="g.due_at - CASE WHEN t.kind = 'breach' THEN interval '0' ELSE interval '1 hour' END",
    )  # fmt: skip
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE sla_clock, sla_timer")
    say(f"{Clock.objects.open().count():,} running clocks")


def landmarks() -> tuple[User, int]:
    """Who measures, and the key of a record in the middle of the house whose complaint is open."""
    me = User.objects.order_by("pk").first()
    newest = Order.objects.order_by("-pk").values_list("pk", flat=True).first()
    if me is None or not newest or newest < FIRST:
        raise RuntimeError("The house is empty: fill it first")
    middle = FIRST + (newest - FIRST) // 2
    open_one = Ticket.objects.open().filter(pk__gte=middle).order_by("pk").values_list("pk", flat=True).first()
    return me, open_one or middle


class _Filler:
    """One pass over all numbers, eight tables at a time."""

    def __init__(self, count: int, colleagues: list[int], carrier: int) -> None:
        self.count, self.colleagues, self.carrier = count, colleagues, carrier
        self.now = timezone.now().replace(microsecond=0)
        self.customers = Rows(
            Customer, "id", "number", "name", "language", "country", "time_zone", "owner_id", "created_at", "search"
        )
        self.contacts = Rows(Contact, "id", "customer_id", "name", "email", "phone", "is_main", "search")
        self.orders = Rows(
            Order, "id", "number", "status", "customer_id", "contact_id", "contract_number", "owner_id", "created_by_id",
            "submitted_by_id", "reviewed_by_id", "confirmed_at", "delivered_at", "ordered_at", "promised_on", "total",
            "goods_total", "destination_country", "incoterm", "delivery_address", "search",
        )  # fmt: skip
        self.lines = Rows(
            OrderLine, "id", "order_id", "position", "description", "quantity", "unit", "unit_price", "amount"
        )
        self.shipments = Rows(
            Shipment, "id", "number", "status", "customer_id", "carrier_id", "waybill_number", "mode", "incoterm",
            "destination_country", "dispatched_at", "arrived_at", "signed_at", "search",
        )  # fmt: skip
        self.deliveries = Rows(
            ShipmentLine, "id", "shipment_id", "order_line_id", "quantity", "unit", "promised_on", "delivered_on"
        )
        self.tickets = Rows(
            Ticket, "id", "number", "status", "customer_id", "contact_id", "order_id", "kind", "subject", "description",
            "language", "owner_id", "signed_by", "received_at", "resolved_at", "closed_at", "search",
        )  # fmt: skip
        self.surveys = Rows(
            Survey, "id", "number", "status", "customer_id", "ticket_id", "score", "requested_at", "answered_at"
        )

    def run(self) -> None:
        """All rows, in chunks."""
        rng = random.Random(20260101)
        namer = names(rng)
        for number in range(self.count):
            self._row(number, rng, *next(namer))
            if number % CHUNK == CHUNK - 1 or number == self.count - 1:
                for rows in (self.customers, self.contacts, self.orders, self.lines, self.shipments, self.deliveries):
                    rows.write()
                self.tickets.write()
                self.surveys.write()

    def _row(self, number: int, rng: random.Random, name: str, word: str, language: str) -> None:
        pk = FIRST + number
        _language, country, zone = LANDS[number % 3]
        owner = self.colleagues[number % len(self.colleagues)]
        person, phone = f"{word} {number}", f"+4940{number:08d}"
        found = set(tokens_of([name]))
        # the whole last year and a half, newest last
        at = self.now - timedelta(seconds=int((self.count - number) / self.count * 540 * 86400))
        mine = tokens_of([person], [f"C-{pk:06d}", phone])
        self.customers.add(
            pk, f"C-{pk:06d}", name, language, country, zone, owner, at, lexemes(found | set(mine))
        )  # fmt: skip
        self.contacts.add(
            pk, pk, person, f"buyer{number}@example.com", phone, True, lexemes(tokens_of([person], [phone]))
        )  # fmt: skip
        amount = Decimal(rng.randint(1_000, 900_000)) / 10
        self._order(number, pk, owner, country, at, amount, found, rng)
        self._ticket(number, pk, owner, language, at, found, rng)

    def _order(
        self, number: int, pk: int, owner: int, country: str, at: Any, amount: Decimal, found: set[str], rng: Any
    ) -> None:
        status = rng.choices(["draft", "in_review", "confirmed", "in_delivery", "completed"], [5, 1, 14, 10, 70])[0]
        is_firm = status not in ("draft", "in_review")
        second = self.colleagues[(number + 1) % len(self.colleagues)]
        promised, contract = (at + timedelta(days=30)).date(), f"CT{number:07d}"
        tokens = lexemes(found | set(tokens_of([], [f"SO-{pk:06d}", contract])))
        self.orders.add(
            pk, f"SO-{pk:06d}", status, pk, pk, contract, owner, owner, None if status == "draft" else owner,
            second if is_firm else None, at if is_firm else None, at if status == "completed" else None, at, promised,
            amount, amount, country, "CIF", "Street 1", tokens,
        )  # fmt: skip
        self.lines.add(pk, pk, 1, "Oak flooring 14 mm", Decimal(100), "m2", amount / 100, amount)
        if not is_firm:
            return
        is_done = status == "completed"
        signed = at + timedelta(days=rng.randint(22, 31)) if is_done else None
        self.shipments.add(
            pk, f"SH-{pk:06d}", "archived" if is_done else "planned", pk, self.carrier, f"WB{number:07d}",
            rng.choice(["ocean", "air", "truck"]), "CIF", country, at if is_done else None, signed, signed,
            lexemes(found | set(tokens_of([], [f"SH-{pk:06d}"]))),
        )  # fmt: skip
        self.deliveries.add(pk, pk, pk, Decimal(100), "m2", promised, signed.date() if signed else None)

    def _ticket(self, number: int, pk: int, owner: int, language: str, at: Any, found: set[str], rng: Any) -> None:
        is_closed = number % 2 == 0
        subject = rng.choice(SUBJECTS[language])
        tokens = lexemes(found | set(tokens_of([subject], [f"T-{pk:06d}"])))
        kind = rng.choice(["quality", "shortage", "damage", "delay"])
        status = "closed" if is_closed else rng.choice(["received", "acknowledged", "proposed"])
        over = at + timedelta(days=2) if is_closed else None
        self.tickets.add(
            pk, f"T-{pk:06d}", status, pk, pk, pk, kind, subject, subject, language, owner, "Buyer" if is_closed else "",
            at, over, over, tokens,
        )  # fmt: skip
        if is_closed:
            answered = number % 4 == 0
            state, score = ("answered", rng.randint(2, 5)) if answered else ("requested", None)
            self.surveys.add(pk, f"SV-{pk:06d}", state, pk, pk, score, over, over if answered else None)


def _original(me: User) -> Ticket:
    """One complaint taken in by the services, whose traces all others get."""
    contact = {"name": "Buyer", "email": "buyer@example.com"}
    customer = create_customer(actor=me, name="Original Ltd", country="GB", main_contact=contact)
    complaint = Complaint(subject="Original", description="As in all the others.", customer=customer)
    return receive_ticket(complaint, actor=me, owner=me)


def _clocks(original: Ticket, say: Callable[[str], None]) -> None:
    """What the services wrote for the original, written for each: clocks, timers, ledger, events, messages."""
    kind = ContentType.objects.get_for_model(Ticket).pk
    about = f"t.content_type_id = {kind} AND t.object_id = {original.pk}"
    here = f"aftersales_ticket WHERE id >= {FIRST}"
    source = f"(SELECT * FROM {here})"
    shared = {"object_id": "g.id", "customer_id": "g.customer_id"}
    shift = f"(g.received_at - (SELECT received_at FROM aftersales_ticket WHERE id = {original.pk}))"
    is_over, end = "g.closed_at IS NOT NULL", "t.started_at + " + shift + " + interval '20 hours'"
    is_late = "(g.id % 10 = 0)"
    clone(
        Clock, about, source, **shared, number="g.number", owner_id="g.owner_id",
        path="'/after-sales/' || g.id || '/'", started_at=f"t.started_at + {shift}",
        consumed_until=f"t.consumed_until + {shift}", consumed_s="CASE WHEN " + is_over + " THEN 40000 ELSE 0 END",
        # Promises of what is open lie ahead, so that a round of the scanner finds nothing to say.
        due_at=f"CASE WHEN {is_over} THEN t.due_at + {shift} ELSE now() + interval '1 day' + g.id * interval '1 second' END",
        soon_at=f"CASE WHEN NOT {is_over} THEN now() + interval '20 hours' + g.id * interval '1 second' END",
        state=f"CASE WHEN {is_over} THEN 'stopped' ELSE t.state END",
        stopped_at=f"CASE WHEN {is_over} THEN {end} END",
        met_at=f"CASE WHEN {is_over} AND NOT {is_late} THEN {end} END",
        breached_at=f"CASE WHEN {is_over} AND {is_late} THEN {end} END",
    )  # fmt: skip
    # The clocks of one complaint differ by metric; so do their timers and entries.
    twins = (
        f"(SELECT n.*, o.id AS origin FROM sla_clock n JOIN sla_clock o ON o.metric = n.metric AND o.object_id = {original.pk} "
        f"AND o.content_type_id = {kind} WHERE n.content_type_id = {kind} AND n.object_id >= {FIRST})"
    )
    timers = clone(
        Timer, "t.clock_id = g.origin", twins, clock_id="g.id",
        due_at="g.due_at - CASE WHEN t.kind = 'breach' THEN interval '0' ELSE interval '1 hour' END",
        cancelled_at="g.stopped_at",
    )  # fmt: skip
    clone(Entry, "t.clock_id = g.origin", twins, clock_id="g.id", at="g.started_at", due_at="g.due_at", event_id="NULL")
    facts = "t.facts || jsonb_build_object('number', g.number, 'owner_id', g.owner_id)"
    events = clone(
        Event, about, source, **shared, facts=facts, occurred_at="g.received_at", recorded_at="g.received_at"
    )  # fmt: skip
    messages = clone(
        Message, about, source, **shared, message_id="gen_random_uuid()::text", event_id="NULL", state="'sent'",
        recipient_key="t.recipient_key || g.id", created_at="g.received_at", next_attempt_at="g.received_at",
        sent_at="g.received_at",
    )  # fmt: skip
    move_sequences(Clock, Timer, Entry, Event, Message)
    say(f"{Clock.objects.count():,} clocks, {timers:,} timers, {events:,} events, {messages:,} messages")
