"""A shortened company name is a hint, a word that everybody's name contains is none."""

from __future__ import annotations

import pytest
from django.db import connection

from crm import duplicates
from crm.duplicates import entry_typed, find_matches
from crm.keys import keys_of
from crm.models import Customer, NameWord
from crm.ownership_defaults import load_name_words
from crm.short_names import PLACES, TRADES, NameWords, is_short_form, searches
from tests.crm.factories import make_customer

WORDS = NameWords.of(PLACES.split(), TRADES.split())
FULL = "上海锦绣装饰工程有限公司"


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("上海锦绣装饰", FULL),
        ("锦绣装饰", FULL),
        ("錦繡裝飾", FULL),
        ("上海市锦绣建筑装饰工程股份有限公司", "锦绣装饰"),
        ("上海锦绣", FULL),
        ("锦绣装饰（上海）", FULL),
        ("金螳螂", "苏州金螳螂建筑装饰股份有限公司"),
        ("Parkett Müller", "Müller Parkett & Fliesen GmbH & Co. KG"),
        ("Parkett Mueller", "Müller Parkett und Fliesen GmbH"),
        ("Huazhu Decoration", "Guangzhou Huazhu Decoration Engineering Co., Ltd."),
        ("Bodenwelt", "Bodenwelt Hamburg GmbH"),
    ],
)
def test_a_short_form_fits_both_ways(short: str, full: str) -> None:
    assert is_short_form(short, full, WORDS) and is_short_form(full, short, WORDS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("装饰工程有限公司", FULL),
        ("上海装饰", FULL),
        ("锦绣", FULL),
        ("北京锦绣装饰", FULL),
        ("锦绣餐饮", FULL),
        ("锦华装饰", FULL),
        ("Parkett GmbH", "Parkett Müller GmbH"),
        ("Parkett Meyer", "Parkett Müller GmbH"),
        ("Müller", "Parkett Müller GmbH"),
        ("Bodenwelt Köln", "Bodenwelt Hamburg"),
        ("Müller Möbel", "Parkett Müller GmbH"),
        ("", FULL),
    ],
)
def test_what_is_common_to_many_names_makes_no_short_form(one: str, other: str) -> None:
    assert not is_short_form(one, other, WORDS) and not is_short_form(other, one, WORDS)


def test_nothing_is_looked_for_by_trade_words_alone() -> None:
    assert searches("装饰工程有限公司", WORDS) == searches("上海装饰", WORDS) == searches("Parkett", WORDS) == []
    assert searches("上海锦绣装饰工程", WORDS) == ["上海 锦绣 装饰 工程", "锦绣 装饰 工程"]


def hints(user, name: str) -> list[tuple[str, tuple[str, ...], bool, bool]]:
    found = find_matches(user, entry_typed(names=[name]))
    return [(one.customer.name, one.reasons, one.is_visible, one.is_likely) for one in found]


@pytest.mark.django_db
def test_the_form_hints_at_the_longer_and_at_the_shorter_name_in_four_queries(anna, django_assert_max_num_queries):
    make_customer(FULL, country="CN", owner=anna)
    make_customer("北京锦绣装饰工程有限公司", country="CN", owner=anna)
    make_customer("上海装饰工程有限公司", country="CN", owner=anna)
    make_customer("Parkett Müller", owner=anna)
    assert not anna.has_perm("crm.view_all_customers") and NameWord.current().places  # read once
    for typed in ("上海锦绣装饰", "上海錦繡裝飾"):
        with django_assert_max_num_queries(5):  # four, and one of the test's own transaction
            assert hints(anna, typed) == [(FULL, ("short",), True, False)]
    assert {one[0] for one in hints(anna, "锦绣装饰")} == {FULL, "北京锦绣装饰工程有限公司"}
    assert hints(anna, "装饰工程有限公司") == []
    assert hints(anna, "Müller Parkett & Fliesen GmbH") == [("Parkett Müller", ("short",), True, False)]
    Customer.objects.filter(name=FULL).delete()
    make_customer("锦绣装饰", country="CN", owner=anna)
    assert ("锦绣装饰", ("short",), True, False) in hints(anna, FULL)


@pytest.mark.django_db
def test_a_short_form_of_a_colleagues_customer_tells_only_whose_it_is(anna, wei, client):
    make_customer(FULL, country="CN", owner=wei)
    client.force_login(anna)
    page = client.post("/customers/known/", {"name": "锦绣装饰", "of": "customer"}).content.decode()
    assert "belongs to a colleague (Wei Chen)" in page and FULL not in page and "/customers/ask/?for=" in page


@pytest.mark.django_db
def test_the_words_are_rows_of_an_administrator(anna):
    make_customer("杭州锦绣茶艺有限公司", country="CN", owner=anna)
    assert hints(anna, "杭州锦绣") == []
    assert load_name_words() > 100 and load_name_words() == 0
    NameWord.objects.create(kind="trade", word="茶藝")
    assert hints(anna, "杭州锦绣") == [("杭州锦绣茶艺有限公司", ("short",), True, False)]
    NameWord.objects.filter(word="杭州").delete()
    NameWord.objects.create(kind="place", word="绍兴市")
    assert hints(anna, "锦绣茶艺") == []


@pytest.mark.django_db
def test_shorter_and_longer_names_are_found_along_indexes(anna):
    keys, said = keys_of({"w:jinxiu"}), "'锦绣' & '装饰'"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {duplicates.SHARING} UNION {duplicates.LONGER}", [keys, 0, 60, said, 0, 60])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan and "crm_customerkeys_keys" in plan and "crm_customer_search" in plan
