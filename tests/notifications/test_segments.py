"""Parts of a text message: known texts, and what holds for every text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.notifications.channels.sms.segments import BASIC, EXTENDED, LIMITS, count

GSM = st.text(alphabet=sorted(BASIC | EXTENDED), max_size=700)
ANY = st.text(max_size=300)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "left"),
    [
        ("", "gsm7", 0, 0, 0),
        ("a" * 160, "gsm7", 160, 1, 0),
        ("a" * 161, "gsm7", 161, 2, 145),
        ("a" * 306, "gsm7", 306, 2, 0),
        ("a" * 307, "gsm7", 307, 3, 152),
        ("€" * 80, "gsm7", 160, 1, 0),
        ("a" * 152 + "€" + "b" * 7, "gsm7", 161, 2, 144),  # the pair moves to the second part as a whole
        ("汉" * 70, "ucs2", 70, 1, 0),
        ("汉" * 71, "ucs2", 71, 2, 63),
        ("汉" * 134, "ucs2", 134, 2, 0),
        ("汉" * 135, "ucs2", 135, 3, 66),
        ("😀" * 35, "ucs2", 70, 1, 0),
        ("😀" * 36, "ucs2", 72, 2, 61),  # 33 pairs in the first part, 3 in the second
    ],
)
def test_known_texts(text, encoding, units, parts, left):
    found = count(text)
    assert (found.encoding, found.units, found.parts, found.left) == (encoding, units, parts, left)


def test_the_alphabets_are_complete():
    assert (len(BASIC), len(EXTENDED)) == (127, 10)  # 128 places, one of which is the escape to the other ten


def test_what_makes_a_text_dear_is_named_once_in_order():
    assert count("Grüße – 你好 – “ok”").costly == ("–", "你", "好", "“", "”")
    assert count("Grüße an Ångström, 5 €").costly == ()


def test_only_what_could_be_written_otherwise_is_blamed():
    assert count("Order 5 – “ready”").avoidable == ("–", "“", "”")
    assert count("您的订单 5 – 已确认").avoidable == ()
    assert count("Заказ 5").avoidable == ()


@given(GSM)
def test_the_alphabet_never_becomes_dear(text):
    found = count(text)
    assert found.encoding == "gsm7" and not found.costly


@given(ANY)
def test_one_character_outside_makes_all_of_it_dear(text):
    found = count(text + "汉")
    assert found.encoding == "ucs2" and found.costly.count("汉") == 1


@given(ANY | GSM)
def test_parts_hold_what_was_counted(text):
    found = count(text)
    single, joined = LIMITS[found.encoding]
    assert (found.parts == 0) == (text == "")
    assert (found.parts <= 1) == (found.units <= single)
    if found.parts > 1:
        # at most one unit is lost at the end of each part but the last
        assert found.parts * joined - found.left - found.units <= found.parts - 1
        assert found.units <= found.parts * joined - found.left
        assert 0 <= found.left < joined


@given(ANY | GSM, st.sampled_from("aß€汉😀"))
def test_a_longer_text_never_costs_less(text, more):
    assert count(text + more).parts >= count(text).parts
