"""The editor of words, its preview, trial and history, and the rules beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.models import Company, User
from foundation.journal import fact_words
from foundation.journal.fact_words import fact_label, value_label
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.notifications.defaults import shipped_messages
from foundation.notifications.facts import known_facts
from foundation.notifications.models import Message, Rule, Template, TemplateVersion
from foundation.notifications.rule_words import event_wording
from foundation.notifications.words import save_words
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
EDITOR = "/messages/words/crate_packed/"
RIGHTS = tuple(f"notifications.{verb}_{kind}" for verb in ("view", "change", "add") for kind in ("template", "rule"))


@pytest.fixture
def manager(db: None) -> User:
    return make_user("Lena Vogt", permissions=(*RIGHTS, "notifications.view_message"), phone="+4930999999")


@pytest.fixture
def browser(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def form_of(**changes: str) -> dict[str, str]:
    """What the editor posts: all languages as they are, with the version that was seen."""
    data = {}
    for row in Template.objects.filter(key="crate_packed"):
        data |= {
            f"{row.language}-{name}": getattr(row, name).replace("\n", "\r\n") for name in ("subject", "body", "sms")
        }
        data[f"{row.language}-seen"] = str(row.version)
    return {**data, **changes}


def test_the_matrix_says_what_is_missing_and_costs_the_same_for_two_and_twenty(
    browser: Client, add_rule: Any, django_assert_max_num_queries: Any
) -> None:
    add_rule("crate_a")
    add_rule("crate_b")
    Template.objects.filter(key="crate_b", language="zh-hant").update(sms="")
    Company.current()
    browser.get("/messages/words/")
    with django_assert_max_num_queries(7):
        page = browser.get("/messages/words/").content.decode()
    assert page.count(">complete<") == 7 and "missing: text message" in page
    for number in range(18):
        add_rule(f"crate_{number}")
    with django_assert_max_num_queries(7):
        browser.get("/messages/words/")
    shown = browser.get("/messages/words/?show=missing").content.decode()
    assert "crate_b" in shown and "crate_a" not in shown


def test_saving_makes_a_version_of_the_changed_language_only(browser: Client, manager: User, add_rule: Any) -> None:
    add_rule()
    answer = browser.post(EDITOR, {**form_of(), "de-sms": "Fertig: {crate_name}", "save": "1"})
    assert answer.status_code == 302, answer.content.decode()
    version = TemplateVersion.objects.get()
    assert (version.language, version.number, version.sms, version.saved_by) == (
        "de",
        2,
        "Fertig: {crate_name}",
        manager,
    )
    assert set(Template.objects.exclude(language="de").values_list("version", flat=True)) == {1}


def test_a_refused_placeholder_keeps_what_was_typed_and_saves_no_language(browser: Client, add_rule: Any) -> None:
    add_rule()
    answer = browser.post(EDITOR, {**form_of(), "de-sms": "Neu {crate_nam}", "en-sms": "New", "save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Did you mean {crate_name}?" in page and "Neu {crate_nam}" in page
    assert not TemplateVersion.objects.exists()


def test_who_saves_second_is_told_keeps_the_words_and_may_save_again(browser: Client, add_rule: Any) -> None:
    add_rule()
    mine = {**form_of(), "de-sms": "Meins", "save": "1"}
    theirs = {name: getattr(Template.objects.get(language="de"), name) for name in ("subject", "body")}
    save_words("crate_packed", "de", {**theirs, "sms": "Ihrs"}, actor=make_user("Chen Wei"))
    answer = browser.post(EDITOR, mine)
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "Chen Wei has changed the words in German meanwhile" in page and "Meins" in page
    )
    assert Template.objects.get(language="de").sms == "Ihrs"
    assert browser.post(EDITOR, {**mine, "de-seen": "2"}).status_code == 302
    assert Template.objects.get(language="de").sms == "Meins"


def test_another_language_changed_meanwhile_is_left_alone(browser: Client, add_rule: Any) -> None:
    add_rule()
    mine = {**form_of(), "de-sms": "Meins", "save": "1"}
    words = {name: getattr(Template.objects.get(language="en"), name) for name in ("subject", "body")}
    save_words("crate_packed", "en", {**words, "sms": "Theirs"}, actor=None)
    mine["en-seen"] = "1"
    assert TemplateVersion.objects.filter(language="en", number=1).count() == 0
    assert browser.post(EDITOR, mine).status_code == 422  # what stood there before is unknown: better asked than lost
    save_words("crate_packed", "en", {**words, "sms": "Theirs again"}, actor=None)
    mine |= {"en-seen": "2", "en-sms": "Theirs"}
    assert browser.post(EDITOR, mine).status_code == 302
    assert Template.objects.get(language="en").sms == "Theirs again"


def test_the_preview_fills_what_is_typed_with_a_real_record_and_counts_the_text_message(
    browser: Client, add_rule: Any, crate: Any
) -> None:
    add_rule()
    page = browser.post(f"{EDITOR}de/preview/", {**form_of(), "de-sms": "你" * 71 + "{crate_name}"}).content.decode()
    assert "Oak floor ist gepackt." in page and "2 paid parts" in page
    assert "Nobody knows" in browser.post(f"{EDITOR}de/preview/", {**form_of(), "de-sms": "{no_such}"}).content.decode()
    assert "no such record" not in page
    gone = browser.post(f"{EDITOR}de/preview/", {**form_of(), "number": "X-1"}).content.decode()
    assert "No record of the number X-1" in gone
    assert browser.post(f"{EDITOR}xx/preview/", form_of()).status_code == 404
    letter = browser.post(f"{EDITOR}de/letter/", form_of())
    assert "Oak floor ist gepackt." in letter.content.decode()
    assert letter["Content-Security-Policy"].startswith("sandbox")
    assert not Message.objects.exists()


def test_without_scripts_the_page_itself_shows_the_preview(browser: Client, add_rule: Any, crate: Any) -> None:
    add_rule()
    page = browser.post(EDITOR, {**form_of(), "de-sms": "Noch {crate_name}", "show": "1"}).content.decode()
    assert "Noch Oak floor" in page and Template.objects.get(language="de").sms == "Gepackt: {crate_name}"


@pytest.mark.parametrize(("by", "address"), [("email", "lena"), ("sms", "+4930999999")])
def test_a_trial_goes_to_its_writer_alone(
    browser: Client, manager: User, add_rule: Any, crate: Any, by: str, address: str
) -> None:
    add_rule()
    page = browser.post(f"{EDITOR}de/trial/", {**form_of(), "by": by, "de-sms": "Neu {crate_name}"}).content.decode()
    assert "A trial is on its way" in page and "Neu {crate_name}" in page
    message = Message.objects.get()
    assert message.channel == by and message.user == manager and address in message.to_address.lower()
    assert "Oak floor" in message.body and message.customer_id is None


def test_history_shows_what_changed_and_puts_back(browser: Client, add_rule: Any) -> None:
    add_rule()
    browser.post(EDITOR, {**form_of(), "de-sms": "Eins {crate_name}", "save": "1"})
    browser.post(EDITOR, {**form_of(), "de-sms": "Zwei <b> {crate_name}", "save": "1"})
    page = browser.get(f"{EDITOR}de/history/").content.decode()
    assert "<del>Eins </del><ins>Zwei &lt;b&gt; </ins>{crate_name}" in page
    assert browser.post(f"{EDITOR}de/put-back/", {"number": "2"}).status_code == 302
    assert Template.objects.get(language="de").sms == "Eins {crate_name}"
    assert browser.post(f"{EDITOR}de/put-back/", {"number": "77"}).status_code == 404
    assert browser.get("/messages/words/no_such/de/history/").status_code == 404


def test_a_message_leads_to_the_words_that_it_was_made_of(browser: Client, add_rule: Any, crate: Any) -> None:
    add_rule()
    record("crate.packed", crate)
    browser.post(EDITOR, {**form_of(), "de-sms": "Neu", "save": "1"})
    Message.objects.update(customer_id=None)
    page = browser.get(f"/messages/{Message.objects.get().pk}/").content.decode()
    assert f"{EDITOR}de/history/#version-1" in page and "Oak floor ist gepackt." in page


def test_only_those_who_manage_words_may_see_and_change_them(client: Client, add_rule: Any) -> None:
    add_rule()
    client.force_login(make_user("Emil", permissions=("notifications.view_template",)))
    assert client.get(EDITOR).status_code == 200
    for address in (f"{EDITOR}de/preview/", f"{EDITOR}de/trial/", f"{EDITOR}de/put-back/"):
        assert client.post(address, form_of()).status_code == 403
    assert client.post(EDITOR, {**form_of(), "save": "1"}).status_code == 403
    client.force_login(make_user("Otto"))
    assert client.get(EDITOR).status_code == 403 and client.get("/messages/words/").status_code == 403


# ---------------------------------------------------------------- rules


def rule_of(**changes: str) -> dict[str, str]:
    values = {
        "event": "crate.packed", "audience": "customer_contact", "template_key": "crate_packed", "wait": "90",
        "via_sms": "on", "place_sms": "1", "via_email": "on", "place_email": "2", "is_active": "on", "save": "1",
    }  # fmt: skip
    return {**values, **changes}


def test_on_a_phone_each_language_of_a_template_has_its_name(browser: Client, add_rule: Any) -> None:
    add_rule()
    page = browser.get("/messages/words/").content.decode()
    for language in ("English", "Simplified Chinese", "Traditional Chinese", "German"):
        assert f'class="c-fact" data-label="{language}"' in page


def test_a_rule_leaves_a_gap_for_what_a_single_event_fills_in() -> None:
    assert event_wording("sla.breached") == "…: missed"
    assert event_wording("inquiry.received") == "Inquiry … received"  # what follows the colon is no part of it
    assert event_wording("no.such") == "no.such"


def test_the_conditions_of_shipped_rules_are_said_in_words() -> None:
    for shipped in shipped_messages():
        for name, wanted in shipped.condition.items():
            assert name in fact_words._labels and fact_label(name), name
            for one in wanted if isinstance(wanted, list) else [wanted]:
                assert not isinstance(one, str) or name == "metric" or value_label(name, one) != one, (name, one)


def test_a_choice_of_a_record_and_its_plain_word_are_one_value(crate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"state": Message.State.QUEUED, "note": ""}
    monkeypatch.setattr(type(crate), "journal_facts", lambda self: given, raising=False)
    record("crate.packed", crate)
    assert known_facts("crate.packed")["state"] == ["queued"]


def test_a_rule_is_made_in_words_and_says_what_it_would_have_sent(browser: Client, add_rule: Any, crate: Any) -> None:
    add_rule()
    for mode in ("air", "air", "sea"):
        record("crate.packed", crate, facts={"mode": mode, "is_late": True, "days": 3})
    data = rule_of(fact_0="mode", value_0="air, truck", fact_1="is_late", value_1="yes", fact_2="days", value_2="3")
    looked_at = browser.post("/messages/rules/new/", {**data, "save": ""} | {"show": "1"})
    page = browser.post("/messages/rules/new/", {k: v for k, v in data.items() if k != "save"}).content.decode()
    assert "This happened 3 times;" in page and "the rule would have spoken 2 times." in page and "Anna Berg" in page
    assert looked_at.status_code in (200, 302)
    Rule.objects.exclude(key="crate_packed").delete()
    answer = browser.post("/messages/rules/new/", data)
    assert answer.status_code == 302, answer.content.decode()
    rule = Rule.objects.exclude(key="crate_packed").get()
    assert (rule.channels, rule.delay) == (["sms", "email"], timedelta(minutes=90))
    assert rule.condition == {"mode": ["air", "truck"], "is_late": True, "days": 3}
    assert Event.objects.filter(code="rule.changed").exists()
    listed = browser.get("/messages/rules/").content.decode()
    assert "mode: air, truck" in listed and "late: yes" in listed
    assert "late <code>is_late</code>" in browser.get(f"/messages/rules/{rule.pk}/").content.decode()


def test_what_two_stages_name_differently_is_named_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_words, "_values", {})
    monkeypatch.setattr(fact_words, "_labels", {})
    fact_words.register_fact("mode_of_work", "way")
    fact_words.register_values("mode_of_work", [("a", "Air"), ("b", "Boat")])
    fact_words.register_values("mode_of_work", [("a", "Aeroplane")])
    said = fact_words.said_condition({"mode_of_work": ["a", "b", "c"], "is_new_one": False})
    assert said == ["way: Air / Aeroplane, Boat, c", "is new one: no"]


@pytest.mark.parametrize(("changes", "said"), [
    ({"event": "message.written"}, "A message about messages would set itself off"),
    ({"fact_0": "mod", "value_0": "air"}, "This event carries no fact “mod”. It carries: mode. Did you mean mode?"),
    ({"fact_0": "mode"}, "Write both, the fact and its value."),
    ({"via_sms": "", "via_email": ""}, "Choose at least one channel."),
    ({"audience": ""}, "This field is required"),
    ({"wait": "-1"}, "greater than or equal to 0"),
])  # fmt: skip
def test_a_rule_that_could_never_work_is_refused_with_the_reason(
    browser: Client, add_rule: Any, crate: Any, changes: dict[str, str], said: str
) -> None:
    rule = add_rule()
    record("crate.packed", crate, facts={"mode": "air"})
    before = Rule.objects.values().get()
    answer = browser.post(f"/messages/rules/{rule.pk}/", rule_of(**changes))
    assert answer.status_code == 422 and said in answer.content.decode(), answer.content.decode()
    assert Rule.objects.values().get() == before
