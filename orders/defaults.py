"""The Incoterms rules of 2000, 2010 and 2020, and who bears which cost under each."""

from __future__ import annotations

from orders.models import CostKind, Incoterm, IncotermCost, Payer, SalesPolicy

# code: (name, transport, the named place, editions, costs that the SELLER bears beside the goods)
_H, _X, _C, _I, _T, _D = "inland_haulage", "export_clearance", "main_carriage", "insurance", "duty_taxes", "delivery"
_PORT_OUT, _PORT_IN, _PLACE_IN = "port of shipment", "port of destination", "place of destination"
RULES: dict[str, tuple[str, str, str, tuple[int, ...], tuple[str, ...]]] = {
    "EXW": ("Ex Works", "any", "place of collection", (2000, 2010, 2020), ()),
    "FCA": ("Free Carrier", "any", "place of delivery", (2000, 2010, 2020), (_H, _X)),
    "CPT": ("Carriage Paid To", "any", _PLACE_IN, (2000, 2010, 2020), (_H, _X, _C)),
    "CIP": ("Carriage and Insurance Paid To", "any", _PLACE_IN, (2000, 2010, 2020), (_H, _X, _C, _I)),
    "DAP": ("Delivered at Place", "any", _PLACE_IN, (2010, 2020), (_H, _X, _C, _I, _D)),
    "DPU": ("Delivered at Place Unloaded", "any", _PLACE_IN, (2020,), (_H, _X, _C, _I, _D)),
    "DAT": ("Delivered at Terminal", "any", "terminal", (2010,), (_H, _X, _C, _I)),
    "DDP": ("Delivered Duty Paid", "any", _PLACE_IN, (2000, 2010, 2020), (_H, _X, _C, _I, _T, _D)),
    "FAS": ("Free Alongside Ship", "sea", _PORT_OUT, (2000, 2010, 2020), (_H, _X)),
    "FOB": ("Free On Board", "sea", _PORT_OUT, (2000, 2010, 2020), (_H, _X)),
    "CFR": ("Cost and Freight", "sea", _PORT_IN, (2000, 2010, 2020), (_H, _X, _C)),
    "CIF": ("Cost, Insurance and Freight", "sea", _PORT_IN, (2000, 2010, 2020), (_H, _X, _C, _I)),
    "DAF": ("Delivered at Frontier", "any", "place at the frontier", (2000,), (_H, _X, _C, _I)),
    "DES": ("Delivered Ex Ship", "sea", _PORT_IN, (2000,), (_H, _X, _C, _I)),
    "DEQ": ("Delivered Ex Quay", "sea", _PORT_IN, (2000,), (_H, _X, _C, _I)),
    "DDU": ("Delivered Duty Unpaid", "any", _PLACE_IN, (2000,), (_H, _X, _C, _I, _D)),
}


def load_incoterms() -> int:
    """Add rules and their costs that are missing; a payer that somebody changed stays. Returns the additions."""
    before = Incoterm.objects.count() + IncotermCost.objects.count()
    Incoterm.objects.bulk_create(
        [
            Incoterm(code=code, edition=edition, name=name, transport=transport, place_means=place)
            for code, (name, transport, place, editions, _borne) in RULES.items()
            for edition in editions
        ],
        ignore_conflicts=True,
    )
    rows = {(row.code, row.edition): row for row in Incoterm.objects.all()}
    IncotermCost.objects.bulk_create(
        [
            IncotermCost(incoterm=rows[code, edition], kind=kind, payer=_payer(kind, borne))
            for code, (_name, _transport, _place, editions, borne) in RULES.items()
            for edition in editions
            for kind in CostKind.values
        ],
        ignore_conflicts=True,
    )
    return Incoterm.objects.count() + IncotermCost.objects.count() - before


def load_policy() -> int:
    """Make the row that administrators edit; 1 if it was missing."""
    return int(SalesPolicy.objects.get_or_create(pk=1)[1])


def _payer(kind: str, borne: tuple[str, ...]) -> str:
    return Payer.SELLER if kind == CostKind.GOODS or kind in borne else Payer.BUYER
