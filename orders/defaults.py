"""What an installation begins with: the Incoterms rules of three editions, payment terms, kinds of trade documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orders.models import CostKind, DocumentKind, Incoterm, IncotermCost, Payer, PaymentTerm, SalesPolicy

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


_BEFORE, _AFTER = PaymentTerm.BalanceDue.BEFORE_DISPATCH, PaymentTerm.BalanceDue.AFTER_DELIVERY
# code, deposit in %, its days, when the balance is due and after how many days, names: English, German, Chinese twice
PAYMENT_TERMS: tuple[tuple[str, int, int, str, int, tuple[str, str, str, str]], ...] = (
    ("deposit-30", 30, 7, _BEFORE, 0,
     ("30 % deposit, balance before dispatch", "30 % Anzahlung, Rest vor Versand", "预付 30%，余款发货前付清",
      "預付 30%，餘款出貨前付清")),
    ("deposit-50", 50, 7, _BEFORE, 0,
     ("50 % deposit, balance before dispatch", "50 % Anzahlung, Rest vor Versand", "预付 50%，余款发货前付清",
      "預付 50%，餘款出貨前付清")),
    ("prepaid", 100, 7, _BEFORE, 0,
     ("Payment in advance", "Vorkasse", "全额预付", "全額預付")),
    ("deposit-30-net-30", 30, 7, _AFTER, 30,
     ("30 % deposit, balance 30 days after delivery", "30 % Anzahlung, Rest 30 Tage nach Lieferung",
      "预付 30%，余款交货后 30 天内付清", "預付 30%，餘款交貨後 30 天內付清")),
    ("net-30", 0, 7, _AFTER, 30,
     ("30 days after delivery", "30 Tage nach Lieferung", "交货后 30 天内付清", "交貨後 30 天內付清")),
)  # fmt: skip
DOCUMENT_KINDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("proforma", "Proforma invoice", "Proforma-Rechnung", "形式发票", "形式發票"),
    ("commercial-invoice", "Commercial invoice", "Handelsrechnung", "商业发票", "商業發票"),
    ("packing-list", "Packing list", "Packliste", "装箱单", "裝箱單"),
    ("bill-of-lading", "Bill of lading", "Konnossement", "提单", "提單"),
    ("certificate-of-origin", "Certificate of origin", "Ursprungszeugnis", "原产地证明", "原產地證明"),
    ("insurance-policy", "Insurance policy", "Versicherungspolice", "保险单", "保險單"),
    ("inspection-report", "Inspection report", "Prüfbericht", "检验报告", "檢驗報告"),
)


def _names(en: str, de: str, hans: str, hant: str) -> dict[str, str]:
    return {"name": en, "name_de": de, "name_zh_hans": hans, "name_zh_hant": hant}


def load_payment_terms() -> int:
    """Add the usual terms that are missing; what an administrator changed stays."""
    return _add(
        PaymentTerm,
        [
            PaymentTerm(
                code=code,
                position=10 * place,
                deposit_percent=Decimal(percent),
                deposit_days=days,
                balance_due=due,
                balance_days=after,
                **_names(*names),
            )
            for place, (code, percent, days, due, after, names) in enumerate(PAYMENT_TERMS, 1)
        ],
    )


def load_document_kinds() -> int:
    """Add the kinds of trade documents that are missing."""
    rows = [
        DocumentKind(code=code, position=10 * place, **_names(*names))
        for place, (code, *names) in enumerate(DOCUMENT_KINDS, 1)
    ]
    return _add(DocumentKind, rows)


def _add(model: Any, rows: list[Any]) -> int:
    before = model.objects.count()
    model.objects.bulk_create(rows, ignore_conflicts=True)
    return int(model.objects.count() - before)


def _payer(kind: str, borne: tuple[str, ...]) -> str:
    return Payer.SELLER if kind == CostKind.GOODS or kind in borne else Payer.BUYER
