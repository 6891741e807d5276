"""Calls that reach us: announced by the telephone system or typed in, waiting until somebody has noted what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from crm.models.consents import AgreedHow
from crm.models.customers import Contact, Customer, owned_within
from crm.models.records import ServiceRecord
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.ui.addresses import record_url
from foundation.ui.phones import shown_phone


class IncomingCallQuerySet(models.QuerySet["IncomingCall"]):
    """Questions about sets of incoming calls."""

    def visible_to(self, user: Any) -> IncomingCallQuerySet:
        """All; or one's own, those of customers whom one sees, and those of unknown numbers."""
        if user.has_perm("crm.view_all_customers"):
            return self
        known = Q(customer__isnull=False) & owned_within(user, "customer__")
        return self.filter(Q(owner=user.pk) | known | Q(customer=None, owner=None))

    def waiting(self) -> IncomingCallQuerySet:
        """Calls of which nobody has noted what was said."""
        return self.filter(status=IncomingCall.Status.WAITING)


@guarded("status")
class IncomingCall(Subject):
    """Somebody called us."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("To be noted")
        NOTED = "noted", _("Noted")
        DISMISSED = "dismissed", pgettext_lazy("incoming call", "Nothing to note")

    PATH = ("waiting", "noted")

    status = StateField(_("status"), choices=Status.choices, default=Status.WAITING, editable=False)
    # The telephone system's own name of the call; several notices tell of one.
    external_id = models.CharField(max_length=120, null=True, unique=True, editable=False)  # noqa: DJ001 - null is "typed"
    phone = PhoneNumberField(_("phone"), blank=True)
    phone_typed = models.CharField(_("phone as written"), max_length=40, blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, related_name="incoming_calls", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("contact")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="incoming_calls",
        verbose_name=_("colleague"),
    )
    extension = models.CharField(_("extension"), max_length=40, blank=True)
    began_at = models.DateTimeField(_("began"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)
    is_missed = models.BooleanField(_("nobody answered"), default=False)
    recording_url = models.URLField(_("recording"), max_length=500, blank=True)
    # what the telephone system tells of the caller's consent to it
    consent_how = models.CharField(
        _("how the caller agreed to the recording"), max_length=12, choices=AgreedHow.choices, blank=True
    )
    consent_at = models.DateTimeField(_("agreed"), null=True)
    service_record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, null=True, editable=False, related_name="incoming_call"
    )
    noted_at = models.DateTimeField(_("noted"), null=True, editable=False)

    record_icon = "phone"

    objects = IncomingCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming call")
        verbose_name_plural = _("incoming calls")
        default_permissions = ("view",)
        permissions = [("note_incomingcall", "Can note incoming calls")]
        constraints = [
            models.CheckConstraint(
                name="crm_incomingcall_noted_has_record",
                condition=~Q(status="noted") | Q(service_record__isnull=False),
            )
        ]
        indexes = [
            # what waits, the newest first
            models.Index(fields=["-began_at", "-id"], name="crm_incoming_waiting", condition=Q(status="waiting")),
            models.Index(fields=["-began_at", "-id"], name="crm_incoming_order"),
        ]

    def __str__(self) -> str:
        return self.shown_number or str(_("Unknown number"))

    @property
    def shown_number(self) -> str:
        """The number in international writing, or as it came."""
        return shown_phone(self.phone) if self.phone else self.phone_typed

    def get_absolute_url(self) -> str:
        """The page on which it is noted."""
        return record_url("crm:incoming-call", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """Never the number."""
        return {"status": self.status, "channel": "phone", "is_missed": self.is_missed, "owner_id": self.owner_id}

    @transition(
        status,
        source="waiting",
        target="noted",
        label=pgettext_lazy("verb", "Note the call"),
        permission="crm.note_incomingcall",
        event="incoming_call.noted",
        primary=True,
    )
    def note(
        self, *, customer: Customer, contact: Contact | None, record: ServiceRecord, by: Any, at: datetime
    ) -> None:
        """What was said is kept as a service record."""
        self.customer, self.contact, self.service_record = customer, contact, record
        self.owner, self.noted_at = by, at

    @transition(
        status,
        source="waiting",
        target="dismissed",
        label=_("Nothing to note"),
        permission="crm.note_incomingcall",
        event="incoming_call.dismissed",
    )
    def dismiss(self, *, by: Any, at: datetime) -> None:
        """A wrong number, or advertising."""
        self.owner, self.noted_at = by, at


class PhoneNotice(models.Model):
    """A notice of the telephone system that was taken in. The same one again has no effect."""

    id = models.CharField(primary_key=True, max_length=120)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("notice of the telephone system")
        verbose_name_plural = _("notices of the telephone system")
        default_permissions = ()
        # those older than any accepted date are swept
        indexes = [models.Index(fields=["received_at"], name="crm_phonenotice_received")]

    def __str__(self) -> str:
        return self.id
