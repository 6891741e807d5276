"""The template language has names in braces and nothing else."""

from __future__ import annotations

import time

import pytest

from foundation.notifications.texts import UnknownPlaceholder, block, fill, names_in, one_line, strangers_in

KNOWN = {"customer_name", "number"}
HOSTILE = [
    "{x.__class__}",
    "{customer_name.__class__.__mro__}",
    "{customer_name:>999999999}",
    "{customer_name!r}",
    "{customer_name[0]}",
    "{0}",
    "{}",
    "{{7*7}}",
    "{{ settings.SECRET_KEY }}",
    "{% debug %}",
    '{% include "/etc/passwd" %}',
    "{% load log %}{% get_admin_log 10 as log %}{% for e in log %}{{ e.user.get_username }}{% endfor %}",
    "{messages.storages.0.signer.key}",
    "${7*7}",
    "#{7*7}",
    "${T(java.lang.Runtime)}",
    "{settings}",
    "{SECRET_KEY}",
    "{self}",
    "{request}",
    "{ customer_name }",
    "{customer_name",
    "customer_name}",
    "{customer_name}}",
    "{customer\u200b_name}",
    "{ｃustomer_name}",
    "{__init__}",
    "{a" + "a" * 80 + "}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_everything_in_braces_that_is_no_known_name_is_refused_by_name(text: str) -> None:
    strangers = strangers_in(f"before {text} after", KNOWN)
    assert strangers
    assert all(one in f"before {text} after" for one in strangers)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_value_is_printed_as_it_is(text: str) -> None:
    assert fill("Dear {customer_name}.", {"customer_name": text}) == f"Dear {text}."


@pytest.mark.parametrize("text", ["<%= 7*7 %>", "%(number)s", "$number", "#set($x=1)", "@(1+1)", "`id`", "[[7*7]]"])
def test_other_languages_of_templates_mean_nothing_here(text: str) -> None:
    assert not strangers_in(text, KNOWN)
    assert fill(text, {"number": "1"}) == text


def test_a_value_is_not_read_again_for_placeholders() -> None:
    values = {"customer_name": "{number}", "number": "secret"}
    assert fill("{customer_name} {number}", values) == "{number} secret"


def test_a_name_without_a_value_is_an_error_that_says_which() -> None:
    with pytest.raises(UnknownPlaceholder) as caught:
        fill("Dear {customer_name}", {})
    assert caught.value.name == "{customer_name}"


def test_a_function_is_called_only_for_a_text_that_asks() -> None:
    calls = []

    def link() -> str:
        calls.append(1)
        return "https://example.com"

    assert fill("No link", {"link": link}) == "No link"
    assert not calls
    assert fill("{link}", {"link": link}) == "https://example.com"


def test_names_are_found_once_in_order() -> None:
    assert names_in("{b} {a} {b}") == ["b", "a"]


LINE_ENDS = [
    "\n",
    "\r",
    "\r\n",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\t",
    "\x1b",
    "\x7f",
    "\u202e",
]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_one_line_leaves_no_character_that_ends_a_line(end: str) -> None:
    cleaned = one_line(f"Hello{end}Bcc: thief@example.com")
    assert cleaned == "Hello Bcc: thief@example.com"
    assert len(cleaned.splitlines()) == 1


def test_a_block_keeps_lines_and_loses_control_characters() -> None:
    assert block("a\r\nb\rc\u2028d\x00e\x1b[31m\n\n\n\nf  \n") == "a\nb\nc\nde[31m\n\nf"


def test_long_hostile_texts_are_judged_at_once() -> None:
    began = time.monotonic()
    for text in ("{" * 50_000, "}" * 50_000, "{a" * 25_000, "a" * 50_000, "{" + "a" * 50_000):
        strangers_in(text, KNOWN)
        one_line(text)
        block(text)
    assert time.monotonic() - began < 1.0
