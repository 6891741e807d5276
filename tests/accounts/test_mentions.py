"""Colleagues named in a text: in any script, by name or address, never guessed."""

from __future__ import annotations

import pytest

from foundation.accounts.mentions import MOST, Names, Person, active_names, read_mentions
from foundation.journal.machine import Refused
from tests.accounts.factories import make_user

CAST = Names(
    [
        Person(1, "Anna Berg", "anna.berg@kontor.example"),
        Person(2, "Anna Meier", "anna.meier@kontor.example"),
        Person(3, "王伟", "wei.wang@kontor.example"),
        Person(4, "Jürgen Groß", "j.gross@kontor.example"),
        Person(5, "Peng Xu", "peng.xu@kontor.example"),
        Person(6, "Peng Xu", "peng.xu2@kontor.example"),
        Person(7, "Ольга Иванова", "olga@kontor.example"),
        Person(8, "Deng Haitao 邓海涛", "haitao.deng@kontor.example"),
    ]
)


def found(text: str) -> tuple[str, list[int]]:
    said = read_mentions(text, names=CAST)
    for start, end, pk in said.spans:
        assert said.text[start:end] == f"@{CAST.people[pk].name}"
    return said.text, said.user_ids


@pytest.mark.parametrize(
    ("written", "kept", "ids"),
    [
        ("@anna.berg please", "@Anna Berg please", [1]),
        ("Ask @Anna Berg.", "Ask @Anna Berg.", [1]),
        ("(@ANNA BERG)", "(@Anna Berg)", [1]),
        ("@anna.berg@kontor.example?", "@Anna Berg?", [1]),
        ("@Berg, and @Meier", "@Anna Berg, and @Anna Meier", [1, 2]),
        ("请@王伟看一下", "请@王伟看一下", [3]),
        ("@邓海涛，请确认", "@Deng Haitao 邓海涛，请确认", [8]),
        ("@Jürgen Groß's desk", "@Jürgen Groß's desk", [4]),
        ("@Ju\u0308rgen", "@Jürgen Groß", [4]),
        ("спроси @ольга", "спроси @Ольга Иванова", [7]),
        ("@anna.berg @anna.berg", "@Anna Berg @Anna Berg", [1]),
        ("@peng.xu2 knows", "@Peng Xu knows", [6]),
    ],
)
def test_a_name_is_written_out_and_kept_by_its_key(written, kept, ids):
    assert found(written) == (kept, ids)


@pytest.mark.parametrize(
    "text",
    [
        "write to anna.berg@kontor.example",
        "info@Berg",
        "@Annabelle",
        "@anna.bergmann",
        "@nobody",
        "5 @ 3.20",
        "@",
        "@@Berg",
        "no mention at all",
    ],
)
def test_what_is_nobodys_name_stays_as_it_is(text):
    assert found(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "ways"), [("@Anna", ["@anna.berg", "@anna.meier"]), ("@Peng Xu", ["@peng.xu", "@peng.xu2"])]
)
def test_an_ambiguous_name_asks_back_with_the_ways_to_write_it(text, ways):
    with pytest.raises(Refused) as refused:
        read_mentions(text, names=CAST)
    assert refused.value.reason == "input"
    for way in ways:
        assert f"({way})" in refused.value.message


def test_the_list_on_offer_inserts_what_is_understood():
    for pk, person in CAST.people.items():
        assert read_mentions(f"@{CAST.way_to_write(pk)}", names=CAST).user_ids == [pk], person


def test_a_note_is_no_mailing_list():
    with pytest.raises(Refused):
        read_mentions("@anna.berg " * (MOST + 1), names=CAST)


@pytest.mark.django_db
def test_only_those_who_work_here_are_known_and_a_text_without_a_name_asks_nothing(django_assert_num_queries):
    make_user("Vera Alt", email="vera@kontor.example", is_active=False)
    here = make_user("Ruth Neu", email="ruth@kontor.example")
    assert set(active_names().people) == {here.pk}
    with django_assert_num_queries(0):
        read_mentions("nobody")
    with django_assert_num_queries(1):
        assert read_mentions("@Vera and @ruth").user_ids == [here.pk]
