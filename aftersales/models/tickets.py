"""A complaint, from the first word to the customer's signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from crm.models.customers import owned_within
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url

CLOSED = ("closed", "cancelled")


class TicketQuerySet(SearchableQuerySet):
    """Questions about sets of tickets."""

    def visible_to(self, user: Any) -> TicketQuerySet:
        """Tickets of customers that this person may see; those of nobody yet are everybody's."""
        if user.has_perm("crm.view_all_customers"):
            return self
        return self.filter(Q(customer=None) | Q(owner=user) | owned_within(user, "customer__"))

    def open(self) -> TicketQuerySet:
        """Tickets that are neither closed nor cancelled."""
        return self.exclude(status__in=CLOSED)


@condition(_("Propose a solution first."))
def has_open_solution(ticket: Ticket) -> bool:
    """Whether a proposal waits for the customer."""
    return ticket.solutions.filter(decision="open").exists()


@condition(_("The customer has to sign first: enter who signed, with the signature or the signed paper."))
def is_signed_off(ticket: Ticket) -> bool:
    """Whether the customer has confirmed that the work is done."""
    return bool(ticket.signed_by and ticket.signed_at)


@guarded("status")
class Ticket(Subject, Searchable):
    """A problem after the sale."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        INVESTIGATING = "investigating", _("Investigating")
        PROPOSED = "proposed", _("Solution proposed")
        ACCEPTED = "accepted", _("In progress")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        QUALITY = "quality", _("Quality")
        SHORTAGE = "shortage", _("Short delivery")
        DAMAGE = "damage", _("Damage in transit")
        INSTALLATION = "installation", _("Installation")
        DELAY = "delay", _("Delay")
        SERVICE = "service", _("Our service")
        OTHER = "other", _("Something else")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Customer page")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("Email")
        LETTER = "letter", _("Letter")
        WORD_OF_MOUTH = "word_of_mouth", _("Word of mouth")
        RETURN = "return", _("Returned goods")
        SURVEY = "survey", pgettext_lazy("of satisfaction", "Survey")

    class Demand(models.TextChoices):
        REPLACEMENT = "replacement", _("Replacement")
        REPAIR = "repair", _("Repair")
        REFUND = "refund", _("Refund")
        DISCOUNT = "discount", _("Price reduction")
        EXPLANATION = "explanation", _("Explanation")
        OTHER = "other", _("Something else")

    class Priority(models.TextChoices):
        NORMAL = "normal", _("Normal")
        URGENT = "urgent", _("Urgent")

    class Fault(models.TextChoices):
        UNKNOWN = "unknown", _("Not decided")
        OURS = "ours", _("Ours")
        CUSTOMER = "customer", _("The customer's")
        CARRIER = "carrier", _("The carrier's")

    PATH = ("received", "acknowledged", "investigating", "proposed", "accepted", "resolved", "closed")

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.RECEIVED, editable=False)
    customer = models.ForeignKey(
        "crm.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        "crm.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("order")
    )
    shipment = models.ForeignKey(
        "logistics.Shipment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("shipment"),
    )
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, default=Channel.PHONE)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.QUALITY)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    demand = models.CharField(_("demand"), max_length=16, choices=Demand.choices, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("what happened"))
    defect = models.CharField(_("defect"), max_length=200, blank=True)
    defect_rate = models.DecimalField(
        _("defect rate in percent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    complainant_name = models.CharField(_("complainant"), max_length=120, blank=True)
    complainant_email = models.EmailField(_("email address"), blank=True)
    complainant_phone = PhoneNumberField(_("phone"), blank=True)
    order_reference = models.CharField(_("order number as given"), max_length=60, blank=True)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault.choices, default=Fault.UNKNOWN)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("owner"),
    )
    call = models.OneToOneField(
        "crm.Call", on_delete=models.SET_NULL, null=True, editable=False, related_name="ticket", verbose_name=_("call")
    )
    waiting_since = models.DateTimeField(_("waiting for the customer since"), null=True, blank=True, editable=False)
    resolution = models.TextField(_("what was done"), blank=True)
    signed_by = models.CharField(_("signed by"), max_length=120, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    external_ref = models.CharField(_("reference elsewhere"), max_length=120, blank=True)
    import_source = models.CharField(_("imported from"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    SEARCH_FIELDS = ("number", "subject", "description", "defect", "complainant_name", "complainant_phone", "customer")
    READ_WITH = ("customer", "contact", "order", "owner__manager", "owner__team__lead")
    record_icon = "lifebuoy"

    objects = SearchableManager.from_queryset(TicketQuerySet)()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        permissions = [
            ("work_ticket", "Can work on tickets"),
            ("propose_solution", "Can propose a solution"),
            ("close_ticket", "Can close and reopen tickets"),
        ]
        constraints = [
            models.CheckConstraint(
                name="aftersales_ticket_resolved_is_signed",
                condition=~Q(status__in=["resolved", "closed"]) | (~Q(signed_by="") & Q(resolved_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="aftersales_ticket_defect_rate_percent",
                condition=Q(defect_rate__isnull=True) | Q(defect_rate__gte=0, defect_rate__lte=100),
            ),
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                condition=~Q(external_ref=""),
                name="aftersales_ticket_imported_once",
            ),
        ]
        indexes = [
            search_index("aftersales_ticket", along="kind"),
            # a customer's tickets, newest first
            models.Index(fields=["customer", "-received_at"], name="aftersales_ticket_customer"),
            # one's own open work
            models.Index(
                fields=["owner", "-received_at"], name="aftersales_ticket_owner", condition=~Q(status__in=CLOSED)
            ),
            # the list of open tickets in its default order
            models.Index(
                fields=["-received_at", "-id"], name="aftersales_ticket_open", condition=~Q(status__in=CLOSED)
            ),
            # the list of all
            models.Index(fields=["-received_at", "-id"], name="aftersales_ticket_all"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The ticket's page."""
        return record_url("aftersales:ticket", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this ticket."""
        customer = self.customer
        return {
            "number": self.number,
            "kind": self.kind,
            "priority": self.priority,
            "channel": self.channel,
            "language": self.language,
            "tier": customer.tier if customer else "",
            "country": customer.country if customer else "",
            "time_zone": customer.time_zone if customer else "",
            "owner_id": self.owner_id,
            "team_id": self.owner.team_id if self.owner else None,
        }

    def search_texts(self) -> list[str]:
        """Found by what is written in it and by who complains."""
        name = self.customer.name if self.customer else ""
        return [self.subject, self.description[:500], self.defect, self.complainant_name, name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number, the order's, or the complainant's phone."""
        return [self.number, self.order_reference, str(self.complainant_phone or "")]

    @property
    def is_open(self) -> bool:
        """Whether anybody still has to do something."""
        return self.status not in CLOSED

    def in_warranty(self, *, on: datetime | None = None) -> bool | None:
        """Whether the warranty runs; None while the contract date is unknown."""
        if self.warranty_until is None:
            return None
        return timezone.localdate(on or timezone.now()) <= self.warranty_until

    # ------------------------------------------------------------ the machine

    @transition(
        status,
        source=Status.RECEIVED,
        target=Status.ACKNOWLEDGED,
        label=_("Acknowledge"),
        event="ticket.acknowledged",
        permission="aftersales.work_ticket",
        primary=True,
    )
    def acknowledge(self, *, owner: Any) -> None:
        """Somebody has it, and the customer has an apology and a name."""
        self.owner = owner

    @transition(
        status,
        source=Status.ACKNOWLEDGED,
        target=Status.INVESTIGATING,
        label=_("Investigate"),
        event="ticket.investigated",
        permission="aftersales.work_ticket",
    )
    def investigate(self) -> None:
        """The cause is being looked for."""

    @transition(
        status,
        source=[Status.ACKNOWLEDGED, Status.INVESTIGATING],
        target=Status.PROPOSED,
        label=_("Propose a solution"),
        event="ticket.proposed",
        permission="aftersales.propose_solution",
        primary=True,
        when=[has_open_solution],
    )
    def propose(self) -> None:
        """The customer reads a solution and decides."""

    @transition(
        status,
        source=Status.PROPOSED,
        target=Status.ACCEPTED,
        label=_("Customer accepts"),
        event="ticket.accepted",
        permission="aftersales.work_ticket",
        primary=True,
    )
    def accept(self) -> None:
        """The customer agrees; now it is carried out. That is an answer too: nobody waits for one any more."""
        self.waiting_since = None

    @transition(
        status,
        source=Status.PROPOSED,
        target=Status.INVESTIGATING,
        label=_("Customer declines"),
        event="ticket.rejected",
        permission="aftersales.work_ticket",
    )
    def reject(self) -> None:
        """The customer wants something else, and has answered."""
        self.waiting_since = None

    @transition(
        status,
        source=Status.ACCEPTED,
        target=Status.RESOLVED,
        label=_("Resolve with sign-off"),
        event="ticket.resolved",
        permission="aftersales.work_ticket",
        primary=True,
        when=[is_signed_off],
    )
    def resolve(self, *, at: datetime) -> None:
        """Done, and signed by the customer."""
        self.resolved_at = at
        self.waiting_since = None

    @transition(
        status,
        source=Status.RESOLVED,
        target=Status.CLOSED,
        label=_("Close"),
        event="ticket.closed",
        permission="aftersales.close_ticket",
        primary=True,
    )
    def close(self, *, at: datetime) -> None:
        """Papers complete."""
        self.closed_at = at

    @transition(
        status,
        source=[Status.RESOLVED, Status.CLOSED],
        target=Status.INVESTIGATING,
        label=_("Reopen"),
        event="ticket.reopened",
        permission="aftersales.close_ticket",
    )
    def reopen(self) -> None:
        """It was not solved after all; a new sign-off will be needed."""
        self.resolved_at = self.closed_at = self.signed_at = None
        self.signed_by = ""

    @transition(
        status,
        source=[Status.RECEIVED, Status.ACKNOWLEDGED, Status.INVESTIGATING, Status.PROPOSED],
        target=Status.CANCELLED,
        label=pgettext_lazy("ticket", "Cancel"),
        event="ticket.cancelled",
        permission="aftersales.close_ticket",
        danger=True,
    )
    def cancel(self, *, at: datetime) -> None:
        """Entered by mistake, twice, or withdrawn."""
        self.closed_at = at
