"""What is looked at and what is sent, with the bar of each page."""

from __future__ import annotations

import itertools
import random
import statistics
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from aftersales.models import Ticket
from benchmarks.visitor import Unexpected, Visitor
from foundation.accounts.tokens import issue

EMPTY = "/empty-view/"
WARM_UP = 12
BLOCK = 10
_fresh = itertools.count(1)
_dice = random.Random()  # a house that is used again knows the names of the last run


@dataclass(frozen=True)
class Page:
    """One operation: a look, or the sending of a form. `bar` is its dearest price in empty views, `sql` its statements."""

    name: str
    path: str
    bar: float
    sql: int
    values: Callable[[], dict[str, str]] | None = None
    public: bool = False


@dataclass
class Timing:
    """How long it took, in milliseconds."""

    page: Page
    times: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    work: float = 0.0
    queries: int | None = None
    problem: str = ""

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.times) if self.times else float("nan")

    @property
    def p95(self) -> float:
        """The slowest but one in twenty."""
        return sorted(self.times)[int(len(self.times) * 0.95)] if self.times else float("nan")

    @property
    def ratio(self) -> float:
        """The median in empty views, asked for in turn with the page."""
        return self.p50 / statistics.median(self.empty)

    @property
    def cpu(self) -> float:
        """Milliseconds of work of the server's own processes for one request; load beside it hardly moves this."""
        return self.work / max(1, len(self.times))


def _new_customer() -> dict[str, str]:
    number, word = next(_fresh), "".join(_dice.choices(string.ascii_lowercase, k=9)).title()  # like nobody else
    return {
        "name": f"{word} Trading", "country": "DE", "kind": "importer", "tier": "ordinary", "source": "fair",
        "contact_name": "Buyer", "contact_email": f"buyer{number}@{word.lower()}.example",
    }  # fmt: skip


def _new_record() -> dict[str, str]:
    return {"result": "done", "content": f"They will decide on day {next(_fresh)}.", "no_step_reason": "They call us."}


def _new_ticket(customer: int) -> Callable[[], dict[str, str]]:
    return lambda: {
        "customer": str(customer), "subject": f"Fresh complaint {next(_fresh)}", "description": "Three boards are broken.",
        "kind": "damage", "channel": "phone", "priority": "normal", "demand": "replacement",
    }  # fmt: skip


def all_pages(middle: int) -> list[Page]:
    """Every operation that is measured; `middle` is the key of a record from the middle of the house."""
    ticket = Ticket.objects.get(pk=middle)
    found = [
        ("customers, list", "crm:customers", (), "", 6, 8),
        ("orders, list", "orders:orders", (), "", 6, 8),
        ("complaints, list", "aftersales:tickets", (), "", 6, 8),
        ("customers, 锦绣 + filter", "crm:customers", (), "?country=CN&q=" + quote("锦绣"), 6, 8),
        ("customers, Müller + filter", "crm:customers", (), "?country=DE&q=" + quote("Müller"), 6, 8),
        ("orders, 锦绣 + filter", "orders:orders", (), "?status=completed&q=" + quote("锦绣"), 6, 8),
        ("orders, Größl + filter", "orders:orders", (), "?status=completed&q=" + quote("Größl"), 6, 8),
        ("orders, part of a number", "orders:orders", (), f"?q={str(middle)[-4:]}", 6, 8),
        ("complaints, 东方 + filter", "aftersales:tickets", (), "?view=all&kind=quality&q=" + quote("东方"), 6, 8),
        ("service records, list", "crm:service-records", (), "?view=all", 6, 8),
        ("service records, filter", "crm:service-records", (), "?view=all&type=call&channel=phone&result=done", 6, 8),
        ("who is to hear from us", "crm:touches", (), "", 6, 8),
        ("customer, record", "crm:customer", (middle,), "", 6, 14),
        ("order, record", "orders:order", (middle,), "", 6, 14),
        ("complaint, record", "aftersales:ticket", (middle,), "", 6, 14),
        ("figures", "kpi:figures", (), "", 6, 10),
        ("the day", "home", (), "", 6, 14),
        ("my deadlines", "sla:deadlines", (), "", 6, 8),
        ("team board", "sla:board", (), "", 6, 8),
    ]
    pages = [_page(*one) for one in found]
    pages.append(_page("customer, created by form", "crm:customer-new", (), "", 5.5, 20, _new_customer))
    note = ("service record, saved by form", "crm:customer-do", (middle + 1, "call"), "", 5.5, 20, _new_record)
    pages.append(_page(*note))
    pages.append(_page("complaint, created by form", "aftersales:ticket-new", (), "", 5.5, 20, _new_ticket(middle)))
    link = reverse("portal:ticket", args=[issue("ticket", ticket)])
    pages.append(Page("public: a complaint by its link", link, 3, 6, public=True))
    pages.append(Page("public: inquiry form", reverse("portal:inquiry"), 3, 6, public=True))
    return [page for page in pages if page.path]


def _page(name: str, view: str, args: tuple[int, ...], query: str, bar: float, sql: int, values: Any = None) -> Page:
    try:
        return Page(name, reverse(view, args=args) + query, bar, sql, values)
    except NoReverseMatch:
        return Page(name, "", bar, sql)  # a room that is not furnished yet


def measure(page: Page, staff: Visitor, stranger: Visitor, times: int, cpu: Callable[[], float]) -> Timing:
    """Look or send so many times, after a few that do not count, the empty view between them every few times.

    So a page and its divisor meet the same load of the machine. A page that fails says why and ends there. `cpu` reads
    the seconds that the server's processes have worked.
    """
    timing = Timing(page)
    who = stranger if page.public else staff
    who.close()  # the server hangs up on a connection that was idle for a few seconds
    staff.close()
    try:
        if page.values is None:
            once: Callable[[], float] = lambda: who.get(page.path)  # noqa: E731
        else:
            token, values = who.prepare_form(page.path), page.values
            once = lambda: who.post(page.path, token, values())  # noqa: E731
        for _turn in range(WARM_UP):
            once()
        while len(timing.times) < times:
            timing.empty += [staff.get(EMPTY) * 1000 for _turn in range(BLOCK)]
            before = cpu()
            timing.times += [once() * 1000 for _turn in range(BLOCK)]
            timing.work += (cpu() - before) * 1000
    except Unexpected as problem:
        timing.problem = str(problem)
    return timing


def count_queries(page: Page, user: Any) -> int:
    """Statements of one run in this process, the savepoints of transactions left out."""
    client = Client(SERVER_NAME="127.0.0.1")
    if not page.public:
        client.force_login(user)
    for _turn in range(2):  # the first look fills the caches
        with CaptureQueriesContext(connection) as seen:
            if page.values is None:
                client.get(page.path)
            else:
                client.post(page.path, page.values())
    aside = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return len([one for one in seen.captured_queries if not one["sql"].startswith(aside)])
