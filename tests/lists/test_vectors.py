"""What is written into a search column is what PostgreSQL makes of the words."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from foundation.lists.search import lexemes, vector
from foundation.lists.tokens import tokens_of

pytestmark = pytest.mark.django_db
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def are_equal(text: str, tokens: list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector = array_to_tsvector(%s::text[])", [text, tokens])
        return bool(cursor.fetchone()[0])


def test_names_in_every_script_are_the_same_vector_as_their_tokens() -> None:
    texts = ["Müller Böden GmbH & Co. KG", "廣州華居裝飾工程有限公司 A-1", "O'Brien \\ Söhne", "", "Podłogi Wisła"]
    numbers = ["C-00001", "+8613800138812", ""]
    assert are_equal(vector(texts, numbers), tokens_of(texts, numbers))
    assert are_equal(vector([]), [])


@given(st.text(STORABLE, max_size=60), st.text(STORABLE, max_size=30))
def test_any_text_is_the_same_vector_as_its_tokens(text: str, number: str) -> None:
    assert are_equal(vector([text], [number]), tokens_of([text], [number]))


@given(st.lists(st.text(STORABLE | st.sampled_from("'\\: "), min_size=1, max_size=20), max_size=5))
def test_words_of_any_signs_stay_whole(words: list[str]) -> None:
    assert are_equal(lexemes(words), words)
