"""Incoming mail: the bytes as they came, what was read in them, and what became of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.models import ClockTimestamp, Event, Subject
from foundation.ui.addresses import record_url
from foundation.ui.shelf import Shelf, follow

RESULTS = (
    "stored", "joined", "inquiry", "review", "bounce", "automatic", "duplicate", "quarantined", "discarded",
)  # fmt: skip


class MailPolicy(models.Model):
    """What the company has decided about incoming mail: one row that an administrator edits."""

    reply_address = models.EmailField(
        _("address for answers"),
        blank=True,
        help_text=_(
            "If this mailbox also takes mail to name+anything@…, emails to customers ask for answers at such an address, "
            "and every answer finds its record. Leave it empty otherwise."
        ),
    )
    sender_limit = models.PositiveIntegerField(
        _("mails from one sender"), default=20, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    sender_minutes = models.PositiveIntegerField(
        _("within so many minutes"),
        default=120,
        validators=[MinValueValidator(1), MaxValueValidator(60 * 24 * 7)],
        help_text=_("Further mails from the same sender wait for a person to look at them."),
    )

    class Meta:
        verbose_name = _("policy for incoming mail")
        verbose_name_plural = _("policy for incoming mail")
        constraints = [models.CheckConstraint(name="mailroom_policy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Policy for incoming mail"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> MailPolicy:
        """The policy, kept in the process until somebody saves it; the defaults while nobody has."""
        return _policy.get()


_policy: Shelf[MailPolicy] = Shelf(lambda: MailPolicy.objects.filter(pk=1).first() or MailPolicy(pk=1))
follow(MailPolicy)


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    """Questions about sets of mails."""

    def waiting(self) -> IncomingMailQuerySet:
        """What a person must look at."""
        return self.filter(result__in=IncomingMail.FOR_PEOPLE)

    def about(self, subject: models.Model) -> IncomingMailQuerySet:
        """Mails that joined one record, or became it."""
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=subject.pk)


class IncomingMail(Subject):
    """One mail that reached us. It is written before anybody looks into it, and never thrown away."""

    class Result(models.TextChoices):
        STORED = "stored", _("Not looked at yet")
        JOINED = "joined", _("Joined its record")
        INQUIRY = "inquiry", _("Became an inquiry")
        REVIEW = "review", _("To be sorted")
        BOUNCE = "bounce", _("Delivery report")
        AUTOMATIC = "automatic", _("Automatic mail")
        DUPLICATE = "duplicate", pgettext_lazy("incoming mail", "Came twice")
        QUARANTINED = "quarantined", _("Unreadable")
        DISCARDED = "discarded", _("Discarded")

    class Source(models.TextChoices):
        PIPE = "pipe", _("Handed over by the mail server")
        IMAP = "imap", _("Fetched from the mailbox")

    FOR_PEOPLE = (Result.REVIEW, Result.QUARANTINED)

    result = models.CharField(_("result"), max_length=12, choices=Result.choices, default=Result.STORED, editable=False)
    # Code of the reason, see `reasons.py`, and what else is to be said about it.
    reason = models.CharField(max_length=24, blank=True, editable=False)
    detail = models.CharField(max_length=400, blank=True, editable=False)
    source = models.CharField(_("way in"), max_length=8, choices=Source.choices, default=Source.PIPE)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    received_at = models.DateTimeField(_("received"), db_default=ClockTimestamp())
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    message_id = models.CharField(_("message ID"), max_length=252, blank=True)
    in_reply_to = models.CharField(max_length=252, blank=True)
    references = models.JSONField(default=list, blank=True)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject_line = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(pgettext_lazy("of a message", "text"), blank=True)
    quoted = models.TextField(_("quoted text"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    # [{"name", "media_type", "size", "taken", "reason"}]
    files = models.JSONField(_("files"), default=list, blank=True)

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("content_type", "object_id")
    customer_id = models.BigIntegerField(_("customer"), null=True)
    # As with messages: the journal disposes of old events by itself.
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("came before as")
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("sorted by")
    )
    handled_at = models.DateTimeField(_("sorted"), null=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        default_permissions = ("view",)
        permissions = [("sort_incomingmail", "Can sort incoming mail")]
        ordering = ("-received_at", "-id")
        constraints = [
            models.CheckConstraint(name="mailroom_mail_result_known", condition=Q(result__in=RESULTS)),
            models.CheckConstraint(
                name="mailroom_mail_joined_has_record",
                condition=~Q(result__in=["joined", "inquiry"]) | Q(object_id__isnull=False),
            ),
        ]
        indexes = [
            # the list in its default order
            models.Index(fields=["-received_at", "-id"], name="mailroom_received"),
            # the worklist and its counter
            models.Index(fields=["result", "-received_at"], name="mailroom_for_people", condition=Q(result__in=["review", "quarantined"])),
            # what a worker left when it died
            models.Index(fields=["received_at"], name="mailroom_stored", condition=Q(result="stored")),
            # has this Message-ID been here before; which mail is answered
            models.Index(fields=["message_id"], name="mailroom_message_id", condition=~Q(message_id="")),
            # how many came from this sender lately
            models.Index(fields=["sender", "-received_at"], name="mailroom_sender"),
            # timelines of the record and of the customer
            models.Index(fields=["content_type", "object_id", "-received_at"], name="mailroom_subject"),
            models.Index(fields=["customer_id", "-received_at"], name="mailroom_customer"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject_line or self.sender or str(_("Mail without a subject"))

    def get_absolute_url(self) -> str:
        """The mail's page."""
        return record_url("mailroom:mail", self.pk)


class RawMail(models.Model):
    """The bytes of a mail as they came; in a table of their own, so that no list reads them."""

    mail = models.OneToOneField(IncomingMail, on_delete=models.CASCADE, primary_key=True, related_name="raw")
    data = models.BinaryField()

    class Meta:
        verbose_name = _("mail as it came")
        verbose_name_plural = _("mails as they came")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Mailbox(models.Model):
    """How fetching from the mailbox goes: one row, for the page about the system's health."""

    reached_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        default_permissions = ()
        constraints = [models.CheckConstraint(name="mailroom_mailbox_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Mailbox"))
