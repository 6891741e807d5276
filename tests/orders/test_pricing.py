"""Money to the cent: what is shown adds up, and the premium belongs to its own value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.pricing import ENTERED, cif_premium, cif_totals, insured_value, line_amount, rounded, unit_of

CURRENCIES = st.sampled_from(["USD", "EUR", "CNY", "JPY", "KRW", "BHD"])
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
RATES = st.decimals(min_value=0, max_value=20, places=4)
SHARES = st.decimals(min_value=110, max_value=200, places=2)


def test_the_worked_example() -> None:
    """10,000 goods + 350 + 80 + 1,850 = 12,280; 0.3 % of 110 %: I = 12280 × 0.0033 / 0.9967 = 40.6582… → 40.66."""
    costs = {"inland_haulage": Decimal(350), "export_clearance": Decimal(80), "main_carriage": Decimal(1850)}
    totals = cif_totals([Decimal(10000)], costs, rate=Decimal("0.3"), insured_percent=Decimal(110), currency="USD")
    assert totals.costs["insurance"] == Decimal("40.66")
    assert totals.total == Decimal("12320.66")
    assert totals.insured == Decimal("13552.73")


@given(amounts=st.lists(AMOUNTS, max_size=20), parts=st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), rate=RATES, share=SHARES, currency=CURRENCIES)  # fmt: skip
def test_the_total_is_the_sum_of_what_is_shown(
    amounts: list[Decimal], parts: tuple[Decimal, ...], rate: Decimal, share: Decimal, currency: str
) -> None:
    amounts = [rounded(one, currency) for one in amounts]
    totals = cif_totals(
        amounts, dict(zip(ENTERED, parts, strict=True)), rate=rate, insured_percent=share, currency=currency
    )
    assert totals.goods == sum(amounts)
    assert totals.total == totals.goods + sum(totals.costs.values())
    assert all(value == rounded(value, currency) for value in [*totals.costs.values(), totals.total])


@given(base=AMOUNTS, rate=RATES, share=SHARES, currency=CURRENCIES)
def test_the_premium_is_the_rate_of_the_insured_share_of_the_cif_value(
    base: Decimal, rate: Decimal, share: Decimal, currency: str
) -> None:
    base = rounded(base, currency)
    premium = cif_premium(base, rate=rate, insured_percent=share, currency=currency)
    expected = (base + premium) * rate / 100 * share / 100
    assert abs(premium - expected) <= unit_of(currency)


@given(total=AMOUNTS, share=SHARES, currency=CURRENCIES)
def test_the_policy_never_covers_less_than_it_must(total: Decimal, share: Decimal, currency: str) -> None:
    insured = insured_value(total, insured_percent=share, currency=currency)
    assert insured >= total * share / 100
    assert insured - total * share / 100 < unit_of(currency)


@given(
    quantity=st.decimals(min_value=0, max_value=99999, places=3),
    price=st.decimals(min_value=0, max_value=9999, places=4),
)
def test_a_line_is_rounded_once(quantity: Decimal, price: Decimal) -> None:
    assert abs(line_amount(quantity, price, "USD") - quantity * price) <= Decimal("0.005")


def test_currencies_round_to_their_own_places() -> None:
    assert line_amount(Decimal("3"), Decimal("0.5"), "JPY") == Decimal(2)
    assert line_amount(Decimal("1"), Decimal("1.005"), "USD") == Decimal("1.01")
    assert line_amount(None, Decimal(3), "USD") == 0


def test_a_premium_that_eats_its_own_value_is_refused() -> None:
    with pytest.raises(ValueError):
        cif_premium(Decimal(1), rate=Decimal(50), insured_percent=Decimal(200), currency="USD")
