"""Letters about accounts, taken in by a real mail server."""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.test import Client

from foundation.accounts import services
from foundation.accounts.models import Company, User
from foundation.accounts.roles import load_roles
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


class Inbox:
    """What arrived."""

    def __init__(self) -> None:
        self.letters: list[SimpleNamespace] = []

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(SimpleNamespace(message=message, to=envelope.rcpt_tos, sender=envelope.mail_from))
        return "250 OK"


@pytest.fixture
def inbox(settings) -> Iterator[Inbox]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield inbox
    controller.stop()


@pytest.fixture
def chief() -> User:
    load_roles()
    cache.clear()
    Company(name="Nordholz", mail_from_name="Nordholz Büro", mail_from_address="buero@example.com").save()
    return make_user("Meiling", role="manager")


def words(letter) -> str:
    return letter.message.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Your account at Nordholz"), ("de", "Ihr Konto bei Nordholz"), ("zh-hans", "您在 Nordholz 的账号"), ("zh-hant", "您在 Nordholz 的帳號")],
)  # fmt: skip
def test_an_invitation_arrives_in_the_language_chosen_and_its_link_opens_the_door(
    inbox, chief, settings, language, subject
):
    user, is_sent = services.invite(
        email="new@example.com", name="Lin Wang", role="sales", language=language, actor=chief
    )
    assert is_sent
    (letter,) = inbox.letters
    assert (letter.to, letter.sender) == (["new@example.com"], "buero@example.com")
    assert letter.message["Subject"] == subject
    assert letter.message["From"] == "Nordholz Büro <buero@example.com>"
    link = re.search(r"http\S+/join/\S+/", words(letter))[0]
    html = letter.message.get_body(("html",)).get_content()
    assert f'href="{link}"' in html
    assert link.startswith(f"{settings.ORIGIN}/join/")
    page = Client().get(link.removeprefix(settings.ORIGIN), headers={"Accept-Language": language})
    assert page.status_code == 200
    assert page["Content-Language"] == language


def test_names_cannot_add_headers_or_markup(inbox, chief):
    Company(name='Evil\r\nBcc: all@example.com <b>"', mail_from_address="buero@example.com").save()
    chief.name = "<script>alert(1)</script>\r\nBcc: x@example.com"
    services.invite(email="new@example.com", name="{{ 7|add:7 }} <i>", role="sales", actor=chief)
    (letter,) = inbox.letters
    assert letter.to == ["new@example.com"]
    assert "Bcc" not in letter.message
    html = letter.message.get_body(("html",)).get_content()
    assert "<script>" not in html and "<i>" not in html and "{{ 7|add:7 }}" in html


def test_a_refused_recipient_is_told_to_the_inviter(inbox, chief, monkeypatch):
    async def refuse(self, server, session, envelope, address, options):
        return "550 No such mailbox"

    monkeypatch.setattr(Inbox, "handle_RCPT", refuse, raising=False)
    user, is_sent = services.invite(email="gone@example.com", name="N", role="sales", actor=chief)
    assert not is_sent
    assert User.objects.get(pk=user.pk).state == "invited"


def test_a_reset_arrives_in_the_persons_language_whatever_the_browser_speaks(inbox, chief):
    person = make_user("Ines", language="de")
    Client().post("/account/password/reset/", {"email": person.email}, headers={"Accept-Language": "zh-CN"})
    (letter,) = inbox.letters
    assert letter.message["Subject"] == "Neues Passwort für Nordholz"
    assert "/account/password/reset/key/" in words(letter)
