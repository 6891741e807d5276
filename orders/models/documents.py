"""Trade documents of an order, each looked at by a second person before it goes out (ORD-9)."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.names import Named
from crm.models import Customer
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Attachment, Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from orders.models.orders import Order


class DocumentKind(Named):
    """A kind of trade document that an administrator names in four languages."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("kind of trade document")
        verbose_name_plural = _("kinds of trade documents")
        ordering = ("position", "code")


class DocumentQuerySet(SearchableQuerySet):
    """Questions about sets of trade documents."""

    def to_check(self) -> DocumentQuerySet:
        """Submitted, and nobody has looked yet."""
        return self.filter(status="submitted")


@condition(_("A second person checks the document: not one who submitted this or an earlier version of it."))
def is_second_person(document: TradeDocument) -> bool:
    """Four eyes. The machine tells who acts; the database refuses whoever submitted the version too."""
    actor = getattr(document, "acting_user", None)
    return actor is None or actor.pk not in document.hands


@guarded("status")
class TradeDocument(Subject, Searchable):
    """One paper of an order through all its versions; what is approved is the content with `digest` and no other."""

    READ_WITH = ("kind", "customer", "order__contact", "order__owner__manager", "order__owner__team__lead")

    class Status(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("document", "To be checked")
        RETURNED = "returned", pgettext_lazy("document", "Returned")
        APPROVED = "approved", pgettext_lazy("document", "Approved")

    PATH = (Status.SUBMITTED, Status.APPROVED)
    ASIDE = (Status.RETURNED,)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), max_length=12, choices=Status.choices, default=Status.SUBMITTED, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents", verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="documents", verbose_name=_("customer")
    )
    kind = models.ForeignKey(DocumentKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    reference = models.CharField(_("number on the document"), max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    digest = models.CharField(_("digest of the content"), max_length=64, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), db_default=Now(), editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_digest = models.CharField(_("digest that was approved"), max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "reference")
    record_icon = "document-check"

    objects = SearchableManager.from_queryset(DocumentQuerySet)()

    class Meta:
        verbose_name = _("trade document")
        verbose_name_plural = _("trade documents")
        default_permissions = ("view",)
        permissions = [
            ("submit_document", "Can submit a trade document"),
            ("check_document", "Can check and approve a trade document"),
        ]
        constraints = [
            models.CheckConstraint(
                name="orders_document_second_person",
                condition=Q(approved_by=None) | Q(submitted_by=None) | ~Q(approved_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="orders_document_approved_as_it_is",
                condition=~Q(status="approved")
                | Q(approved_digest=F("digest"), approved_by__isnull=False, approved_at__isnull=False),
            ),
        ]
        indexes = [
            search_index("orders_tradedocument"),
            # the list in its default order
            models.Index(fields=["-submitted_at", "-id"], name="orders_document_submitted"),
            # the checkers' worklist and its counter
            models.Index(fields=["submitted_at"], name="orders_document_to_check", condition=Q(status="submitted")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The document's page."""
        return record_url("orders:document", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks, rules and figures may ask about this document."""
        owner, customer = self.order.owner, self.customer
        return {
            "number": self.number,
            "status": self.status,
            "kind": self.kind.code,
            "order": self.order.number,
            "version": self.version,
            "digest": self.digest,
            "owner_id": owner.pk if owner else None,
            "team_id": owner.team_id if owner else None,
            "language": customer.language,
            "time_zone": customer.time_zone,
            "tier": customer.tier,
            "country": customer.country,
        }

    def search_texts(self) -> list[str]:
        """Found by the customer and the kind in every language."""
        return [self.customer.name, self.customer.local_name, *self.kind.all_names()]

    def search_numbers(self) -> list[str]:
        """Found by its own number, the one printed on it, and the order's."""
        return [self.number, self.reference, self.order.number]

    @property
    def owner(self) -> Any:
        """Whoever looks after the order."""
        return self.order.owner

    @property
    def hands(self) -> set[int]:
        """Who submitted any version, and therefore does not approve one."""
        return {one.submitted_by_id for one in self.versions.all() if one.submitted_by_id is not None}

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="submitted",
        target="approved",
        label=_("Approve"),
        permission="orders.check_document",
        event="document.approved",
        primary=True,
        when=[is_second_person],
    )
    def approve(self, *, by: Any) -> None:
        """Looked at by a second person, exactly as it lies here."""
        self.approved_by, self.approved_at, self.approved_digest = by, timezone.now(), self.digest

    @transition(
        status,
        source="submitted",
        target="returned",
        label=_("Return with an error"),
        permission="orders.check_document",
        event="document.returned",
        when=[is_second_person],
    )
    def send_back(self) -> None:
        """Something is wrong in it; the version keeps what."""

    @transition(
        status,
        source=["returned", "approved"],
        target="submitted",
        label=_("Submit a new version"),
        permission="orders.submit_document",
        event="document.submitted",
    )
    def submit_again(self, *, by: Any, digest: str) -> None:
        """Another content is another version, and is checked like the first; an earlier approval ends with it."""
        self.version, self.digest = self.version + 1, digest
        self.submitted_by, self.submitted_at = by, timezone.now()
        self.approved_by, self.approved_at, self.approved_digest = None, None, ""


@pgtrigger.register(
    pgtrigger.Protect(
        name="version_as_submitted",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__document_id__df=pgtrigger.F("new__document_id"))
        | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
        | pgtrigger.Q(old__attachment_id__df=pgtrigger.F("new__attachment_id"))
        | pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
        | pgtrigger.Q(old__submitted_by_id__df=pgtrigger.F("new__submitted_by_id"))
        | ~pgtrigger.Q(old__outcome=""),
    ),
    pgtrigger.Protect(name="version_stays", operation=pgtrigger.Delete),
)
class DocumentVersion(models.Model):
    """One version as it was submitted, and what its check found. Once checked it never changes."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("document", "Approved")
        RETURNED = "returned", pgettext_lazy("document", "Returned")

    class Error(models.TextChoices):
        AMOUNTS = "amounts", _("Amounts or prices")
        QUANTITIES = "quantities", _("Quantities, weights or packing")
        PARTIES = "parties", _("Names or addresses")
        GOODS = "goods", _("Description or HS code of the goods")
        TERMS = "terms", _("Terms, ports or dates")
        FORM = "form", _("Signature, stamp or legibility")
        OTHER = "other", _("Something else")

    document = models.ForeignKey(
        TradeDocument, on_delete=models.PROTECT, related_name="versions", verbose_name=_("trade document")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    digest = models.CharField(_("digest of the content"), max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted"), db_default=Now())
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    error = models.CharField(_("kind of error"), max_length=12, choices=Error.choices, blank=True)
    reason = models.TextField(_("what is wrong"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        verbose_name = _("version of a trade document")
        verbose_name_plural = _("versions of trade documents")
        ordering = ("-number",)
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="orders_documentversion_once"),
            models.CheckConstraint(
                name="orders_documentversion_check_is_whole",
                condition=Q(outcome="", checked_at=None, error="")
                | Q(outcome="approved", checked_at__isnull=False, error="")
                | (Q(outcome="returned", checked_at__isnull=False) & ~Q(error="") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="orders_documentversion_second_person",
                condition=Q(checked_by=None) | Q(submitted_by=None) | ~Q(checked_by=F("submitted_by")),
            ),
        ]
        indexes = [
            # the figure of errors among checked documents, by day
            models.Index(fields=["checked_at"], name="orders_documentversion_checked", condition=~Q(outcome=""))
        ]

    def __str__(self) -> str:
        return f"{self.document.number}-{self.number}"
