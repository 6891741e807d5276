"""What happened, once each, and never changed afterwards."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from foundation.ui.addresses import record_url
from foundation.ui.labels import choice_label

ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf",
    "audio/webm": ".weba", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/wav": ".wav",
}  # fmt: skip


class ClockTimestamp(Func):
    """The database's clock at this very moment, not at the start of the transaction."""

    function = "clock_timestamp"
    arity = 0
    output_field = models.DateTimeField()


class CurrentTransaction(Func):
    """The number of the running transaction."""

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    output_field = models.BigIntegerField()


class Subject(models.Model):
    """A record that events are about. Stages inherit it and answer the two questions below."""

    # What the records' people, facts and texts stand on, for whoever reads many records at once: names for select_related.
    READ_WITH: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def journal_facts(self) -> dict[str, Any]:
        """JSON-safe facts that every event about this record carries; never personal data."""
        return {}

    def customer_ref(self) -> int | None:
        """The customer on whose timeline the event appears, by bare id."""
        return getattr(self, "customer_id", None)

    def _get_FIELD_display(self, field: Any) -> str:
        return choice_label(field, getattr(self, field.attname))

    def get_absolute_url(self) -> str:
        """The record's page."""
        raise NotImplementedError(f"{type(self).__name__} has no page")


class EventQuerySet(models.QuerySet["Event"]):
    """Questions about sets of events."""

    def about(self, subject: models.Model) -> EventQuerySet:
        """Events about one record."""
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=subject.pk)

    def of_customer(self, customer_id: int) -> EventQuerySet:
        """Events on one customer's timeline, whatever record they are about."""
        return self.filter(customer_id=customer_id)


class Event(models.Model):
    """One business fact. The application's role may only read and insert here; see the grants in the migrations."""

    code = models.CharField(max_length=60)
    # every index here is paid for by each thing that happens: none without a query that asks for it
    # nor a check of what cannot go: Django refuses to remove a kind of record that events are about
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    customer_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(db_default=ClockTimestamp())
    occurred_at = models.DateTimeField(db_default=ClockTimestamp())
    imported = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    private_digest = models.CharField(max_length=64, default="", blank=True)
    # indexed: the sealer asks for the rows of transactions that have finished since it last looked
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        indexes = [
            # the record's timeline, newest first
            models.Index(fields=["content_type", "object_id", "-occurred_at", "-id"], name="journal_event_subject"),
            # the customer's timeline, newest first
            models.Index(fields=["customer_id", "-occurred_at", "-id"], name="journal_event_customer"),
            # figures by kind of fact and period
            models.Index(fields=["code", "occurred_at"], name="journal_event_code"),
            # what somebody did
            models.Index(fields=["actor"], name="journal_event_actor", condition=models.Q(actor__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.code} #{self.pk}"

    @property
    def personal(self) -> dict[str, Any]:
        """Its personal part; empty where there is none, and after it was erased."""
        # the digest says whether there was ever one: an event without costs no query
        found = getattr(self, "private", None) if self.private_digest else None
        return dict(found.data) if found is not None else {}


class EventPrivate(models.Model):
    """The personal part of an event, in a row that can be erased; the chain holds only its salted digest."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="private")
    salt = models.CharField(max_length=32)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("personal part of an event")
        verbose_name_plural = _("personal parts of events")
        default_permissions = ()

    def __str__(self) -> str:
        return f"private #{self.event_id}"


class Pin(models.Model):
    """An entry that somebody keeps on top of its record's timeline, and of its customer's, until it is taken off."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="pins")
    # as on the event, so that a timeline finds its pins without it
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    object_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=ClockTimestamp())
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pinned entry")
        verbose_name_plural = _("pinned entries")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(removed_at=None), name="journal_pin_once_at_a_time"
            )
        ]
        indexes = [
            # what stands on top of a record's timeline, and of a customer's
            models.Index(
                fields=["content_type", "object_id"], name="journal_pin_subject", condition=models.Q(removed_at=None)
            ),
            models.Index(fields=["customer_id"], name="journal_pin_customer", condition=models.Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return f"pin of event {self.event_id}"


class Link(models.Model):
    """One link of the tamper-evident chain: `digest` binds a sealed row, and its place, to all links before it."""

    position = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("link of the seal")
        verbose_name_plural = _("links of the seal")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "row_id"], name="journal_link_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.source} {self.row_id}"


class Seal(models.Model):
    """The end of one run of the sealer: every transaction before `horizon` was finished and all its rows are linked.

    `frontier` was the next free number of a transaction at `sealed_at`: a row of a later transaction that says it was
    written earlier is a forgery. `generation` grows when the database was restored into a server that counts anew.
    """

    number = models.BigIntegerField(primary_key=True)
    generation = models.IntegerField()
    horizon = models.BigIntegerField()
    frontier = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    rows_sealed = models.BigIntegerField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        default_permissions = ()

    def __str__(self) -> str:
        return f"seal {self.number}"


def attachment_path(attachment: Attachment, _name: str) -> str:
    """Files are stored under names of ours, never under the sender's."""
    token = uuid.uuid4().hex
    return f"attachments/{token[:2]}/{token}{attachment.extension}"


class Attachment(models.Model):
    """A file that belongs to a record: judged by its content, re-encoded if it is a picture, served through a permission check."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    customer_id = models.BigIntegerField(null=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="attachments")
    purpose = models.CharField(max_length=40, default="", blank=True)
    title = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(db_default=ClockTimestamp())
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["content_type", "object_id"], name="journal_attachment_subject")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where staff download it; who may is decided there."""
        return record_url("journal:file", self.pk)

    @property
    def extension(self) -> str:
        """The file's ending, decided by its media type."""
        return ENDINGS.get(self.media_type, ".bin")
