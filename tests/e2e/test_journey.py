"""One customer goes all the way: from a question on the web to a filed delivery and a solved complaint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from aftersales.models import Solution, Survey, Ticket
from crm.models import Customer, Inquiry
from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from logistics.models import ProofOfDelivery, Shipment
from orders.models import Order, Quote
from tests.accounts.factories import PASSWORD
from tests.e2e.people import Person, link_in, post, words
from tests.notifications.sinks import MailSink
from tests.support.pdf import words_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
JO = "jo@bodenwerk.example"
STEPS = [
    "ask",
    "answer",
    "convert",
    "quote",
    "read_pdf",
    "send_quote",
    "review",
    "ship",
    "arrive",
    "archive",
    "complain",
    "solve",
    "survey",
    "count",
]


def codes(subject: Any) -> list[str]:
    return list(Event.objects.about(subject).order_by("pk").values_list("code", flat=True))


def soon(**delta: int) -> str:
    """A moment as the browser's field for date and time takes it."""
    return (timezone.localtime() + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M")


class Journey:
    """The way, stage by stage; `test_…` below walks it."""

    def __init__(self, house: SimpleNamespace, at_work: Any, open_page: Any, mail: MailSink, folder: Path) -> None:
        self.house, self.at_work, self.open_page, self.mail, self.folder = house, at_work, open_page, mail, folder
        self.customer = Person(open_page("/inquiry/", language="de-DE"))

    def sign_in(self, user: User) -> Person:
        """Through the form, as people do."""
        person = Person(self.open_page("/account/login/"))
        person.page.get_by_label("Email").fill(user.email)
        person.page.get_by_label("Password", exact=True).fill(PASSWORD)
        person.page.get_by_role("button", name="Sign in").click()
        person.page.wait_for_url(lambda url: "/account/" not in url)
        return person

    # ------------------------------------------------------------ before the sale

    def ask(self) -> None:
        self.customer.fill(
            contact_name="Jo Petersen",
            company_name="Bodenwerk GmbH",
            country="DE",
            email=JO,
            phone="040 1234567",
            subject="SPC-Boden für ein Hotel",
            text="Was kosten 1.200 m² in 5 mm bis Hamburg?",
            has_consented=True,
        ).submit()
        self.inquiry = Inquiry.objects.get()
        self.customer.sees(self.inquiry.number)
        assert (self.inquiry.language, self.inquiry.channel) == ("de", "web")
        assert self.inquiry.owner == self.house.anna
        assert codes(self.inquiry)[:2] == ["inquiry.received", "inquiry.assigned"]
        clock = Clock.objects.get(metric="first_response")
        assert clock.state == "running"
        (thanks,) = [letter for letter in post(self.mail) if JO in letter["To"]]
        assert self.inquiry.number in words(thanks)

    def answer(self) -> None:
        self.anna = self.sign_in(self.house.anna)
        self.anna.open("/inquiries/").sees("SPC-Boden für ein Hotel", "due in").follow("SPC-Boden für ein Hotel")
        badge = self.anna.page.locator(".head .badge").first
        expect(badge).to_contain_text("due in")
        body = "Guten Tag Jo Petersen,\n\ngern bieten wir Ihnen 1.200 m² an.\n\nFreundliche Grüße\nAnna Berg"
        self.anna.do("Answer", body=body).stands_at("Answered").sees("The answer is on its way.")
        message = Message.objects.get(body__contains="gern bieten wir")
        assert (message.state, message.to_address, message.language) == ("queued", JO, "de")
        (letter,) = [one for one in post(self.mail) if JO in one["To"]]
        assert "gern bieten wir" in words(letter)
        message.refresh_from_db()
        assert message.state == "sent"
        clock = Clock.objects.get(metric="first_response")
        assert clock.state == "stopped" and clock.breached_at is None
        self.anna.open(self.inquiry.get_absolute_url()).sees("gern bieten wir", "Sent")

    def convert(self) -> None:
        self.anna.do("Convert", customer="new", kind="dealer").stands_at("Converted")
        self.buyer = Customer.objects.get()
        assert (self.buyer.name, self.buyer.language, self.buyer.owner) == ("Bodenwerk GmbH", "de", self.house.anna)
        assert self.buyer.contacts.get().email == JO
        self.anna.open(self.buyer.get_absolute_url()).follow("New address").fill(
            kind="delivery", country="DE", street="Kaistraße 5", postal_code="20457", city="Hamburg"
        ).submit().sees("Kaistraße 5")

    def quote(self) -> None:
        self.anna.open(self.inquiry.get_absolute_url()).follow("New quote").fill(
            incoterm="CIF",
            incoterm_place="Hamburg",
            currency="EUR",
            **{"lines-0-sku": "SPC-5001", "lines-0-quantity": "1200", "lines-0-unit_price": "7.85"},
            **{"lines-1-sku": "SPC-5002", "lines-1-quantity": "300.5", "lines-1-unit_price": "8.10"},
            inland_haulage="350",
            export_clearance="80",
            main_carriage="1850",
        )
        self.anna.press("Recalculate").sees("Main carriage", "1,850.00")
        self.anna.submit().stands_at("Draft").sees("SPC-Boden Eiche Natur", "What the price is made of", "11,854.05")
        quote = Quote.objects.get()
        assert quote.goods_total == Decimal("1200") * Decimal("7.85") + Decimal("2434.05")
        assert quote.total == quote.goods_total + sum(row.amount for row in quote.costs.all())
        assert quote.language == "de" and quote.inquiry == self.inquiry and quote.lines.count() == 2
        self.offer = quote

    def read_pdf(self) -> None:
        address = self.anna.page.get_by_role("link", name="PDF", exact=True).get_attribute("href")
        answer = self.anna.page.request.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        paper = answer.body()
        (self.folder / "quote.pdf").write_bytes(paper)  # what to look at when it cannot be read back
        assert len(paper) == int(answer.headers["content-length"])
        words = words_of(paper)
        for expected in ("Angebot", self.offer.number, "SPC-Boden Eiche Natur", "CIF", "Hamburg", "11.854,05"):
            assert expected in words

    def send_quote(self) -> None:
        self.anna.do("Send", note="Wie heute besprochen.").stands_at("Sent")
        (letter,) = [one for one in post(self.mail) if JO in one["To"]]
        assert [part.get_content_type() for part in letter.iter_attachments()] == ["application/pdf"]
        assert "Wie heute besprochen." in words(letter)
        self.customer.open(link_in(letter, "/p/quote/")).sees(self.offer.number, "11.854,05", "Hamburg")
        self.customer.fill(name="Jo Petersen", agrees=True)
        self.customer.page.get_by_role("button", name="Angebot annehmen").click()
        self.customer.sees("Sie haben dieses Angebot angenommen")
        self.offer.refresh_from_db()
        assert self.offer.status == "accepted"
        self.order = Order.objects.get()
        assert (self.order.status, self.order.total, self.order.lines.count()) == ("draft", self.offer.total, 2)

    # ------------------------------------------------------------ the order

    def review(self) -> None:
        olga = self.at_work(self.house.olga).open(self.order.get_absolute_url()).stands_at("Draft")
        promised = (timezone.localdate() + timedelta(days=20)).isoformat()
        olga.press("Edit").fill(
            promised_on=promised, contract_number="V-77", contract_date=timezone.localdate().isoformat()
        ).submit()
        olga.press("Submit for review").stands_at("In review")
        olga.sees("Review and confirm", "second person")
        expect(olga.page.get_by_role("button", name="Review and confirm")).to_have_count(0)
        self.refused_by_force(olga)
        self.at_work(self.house.paul).open("/orders/").follow(self.order.number).press("Review and confirm").stands_at(
            "Confirmed"
        )
        self.order.refresh_from_db()
        assert (self.order.status, self.order.reviewed_by) == ("confirmed", self.house.paul)
        post(self.mail)

    def refused_by_force(self, olga: Person) -> None:
        """The button is hidden; whoever sends the form nevertheless is refused and told why."""
        token = olga.page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
        answer = olga.page.request.post(
            f"{self.order.get_absolute_url()}do/confirm/",
            form={"csrfmiddlewaretoken": token},
            headers={"Referer": olga.page.url},
        )
        assert answer.status == 409
        assert "second person" in answer.text()
        assert Order.objects.get().status == "in_review"

    # ------------------------------------------------------------ on the way

    def ship(self) -> None:
        self.lin = self.at_work(self.house.lin).open(self.order.get_absolute_url())
        self.lin.follow("Plan a shipment").fill(origin="Ningbo", mode="ocean").submit().sees("is planned.")
        self.shipment = Shipment.objects.get()
        assert self.shipment.lines.count() == 2
        self.lin.press("Load and dispatch").fill(
            carrier={"label": "Hanse Spedition"}, waybill_number="HAM-778899", mode="ocean", eta=soon(days=12)
        ).submit().stands_at("Loaded and dispatched").sees("HAM-778899")
        self.order.refresh_from_db()
        assert self.order.status == "in_delivery"
        (letter,) = [one for one in post(self.mail) if JO in one["To"]]
        self.tracking = link_in(letter, "/p/track/")
        self.customer.open(self.tracking).sees(
            "HAM-778899", "SPC-Boden Eiche Natur", "Ihre Ware hat unser Haus verlassen"
        )

    def arrive(self) -> None:
        self.lin.press("Has departed").submit().stands_at("In transit")
        self.lin.press("Has arrived").submit().stands_at("Arrived")
        self.customer.open(self.tracking).sees("Ihre Ware ist angekommen")
        self.lin.press("Take the signature").fill(signer_name="Jo Petersen").sign().submit().stands_at("Signed for")
        pod = ProofOfDelivery.objects.get()
        assert pod.signer_name == "Jo Petersen" and pod.signature is not None and pod.signature.size > 500

    def archive(self) -> None:
        scan = self.folder / "pod.png"
        Image.effect_noise((600, 800), 40).save(scan)
        self.lin.do("Enter the proof of delivery", scan=str(scan)).press("Check and archive").stands_at("POD archived")
        self.shipment.refresh_from_db()
        assert self.shipment.status == "archived"
        self.order.refresh_from_db()
        assert self.order.status == "delivered"
        pod = ProofOfDelivery.objects.get()
        assert pod.status == "archived" and pod.scan is not None
        assert "pod.archived" in codes(pod)
        post(self.mail)

    # ------------------------------------------------------------ after the sale

    def complain(self) -> None:
        self.customer.open(self.tracking).follow("Etwas stimmt nicht? Sagen Sie es uns.")
        self.customer.fill(
            kind="quality",
            subject="Klickverbindung öffnet sich",
            description="Auf 40 m² gehen die Fugen auf.",
            name="Jo Petersen",
            email=JO,
        ).submit()
        self.ticket = Ticket.objects.get()
        self.customer.sees(self.ticket.number, "Klickverbindung öffnet sich")
        assert (self.ticket.owner, self.ticket.order, self.ticket.language) == (self.house.sven, self.order, "de")
        self.sven = self.at_work(self.house.sven).open("/after-sales/").follow("Klickverbindung öffnet sich")
        clock = Clock.objects.get(metric="solution")
        assert clock.state == "running" and clock.due_at - clock.started_at == timedelta(hours=24)
        expect(self.sven.page.locator(".head .badge").first).to_contain_text("due in")

    def solve(self) -> None:
        self.sven.press("Acknowledge").stands_at("Acknowledged")
        self.sven.do(
            "Propose a solution", kind="replacement", text="Wir ersetzen 40 m² kostenfrei.", fault="ours"
        ).stands_at("Solution proposed")
        letters = [one for one in post(self.mail) if JO in one["To"]]
        self.customer.open(link_in(letters[-1], "/p/ticket/")).sees("Wir ersetzen 40 m² kostenfrei.")
        self.customer.press("Ich bin einverstanden").sees("Sie haben zugestimmt.")
        assert Solution.objects.get().decision == "accepted"
        self.sven.open(self.ticket.get_absolute_url()).press("Resolve with sign-off")
        self.sven.fill(resolution="40 m² ersetzt.", signed_by="Jo Petersen").sign().submit().stands_at("Resolved")
        self.sven.press("Close").stands_at("Closed")
        self.ticket.refresh_from_db()
        assert (self.ticket.status, self.ticket.signed_by) == ("closed", "Jo Petersen")
        assert not Clock.objects.filter(state="running", metric__in=("solution", "resolution")).exists()

    def survey(self) -> None:
        (letter,) = [one for one in post(self.mail) if JO in one["To"] and "/p/survey/" in words(one)]
        address = link_in(letter, "/p/survey/")
        self.customer.open(address).fill(overall="5", speed="4", product="4", suggestions="Weiter so.").submit()
        self.customer.sees("Vielen Dank")
        assert Survey.objects.get().score == 5
        assert self.customer.page.request.get(address).status == 404

    # ------------------------------------------------------------ the figures

    def count(self) -> None:
        maria = self.at_work(self.house.maria, "/figures/")
        for label, value, behind in (
            ("On-time delivery", "100", self.shipment.number),
            ("First response in time", "100", self.inquiry.number),
            ("Mean resolution time", "0", self.ticket.number),
            ("Satisfaction", "100", Survey.objects.get().number),
        ):
            card = maria.page.locator(".figures a").filter(has_text=label).first
            expect(card).to_contain_text(value)
            card.click()
            maria.sees(behind)
            maria.page.go_back()


def test_one_customer_goes_all_the_way(
    house: SimpleNamespace,
    at_work: Callable[..., Person],
    open_page: Callable[..., Any],
    mail: MailSink,
    tmp_path: Path,
) -> None:
    journey = Journey(house, at_work, open_page, mail, tmp_path)
    for name in STEPS:
        getattr(journey, name)()
    assert not Message.objects.filter(state__in=("failed", "unknown")).exists()


def test_without_scripts_people_sign_in_ask_filter_and_act(
    house: SimpleNamespace, open_page: Callable[..., Any], mail: MailSink
) -> None:
    visitor = Person(open_page("/inquiry/?lang=en", scripts=False))
    visitor.fill(
        contact_name="Mary Webb", country="GB", email="mary@webb.example", subject="Glass walls", text="Prices?"
    )
    visitor.fill(has_consented=True).submit()
    inquiry = Inquiry.objects.get()
    visitor.sees(inquiry.number)
    User.objects.filter(pk=house.anna.pk).update(email="anna@nordholz.example")
    anna = Person(open_page("/account/login/", scripts=False))
    anna.page.get_by_label("Email").fill("anna@nordholz.example")
    anna.page.get_by_label("Password", exact=True).fill(PASSWORD)
    anna.page.get_by_role("button", name="Sign in").click()
    inquiry.refresh_from_db()
    anna.open("/inquiries/?view=all&country=GB").sees("Glass walls")
    anna.open("/inquiries/?view=all&country=DE")
    expect(anna.page.get_by_text("Glass walls")).to_have_count(0)
    anna.open(inquiry.get_absolute_url()).do("Answer", body="Dear Mary Webb,\n\n90 pounds a metre.\n\nAnna")
    anna.stands_at("Answered").sees("The answer is on its way.")
    assert Inquiry.objects.get().status == "answered"
    assert any("90 pounds a metre." in words(letter) for letter in post(mail))
