"""Campaigns: one text to many customers, planned from a list, with what became of it for each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.customers import Contact, Customer
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.notifications.manners.kinds import kind_label
from foundation.notifications.models import Message
from foundation.notifications.texts import strangers_in
from foundation.ui.addresses import record_url
from foundation.ui.places import language_name


class CampaignQuerySet(SearchableQuerySet):
    """Questions about sets of campaigns."""

    def visible_to(self, user: Any) -> CampaignQuerySet:
        """All for whoever may write to everybody, otherwise one's own."""
        return self if user.has_perm("crm.send_to_all") else self.filter(owner=user.pk)


@condition(_("Write the words in at least one language first."))
def has_words(campaign: Campaign) -> bool:
    """Somebody can be told something."""
    return bool(campaign.languages)


@condition(lambda campaign: _("Still to be filled in: %(names)s.") % {"names": ", ".join(campaign.gaps)})
def is_filled_in(campaign: Campaign) -> bool:
    """No gap of the template is left open."""
    return not campaign.gaps


@condition(_("Nothing waits any more: everything has left."))
def has_something_to_stop(campaign: Campaign) -> bool:
    """Something has not left yet."""
    return campaign.status != Campaign.Status.SENT or campaign.recipients.filter(message__state="queued").exists()


@condition(_("It had not begun: take it up again as a draft."))
def has_begun(campaign: Campaign) -> bool:
    """Somebody may have got it already."""
    return campaign.started_at is not None


@condition(_("It had begun already: go on with it."))
def has_not_begun(campaign: Campaign) -> bool:
    """Nobody has got it."""
    return campaign.started_at is None


@guarded("status")
class Campaign(Subject, Searchable):
    """One text for the customers of a list, at a time."""

    READ_WITH = ("owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("campaign", "Draft")
        SCHEDULED = "scheduled", pgettext_lazy("campaign", "Scheduled")
        SENDING = "sending", pgettext_lazy("campaign", "Being sent")
        SENT = "sent", pgettext_lazy("campaign", "Sent")
        CANCELLED = "cancelled", pgettext_lazy("campaign", "Called off")

    class Channel(models.TextChoices):
        EMAIL = "email", _("Email")
        SMS = "sms", _("Text message")

    OPEN = (Status.DRAFT, Status.SCHEDULED, Status.SENDING)
    BEFORE = (Status.DRAFT, Status.SCHEDULED)
    PATH = ("draft", "scheduled", "sending", "sent")

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.DRAFT, editable=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    template_key = models.CharField(_("template"), max_length=60, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("owner")
    )
    # The segment: which list, its address, or the rows that were ticked in it.
    source = models.CharField(_("list"), max_length=40, default="customers")
    asked = models.CharField(_("filter of the list"), max_length=2000, blank=True)
    picked = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("ticked customers"))
    scheduled_for = models.DateTimeField(_("to be sent"), null=True, blank=True)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    started_at = models.DateTimeField(_("begun"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    # Customers are gone through by their keys: those up to this one have been decided about.
    resolved_up_to = models.BigIntegerField(default=0, editable=False)
    cancelled_reason = models.CharField(_("why it was called off"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "name")
    record_icon = "megaphone"

    objects = SearchableManager.from_queryset(CampaignQuerySet)()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        default_permissions = ("view",)
        permissions = [
            ("plan_campaign", "Can write to all own customers of a list"),
            ("send_to_all", "Can write to all customers of a list, and see every campaign"),
        ]
        constraints = [
            models.CheckConstraint(name="crm_campaign_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="crm_campaign_scheduled_has_time",
                condition=~Q(status="scheduled") | Q(scheduled_for__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_campaign_begun_has_time",
                condition=~Q(status__in=["sending", "sent"]) | Q(started_at__isnull=False),
            ),
        ]
        indexes = [
            search_index("crm_campaign"),
            # one's own list, newest first
            models.Index(fields=["owner", "-id"], name="crm_campaign_owner"),
            # what the round has to begin or to go on with
            models.Index(
                fields=["scheduled_for"],
                name="crm_campaign_due",
                condition=Q(status__in=["scheduled", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.name}"

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return record_url("crm:campaign", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What rules and figures may ask."""
        return {
            "number": self.number,
            "name": self.name,
            "status": self.status,
            "kind": self.kind,
            "channel": self.channel,
            "owner_id": self.owner_id,
        }

    def search_texts(self) -> list[str]:
        """Found by its name."""
        return [self.name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number."""
        return [self.number]

    @property
    def kind_label(self) -> str:
        """The kind of message in the reader's language."""
        return kind_label(self.kind)

    @property
    def words(self) -> dict[str, CampaignText]:
        """What it says, by language."""
        return {one.language: one for one in self.texts.all()}

    @property
    def languages(self) -> list[str]:
        """The languages in which it says something by its channel, in the order of the house."""
        words = self.words
        return [code for code, _name in settings.LANGUAGES if code in words and words[code].is_complete(self.channel)]

    @property
    def gaps(self) -> list[str]:
        """Placeholders that nobody fills: the template leaves them to whoever writes."""
        from foundation.notifications.placeholders import names_about

        known = names_about(Customer, staff=False)
        found = [gap for one in self.texts.all() for gap in strangers_in(one.said(self.channel), known)]
        return list(dict.fromkeys(found))

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="draft",
        target="scheduled",
        label=pgettext_lazy("campaign", "Schedule"),
        permission="crm.plan_campaign",
        event="campaign.scheduled",
        primary=True,
        when=[has_words, is_filled_in],
    )
    def schedule(self, *, at: datetime) -> None:
        """It leaves by itself at this time."""
        self.scheduled_for = at

    @transition(
        status,
        source="scheduled",
        target="draft",
        label=pgettext_lazy("campaign", "Undo: back to draft"),
        permission="crm.plan_campaign",
        event="campaign.unscheduled",
    )
    def unschedule(self) -> None:
        """Nobody has got it yet: the words and the list can be changed again."""
        self.scheduled_for = None

    @transition(
        status,
        source="scheduled",
        target="sending",
        label=pgettext_lazy("campaign", "Begin"),
        event="campaign.begun",
    )
    def begin(self, *, at: datetime) -> None:
        """Its time has come."""
        self.started_at = at

    @transition(
        status, source="sending", target="sent", label=pgettext_lazy("campaign", "Finish"), event="campaign.finished"
    )
    def finish(self, *, at: datetime) -> None:
        """Everybody in the list has been decided about; what waits for the morning leaves by itself."""
        self.sent_at = at

    @transition(
        status,
        source=["draft", "scheduled", "sending", "sent"],
        target="cancelled",
        label=pgettext_lazy("campaign", "Call off"),
        permission="crm.plan_campaign",
        event="campaign.cancelled",
        danger=True,
        when=[has_something_to_stop],
    )
    def call_off(self, *, reason: str) -> None:
        """What has not left stays here."""
        self.cancelled_reason = reason

    @transition(
        status,
        source="cancelled",
        target="sending",
        label=pgettext_lazy("campaign", "Undo: go on sending"),
        permission="crm.plan_campaign",
        event="campaign.resumed",
        when=[has_begun],
    )
    def resume(self) -> None:
        """Those who have not got it yet get it after all."""
        self.cancelled_reason = ""

    @transition(
        status,
        source="cancelled",
        target="draft",
        label=pgettext_lazy("campaign", "Undo: take up the draft"),
        permission="crm.plan_campaign",
        event="campaign.reopened",
        when=[has_not_begun],
    )
    def reopen(self) -> None:
        """It had not begun: it is a draft again."""
        self.cancelled_reason, self.scheduled_for = "", None


class CampaignText(models.Model):
    """What a campaign says in one language."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text of the email"), blank=True)
    sms = models.TextField(_("text message"), blank=True)

    class Meta:
        verbose_name = _("words of a campaign")
        verbose_name_plural = _("words of campaigns")
        default_permissions = ()
        ordering = ("language",)
        constraints = [models.UniqueConstraint(fields=["campaign", "language"], name="crm_campaign_text_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} ({self.language})"

    @property
    def language_label(self) -> str:
        """The language in the reader's language."""
        return language_name(self.language)

    def is_complete(self, channel: str) -> bool:
        """Whether it says something by this channel; an email needs a subject."""
        return bool(self.sms) if channel == Campaign.Channel.SMS else bool(self.subject and self.body)

    def said(self, channel: str) -> str:
        """Everything that goes out by this channel."""
        return self.sms if channel == Campaign.Channel.SMS else f"{self.subject}\n{self.body}"


class CampaignRecipient(models.Model):
    """What became of a campaign for one customer: a message of the outbox, or the reason why there is none."""

    class Held(models.TextChoices):
        NO_ADDRESS = "no_address", _("No address")
        NO_CONSENT = "no_consent", _("Declined such messages before")
        NO_LANGUAGE = "no_language", _("No words in a language that they read")
        DEAD_ADDRESS = "dead_address", _("Earlier messages came back")
        SAME_TEXT = "same_text", _("Had this text before")
        TOO_MANY = "too_many", _("Has had enough lately")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="recipients", verbose_name=_("campaign")
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("contact")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    held_back = models.CharField(_("held back"), max_length=12, blank=True, choices=Held.choices)
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("message")
    )
    decided_at = models.DateTimeField(_("decided"), db_default=Now())

    class Meta:
        verbose_name = _("recipient of a campaign")
        verbose_name_plural = _("recipients of campaigns")
        default_permissions = ("view",)
        ordering = ("pk",)
        constraints = [
            # nobody is asked twice, however often the round is killed
            models.UniqueConstraint(fields=["campaign", "customer"], name="crm_campaign_customer_once"),
            models.CheckConstraint(
                name="crm_campaign_held_or_sent", condition=Q(held_back="") | Q(message__isnull=True)
            ),
        ]
        indexes = [
            # the results of one campaign in their order
            models.Index(fields=["campaign", "id"], name="crm_campaign_recipients"),
        ]

    def __str__(self) -> str:
        return f"#{self.campaign_id}: {self.customer_id}"
