"""Administrators edit rules and words; what cannot work is refused with its name, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from foundation.accounts.models import User
from foundation.accounts.tokens import AccessToken, issue
from foundation.journal.services import record
from foundation.notifications import defaults
from foundation.notifications.defaults import Text, load_messages, register_message
from foundation.notifications.models import Message, Rule, Template
from foundation.notifications.preview import preview
from foundation.notifications.rules import save_rule

pytestmark = pytest.mark.django_db
TEMPLATES = "/admin/notifications/template/"
RULES = "/admin/notifications/rule/"


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("ada@example.com", "a long enough secret", name="Ada")


@pytest.fixture
def browser(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def german() -> Template:
    return Template.objects.get(language="de")


@pytest.mark.parametrize("words", [
    "{stranger}", "{customer_name.__class__}", "{crate_name!r}", "{crate_name:>99}", "{{7*7}}", "{% debug %}", "{", "}", "{link}",
])  # fmt: skip
@pytest.mark.parametrize("field", ["subject", "body", "sms"])
def test_words_with_a_placeholder_that_the_event_does_not_know_are_refused(
    browser: Client, add_rule: Any, field: str, words: str
) -> None:
    add_rule()
    row = german()
    data = {"subject": row.subject, "body": row.body, "sms": row.sms, field: f"Hallo {words}"}
    answer = browser.post(f"{TEMPLATES}{row.pk}/change/", data)
    assert answer.status_code == 200
    assert "is not known here" in answer.content.decode()
    assert (german().subject, german().body, german().sms, german().version) == (row.subject, row.body, row.sms, 1)


def test_changed_words_are_a_new_version_and_messages_remember_theirs(
    browser: Client, add_rule: Any, crate: Any
) -> None:
    add_rule()
    record("crate.packed", crate)
    row = german()
    data = {"subject": "Neu: {crate_name}", "body": row.body, "sms": row.sms}
    assert browser.post(f"{TEMPLATES}{row.pk}/change/", data).status_code == 302
    record("crate.packed", crate)
    assert list(Message.objects.order_by("pk").values_list("template_version", "subject_line")) == [
        (1, "Kiste Oak floor"),
        (2, "Neu: Oak floor"),
    ]
    assert browser.post(f"{TEMPLATES}{row.pk}/change/", data).status_code == 302
    assert german().version == 2


def rule_data(**changes: Any) -> dict[str, Any]:
    values = {
        "event": "crate.packed", "audience": "customer_contact", "template_key": "crate_packed", "via_email": "on", "place_email": "1",
        "via_sms": "on", "place_sms": "2", "wait": "0", "attach": "", "is_active": "on",
    }  # fmt: skip
    return {**values, **changes}


@pytest.mark.parametrize("changes", [
    {"event": "no.such"},
    {"audience": "nobody"},
    {"via_email": "", "via_sms": ""},
    {"fact_0": "mode", "value_0": ""},
    {"fact_0": "mode", "value_0": "air", "fact_1": "mode", "value_1": "sea"},
    {"template_key": "no_such"},
    {"attach": "no_such_papers"},
    {"wait": "-1"},
    {"wait": "soon"},
    {"event": "sla.breached"},
])  # fmt: skip
def test_a_rule_that_could_never_work_is_refused(browser: Client, add_rule: Any, changes: dict[str, str]) -> None:
    rule = add_rule()
    before = Rule.objects.values().get()
    answer = browser.post(f"{RULES}{rule.pk}/change/", rule_data(**changes))
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    assert Rule.objects.values().get() == before


@pytest.mark.parametrize("fields", [
    {"channels": ["email", "pigeon"]}, {"channels": "email"}, {"channels": []}, {"condition": [1]}, {"condition": {"a": {"b": 1}}},
])  # fmt: skip
def test_a_row_that_no_form_would_make_is_refused_too(add_rule: Any, fields: dict[str, Any]) -> None:
    rule = add_rule()
    for name, value in fields.items():
        setattr(rule, name, value)
    with pytest.raises(ValidationError):
        save_rule(rule, actor=None)
    assert Rule.objects.get().channels == ["email", "sms"]


def test_a_rule_is_changed(browser: Client, add_rule: Any) -> None:
    rule = add_rule()
    answer = browser.post(
        f"{RULES}{rule.pk}/change/", rule_data(via_email="", fact_0="mode", value_0="air, sea", wait="90")
    )
    assert answer.status_code == 302
    rule.refresh_from_db()
    assert (rule.channels, rule.condition, rule.delay.total_seconds()) == (["sms"], {"mode": ["air", "sea"]}, 5400)


def test_pages_of_the_administration_open(browser: Client, add_rule: Any, crate: Any) -> None:
    rule = add_rule()
    record("crate.packed", crate)
    message = Message.objects.get()
    pages = [
        TEMPLATES,
        f"{TEMPLATES}add/",
        f"{TEMPLATES}{german().pk}/change/",
        RULES,
        f"{RULES}add/",
        f"{RULES}{rule.pk}/change/",
    ]
    for page in [*pages, "/admin/notifications/message/", f"/admin/notifications/message/{message.pk}/change/"]:
        assert browser.get(page).status_code == 200, page
    assert "{crate_name}" in browser.get(f"{TEMPLATES}{german().pk}/change/").content.decode()


def test_messages_cannot_be_changed_in_the_administration(browser: Client, waiting: Any) -> None:
    message = waiting()
    browser.post(f"/admin/notifications/message/{message.pk}/change/", {"to_address": "thief@example.com"})
    assert browser.post(f"/admin/notifications/message/{message.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get("/admin/notifications/message/add/").status_code == 403
    message.refresh_from_db()
    assert message.to_address == "anna@example.com"


def test_a_preview_shows_a_real_record_and_writes_nothing(
    browser: Client, administrator: User, add_rule: Any, crate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rule()
    url = f"{TEMPLATES}{german().pk}/preview/"
    page = browser.get(url).content.decode()
    assert "Guten Tag Anna Berg" in page and "Oak floor ist gepackt." in page and "Gepackt: Oak floor" in page
    assert "1 paid part" in page
    monkeypatch.setitem(
        __import__("foundation.notifications.placeholders", fromlist=["_of_models"])._of_models,
        type(crate),
        _source_that_issues_a_token(crate),
    )
    before = AccessToken.objects.count()
    shown = preview(Template.objects.get(language="en"), administrator)
    assert shown is not None and "https://kontor.example/p/track/" in shown.body
    assert AccessToken.objects.count() == before
    assert not Message.objects.exists()


def _source_that_issues_a_token(crate: Any) -> Any:
    from foundation.notifications.placeholders import _Source

    def values(subject: Any, recipient: Any) -> dict[str, Any]:
        return {
            "crate_name": subject.name,
            "tracking_link": lambda: f"https://kontor.example/p/track/{issue('track', crate)}/",
        }

    return _Source({"crate_name": "", "tracking_link": ""}, values)


def test_a_preview_without_records_says_so(browser: Client, add_rule: Any) -> None:
    add_rule()
    assert "There is no record yet" in browser.get(f"{TEMPLATES}{german().pk}/preview/").content.decode()
    assert browser.get(f"{TEMPLATES}{german().pk}/preview/?number=%00x").status_code == 200


# ---------------------------------------------------------------- what is shipped


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Only what the test ships."""
    monkeypatch.setattr(defaults, "_shipped", {})

    def ship(subject: str = "Crate {crate_name}", **fields: Any) -> None:
        texts = {code: Text(subject, "Body", "Short") for code in ("en", "zh-hans", "zh-hant", "de")}
        values = {"event": "crate.packed", "audience": "customer_contact", "texts": texts, **fields}
        register_message("shipped", **values)

    return ship


def test_loading_twice_adds_nothing_the_second_time(shipped: Any, db: None) -> None:
    shipped()
    assert load_messages() == 5
    before = list(Rule.objects.values()), list(Template.objects.values())
    assert load_messages() == 0
    assert (list(Rule.objects.values()), list(Template.objects.values())) == before


def test_an_administrators_edit_survives_and_untouched_words_get_better(shipped: Any, db: None) -> None:
    shipped()
    load_messages()
    Template.objects.filter(language="de").update(subject="Meine Worte", version=2)
    Rule.objects.update(is_active=False, channels=["sms"])
    shipped("Better {crate_name}", channels=("email",))
    assert load_messages() == 0
    assert german().subject == "Meine Worte"
    english = Template.objects.get(language="en")
    assert (english.subject, english.version) == ("Better {crate_name}", 2)
    rule = Rule.objects.get()
    assert (rule.is_active, rule.channels) == (False, ["sms"])


def test_words_that_their_event_does_not_know_are_refused_when_loaded(shipped: Any, db: None) -> None:
    shipped("Crate {stranger}")
    with pytest.raises(ValueError, match=r"\{stranger\}"):
        load_messages()


def test_a_message_in_fewer_than_four_languages_is_refused(shipped: Any) -> None:
    with pytest.raises(ValueError, match="zh-hant"):
        register_message("half", event="crate.packed", audience="owner", texts={"en": Text("Hello")})


def test_everything_that_the_house_ships_can_be_loaded(db: None) -> None:
    assert load_messages() > 0
    for rule in Rule.objects.all():
        rule.full_clean()
