"""Earlier words stay: each change is a version, a message shows its own, and what a text must not say is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from foundation.accounts.models import User
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications import defaults, words
from foundation.notifications.defaults import Text, load_messages, register_message
from foundation.notifications.models import Template, TemplateVersion
from foundation.notifications.versions import history_of
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
SAID = {"subject": "Kiste {crate_name}", "body": "Guten Tag", "sms": "Gepackt"}


@pytest.fixture
def editor(db: None) -> User:
    return make_user("Lena Vogt")


def save(actor: User, *, key: str = "crate_packed", **changes: Any) -> Template:
    seen = changes.pop("seen", None)
    return words.save_words(key, "de", {**SAID, **changes}, actor=actor, seen=seen)


def test_each_change_is_a_version_with_who_and_when_and_an_event(editor: User, add_rule: Any) -> None:
    add_rule()
    assert save(editor).version == 2
    assert save(editor, sms="Fertig").version == 3
    assert save(editor, sms="Fertig").version == 3  # nothing new
    newest, older = history_of("crate_packed", "de")
    assert (newest.number, newest.sms, newest.saved_by, newest.origin) == (3, "Fertig", editor, "edited")
    assert (older.number, older.sms) == (2, "Gepackt")
    assert list(
        Event.objects.filter(code="template.changed").values_list("actor", "facts__version").order_by("pk")
    ) == [
        (editor.pk, 2),
        (editor.pk, 3),
    ]


def test_versions_can_neither_be_changed_nor_removed(editor: User, add_rule: Any) -> None:
    add_rule()
    save(editor)
    for statement in (
        "UPDATE notifications_templateversion SET body = ''",
        "DELETE FROM notifications_templateversion",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_two_editors_at_once_the_later_is_told_and_nothing_is_lost(editor: User, add_rule: Any) -> None:
    add_rule()
    save(editor, seen=1)
    with pytest.raises(Refused, match="Lena Vogt has changed the words in German meanwhile"):
        save(make_user("Chen Wei"), body="Anders", seen=1)
    assert Template.objects.get(language="de").body == "Guten Tag"
    assert TemplateVersion.objects.count() == 1


def test_earlier_words_are_put_back_as_a_new_version(editor: User, add_rule: Any) -> None:
    add_rule()
    save(editor, body="Eins")
    save(editor, body="Zwei")
    row = words.restore("crate_packed", "de", 2, actor=editor)
    assert (row.body, row.version) == ("Eins", 4)
    assert [one.origin for one in history_of("crate_packed", "de")] == ["restored", "edited", "edited"]


@pytest.mark.parametrize(("text", "said"), [
    ("{crate_nam}", "{crate_nam} is not known here. Did you mean {crate_name}?"),
    ("{Crate Name}", "braces hold exactly one name, such as {number}, and stand for nothing else. Did you mean {crate_name}?"),
    ("{actor_name}", "{actor_name} is not known here: it is for colleagues only, a customer must not read it."),
    ("{waybill_number}", "{waybill_number} is not known here: only other messages know it."),
    ("a } b", "} is not known here: braces hold exactly one name"),
])  # fmt: skip
def test_what_a_text_must_not_say_is_named_with_what_was_probably_meant(
    editor: User, add_rule: Any, text: str, said: str
) -> None:
    add_rule()
    with pytest.raises(ValidationError) as refusal:
        save(editor, body=text)
    assert said in " ".join(refusal.value.message_dict["body"])
    assert not TemplateVersion.objects.exists()


def test_shipped_words_come_back_and_get_better_again(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defaults, "_shipped", {})

    def ship(body: str) -> None:
        texts = dict.fromkeys(("en", "zh-hans", "zh-hant", "de"), Text("Crate {crate_name}", body, "Short"))
        register_message("shipped", event="crate.packed", audience="customer_contact", texts=texts)
        load_messages()

    ship("First")
    save(editor, key="shipped", body="Mine")
    ship("Second")  # an edit survives
    assert Template.objects.get(key="shipped", language="de").body == "Mine"
    assert Template.objects.get(key="shipped", language="en").body == "Second"
    assert words.reset("shipped", "de", actor=editor).body == "Second"
    ship("Third")
    assert [one.body for one in history_of("shipped", "de")] == ["Third", "Second", "Mine", "First"]
    assert [one.origin for one in history_of("shipped", "de")] == ["shipped", "reset", "edited", "shipped"]


def test_a_template_of_ones_own_has_no_shipped_words(editor: User, add_rule: Any) -> None:
    add_rule()
    with pytest.raises(Refused, match="did not come with the house"):
        words.reset("crate_packed", "de", actor=editor)
