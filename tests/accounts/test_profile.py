"""One's own page, the user menu's switches, the company's settings, and the reader's language."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import RequestFactory
from PIL import Image

from foundation.accounts.demo import DEMO_DOMAIN, DEMO_PASSWORD
from foundation.accounts.middleware import supported, wanted_language
from foundation.accounts.models import Company, User, UserLanguage
from foundation.journal.models import Event
from tests.accounts.factories import make_user
from tests.journal.test_attachments import PDF, picture

pytestmark = pytest.mark.django_db


def profile(languages=(), **changed) -> dict:
    data = {
        "name": "Ines",
        "position": "",
        "phone": "+49 30 901820",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "theme": "dark",
        "density": "compact",
        "languages-TOTAL_FORMS": str(len(languages) + 1),
        "languages-INITIAL_FORMS": str(sum(1 for one in languages if one[0])),
        "languages-MIN_NUM_FORMS": "0",
        "languages-MAX_NUM_FORMS": "12",
        **changed,
    }
    for number, (pk, language, level, delete) in enumerate([*languages, ("", "", 2, "")]):
        data |= {f"languages-{number}-id": pk, f"languages-{number}-language": language}
        data |= {f"languages-{number}-level": level, f"languages-{number}-DELETE": delete}
    return data


@pytest.fixture
def me(client):
    user = make_user("Ines", languages={"en": 2, "fr": 1})
    client.force_login(user)
    return user


def rows(user) -> dict[str, int]:
    return dict(UserLanguage.objects.filter(user=user).values_list("language", "level"))


def test_i_change_my_profile_and_my_languages(client, me):
    english, french = me.languages.order_by("-level")
    data = profile([(english.pk, "en", 4, ""), (french.pk, "fr", 1, "on"), ("", "zh-hans", 3, "")])
    answer = client.post("/profile/", data)
    assert answer.status_code == 302, answer.context["rows"].errors
    me.refresh_from_db()
    assert (me.language, me.theme, me.density, me.phone.as_e164) == ("de", "dark", "compact", "+4930901820")
    assert me.single_key_shortcuts is False
    assert rows(me) == {"en": 4, "zh-hans": 3}
    assert 'lang="de"' in client.get("/profile/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"time_zone": "Nowhere/City"},
        {"language": "tlh"},
        {"phone": "12"},
        {"theme": "pink"},
        {"languages-TOTAL_FORMS": "x"},
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_is_kept(client, me, wrong):
    before = User.objects.values().get(pk=me.pk)
    answer = client.post("/profile/", profile(**wrong))
    assert answer.status_code == 422
    assert User.objects.values().get(pk=me.pk) == before
    assert rows(me) == {"en": 2, "fr": 1}


def test_a_language_stands_once(client, me):
    english, french = me.languages.order_by("-level")
    data = profile([(english.pk, "en", 4, ""), (french.pk, "fr", 1, ""), ("", "en", 3, "")])
    answer = client.post("/profile/", data)
    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    assert rows(me) == {"en": 2, "fr": 1}


def test_nobody_raises_themselves_through_the_profile(client, me):
    data = profile(is_staff="on", is_superuser="on", email="other@example.com", groups="1", is_active="", team="1")
    assert client.post("/profile/", data).status_code == 302
    fresh = User.objects.get(pk=me.pk)
    assert (fresh.is_staff, fresh.is_superuser, fresh.email, fresh.is_active) == (False, False, me.email, True)


def test_the_rows_of_others_cannot_be_reached(client, me):
    other = make_user(languages={"de": 4})
    row = other.languages.get()
    client.post("/profile/", profile([(row.pk, "de", 1, "on")]))
    assert rows(other) == {"de": 4}


def test_the_profile_has_a_budget(client, me, django_assert_max_num_queries):
    client.get("/profile/")
    with django_assert_max_num_queries(8):
        client.get("/profile/")


# ---------------------------------------------------------------- the user menu


def test_the_menu_switches_language_and_theme_and_comes_back(client, me):
    answer = client.post("/preferences/", {"language": "zh-hans", "next": "/people/?view=off"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/?view=off")
    client.post("/preferences/", {"theme": "light"})
    me.refresh_from_db()
    assert (me.language, me.theme) == ("zh-hans", "light")
    assert 'lang="zh-Hans"' in client.get("/profile/").content.decode()


def test_unknown_values_of_the_menu_change_nothing(client, me):
    before = User.objects.values().get(pk=me.pk)
    client.post("/preferences/", {"language": "xx", "theme": "\0", "density": "x" * 500, "is_staff": "1"})
    assert User.objects.values().get(pk=me.pk) == before
    assert client.get("/preferences/").status_code == 405


# ---------------------------------------------------------------- the reader's language


@pytest.mark.parametrize(
    ("code", "found"),
    [("zh-TW", "zh-hant"), ("zh-CN", "zh-hans"), ("zh-HK", "zh-hant"), ("de-AT", "de"), ("en-US", "en"), ("DE", "de"),
     ("xx", None), ("", None), (None, None), ("x" * 10000, None), ("\0", None), ("../../etc", None)],
)  # fmt: skip
def test_codes_from_outside_become_languages_on_offer(code, found):
    assert supported(code) == found


def test_a_choice_in_the_address_counts_before_cookie_and_browser(client):
    page = client.get("/account/login/?lang=de", headers={"Accept-Language": "zh-CN"})
    assert (page["Content-Language"], page.cookies["django_language"].value) == ("de", "de")
    page = client.get("/account/login/", headers={"Accept-Language": "zh-CN"})
    assert page["Content-Language"] == "de"


@pytest.mark.parametrize("asked", ["xx", "", "de;x", "x" * 5000, "%00"])
def test_an_unknown_choice_is_as_if_there_were_none(client, asked):
    page = client.get(f"/account/login/?lang={asked}", headers={"Accept-Language": "zh-TW,zh;q=0.8"})
    assert page["Content-Language"] == "zh-hant"
    assert "django_language" not in page.cookies


def test_the_browsers_wish_is_read_in_its_order(client):
    request = RequestFactory().get("/", headers={"Accept-Language": "fr;q=0.9, de;q=0.8, en;q=0.1"})
    request.user = type("Nobody", (), {"is_authenticated": False})()
    assert wanted_language(request) == "de"


def test_pages_are_kept_by_nobody_and_say_what_they_depend_on(client, me):
    page = client.get("/profile/")
    assert page["Cache-Control"] == "no-store"
    assert page["Content-Language"] == "en"


def test_the_middleware_asks_nothing_of_its_own(client, me, django_assert_num_queries):
    client.logout()
    client.get("/account/signup/")
    with django_assert_num_queries(0):
        client.get("/account/signup/?lang=zh-hant")


# ---------------------------------------------------------------- the company


def company(**changed) -> dict:
    return {
        "name": "Nordholz",
        "accent": "#225544",
        "address": "Hafen 1",
        "country": "DE",
        "phone": "",
        "email": "info@example.com",
        "website": "",
        "time_zone": "Europe/Berlin",
        "default_language": "de",
        "currency": "eur",
        "mail_from_name": "Nordholz",
        "mail_from_address": "info@example.com",
        "sms_sender": "",
        "emergency_contact": "Night desk",
        "emergency_phone": "",
        "bank_details": "",
        "letter_footer": "",
        **changed,
    }


@pytest.fixture
def chief(client):
    user = make_user(permissions=("accounts.change_company",))
    client.force_login(user)
    return user


def test_the_companys_settings_are_kept_and_remembered(client, chief):
    assert client.get("/company/").status_code == 200
    assert client.post("/company/", company()).status_code == 302
    assert (Company.current().name, Company.current().currency) == ("Nordholz", "EUR")
    event = Event.objects.get()
    assert (event.code, event.actor) == ("company.changed", chief)
    assert "name" in event.facts["names"]
    assert "Nordholz" not in str(event.facts)
    client.post("/company/", company(currency="EUR"))
    assert Event.objects.count() == 1


def test_a_logo_is_drawn_again_and_shown_to_everybody(client, chief, settings):
    logo = SimpleUploadedFile("../My Logo.png", picture("PNG", mode="RGBA"))
    assert client.post("/company/", company(logo=logo)).status_code == 302
    stored = Company.objects.get().logo.name
    assert stored.startswith("company/") and "Logo" not in stored and stored.endswith(".png")
    client.logout()
    page = client.get("/account/login/").content.decode()
    assert "/company/logo/?v=" in page
    answer = client.get("/company/logo/")
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (60, 40)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.svg", b"<svg onload=alert(1)>"), ("a.png", b"<svg onload=alert(1)>"), ("a.pdf", PDF), ("a.png", b"GIF89a")],
)
def test_what_is_no_picture_becomes_no_logo(client, chief, name, data):
    answer = client.post("/company/", company(logo=SimpleUploadedFile(name, data)))
    assert answer.status_code == 422
    assert not Company.objects.get().logo
    assert client.get("/company/logo/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"accent": "red;}body{"}, {"accent": "#12345"}, {"currency": "EURO"}, {"country": "XX"}, {"time_zone": "x"}, {"email": "x"},
     {"name": ""}, {"website": "javascript:alert(1)"}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(client, chief, wrong):
    before = Company.objects.get_or_create(pk=1)[0].name
    assert client.post("/company/", company(**wrong)).status_code == 422
    assert Company.objects.get().name == before
    assert not Event.objects.exists()


# ---------------------------------------------------------------- the demo's logins


def test_the_demos_logins_are_printed_once_per_role_and_no_real_account_is(capsys):
    for role in ("sales", "sales", "manager"):
        make_user(role=role, email=f"{role}{User.objects.count()}@{DEMO_DOMAIN}", password=DEMO_PASSWORD)
    make_user(role="finance", email=f"own@{DEMO_DOMAIN}", password="somebody's own")
    make_user(role="service", email="real@example.com", password=DEMO_PASSWORD)
    call_command("demo_logins")
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["sales", "manager"]
    assert all(line[2] == DEMO_PASSWORD for line in lines)
