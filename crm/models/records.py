"""Service records: one contact with a customer each. The database refuses to change or remove them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Contact, Customer
from foundation.journal.models import ClockTimestamp, CurrentTransaction, Subject
from foundation.ui import formats
from foundation.ui.addresses import record_url


class ServiceRecord(Subject):
    """Who spoke with whom, when, how, and with what result. A correction is a further record that points to the first.

    The application may only read and insert here. What was said lies in `ServiceRecordText`, of which this row keeps the
    salted digest: erasing the words leaves the fact and the seal intact.
    """

    class Type(models.TextChoices):
        CALL = "call", _("Conversation")
        PRESALES_CALLBACK = "presales_callback", _("Presales callback")
        COMPLETION_CALLBACK = "completion_callback", _("Completion callback")
        INQUIRY_ANSWER = "inquiry_answer", _("Answer to an inquiry")
        VISIT = "visit", _("Visit")
        RECEPTION = "reception", _("Showroom reception")
        GREETING = "greeting", _("Greeting")
        COMPLAINT = "complaint", _("Complaint")
        OTHER = "other", _("Other")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("Email")
        SMS = "sms", _("Text message")
        CHAT = "chat", _("Chat")
        MEETING = "meeting", _("In person")
        VIDEO = "video", _("Video call")
        LETTER = "letter", _("Letter")

    class Result(models.TextChoices):
        DONE = "done", _("Done")
        PARTLY = "partly", _("Partly done")
        NOT_REACHED = "not_reached", _("Not reached")
        CALL_AGAIN = "call_again", _("Call again")

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="service_records", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="service_records",
        verbose_name=_("contact"),
    )
    type = models.CharField(_("type of service"), max_length=24, choices=Type.choices, default=Type.CALL)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, default=Channel.PHONE)
    result = models.CharField(_("execution status"), max_length=16, choices=Result.choices, default=Result.DONE)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="service_records",
        verbose_name=_("recorded by"),
    )
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
        db_index=False,  # few correct another: see the index below
    )
    inquiry = models.ForeignKey(
        "crm.Inquiry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="service_records",
        verbose_name=_("inquiry"),
    )
    # the words of the next step, or why there is none, lie with the text
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    imported = models.BooleanField(default=False)
    text_digest = models.CharField(max_length=64, default="", blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp())
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True, editable=False)

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        default_permissions = ("view", "add")
        constraints = [
            models.CheckConstraint(
                name="crm_servicerecord_ends_later",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
            ),
        ]
        indexes = [
            # a customer's records, newest first
            models.Index(fields=["customer", "-started_at", "-id"], name="crm_record_customer"),
            # a person's day
            models.Index(fields=["author", "-started_at"], name="crm_record_author"),
            # what was corrected: few of very many
            models.Index(fields=["corrects"], name="crm_record_corrects", condition=Q(corrects__isnull=False)),
            # the list of all of them, newest first
            models.Index(fields=["-started_at", "-id"], name="crm_record_started"),
        ]

    record_icon = "phone"

    def __str__(self) -> str:
        return f"{self.get_type_display()} #{self.pk}"

    @classmethod
    def corrected(cls) -> Exists:
        """Whether a later record of its chain stands in the place of the one that is asked about.

        The few that correct one have an index of their own.
        """
        first = Coalesce(OuterRef("corrects"), OuterRef("pk"))
        return Exists(cls.objects.filter(corrects=first, corrects__isnull=False, pk__gt=OuterRef("pk")))

    def standing(self) -> ServiceRecord:
        """The record of its chain that says how it really was: the last correction, else the first."""
        first = self.corrects_id or self.pk
        chain = ServiceRecord.objects.filter(corrects=first, corrects__isnull=False, pk__gt=self.pk)
        return chain.select_related("text", "author", "contact").order_by("-pk").first() or self

    def get_absolute_url(self) -> str:
        """Service records live on their customer's page."""
        return f"{record_url('crm:customer', self.customer_id)}#record-{self.pk}"

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask; the words themselves are not among it."""
        facts = self.customer.journal_facts()
        return {
            **facts,
            "type": self.type,
            "channel": self.channel,
            "result": self.result,
            "corrects": self.corrects_id,
        }


class ServiceRecordText(models.Model):
    """The words of a service record, in a row that can be erased on its own."""

    record = models.OneToOneField(ServiceRecord, on_delete=models.PROTECT, primary_key=True, related_name="text")
    salt = models.CharField(max_length=32)
    subject = models.CharField(_("subject"), max_length=200)
    content = models.TextField(_("content"), blank=True)
    feedback = models.TextField(_("customer feedback"), blank=True)
    remark = models.TextField(_("remark"), blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    no_step_reason = models.CharField(_("why nothing follows"), max_length=300, blank=True)
    recording_by = models.CharField(_("who agreed to the recording"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("text of a service record")
        verbose_name_plural = _("texts of service records")
        default_permissions = ()

    def __str__(self) -> str:
        return self.subject

    @property
    def whole(self) -> str:
        """Content, feedback, remark and what follows below each other."""
        feedback = f"{gettext('Customer feedback')}: {self.feedback}" if self.feedback else ""
        remark = f"{gettext('Remark')}: {self.remark}" if self.remark else ""
        return "\n".join(part for part in (self.content, feedback, remark, self._following()) if part)

    def _following(self) -> str:
        if self.no_step_reason:
            return f"{gettext('Nothing follows')}: {self.no_step_reason}"
        if not self.next_step:
            return ""
        day = f" · {formats.day(self.record.next_step_on)}" if self.record.next_step_on else ""
        return f"{gettext('Next step')}: {self.next_step}{day}"

    def words(self) -> dict[str, str]:
        """What the digest on the record is computed from."""
        said = {"subject": self.subject, "content": self.content, "feedback": self.feedback, "remark": self.remark}
        # Records from before what follows was asked for have the digest of the four alone.
        more = {"next_step": self.next_step, "no_step_reason": self.no_step_reason, "recording_by": self.recording_by}
        return said | {name: text for name, text in more.items() if text}
