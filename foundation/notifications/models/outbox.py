"""The outbox: what is, was or was not sent."""

from __future__ import annotations

import uuid
from email.utils import parseaddr

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.models import Attachment, ClockTimestamp, Event
from foundation.notifications.models.mannered import Mannered
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
    ("delivered", "failed"),  # the report of a server behind the one that took it
    ("unknown", "sent"),
    ("unknown", "delivered"),
    ("unknown", "failed"),
    ("unknown", "queued"),
    ("failed", "queued"),
    ("failed", "cancelled"),
    ("failed", "delivered"),
    ("suppressed", "queued"),
]


# Whoever moves a message leaves its step, raw updates too, and without another round trip: attempts cost one insert.
KEEP_STEP = """
INSERT INTO notifications_messagestep (message_id, state, attempt, at, channel, to_address, detail, provider_id)
VALUES (NEW.id, NEW.state, NEW.attempts, clock_timestamp(), NEW.channel, NEW.to_address, NEW.last_error, NEW.provider_id);
RETURN NULL;
"""


def new_message_id() -> str:
    """The identity that a message keeps however often it is tried: `<random@domain>`."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about sets of messages."""

    def about(self, subject: models.Model) -> MessageQuerySet:
        """Messages about one record."""
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=subject.pk)

    def due(self) -> MessageQuerySet:
        """To be sent now by the database's clock."""
        return self.filter(state=Message.State.QUEUED, next_attempt_at__lte=ClockTimestamp())

    def parked(self) -> MessageQuerySet:
        """What somebody must look at."""
        return self.filter(state__in=Message.PARKED)


class Message(Mannered):
    """One row of the outbox: what is, was or was not sent to one person by one channel."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        CANCELLED = "cancelled", pgettext_lazy("message", "Cancelled")
        SUPPRESSED = "suppressed", _("Held back")

    OPEN = (State.QUEUED, State.SENDING)
    PARKED = (State.FAILED, State.UNKNOWN)
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

    # The message by another channel that this one takes over from.
    instead_of = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="instead", verbose_name=_("instead of")
    )

    language = models.CharField(_("language"), max_length=10, default="en")
    subject_line = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(pgettext_lazy("of a message", "text"))
    message_id = models.CharField(_("message ID"), max_length=120, unique=True, default=new_message_id, editable=False)
    provider_id = models.CharField(_("provider's ID"), max_length=200, blank=True)

    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Attempts that ended in no answer at all (the worker died) or in an error nobody foresaw.
    strikes = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=ClockTimestamp())
    # After this the words are true no longer; a person who sends it again decides otherwise.
    expires_at = models.DateTimeField(_("true until"), null=True)
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
        permissions = [
            ("send_message", _("Can write to customers")),
            ("oversee_messages", _("Can see every message")),
        ]
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
            # what is no longer true
            models.Index(
                fields=["expires_at"],
                name="notifications_expiring",
                condition=Q(state="queued", expires_at__isnull=False),
            ),
            # the worklist of failures
            models.Index(
                fields=["-created_at"], name="notifications_worklist", condition=Q(state__in=["failed", "unknown"])
            ),
            # the look for messages that no receipt came for
            models.Index(
                fields=["rule_key", "sent_at"],
                name="notifications_unconfirmed",
                condition=Q(state__in=["sent", "unknown"]),
            ),
            # whose receipt it is
            models.Index(fields=["provider_id"], name="notifications_provider_id", condition=~Q(provider_id="")),
            # how many emails a colleague has got lately, and how many more are about to leave
            models.Index(
                fields=["user", "sent_at"],
                name="notifications_colleague",
                condition=Q(user__isnull=False, state__in=["queued", "sending", "sent"]),
            ),
            # timelines of the record and of the customer
            models.Index(fields=["content_type", "object_id", "-created_at"], name="notifications_subject"),
            models.Index(fields=["customer_id", "-created_at"], name="notifications_customer"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="message_state",
                field="state",
                transitions=STEPS,
            ),
            pgtrigger.Trigger(
                name="keep_step",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state AND NEW.state <> 'sending'"),
                func=KEEP_STEP,
            ),
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


class MessageStep(models.Model):
    """What once became of a message: every change of its state but the worker's taking it up. Written by a trigger, never changed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=Message.State.choices)
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    to_address = models.CharField(max_length=254, blank=True)
    # The answer of the provider, or why it was not sent.
    detail = models.TextField(blank=True)
    provider_id = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("step of a message")
        verbose_name_plural = _("steps of messages")
        default_permissions = ()
        ordering = ("at", "pk")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"#{self.message_id}: {self.state}"


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
