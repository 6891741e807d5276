"""Signing in and out, forgotten passwords, guessing, hosts and addresses that lie."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings as conf
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.models import User
from tests.accounts.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(client):
    user = make_user()
    client.get(LOGIN)
    client.cookies[conf.SESSION_COOKIE_NAME] = "planted-by-somebody-else-0123456789"
    answer = sign_in(client, user.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    key = client.cookies[conf.SESSION_COOKIE_NAME].value
    assert key != "planted-by-somebody-else-0123456789"
    assert is_in(client)
    client.post("/account/logout/")
    client.cookies[conf.SESSION_COOKIE_NAME] = key
    assert not is_in(client)


def test_every_page_asks_a_stranger_to_sign_in(client):
    for path in ("/", "/profile/", "/people/", "/company/", "/people/1/", "/files/1/", "/admin/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith((LOGIN, "/admin/login/")), path


def test_the_administrations_own_door_leads_to_ours(client):
    assert client.get("/admin/login/?next=/admin/accounts/").headers["Location"] == f"{LOGIN}?next=/admin/accounts/"
    assert client.get("/admin/login/?next=//evil.example/").headers["Location"] == f"{LOGIN}?next=/admin/"
    client.force_login(make_user())
    assert client.get("/admin/login/").status_code == 403
    client.force_login(make_user(is_staff=True))
    assert client.get("/admin/login/?next=/admin/accounts/").headers["Location"] == "/admin/accounts/"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example",
     "javascript:alert(1)", "https://127.0.0.1@evil.example/", "\thttps://evil.example", "/%0d%0aSet-Cookie:x=1", "///evil.example"],
)  # fmt: skip
def test_going_on_never_leaves_the_house(client, wanted):
    user = make_user()
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": wanted})
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer["Location"])
    answer = client.post("/preferences/", {"theme": "dark", "next": wanted})
    assert re.match(r"/(?![/\\])", answer["Location"])


def text_of(answer) -> str:
    """The page without what differs anyway: tokens and what was typed."""
    page = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return re.sub(r"nonce-[\w+/=-]+", "", page)


def test_a_wrong_password_and_an_unknown_address_read_alike(client):
    user = make_user()
    off = make_user(is_active=False)
    answers = [
        text_of(sign_in(Client(), address, "wrong password"))
        for address in (user.email, "nobody@example.com", off.email)
    ]
    assert len(set(answers)) == 1
    assert "not correct" in answers[0]


def test_guessing_at_one_account_is_stopped_though_the_header_rotates(client, settings):
    user = make_user()
    settings.PROXY_COUNT = 0
    for number in range(12):
        sign_in(client, user.email, "wrong", headers={"X-Forwarded-For": f"198.51.100.{number}"})
    answer = sign_in(client, user.email, headers={"X-Forwarded-For": "198.51.100.99"})
    assert "Too many" in answer.content.decode()
    assert not is_in(client)


@pytest.fixture
def still() -> Iterator[None]:
    """Tries are counted by the minute: here none ends."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def test_guessing_from_many_addresses_is_stopped_and_the_owner_still_comes_in(settings, still):
    settings.PROXY_COUNT = 1
    user = make_user()
    home = {"X-Forwarded-For": "203.0.113.5"}
    assert sign_in(Client(), user.email, headers=home).status_code == 302
    good = 0
    for number in range(30):
        answer = sign_in(Client(), user.email, "wrong", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        good += "Too many" not in answer.content.decode()
    assert good <= 10
    assert sign_in(Client(), user.email, headers={"X-Forwarded-For": "198.51.100.77"}).status_code == 200
    assert sign_in(Client(), user.email, headers=home).status_code == 302


def test_one_address_that_tries_many_accounts_is_stopped(client, still):
    passed = 0
    for number in range(40):
        passed += "Too many" not in sign_in(client, f"nobody{number}@example.com", "wrong").content.decode()
    assert passed <= 10


def test_good_sign_ins_do_not_use_up_the_tries():
    user = make_user()
    for _ in range(15):
        assert sign_in(Client(), user.email).status_code == 302


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_guessing_in_parallel_buys_nothing():
    user = make_user()
    tried = []

    def guess() -> None:
        for _ in range(5):
            tried.append("Too many" not in sign_in(Client(), user.email, "wrong").content.decode())
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(tried) == 40
    assert sum(tried) <= 10


# ---------------------------------------------------------------- forgotten passwords


def reset_link(client, email, **extra) -> str:
    mail.outbox.clear()
    answer = client.post("/account/password/reset/", {"email": email}, **extra)
    assert answer.status_code == 302
    return re.search(r"http\S+/password/reset/key/\S+", mail.outbox[0].body)[0]


def test_the_way_to_a_new_password_stands_once_on_the_sign_in_page_after_the_button(client):
    shown = client.get("/account/login/").content.decode()
    assert shown.count("/account/password/reset/") == 1
    assert shown.index("</button>", shown.index('name="password"')) < shown.index("Forgotten your password?")


def test_a_forgotten_password_is_replaced_through_a_letter_in_the_persons_language(client, settings):
    user = make_user(language="de")
    link = reset_link(client, user.email)
    assert link.startswith(settings.ORIGIN)
    assert user.name or mail.outbox[0].subject
    page = client.get(link.removeprefix(settings.ORIGIN), follow=True)
    form = page.redirect_chain[-1][0]
    answer = client.post(form, {"password1": "a quite new password", "password2": "a quite new password"})
    assert answer.status_code == 302
    assert sign_in(Client(), user.email, "a quite new password").status_code == 302
    assert sign_in(Client(), user.email).status_code == 200
    used = Client().get(link.removeprefix(settings.ORIGIN), follow=True)
    assert "no longer works" in used.content.decode()
    assert "changed" in mail.outbox[-1].body or len(mail.outbox) == 2


def test_asking_for_a_reset_tells_nobody_who_has_an_account(client):
    user = make_user()
    known = client.post("/account/password/reset/", {"email": user.email}, follow=True)
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert text_of(known) == text_of(unknown)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(mail.outbox) == 2
    assert "no account" in mail.outbox[1].body
    assert "/reset/key/" not in mail.outbox[1].body


def test_a_mail_server_that_is_down_tells_nobody_either(client, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = client.post("/account/password/reset/", {"email": make_user().email}, follow=True)
    assert answer.status_code == 200
    assert "not sent" in caplog.text
    assert "example.com" not in caplog.text


HOSTS = [
    "evil.example", "evil.example:80", "127.0.0.1.evil.example", "evil.example/127.0.0.1", "127.0.0.1@evil.example",
    "evil.example#127.0.0.1", "localhost.evil.example", "[::1]evil.example", "evil.example\t", ".evil.example", "0x7f000001",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_a_forged_host_is_refused(client, host):
    user = make_user()
    answer = client.post("/account/password/reset/", {"email": user.email}, headers={"Host": host})
    assert answer.status_code == 400
    assert mail.outbox == []


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-Host"])
def test_no_header_decides_where_a_letter_leads(client, header, settings):
    user = make_user()
    link = reset_link(
        client, user.email, headers={header: "host=evil.example" if header == "Forwarded" else "evil.example"}
    )
    assert link.startswith(f"{settings.ORIGIN}/account/")
    assert "evil" not in mail.outbox[0].message().as_string()


def test_an_allowed_but_different_host_does_not_decide_either(client, settings):
    settings.ORIGIN = "https://kontor.example.com"
    link = reset_link(client, make_user().email, headers={"Host": "localhost"})
    assert link.startswith("https://kontor.example.com/account/")


def test_changing_the_password_keeps_this_session_and_ends_the_others(client):
    user = make_user()
    other = Client()
    sign_in(client, user.email)
    sign_in(other, user.email)
    before = client.cookies[conf.SESSION_COOKIE_NAME].value
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "a quite new password", "password2": "a quite new password"},
    )
    assert answer["Location"] == reverse("accounts:profile")
    assert is_in(client)
    assert client.cookies[conf.SESSION_COOKIE_NAME].value != before
    assert not is_in(other)
    assert "changed" in mail.outbox[0].subject


@pytest.mark.parametrize("weak", ["password123", "1234567890", "short", "qwertyuiop"])
def test_common_and_short_passwords_are_refused(client, weak):
    user = make_user()
    sign_in(client, user.email)
    answer = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.status_code == 200
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "good", ["x7" * 32, "паролькоторый", "我的密码是一句很长的话", "with spaces in it ", "😀" * 10]
)
def test_long_and_foreign_passwords_are_taken_whole(client, good):
    user = make_user()
    sign_in(client, user.email)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": good, "password2": good})
    fresh = User.objects.get(pk=user.pk)
    assert fresh.check_password(good)
    assert not fresh.check_password(good[:-1])


def test_nobody_signs_up_and_pages_for_further_addresses_do_not_exist(client):
    assert "invitation" in client.get("/account/signup/").content.decode().lower()
    client.post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD})
    assert not User.objects.filter(email="new@example.com").exists()
    client.force_login(make_user())
    for path in ("email/", "confirm-email/", "login/code/confirm/"):
        assert client.get(f"/account/{path}").status_code == 404


def test_odd_input_at_the_door_gets_a_form_and_no_error(client):
    for login in ("", "\0@example.com", "a" * 5000, "x@" + "y" * 300 + ".com", "' or 1=1 --", "名字@例子.中国"):
        assert sign_in(client, login, "\0").status_code in (200, 429)
