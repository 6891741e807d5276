"""The signed paper that must come back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.machine import Refused, condition, guarded, transition
from foundation.journal.models import Attachment, Subject
from foundation.journal.states import StateField
from logistics.models.shipments import Shipment


@condition(_("The goods are not signed for yet."))
def is_signed(pod: ProofOfDelivery) -> bool:
    """The paper of an unsigned shipment proves nothing."""
    return pod.shipment.status == Shipment.Status.SIGNED


@condition(_("There is no scan of the signed paper yet."))
def has_scan(pod: ProofOfDelivery) -> bool:
    """Only a paper that can be looked at again is filed."""
    return pod.scan_id is not None


@guarded("status")
class ProofOfDelivery(Subject):
    """What was signed, by whom and with which remarks; due back from the carrier, filed in a second step."""

    READ_WITH = ("shipment__customer", "shipment__carrier", "shipment__owner__manager", "shipment__owner__team__lead")

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        RECEIVED = "received", _("Received, to be checked")
        REJECTED = "rejected", _("Unreadable, asked for again")
        ARCHIVED = "archived", pgettext_lazy("proof of delivery", "Archived")

    PATH = ("expected", "received", "archived")
    ASIDE = ("rejected",)
    record_icon = "file"

    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="pod", verbose_name=_("shipment"))
    status = StateField(_("status"), max_length=12, choices=Status.choices, default=Status.EXPECTED, editable=False)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    signer_name = models.CharField(_("received by"), max_length=120, blank=True)
    signature = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signature")
    )
    no_signature_reason = models.CharField(_("why there is no signature"), max_length=200, blank=True)
    shortages = models.TextField(_("shortages"), blank=True)
    damage = models.TextField(_("damage"), blank=True)
    scan = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scan")
    )
    received_at = models.DateTimeField(_("received at"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    rejected_reason = models.CharField(_("why it was sent back"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("proof of delivery")
        verbose_name_plural = _("proofs of delivery")
        default_permissions = ("view",)
        permissions = [
            ("receive_pod", _("Can enter proofs of delivery")),
            ("archive_pod", _("Can check and archive proofs of delivery")),
        ]
        constraints = [
            models.CheckConstraint(
                name="logistics_pod_archived_has_scan",
                condition=~Q(status="archived") | (Q(scan__isnull=False) & Q(archived_at__isnull=False)),
            ),
        ]
        indexes = [
            # papers that are overdue, oldest first
            models.Index(fields=["due_on"], name="logistics_pod_due", condition=~Q(status="archived")),
        ]

    def __str__(self) -> str:
        return _t("Proof of delivery of %(number)s") % {"number": self.shipment.number}

    def get_absolute_url(self) -> str:
        """The paper has no page of its own: it lies on the shipment's."""
        return self.shipment.get_absolute_url()

    def journal_facts(self) -> dict[str, Any]:
        """The shipment's facts, and whether something was wrong with the goods."""
        return {
            **self.shipment.journal_facts(),
            "shipment_id": self.shipment_id,
            "due_on": self.due_on,
            "has_shortages": bool(self.shortages),
            "has_damage": bool(self.damage),
        }

    def customer_ref(self) -> int | None:
        """The shipment's customer."""
        return self.shipment.customer_id

    @property
    def number(self) -> str:
        """The paper goes by its shipment's number."""
        return self.shipment.number

    @property
    def is_clean(self) -> bool:
        """Everything arrived, whole."""
        return not (self.shortages or self.damage)

    @transition(
        status,
        source=[Status.EXPECTED, Status.REJECTED],
        target=Status.RECEIVED,
        label=_("Enter the proof of delivery"),
        permission="logistics.receive_pod",
        event="pod.received",
        primary=True,
        when=[is_signed],
    )
    def receive(self, *, at: Any, scan: Attachment) -> None:
        """The signed paper is back and scanned."""
        self.scan, self.received_at, self.rejected_reason = scan, at, ""

    @transition(
        status,
        source=Status.RECEIVED,
        target=Status.REJECTED,
        label=_("Unreadable: ask again"),
        permission="logistics.archive_pod",
        event="pod.rejected",
    )
    def reject(self, *, reason: str) -> None:
        """The scan does not show what was delivered and signed."""
        if not reason.strip():
            raise Refused(_t("Say what is wrong with the paper."), reason="input", field="reason")
        self.rejected_reason = reason.strip()

    @transition(
        status,
        source=Status.RECEIVED,
        target=Status.ARCHIVED,
        label=_("Check and archive"),
        permission="logistics.archive_pod",
        event="pod.archived",
        primary=True,
        when=[is_signed, has_scan],
    )
    def archive(self, *, at: Any) -> None:
        """Looked at a second time and filed."""
        self.archived_at = at
