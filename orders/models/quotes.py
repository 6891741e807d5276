"""Quotes: an offer under an Incoterm, with what each part of the price is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.products import validate_currency
from crm.models import Contact, Customer, Inquiry
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from orders.models.incoterms import EDITION
from orders.models.lines import CostItem, Line, locked_with
from orders.models.merged import locked_but_for_merges
from orders.models.terms import PaymentTerm


class SalesPolicy(models.Model):
    """What a new quote begins with: one row that an administrator may change."""

    validity_days = models.PositiveSmallIntegerField(
        _("a quote is valid for (days)"), default=30, validators=[MinValueValidator(1)]
    )
    insurance_rate = models.DecimalField(
        _("insurance premium, per cent of the insured value"),
        max_digits=6,
        decimal_places=4,
        default=Decimal("0.3000"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(20))],
    )
    insured_percent = models.DecimalField(
        _("insured value, per cent of the CIF value"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(110),
        validators=[MinValueValidator(Decimal(110)), MaxValueValidator(Decimal(200))],
        help_text=_("Incoterms® 2020, CIF, A5: at least 110 %, in the currency of the contract."),
    )

    class Meta:
        verbose_name = _("sales policy")
        verbose_name_plural = _("sales policy")
        constraints = [
            models.CheckConstraint(name="orders_salespolicy_one_row", condition=Q(pk=1)),
            models.CheckConstraint(name="orders_salespolicy_minimum_cover", condition=Q(insured_percent__gte=110)),
        ]

    def __str__(self) -> str:
        return str(_("Sales policy"))

    @classmethod
    def current(cls) -> SalesPolicy:
        """The row, or the defaults while nobody has saved one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class QuoteQuerySet(SearchableQuerySet):
    """Questions about sets of quotes."""

    def awaiting_answer(self) -> QuoteQuerySet:
        """Sent, and the customer has not decided."""
        return self.filter(status="sent")

    def lapsed(self, *, today: dt.date) -> QuoteQuerySet:
        """Sent, undecided, and no longer valid."""
        return self.filter(status="sent", valid_until__lt=today)


@condition(_("The quote has no line with quantity and price."))
def has_priced_lines(quote: Quote) -> bool:
    """Every line has a quantity, a unit and a price, and there is at least one."""
    lines = list(quote.lines.all())
    return bool(lines) and all(one.quantity and one.unit and one.unit_price is not None for one in lines)


@condition(_("The named place of the Incoterm is missing."))
def has_place(quote: Quote) -> bool:
    """CIF without a port of destination says nothing."""
    return bool(quote.incoterm_place)


@condition(_("The quote is no longer valid. Revise it with a new date."))
def is_valid(quote: Quote) -> bool:
    """The last day of validity counts."""
    return not quote.is_lapsed


@pgtrigger.register(
    locked_but_for_merges(
        "locked_after_draft",
        pgtrigger.Q(old__status__df="draft")
        & (
            pgtrigger.Q(old__total__df=pgtrigger.F("new__total"))
            | pgtrigger.Q(old__currency__df=pgtrigger.F("new__currency"))
            | pgtrigger.Q(old__customer_id__df=pgtrigger.F("new__customer_id"))
            | pgtrigger.Q(old__incoterm__df=pgtrigger.F("new__incoterm"))
            | pgtrigger.Q(old__incoterm_place__df=pgtrigger.F("new__incoterm_place"))
            | pgtrigger.Q(old__valid_until__df=pgtrigger.F("new__valid_until"))
            | pgtrigger.Q(old__payment_term_id__df=pgtrigger.F("new__payment_term_id"))
        ),
    )
)
@guarded("status")
class Quote(Subject, Searchable):
    """One version of an offer. A sent one is never changed: a revision is a new version that supersedes it."""

    READ_WITH = ("customer", "contact", "owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", pgettext_lazy("quote", "Declined")
        EXPIRED = "expired", _("Expired")
        SUPERSEDED = "superseded", _("Superseded")

    PATH = (Status.DRAFT, Status.SENT, Status.ACCEPTED)

    number = models.CharField(_("number"), max_length=24, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    status = StateField(_("status"), choices=Status.choices, default=Status.DRAFT, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="quotes", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes", verbose_name=_("contact")
    )
    inquiry = models.ForeignKey(
        Inquiry, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes", verbose_name=_("inquiry")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[validate_currency])
    incoterm = models.CharField(_("Incoterm"), max_length=3, default="CIF")
    incoterm_edition = models.PositiveSmallIntegerField(_("edition of the Incoterms"), default=EDITION)
    incoterm_place = models.CharField(_("named place"), max_length=120, blank=True)
    payment_term = models.ForeignKey(
        PaymentTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payment terms")
    )
    valid_until = models.DateField(_("valid until"))
    insurance_rate = models.DecimalField(
        _("insurance premium, per cent of the insured value"), max_digits=6, decimal_places=4, default=Decimal(0)
    )
    insured_percent = models.DecimalField(
        _("insured value, per cent of the CIF value"), max_digits=6, decimal_places=2, default=Decimal(110)
    )
    intro = models.TextField(_("opening words"), blank=True)
    terms = models.TextField(_("terms of payment and delivery"), blank=True)
    goods_total = models.DecimalField(_("goods"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="quotes",
        verbose_name=_("owner"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    SEARCH_FIELDS = ("number", "customer", "incoterm_place")
    record_icon = "document-text"

    objects = SearchableManager.from_queryset(QuoteQuerySet)()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        permissions = [
            ("send_quote", "Can send a quote"),
            ("decide_quote", "Can enter a customer's answer to a quote"),
            ("revise_quote", "Can revise a quote"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="orders_quote_version_once"),
            models.CheckConstraint(
                name="orders_quote_sent_has_time", condition=Q(status="draft") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(name="orders_quote_minimum_cover", condition=Q(insured_percent__gte=110)),
        ]
        indexes = [
            search_index("orders_quote"),
            # the list in its default order
            models.Index(fields=["-created_at", "-id"], name="orders_quote_created"),
            # a customer's quotes
            models.Index(fields=["customer", "-created_at"], name="orders_quote_customer"),
            # a person's list
            models.Index(fields=["owner", "status", "-created_at"], name="orders_quote_owner"),
            # the sweep that lets quotes expire
            models.Index(fields=["valid_until"], name="orders_quote_lapsing", condition=Q(status="sent")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """Number with version, as people quote it: QU-2026-0001, then QU-2026-0001-2."""
        return self.number if self.version == 1 else f"{self.number}-{self.version}"

    @property
    def is_lapsed(self) -> bool:
        """Whether the last day of validity is over, by the calendar of the active zone."""
        return self.valid_until < timezone.localdate()

    def get_absolute_url(self) -> str:
        """The quote's page."""
        return record_url("orders:quote", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks, rules and figures may ask about this quote."""
        return {
            "number": self.reference,
            "status": self.status,
            "version": self.version,
            "language": self.language,
            "currency": self.currency,
            "total": str(self.total),
            "incoterm": self.incoterm,
            "owner_id": self.owner_id,
            "team_id": self.owner.team_id if self.owner else None,
            "tier": self.customer.tier,
            "kind": self.customer.kind,
            "country": self.customer.country,
            "time_zone": self.customer.time_zone,
        }

    def search_texts(self) -> list[str]:
        """Found by the customer and the place."""
        return [self.customer.name, self.customer.local_name, self.incoterm_place]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number."""
        return [self.reference]

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="draft",
        target="sent",
        label=_("Send"),
        permission="orders.send_quote",
        event="quote.sent",
        primary=True,
        when=[has_priced_lines, has_place, is_valid],
    )
    def send(self) -> None:
        """The offer is with the customer."""
        self.sent_at = timezone.now()

    @transition(
        status,
        source="sent",
        target="accepted",
        label=_("Enter acceptance"),
        permission="orders.decide_quote",
        event="quote.accepted",
        primary=True,
        when=[is_valid],
    )
    def accept(self) -> None:
        """The customer says yes; the service makes the order in the same transaction."""
        self.decided_at = timezone.now()

    @transition(
        status,
        source="sent",
        target="declined",
        label=_("Enter refusal"),
        permission="orders.decide_quote",
        event="quote.declined",
        danger=True,
    )
    def decline(self) -> None:
        """The customer says no."""
        self.decided_at = timezone.now()

    @transition(status, source="sent", target="expired", label=_("Let expire"), event="quote.expired")
    def expire(self) -> None:
        """Nobody answered in time."""

    @transition(
        status,
        source=["sent", "declined", "expired"],
        target="superseded",
        label=_("Revise"),
        permission="orders.revise_quote",
        event="quote.superseded",
    )
    def supersede(self) -> None:
        """A new version takes its place."""


@pgtrigger.register(locked_with("orders_quote", "quote_id"))
class QuoteLine(Line):
    """One line of a quote."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines", verbose_name=_("quote"))

    class Meta(Line.Meta):
        verbose_name = _("line of a quote")
        verbose_name_plural = _("lines of a quote")
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "position"], name="orders_quoteline_position", deferrable=models.Deferrable.DEFERRED
            )
        ]


@pgtrigger.register(locked_with("orders_quote", "quote_id"))
class QuoteCost(CostItem):
    """One cost of a quote."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="costs", verbose_name=_("quote"))

    class Meta(CostItem.Meta):
        verbose_name = _("cost of a quote")
        verbose_name_plural = _("costs of a quote")
        constraints = [models.UniqueConstraint(fields=["quote", "kind"], name="orders_quotecost_once")]
