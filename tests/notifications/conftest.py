"""A record that messages are about, the people around it, and servers that really take messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from foundation.accounts.audiences import Recipient
from foundation.accounts.models import Company, Team, User
from foundation.journal import standing
from foundation.journal.registry import event_type
from foundation.journal.services import record
from foundation.notifications.models import Message, Rule, Template
from foundation.notifications.placeholders import register_placeholders
from foundation.notifications.subjects import register_subject
from tests.accounts.factories import make_user
from tests.notifications.digests import STAFF
from tests.notifications.sinks import MailSink, Provider, SmsSink

event_type("crate.packed", "Crate packed: %(weight)s")
event_type("crate.lost", "Crate lost")

ANNA = Recipient(
    "contact:1",
    "Anna Berg",
    "de",
    "Europe/Berlin",
    "customer",
    email="anna@example.com",
    phone="+4930123456",
    customer_id=710071,
)


class Cast:
    """Who is around the record; tests change it."""

    def __init__(self) -> None:
        self.contact: Recipient | None = ANNA
        self.owner: User | None = None
        self.asked: list[str] = []

    def turn_into(self, **changes: Any) -> None:
        self.contact = replace(ANNA, **changes)


_cast = Cast()


def _values(subject: Any, recipient: Recipient) -> dict[str, Any]:
    def token() -> str:
        _cast.asked.append(recipient.key)
        return "https://kontor.example/p/track/abc"

    return {"crate_name": subject.name, "tracking_link": token}


register_subject(
    Team,
    contact=lambda subject: _cast.contact,
    owner=lambda subject: _cast.owner,
    visible=lambda user: Team.objects.all(),
    nouns=("crate",),
)
register_placeholders(Team, _values, names={"crate_name": "Name", "tracking_link": "Link"})


@pytest.fixture
def cast(db: None) -> Cast:
    """The contact is Anna, who reads German; the owner is Chen."""
    _cast.__init__()  # type: ignore[misc]
    _cast.owner = make_user("Chen Wei", language="zh-hans")
    return _cast


@pytest.fixture
def crate(cast: Cast) -> Team:
    Company.current()
    return Team.objects.create(name="Oak floor")


TEXTS = {
    "en": (
        "Crate {crate_name}",
        "Dear {recipient_name},\n\n{crate_name} is packed.\n\n{tracking_link}",
        "Packed: {crate_name}",
    ),
    "zh-hans": ("货箱 {crate_name}", "{recipient_name}，您好：\n\n{crate_name} 已装箱。", "已装箱：{crate_name}"),
    "zh-hant": ("貨箱 {crate_name}", "{recipient_name}，您好：\n\n{crate_name} 已裝箱。", "已裝箱：{crate_name}"),
    "de": ("Kiste {crate_name}", "Guten Tag {recipient_name},\n\n{crate_name} ist gepackt.", "Gepackt: {crate_name}"),
}


def add_template(key: str = "crate_packed", languages: tuple[str, ...] = tuple(TEXTS), **fields: str) -> None:
    for language in languages:
        subject, body, sms = TEXTS[language]
        Template.objects.create(key=key, language=language, **{"subject": subject, "body": body, "sms": sms, **fields})


@pytest.fixture
def add_rule(cast: Cast) -> Callable[..., Rule]:
    """A rule on `crate.packed` to the customer's contact, with its template, unless said otherwise."""

    def add(key: str = "crate_packed", **fields: Any) -> Rule:
        words = fields.pop("words", {})
        values = {"event": "crate.packed", "audience": "customer_contact", "template_key": key, **fields}
        if not Template.objects.filter(key=values["template_key"]).exists():
            add_template(values["template_key"], **words)
        return Rule.objects.create(key=key, **values)

    return add


@pytest.fixture
def mail(settings: Any) -> Iterator[MailSink]:
    """A mail server; the application is set to use it."""
    sink = MailSink()
    port = sink.start_anywhere()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 20
    yield sink
    sink.stop()


@pytest.fixture
def sms(settings: Any) -> Iterator[SmsSink]:
    """A gateway for text messages; the application is set to use it."""
    sink = SmsSink()
    settings.SMS_URL, settings.SMS_LOCAL = sink.url, True
    yield sink
    sink.stop()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider that speaks HTTP; an address of our own network is allowed."""
    settings.SMS_LOCAL = True
    made = Provider()
    yield made
    made.stop()


@pytest.fixture
def waiting(crate: Team) -> Callable[..., Message]:
    """A message that waits to be sent."""
    from foundation.notifications.services import send_message

    def wait(address: str = "anna@example.com", **fields: Any) -> Message:
        recipient = replace(ANNA, key=f"contact:{address}", email=address, phone=fields.pop("phone", ANNA.phone))
        values = {"channel": "email", "subject_line": "Hello", "body": "Your crate is packed.", "actor": None, **fields}
        return send_message(crate, recipient=recipient, **values)

    return wait


@pytest.fixture
def reader(cast: Any) -> User:
    """The colleague in charge, who reads English in Berlin."""
    User.objects.filter(pk=cast.owner.pk).update(language="en", time_zone="Europe/Berlin")
    cast.owner.refresh_from_db()
    return cast.owner


@pytest.fixture
def told(crate: Team, reader: User, add_rule: Any) -> Callable[..., list[Message]]:
    """Some events that the colleague in charge is told of."""

    def tell(count: int = 1, code: str = "crate.packed", **facts: Any) -> list[Message]:
        key = code.replace(".", "_")
        if not add_rule_once(key):
            add_rule(key, event=code, **STAFF)
        events = [record(code, crate, facts={"n": number, **facts}) for number in range(count)]
        return list(Message.objects.filter(event__in=events).order_by("pk"))

    def add_rule_once(key: str) -> bool:
        from foundation.notifications.models import Rule

        return Rule.objects.filter(key=key).exists()

    return tell


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Events that somebody has settled."""
    found: set[int] = set()

    def check(events: Any) -> dict[int, Any]:
        return {event.pk: "The crate is found." for event in events if event.pk in found}

    monkeypatch.setitem(standing._settling, "crate.packed", check)
    return found
