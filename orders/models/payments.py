"""What a customer is to pay for an order, and what has become of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Customer
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Attachment, Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from orders.models.merged import locked_but_for_merges
from orders.models.orders import Order

OPEN = ("expected", "reported")


class PaymentQuerySet(SearchableQuerySet):
    """Questions about sets of payments."""

    def open(self) -> PaymentQuerySet:
        """Neither confirmed nor waived nor cancelled."""
        return self.filter(status__in=OPEN)

    def holding(self) -> PaymentQuerySet:
        """Those for which goods wait in the house."""
        return self.open().filter(is_before_dispatch=True).order_by("pk")

    def overdue(self, *, today: dt.date) -> PaymentQuerySet:
        """Open, and the day on which they were due is over."""
        return self.open().filter(due_on__lt=today)


@condition(_("A second person confirms the payment: not the one who reported it."))
def is_second_person(payment: Payment) -> bool:
    """Four eyes. The machine tells who acts; the database refuses the same person too."""
    actor = getattr(payment, "acting_user", None)
    return actor is None or actor.pk != payment.reported_by_id


@pgtrigger.register(
    locked_but_for_merges(
        "payment_as_agreed",
        pgtrigger.Q(old__order_id__df=pgtrigger.F("new__order_id"))
        | pgtrigger.Q(old__customer_id__df=pgtrigger.F("new__customer_id"))
        | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
        | pgtrigger.Q(old__amount__df=pgtrigger.F("new__amount"))
        | pgtrigger.Q(old__currency__df=pgtrigger.F("new__currency")),
    ),
    pgtrigger.Protect(name="payment_stays", operation=pgtrigger.Delete),
)
@guarded("status")
class Payment(Subject, Searchable):
    """One sum that is expected for an order: asked for, reported by whoever sees it come in, confirmed by finance.

    `amount` is what was agreed and never changes; `received` is what came. Where less came than was agreed, the rest is
    a payment of its own (`rest_of`).
    """

    READ_WITH = ("customer", "order__contact", "order__owner__manager", "order__owner__team__lead")

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("Deposit")
        BALANCE = "balance", _("Balance")

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("payment", "Expected")
        REPORTED = "reported", pgettext_lazy("payment", "Reported")
        CONFIRMED = "confirmed", pgettext_lazy("payment", "Confirmed")
        WAIVED = "waived", pgettext_lazy("payment", "Waived")
        CANCELLED = "cancelled", pgettext_lazy("payment", "Cancelled")

    PATH = (Status.EXPECTED, Status.REPORTED, Status.CONFIRMED)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), max_length=12, choices=Status.choices, default=Status.EXPECTED, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments", verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="payments", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    amount = models.DecimalField(_("amount agreed"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    is_before_dispatch = models.BooleanField(_("goods wait for it"), default=False)
    due_on = models.DateField(_("due on"), null=True, editable=False)
    requested_at = models.DateTimeField(_("asked for"), null=True, editable=False)
    rest_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="rest",
        verbose_name=_("rest of"),
    )
    received = models.DecimalField(_("amount received"), max_digits=14, decimal_places=2, null=True, editable=False)
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    reference = models.CharField(_("reference of the transfer"), max_length=120, blank=True, editable=False)
    proof = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("proof")
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("reported by"),
    )
    reported_at = models.DateTimeField(_("reported"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    closed_at = models.DateTimeField(_("settled"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "reference")
    record_icon = "banknotes"

    objects = SearchableManager.from_queryset(PaymentQuerySet)()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        default_permissions = ("view",)
        permissions = [
            ("report_payment", "Can report that a payment has come in"),
            ("confirm_payment", "Can confirm a payment or send its report back"),
            ("waive_payment", "Can waive a payment"),
        ]
        constraints = [
            models.CheckConstraint(name="orders_payment_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="orders_payment_second_person",
                condition=Q(confirmed_by=None) | Q(reported_by=None) | ~Q(confirmed_by=F("reported_by")),
            ),
            models.CheckConstraint(
                name="orders_payment_report_is_whole",
                condition=~Q(status__in=["reported", "confirmed"])
                | Q(received__gt=0, paid_on__isnull=False, reported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_payment_confirmed_by_somebody",
                condition=~Q(status="confirmed") | Q(confirmed_by__isnull=False, closed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(rest_of=None), name="orders_payment_once_per_kind"
            ),
        ]
        indexes = [
            search_index("orders_payment"),
            # finance's list, what is due first; and what is overdue
            models.Index(fields=["due_on", "id"], name="orders_payment_due", condition=Q(status__in=OPEN)),
            # what waits for finance's confirmation, and its counter
            models.Index(fields=["reported_at"], name="orders_payment_reported", condition=Q(status="reported")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The payment's page."""
        return record_url("orders:payment", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks, rules and figures may ask about this payment."""
        owner, customer = self.order.owner, self.customer
        return {
            "number": self.number,
            "status": self.status,
            "kind": self.kind,
            "order": self.order.number,
            "amount": str(self.amount),
            "currency": self.currency,
            "received": str(self.received) if self.received is not None else None,
            "due_on": self.due_on,
            "owner_id": owner.pk if owner else None,
            "team_id": owner.team_id if owner else None,
            "language": customer.language,
            "time_zone": customer.time_zone,
            "tier": customer.tier,
            "country": customer.country,
        }

    def search_texts(self) -> list[str]:
        """Found by the customer."""
        return [self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by its own number, the order's, and the bank's reference."""
        return [self.number, self.order.number, self.reference]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.status in OPEN

    @property
    def owner(self) -> Any:
        """Whoever looks after the order."""
        return self.order.owner

    @property
    def difference(self) -> Decimal:
        """What came beyond what was agreed; negative where less came."""
        return (self.received or Decimal(0)) - self.amount

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="expected",
        target="reported",
        label=_("Report as received"),
        permission="orders.report_payment",
        event="payment.reported",
        primary=True,
    )
    def report(self, *, by: Any, received: Decimal, paid_on: dt.date, reference: str, proof: Attachment | None) -> None:
        """Somebody has seen the money, or the customer's proof of it."""
        self.received, self.paid_on, self.reference, self.proof = received, paid_on, reference, proof
        self.reported_by, self.reported_at = by, timezone.now()

    @transition(
        status,
        source="reported",
        target="confirmed",
        label=_("Confirm the payment"),
        permission="orders.confirm_payment",
        event="payment.confirmed",
        primary=True,
        when=[is_second_person],
    )
    def confirm(self, *, by: Any) -> None:
        """A second person has found it on the account."""
        self.confirmed_by, self.closed_at = by, timezone.now()

    @transition(
        status,
        source="reported",
        target="expected",
        label=_("Send the report back"),
        permission="orders.confirm_payment",
        event="payment.returned",
    )
    def send_back(self) -> None:
        """It is not on the account, or it is another sum: the report is void, its proof stays among the files."""
        self.received, self.paid_on, self.reference, self.proof = None, None, "", None
        self.reported_by, self.reported_at = None, None

    @transition(
        status,
        source="expected",
        target="waived",
        label=_("Waive the payment"),
        permission="orders.waive_payment",
        event="payment.waived",
        danger=True,
    )
    def waive(self) -> None:
        """The company does without it."""
        self.closed_at = timezone.now()

    @transition(status, source="expected", target="cancelled", label=_("Cancel"), event="payment.cancelled")
    def cancel(self) -> None:
        """Its order was called off."""
        self.closed_at = timezone.now()
