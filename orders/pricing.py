"""Money: lines, totals, and what a price under an Incoterm is made of. Pure arithmetic in decimals, no database.

**CIF.** The seller pays the goods, the haulage to the port, the export clearance, the main carriage and an insurance of
at least 110 % of the CIF value (Incoterms® 2020, CIF, A5: the cover shall be, at a minimum, the price provided in the
contract plus 10 %, in the currency of the contract). The premium is itself part of the value that it insures:

    CIF = C + F + I        C + F: goods, haulage, clearance, carriage
    I   = r · v · CIF      r: premium rate, v: insured share of the value (1.10)
    ⇒ I = (C + F) · r·v / (1 − r·v)

Amounts are rounded half up to the currency's own places (at most two: the house stores no third); the insured value is
rounded up, because 110 % is a minimum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

STORED_PLACES = 2
PERCENT = Decimal(100)
ZERO = Decimal(0)
# The terms whose breakdown is worked out; the others follow.
BREAKDOWNS = ("CIF",)
# The costs that a person enters for CIF; goods come from the lines, insurance from the formula.
ENTERED = ("inland_haulage", "export_clearance", "main_carriage")


@lru_cache(maxsize=256)
def unit_of(currency: str) -> Decimal:
    """The smallest amount of a currency that we write: 0.01 for USD, 1 for JPY."""
    return Decimal(1).scaleb(-min(STORED_PLACES, get_currency_precision(currency)))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up, as tradespeople round."""
    return amount.quantize(unit_of(currency), rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal | None, unit_price: Decimal | None, currency: str) -> Decimal:
    """Quantity × price, rounded once; zero while one of them is missing."""
    return rounded((quantity or ZERO) * (unit_price or ZERO), currency)


def split_total(total: Decimal, percent: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """Deposit and balance of a total: the deposit is rounded by the currency, and both add up to the total exactly."""
    deposit = min(rounded(total * percent / PERCENT, currency), total)
    return deposit, total - deposit


def cif_premium(cost_and_freight: Decimal, *, rate: Decimal, insured_percent: Decimal, currency: str) -> Decimal:
    """The premium I that belongs to C + F. `rate` and `insured_percent` are per cent.

    Raises ValueError when the premium would eat its own value (r·v of 1 or more).
    """
    share = (rate / PERCENT) * (insured_percent / PERCENT)
    if share >= 1:
        raise ValueError(f"A premium of {rate} % on {insured_percent} % has no end")
    return rounded(cost_and_freight * share / (1 - share), currency)


def insured_value(total: Decimal, *, insured_percent: Decimal, currency: str) -> Decimal:
    """What the policy must be made out for, at least: rounded up."""
    return (total * insured_percent / PERCENT).quantize(unit_of(currency), rounding=ROUND_CEILING)


@dataclass(frozen=True)
class Totals:
    """The money of a quote or an order: goods, each cost, their sum, and what the policy must cover."""

    goods: Decimal
    costs: dict[str, Decimal]
    total: Decimal
    insured: Decimal


def cif_totals(
    amounts: Iterable[Decimal],
    entered: Mapping[str, Decimal],
    *,
    rate: Decimal,
    insured_percent: Decimal,
    currency: str,
) -> Totals:
    """The CIF price of lines with these `amounts` and of the `entered` costs. The total is the sum of what is shown."""
    goods = sum(amounts, ZERO)
    costs = {kind: rounded(entered.get(kind, ZERO), currency) for kind in ENTERED}
    premium = cif_premium(
        goods + sum(costs.values(), ZERO), rate=rate, insured_percent=insured_percent, currency=currency
    )
    costs["insurance"] = premium
    total = goods + sum(costs.values(), ZERO)
    return Totals(goods, costs, total, insured_value(total, insured_percent=insured_percent, currency=currency))
