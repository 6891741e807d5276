"""Templates, rules, the outbox and the inbox. Addresses and words live in these rows, which can be erased, never in events."""

from __future__ import annotations

import uuid
from datetime import timedelta
from email.utils import parseaddr

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import Attachment, ClockTimestamp, Event
from foundation.ui.addresses import record_url

STATES = ("queued", "sending", "sent", "delivered", "failed", "unknown", "cancelled", "suppressed")
# Every step that a message may take; a trigger keeps raw updates on these too.
STEPS = [
    ("queued", "sending"),
    ("queued", "cancelled"),
    ("queued", "suppressed"),
    ("queued", "failed"),
    ("sending", "queued"),
    ("sending", "sent"),
    ("sending", "delivered"),
    ("sending", "failed"),
    ("sending", "unknown"),
    ("sending", "suppressed"),
    ("sending", "cancelled"),
    ("sent", "delivered"),
    ("sent", "failed"),
    ("sent", "unknown"),
    ("unknown", "sent"),
    ("unknown", "delivered"),
    ("unknown", "failed"),
    ("unknown", "queued"),
    ("failed", "queued"),
    ("failed", "cancelled"),
    ("failed", "delivered"),
    ("suppressed", "queued"),
]


def new_message_id() -> str:
    """The identity that a message keeps however often it is tried: `<random@domain>`."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


def default_channels() -> list[str]:
    """Email first, then a text message."""
    return ["email", "sms"]


class Template(models.Model):
    """The words of one message in one language: plain text with flat `{placeholders}`."""

    key = models.CharField(_("key"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(
        _("subject"), max_length=200, blank=True, help_text=_("Subject of the email and headline in the inbox.")
    )
    body = models.TextField(_("text of the email"), blank=True)
    sms = models.TextField(
        _("text message"), blank=True, help_text=_("Short: every 67 characters of Chinese are one paid part.")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # Digest of the words as they were shipped: while the row still says the same, an upgrade may improve it.
    shipped = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ("key", "language")
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="notifications_template_once")]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"


class Rule(models.Model):
    """When this happens, tell these people in these words, by these channels in this order."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    event = models.CharField(_("event"), max_length=60)
    audience = models.CharField(_("audience"), max_length=40)
    template_key = models.CharField(_("template"), max_length=60)
    channels = models.JSONField(_("channels"), default=default_channels, help_text=_("In order of preference."))
    every_channel = models.BooleanField(
        _("on every channel"),
        default=False,
        help_text=_(
            "Otherwise the first channel by which the recipient can be reached; the inbox always gets its entry."
        ),
    )
    condition = models.JSONField(
        _("condition"),
        default=dict,
        blank=True,
        help_text=_('Facts that must hold, such as {"mode": "air"} or {"tier": ["gold", "silver"]}. Empty: always.'),
    )
    delay = models.DurationField(_("wait before sending"), default=timedelta(0))
    attach = models.CharField(_("attached papers"), max_length=60, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False, help_text=_("Is sent during quiet hours too."))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("message rule")
        verbose_name_plural = _("message rules")
        ordering = ("event", "key")
        constraints = [
            models.CheckConstraint(name="notifications_rule_waits_forward", condition=Q(delay__gte=timedelta(0)))
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Refuse a rule that could never work, naming what is wrong."""
        from foundation.notifications.validation import check_rule

        check_rule(self)


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about sets of messages."""

    def about(self, subject: models.Model) -> MessageQuerySet:
        """Messages about one record."""
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=subject.pk)

    def due(self) -> MessageQuerySet:
        """To be sent now by the database's clock: waiting, or claimed by a worker whose lease has run out."""
        return self.filter(state__in=Message.OPEN, next_attempt_at__lte=ClockTimestamp())

    def parked(self) -> MessageQuerySet:
        """What somebody must look at."""
        return self.filter(state=Message.State.FAILED)


class Message(models.Model):
    """One row of the outbox: what is, was or was not sent to one person by one channel."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        CANCELLED = "cancelled", _("Cancelled")
        SUPPRESSED = "suppressed", _("Not wanted")

    OPEN = (State.QUEUED, State.SENDING)
    PATH = (State.QUEUED, State.SENT, State.DELIVERED)
    # The journal disposes of old events by itself; a message may outlive its event.
    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("event")
    )
    rule_key = models.CharField(_("rule"), max_length=60, blank=True)
    template_key = models.CharField(_("template"), max_length=60, blank=True)
    template_version = models.PositiveIntegerField(_("version of the template"), default=0)
    channel = models.CharField(_("channel"), max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED, editable=False)

    recipient_key = models.CharField(_("recipient's key"), max_length=60)
    to_name = models.CharField(_("recipient"), max_length=200, blank=True)
    to_address = models.CharField(_("address"), max_length=254, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("colleague addressed"),
    )
    customer_id = models.BigIntegerField(_("customer"), null=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )

    language = models.CharField(_("language"), max_length=10, default="en")
    subject_line = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"))
    message_id = models.CharField(_("message ID"), max_length=120, unique=True, default=new_message_id, editable=False)
    provider_id = models.CharField(_("provider's ID"), max_length=200, blank=True)

    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Attempts that ended in no answer at all (the worker died) or in an error nobody foresaw.
    strikes = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=ClockTimestamp())
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())
    sent_at = models.DateTimeField(_("sent"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ("view", "change")
        permissions = [("send_message", _("Can write to customers"))]
        ordering = ("-created_at", "-id")
        constraints = [
            # a second run of the same event writes nothing
            models.UniqueConstraint(
                fields=["event", "recipient_key", "template_key", "channel"], name="notifications_message_once"
            ),
            models.CheckConstraint(
                name="notifications_message_state_known",
                condition=Q(state__in=STATES),
            ),
            models.CheckConstraint(
                name="notifications_message_lease",
                condition=Q(state="sending", lease_until__isnull=False) | ~Q(state="sending"),
            ),
        ]
        indexes = [
            # the worker's claim
            models.Index(
                fields=["channel", "next_attempt_at"],
                name="notifications_due",
                condition=Q(state__in=["queued", "sending"]),
            ),
            # the worklist of failures
            models.Index(fields=["-created_at"], name="notifications_parked", condition=Q(state="failed")),
            # timelines of the record and of the customer
            models.Index(fields=["content_type", "object_id", "-created_at"], name="notifications_subject"),
            models.Index(fields=["customer_id", "-created_at"], name="notifications_customer"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="message_state",
                field="state",
                transitions=STEPS,
            )
        ]

    def __str__(self) -> str:
        return self.subject_line or self.body[:60]

    def get_absolute_url(self) -> str:
        """The page that shows what was sent."""
        return record_url("notifications:message", self.pk)

    @property
    def is_open(self) -> bool:
        """Whether a worker still has to do something about it."""
        return self.state in self.OPEN


class MessageAttachment(models.Model):
    """A file that goes out with a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment of a message")
        verbose_name_plural = _("attachments of messages")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["message", "attachment"], name="notifications_attached_once")]

    def __str__(self) -> str:
        return str(self.attachment)


class InboxItem(models.Model):
    """One line in a colleague's inbox, with the way to the record that it is about."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox", verbose_name=_("user")
    )
    # As with messages: it may outlive its event.
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    template_key = models.CharField(max_length=60, blank=True)
    # Alerts of one topic are not repeated while the first is unread.
    topic = models.CharField(max_length=120, blank=True)
    text = models.CharField(_("text"), max_length=250)
    detail = models.TextField(_("detail"), blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        default_permissions = ()
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "template_key"], name="notifications_inbox_once"),
            models.UniqueConstraint(
                fields=["user", "topic"],
                name="notifications_one_unread_alert",
                condition=Q(read_at=None) & ~Q(topic=""),
            ),
        ]
        indexes = [
            # the inbox page
            models.Index(fields=["user", "-created_at"], name="notifications_inbox"),
            # the bell's number
            models.Index(fields=["user"], name="notifications_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.text


class PendingEvent(models.Model):
    """An event of one of the system's rounds whose messages are still to be worded: written with it, gone once they are."""

    # As with messages: the journal disposes of old events by itself.
    event = models.OneToOneField(
        Event, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    next_attempt_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("event to be worded")
        verbose_name_plural = _("events to be worded")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.event_id}"
