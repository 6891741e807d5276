"""The head of a quote and of an order: plain forms, so that a request can set nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.currencies import CURRENCIES
from crm.models import Customer
from foundation.ui.places import lazy_countries
from orders.forms.fields import AmountField, DayField
from orders.models import Order, Quote
from orders.pricing import ENTERED
from orders.selectors import incoterms_offered, payment_terms_offered

AREA = forms.Textarea(attrs={"rows": 3})


def currency_choices(*also: str) -> list[tuple[str, str]]:
    """Currencies that forms offer, and those that a record already has."""
    return [(code, code) for code in dict.fromkeys([*CURRENCIES, *[one for one in also if one]])]


def term_choices() -> list[tuple[str, str]]:
    """The Incoterms of the current edition: code and name."""
    return [(row.code, f"{row.code} · {row.name}") for row in incoterms_offered()]


class HeadForm(forms.Form):
    """What both heads share. `customer` is fixed before the form opens; `seen` is the version that was shown."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    contact: Any = forms.ModelChoiceField(label=_("Contact"), queryset=None, required=False, empty_label="–")
    currency = forms.ChoiceField(label=_("Currency"))
    incoterm = forms.ChoiceField(label=_("Incoterm 2020"))
    incoterm_place = forms.CharField(label=_("Named place"), max_length=120, required=False)
    payment_term: Any = forms.ModelChoiceField(
        label=_("Payment terms"),
        queryset=None,
        required=False,
        empty_label="–",
        help_text=_("The deposit and the balance follow from them when the order is confirmed."),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.fields["contact"].queryset = customer.contacts.filter(left_at=None)  # type: ignore[attr-defined]
        stored = self.initial.get("payment_term")
        self.fields["payment_term"].queryset = payment_terms_offered(getattr(stored, "pk", None))  # type: ignore[attr-defined]
        self.fields["currency"].choices = currency_choices(self.initial.get("currency", ""))  # type: ignore[attr-defined]
        self.fields["incoterm"].choices = term_choices()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class QuoteForm(HeadForm):
    """The head of a quote with the costs of its term."""

    language = forms.ChoiceField(label=_("Language of the quote"), choices=settings.LANGUAGES)
    valid_until = DayField(label=_("Valid until"))
    inland_haulage = AmountField(
        label=_("Inland haulage to the port"), max_digits=14, decimal_places=2, min_value=Decimal(0), required=False
    )
    export_clearance = AmountField(
        label=_("Export clearance"), max_digits=14, decimal_places=2, min_value=Decimal(0), required=False
    )
    main_carriage = AmountField(
        label=_("Main carriage"), max_digits=14, decimal_places=2, min_value=Decimal(0), required=False
    )
    insurance_rate = AmountField(
        label=_("Insurance premium in %"),
        max_digits=6,
        decimal_places=4,
        min_value=Decimal(0),
        max_value=Decimal(20),
        help_text=_("Of the insured value."),
    )
    insured_percent = AmountField(
        label=_("Insured value in % of the CIF value"),
        max_digits=6,
        decimal_places=2,
        min_value=Decimal(110),
        max_value=Decimal(200),
        help_text=_("At least 110 % (Incoterms® 2020, CIF, A5)."),
    )
    intro = forms.CharField(label=_("Opening words"), required=False, max_length=4000, widget=AREA)
    terms = forms.CharField(label=_("Terms of payment and delivery"), required=False, max_length=8000, widget=AREA)

    HEAD = ("contact", "language", "currency", "incoterm", "incoterm_place", "payment_term", "valid_until")
    COSTS = (*ENTERED, "insurance_rate", "insured_percent")
    WORDS = ("intro", "terms")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in ENTERED}

    def costs(self) -> dict[str, Decimal]:
        """Amounts by kind, as entered."""
        return {kind: self.cleaned_data.get(kind) or Decimal(0) for kind in ENTERED}

    def groups(self) -> dict[str, list[forms.BoundField]]:
        """Fields in the order in which a person would tell them."""
        return {name: [self[field] for field in getattr(self, name)] for name in ("HEAD", "COSTS", "WORDS")}

    @staticmethod
    def initial_of(quote: Quote) -> dict[str, Any]:
        """A stored quote as the form shows it."""
        plain = ("contact", "currency", "incoterm", "incoterm_place", "payment_term", "language", "valid_until", "insurance_rate", "insured_percent", "intro", "terms")  # fmt: skip
        costs = {row.kind: row.amount for row in quote.costs.all() if row.kind in ENTERED}
        return {**{name: getattr(quote, name) for name in plain}, **costs, "seen": quote.row_version}


class OrderForm(HeadForm):
    """The head of an order."""

    consignee_address: Any = forms.ModelChoiceField(
        label=_("Delivery address"), queryset=None, required=False, empty_label="–"
    )
    destination_country = forms.ChoiceField(label=_("Country of destination"), required=False)
    promised_on = DayField(label=_("Promised for"), required=False)
    contract_number = forms.CharField(label=_("Contract number"), max_length=60, required=False)
    contract_date = DayField(label=_("Contract date"), required=False)
    customer_reference = forms.CharField(label=_("Customer's reference"), max_length=80, required=False)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=4000, widget=AREA)

    HEAD = (
        "contact",
        "consignee_address",
        "destination_country",
        "currency",
        "incoterm",
        "incoterm_place",
        "payment_term",
    )
    COSTS = ("promised_on", "contract_number", "contract_date", "customer_reference")
    WORDS = ("remark",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consignee_address"].queryset = self.customer.addresses.all()  # type: ignore[attr-defined]
        self.fields["consignee_address"].help_text = format_html(
            gettext('Not in the list? Add it on the <a href="{}">customer\'s page</a>.'),
            self.customer.get_absolute_url(),
        )
        self.fields["destination_country"].choices = [("", "–"), *lazy_countries()]  # type: ignore[attr-defined]
        self.fields["incoterm"].required = False
        stored = self.initial.get("incoterm") or ""
        terms = term_choices()
        also = [(stored, stored)] if stored and stored not in dict(terms) else []
        self.fields["incoterm"].choices = [("", "–"), *terms, *also]  # type: ignore[attr-defined]

    groups = QuoteForm.groups

    @staticmethod
    def initial_of(order: Order) -> dict[str, Any]:
        """A stored order as the form shows it."""
        plain = ("contact", "consignee_address", "destination_country", "currency", "incoterm", "incoterm_place", "payment_term", "promised_on", "contract_number", "contract_date", "customer_reference", "remark")  # fmt: skip
        return {**{name: getattr(order, name) for name in plain}, "seen": order.row_version}
