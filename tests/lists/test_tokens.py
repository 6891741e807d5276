"""What people type finds what they mean."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from foundation.lists.tokens import _syllables, fold, query_of, strip_accents, tokens_of


def finds(query: str, texts: list[str], numbers: list[str] = ()) -> bool:  # type: ignore[assignment]
    """A small reading of the tsquery that query_of writes: AND, OR, prefix."""
    tokens = tokens_of(texts, numbers)
    expression = query_of(query)
    if not expression:
        return False

    def term(match: re.Match[str]) -> str:
        word, prefix = match.group(1), match.group(2)
        return str(any(t.startswith(word) if prefix else t == word for t in tokens))

    return bool(eval(re.sub(r"'([^']*)'(:\*)?", term, expression).replace("&", " and ").replace("|", " or ")))  # noqa: S307


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("华居", "广州华居装饰工程有限公司"),
        ("華居", "广州华居装饰工程有限公司"),
        ("华居", "廣州華居裝飾工程有限公司"),
        ("装饰工程", "广州华居装饰工程有限公司"),
        ("huaju", "广州华居装饰工程有限公司"),
        ("gzhj", "广州华居装饰工程有限公司"),
        ("chongqing", "重庆地板"),
        ("muller", "Müller Böden GmbH"),
        ("Mueller", "Müller Böden GmbH"),
        ("MÜLL", "Müller Böden GmbH"),
        ("boeden mull", "Müller Böden GmbH"),
        ("wisla", "Podłogi Wisła Sp. z o.o."),
        ("ＳＰＣ", "SPC Oak 6.5"),
    ],
)
def test_names_are_found_in_any_script_and_spelling(query: str, name: str) -> None:
    assert finds(query, [name])


@pytest.mark.parametrize("query", ["1177", "177", "so-2026-1177", "SO20261177", "2026-11"])
def test_numbers_are_found_by_any_part(query: str) -> None:
    assert finds(query, [], ["SO-2026-1177"])


def test_phones_are_found_by_their_last_digits() -> None:
    assert finds("8812", [], ["+8613800138812"])
    assert finds("0138 8812", [], ["+8613800138812"])


def test_another_name_is_not_found() -> None:
    assert not finds("华为", ["广州华居装饰工程有限公司"])
    assert not finds("oak teak", ["SPC Oak"])


@pytest.mark.parametrize("text", ["", "   ", "'", "&|!()", "\\", ":*", "%_"])
def test_signs_alone_ask_for_nothing(text: str) -> None:
    assert query_of(text) == ""


@given(st.text(max_size=60))
def test_no_input_gets_past_the_quotes(text: str) -> None:
    expression = query_of(text)
    assert re.fullmatch(r"(?:'[^'\\]+'(?::\*)?|[()&| ])*", expression)


@given(st.text(max_size=60), st.text(max_size=30))
def test_tokens_are_bounded_and_never_empty(text: str, number: str) -> None:
    tokens = tokens_of([text], [number])
    assert len(tokens) <= 400
    assert all(0 < len(token) <= 60 for token in tokens)


HAN = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF)
)
PHRASES = st.lists(st.sampled_from([one for one in PHRASES_DICT if "，" not in one]) | HAN, min_size=1).map("".join)


@given(PHRASES.filter(bool))
def test_a_name_read_word_by_word_sounds_as_the_library_reads_it_at_once(run: str) -> None:
    assert _syllables(run) == lazy_pinyin(run)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_the_short_way_for_plain_letters_leads_to_the_same_form(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKC", text).casefold()
    assert strip_accents(text) == "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@given(st.lists(st.text(max_size=20), max_size=3))
def test_what_was_read_before_is_read_the_same_again(texts: list[str]) -> None:
    together = set().union(*(tokens_of([text]) for text in texts)) if texts else set()
    assert tokens_of(texts) == sorted(together)[:400]
