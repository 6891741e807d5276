"""What good manners remember: kinds of messages, quiet hours, what people decline, addresses that take nothing."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    """Questions about sets of addresses."""

    def dead(self) -> DeadAddressQuerySet:
        """Those that get nothing any more, until a person tries them again."""
        return self.filter(since__isnull=False, lifted_at=None)


class DeadAddress(models.Model):
    """An address that sent our messages back: dead after one lasting refusal, or three passing ones in a row."""

    channel = models.CharField(_("channel"), max_length=20)
    address = models.CharField(_("address"), max_length=254)
    reason = models.TextField(_("reason"), blank=True)
    hard_count = models.PositiveIntegerField(_("lasting refusals"), default=0)
    soft_count = models.PositiveIntegerField(_("passing refusals in a row"), default=0)
    # The message that came back last: the provider and the mailbox may both report the same one.
    last_message = models.ForeignKey(
        "notifications.Message", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("last message")
    )
    bounced_at = models.DateTimeField(_("last refusal"), db_default=ClockTimestamp())
    since = models.DateTimeField(_("dead since"), null=True)
    lifted_at = models.DateTimeField(_("tried again"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("tried again by"),
    )

    objects = DeadAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that takes no messages")
        verbose_name_plural = _("addresses that take no messages")
        default_permissions = ("view", "change")
        ordering = ("-bounced_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="notifications_address_once"),
            models.CheckConstraint(
                name="notifications_lifted_was_dead", condition=Q(lifted_at=None) | Q(since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_dead(self) -> bool:
        """Whether messages to it are held back."""
        return self.since is not None and self.lifted_at is None


class MessageKind(models.Model):
    """What a message is for the person who gets it: a service that they need, an offer, or a colleague's own affair."""

    class Nature(models.TextChoices):
        SERVICE = "service", pgettext_lazy("kind of message", "Service")
        MARKETING = "marketing", _("Marketing")
        STAFF = "staff", _("For colleagues")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name in English"), max_length=120)
    name_de = models.CharField(_("name in German"), max_length=120, blank=True)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=120, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=120, blank=True)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature.choices, default=Nature.SERVICE)
    is_urgent = models.BooleanField(_("urgent"), default=False, help_text=_("Is sent during quiet hours too."))
    can_opt_out = models.BooleanField(
        _("can be declined"),
        default=False,
        help_text=_("The recipient may decline it on their preferences page. Marketing can always be declined."),
    )

    class Meta:
        verbose_name = _("kind of message")
        verbose_name_plural = _("kinds of messages")
        default_permissions = ("view", "add", "change")
        ordering = ("nature", "code")
        constraints = [
            models.CheckConstraint(
                name="notifications_kind_nature_known", condition=Q(nature__in=["service", "marketing", "staff"])
            ),
            models.CheckConstraint(
                name="notifications_marketing_can_be_declined", condition=~Q(nature="marketing") | Q(can_opt_out=True)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language; English where that is missing."""
        found = {"de": self.name_de, "zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(
            get_language() or ""
        )
        return found or self.name


class QuietHours(models.Model):
    """When nobody is written to: the company's usual hours, those of a country, of one customer or of one person."""

    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as DE."))
    customer_id = models.BigIntegerField(_("customer"), null=True, blank=True)
    person_key = models.CharField(
        _("person"), max_length=60, blank=True, help_text=_("A person is written as contact:12.")
    )
    begins = models.TimeField(_("from"), default=time(21))
    ends = models.TimeField(_("until"), default=time(8), help_text=_("In the recipient's own time zone."))
    is_off = models.BooleanField(_("no quiet hours"), default=False, help_text=_("Messages may arrive at any hour."))

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        ordering = ("country", "customer_id", "person_key")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "customer_id", "person_key"],
                name="notifications_quiet_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="notifications_quiet_for_one",
                condition=Q(country="", person_key="")
                | Q(country="", customer_id=None)
                | Q(customer_id=None, person_key=""),
            ),
        ]

    def __str__(self) -> str:
        whom = self.country or self.person_key or (f"#{self.customer_id}" if self.customer_id else _("the company"))
        return f"{whom}: {self.begins:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        """Hours belong to one: a country, a customer, a person, or the company."""
        if sum((bool(self.country), self.customer_id is not None, bool(self.person_key))) > 1:
            raise ValidationError(_("Only one of country, customer and person. None: the company."))
        self.country = self.country.upper()


class OptOut(models.Model):
    """Somebody declines a kind of message, or takes that back. Written once; the newest row of its sort counts."""

    class How(models.TextChoices):
        LINK = "link", _("by the link in a message")
        PAGE = "page", _("on their preferences page")
        REPLY = "reply", _("by answering STOP")
        COLLEAGUE = "colleague", _("told a colleague")
        COMPLAINT = "complaint", _("complained about the message")

    person_key = models.CharField(_("person"), max_length=60)
    customer_id = models.BigIntegerField(_("customer"), null=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Empty: all marketing."))
    channel = models.CharField(_("channel"), max_length=20, blank=True, help_text=_("Empty: all channels."))
    is_withdrawal = models.BooleanField(_("taken back"), default=False)
    how = models.CharField(_("how"), max_length=12, choices=How.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("since"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("declined messages")
        verbose_name_plural = _("declined messages")
        default_permissions = ("view",)
        ordering = ("-created_at", "-id")
        indexes = [
            # what a person does not want, asked before each batch of marketing and on the preferences page
            models.Index(fields=["person_key", "kind", "channel", "-id"], name="notifications_declined"),
        ]

    def __str__(self) -> str:
        return f"{self.person_key}: {self.kind or '*'}/{self.channel or '*'}"


class MarketingLimit(models.Model):
    """How much marketing one person may get. One row."""

    most = models.PositiveSmallIntegerField(_("at most"), default=2, help_text=_("Marketing messages to one person."))
    days = models.PositiveSmallIntegerField(_("within days"), default=7)

    class Meta:
        verbose_name = _("limit for marketing")
        verbose_name_plural = _("limit for marketing")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(name="notifications_limit_one_row", condition=Q(pk=1)),
            models.CheckConstraint(name="notifications_limit_days", condition=Q(days__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.most} / {self.days}"


class MarketingText(models.Model):
    """A marketing text that a customer has got: the database lets none of them have it twice."""

    customer_key = models.CharField(max_length=60)
    person_key = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    message = models.OneToOneField("notifications.Message", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("marketing text sent")
        verbose_name_plural = _("marketing texts sent")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer_key", "digest"], name="notifications_text_once_a_customer")
        ]
        indexes = [
            # how many a person has got lately
            models.Index(fields=["person_key", "created_at"], name="notifications_marketing_person")
        ]

    def __str__(self) -> str:
        return self.digest[:12]
