"""Inquiries: questions that start a sale, under a deadline for their first answer."""

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

from crm.models.customers import Contact, Customer, owned_within, team_of
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from foundation.ui.places import country_name, language_name


class InquiryQuerySet(SearchableQuerySet):
    """Questions about sets of inquiries."""

    def visible_to(self, user: Any) -> InquiryQuerySet:
        """All; or those of theirs and their team's, of customers whom they see, and the unassigned of unknown senders."""
        if user.has_perm("crm.view_all_customers"):
            return self
        theirs = Q(owner=user.pk) | (Q(owner__team=user.team_id) if user.team_id else Q())
        known = Q(customer__isnull=False) & owned_within(user, "customer__")
        return self.filter(theirs | known | Q(customer=None, owner=None))

    def open(self) -> InquiryQuerySet:
        """Inquiries that still need somebody's work."""
        return self.filter(status__in=Inquiry.OPEN)

    def unanswered(self) -> InquiryQuerySet:
        """Inquiries whose first answer is still owed."""
        return self.filter(status__in=Inquiry.UNANSWERED)


@guarded("status")
class Inquiry(Subject, Searchable):
    """A question from outside, with the sender's own words and what we know about the sender."""

    READ_WITH = ("customer", "contact", "owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("inquiry", "New")
        ASSIGNED = "assigned", _("Assigned")
        ANSWERED = "answered", _("Answered")
        CONVERTED = "converted", _("Converted")
        CLOSED = "closed", pgettext_lazy("inquiry", "Closed")

    class Channel(models.TextChoices):
        WEB = "web", _("Web form")
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        CHAT = "chat", _("Chat")
        PLATFORM = "platform", _("Trade platform")

    class Priority(models.TextChoices):
        NORMAL = "normal", pgettext_lazy("priority", "Normal")
        URGENT = "urgent", _("Urgent")

    class Outcome(models.TextChoices):
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        SPAM = "spam", _("Spam")

    UNANSWERED = (Status.NEW, Status.ASSIGNED)
    OPEN = (Status.NEW, Status.ASSIGNED, Status.ANSWERED)
    PATH = (Status.NEW, Status.ASSIGNED, Status.ANSWERED, Status.CONVERTED)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.NEW, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="inquiries", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="inquiries", verbose_name=_("contact")
    )
    contact_name = models.CharField(_("name"), max_length=120)
    company_name = models.CharField(_("company"), max_length=200, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    phone_typed = models.CharField(_("phone as written"), max_length=40, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("province or state"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, default=Channel.WEB)
    priority = models.CharField(_("priority"), max_length=12, choices=Priority.choices, default=Priority.NORMAL)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("question"))
    product_interest = models.CharField(_("product of interest"), max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
        verbose_name=_("owner"),
    )
    received_at = models.DateTimeField(_("received"), db_default=Now())
    promised_at = models.DateTimeField(_("answer promised for"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    closing_reason = models.ForeignKey(
        "crm.ClosingReason",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("reason"),
    )
    competitor = models.CharField(_("competitor"), max_length=120, blank=True, editable=False)
    source = models.ForeignKey(
        "crm.InquirySource",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("source"),
    )
    times_asked = models.PositiveSmallIntegerField(_("times asked"), default=1, editable=False)
    asked_again_at = models.DateTimeField(_("asked again"), null=True, editable=False)
    consent_at = models.DateTimeField(_("consent given"), null=True, blank=True, editable=False)
    request_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - null is "no key"
    external_ref = models.CharField(_("reference elsewhere"), max_length=120, blank=True)
    import_source = models.CharField(_("imported from"), max_length=60, blank=True)

    SEARCH_FIELDS = (
        "number",
        "subject",
        "contact_name",
        "company_name",
        "email",
        "phone",
        "phone_typed",
        "product_interest",
    )
    record_icon = "inbox-arrow-down"
    # How we knew the sender, for the event: email, phone, domain, name, given or empty.
    recognised_by = ""
    # Set on the inquiry that a further message has joined.
    was_joined = False

    objects = SearchableManager.from_queryset(InquiryQuerySet)()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [
            ("assign_inquiry", "Can give an inquiry to somebody"),
            ("take_inquiry", "Can take an inquiry"),
            ("answer_inquiry", "Can answer an inquiry"),
            ("convert_inquiry", "Can turn an inquiry into a sale"),
            ("close_inquiry", "Can close and reopen an inquiry"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crm_inquiry_answer_has_time",
                condition=~Q(status__in=["answered", "converted"]) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_inquiry_closed_has_outcome", condition=~Q(status="closed") | ~Q(outcome="")
            ),
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                condition=~Q(external_ref=""),
                name="crm_inquiry_imported_once",
            ),
        ]
        indexes = [
            search_index("crm_inquiry"),
            # the list in its default order
            models.Index(fields=["-received_at", "-id"], name="crm_inquiry_received"),
            # a person's list, and the load of everybody who may be given one
            models.Index(fields=["owner", "status", "-received_at"], name="crm_inquiry_owner"),
            # what is still open, unassigned first
            models.Index(
                fields=["received_at"], name="crm_inquiry_open", condition=Q(status__in=["new", "assigned", "answered"])
            ),
            # answers promised for today
            models.Index(
                fields=["promised_at"], name="crm_inquiry_promised", condition=Q(status__in=["new", "assigned"])
            ),
            # the same sender again
            models.Index(fields=["email"], name="crm_inquiry_email", condition=~Q(email="")),
            models.Index(fields=["phone"], name="crm_inquiry_phone", condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The inquiry's page."""
        return record_url("crm:inquiry", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this inquiry."""
        return {
            "number": self.number,
            "status": self.status,
            "channel": self.channel,
            "priority": self.priority,
            "country": self.country,
            "language": self.language,
            "time_zone": self.time_zone,
            "tier": self.customer.tier if self.customer else Customer.Tier.ORDINARY,
            "kind": self.customer.kind if self.customer else "",
            "owner_id": self.owner_id,
            "team_id": team_of(self.owner),
        }

    def search_texts(self) -> list[str]:
        """Found by its subject and by who wrote."""
        return [self.subject, self.contact_name, self.company_name, self.email, self.product_interest]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number or the sender's phone."""
        return [self.number, str(self.phone or self.phone_typed)]

    @property
    def sender(self) -> str:
        """Who asks, in one line: company and person, as far as they are known."""
        company = self.customer.name if self.customer else self.company_name
        return " · ".join(part for part in (company, self.contact_name) if part)

    @property
    def country_label(self) -> str:
        """The sender's country in the reader's language."""
        return country_name(self.country) if self.country else ""

    @property
    def language_label(self) -> str:
        """The sender's language in the reader's language."""
        return language_name(self.language)

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="new",
        target="assigned",
        label=_("Assign"),
        permission="crm.take_inquiry",
        event="inquiry.assigned",
    )
    def assign(self, *, owner: Any) -> None:
        """Give a new inquiry to the one who will answer it."""
        self.owner = owner

    @transition(
        status,
        source=["new", "assigned"],
        target="answered",
        label=_("Answer"),
        permission="crm.answer_inquiry",
        event="inquiry.answered",
        primary=True,
    )
    def answer(self, *, by: Any, at: datetime | None = None) -> None:
        """The first answer has gone out; an unassigned inquiry belongs to whoever answers it."""
        self.owner = self.owner or by
        self.answered_by = by
        self.answered_at = at or timezone.now()

    @transition(
        status,
        source="answered",
        target="converted",
        label=_("Convert"),
        permission="crm.convert_inquiry",
        event="inquiry.converted",
        primary=True,
    )
    def convert(self, *, customer: Customer, contact: Contact | None = None) -> None:
        """A sale begins: the sender is a customer now."""
        self.customer = customer
        self.contact = contact or self.contact

    @transition(
        status,
        source=["new", "assigned", "answered", "converted"],
        target="closed",
        label=pgettext_lazy("inquiry", "Close"),
        permission="crm.close_inquiry",
        event="inquiry.closed",
        danger=True,
    )
    def close(
        self,
        *,
        outcome: str,
        reason: str,
        closing_reason: Any = None,
        competitor: str = "",
        at: datetime | None = None,
    ) -> None:
        """Nothing more is to be done, and everybody can read why."""
        self.outcome, self.closing_reason = outcome, closing_reason
        self.reason, self.competitor = reason, competitor
        self.closed_at = at or timezone.now()

    @transition(
        status,
        source="closed",
        target="assigned",
        label=_("Reopen"),
        permission="crm.close_inquiry",
        event="inquiry.reopened",
    )
    def reopen(self, *, owner: Any) -> None:
        """Closed by mistake, or the customer came back."""
        self.owner = owner
        self.outcome, self.closing_reason = "", None
        self.reason, self.competitor = "", ""
        self.closed_at = None
