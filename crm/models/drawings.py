"""What belongs to a technical request: its dimensions, questions back, and the drawings in their revisions."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.sample_policy import DecidedBy
from crm.models.technical import TechnicalRequest, letter_of
from foundation.journal.models import Attachment


class Dimension(models.Model):
    """One measure of what is wanted."""

    class Name(models.TextChoices):
        LENGTH = "length", pgettext_lazy("dimension", "Length")
        WIDTH = "width", pgettext_lazy("dimension", "Width")
        HEIGHT = "height", pgettext_lazy("dimension", "Height")
        THICKNESS = "thickness", pgettext_lazy("dimension", "Thickness")
        WEAR_LAYER = "wear_layer", pgettext_lazy("dimension", "Wear layer")
        GAP = "gap", pgettext_lazy("dimension", "Gap")
        DIAMETER = "diameter", pgettext_lazy("dimension", "Diameter")
        OTHER = "other", pgettext_lazy("dimension", "Other")

    class Unit(models.TextChoices):
        MM = "mm", "mm"
        CM = "cm", "cm"
        M = "m", "m"
        INCH = "in", "in"

    request = models.ForeignKey(
        TechnicalRequest, on_delete=models.CASCADE, related_name="dimensions", verbose_name=_("technical request")
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"))
    name = models.CharField(_("dimension"), max_length=12, choices=Name.choices)
    value = models.DecimalField(
        _("value"), max_digits=10, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    unit = models.CharField(_("unit"), max_length=4, choices=Unit.choices, default=Unit.MM)
    tolerance = models.CharField(_("tolerance"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        default_permissions = ()
        ordering = ("position", "pk")
        constraints = [models.CheckConstraint(name="crm_dimension_some", condition=Q(value__gt=0))]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.value.normalize():f} {self.unit} {self.tolerance}".strip()


class TechnicalQuestion(models.Model):
    """What the technical team has to know before it can draw, and the answer."""

    class To(models.TextChoices):
        SALES = "sales", pgettext_lazy("asked person", "The salesperson")
        CUSTOMER = "customer", pgettext_lazy("asked person", "The customer")

    request = models.ForeignKey(
        TechnicalRequest, on_delete=models.PROTECT, related_name="questions", verbose_name=_("technical request")
    )
    to = models.CharField(_("asked"), max_length=10, choices=To.choices)
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=120, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("question about a technical request")
        verbose_name_plural = _("questions about technical requests")
        default_permissions = ()
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(answered_at=None), name="crm_technicalquestion_one_open"
            ),
            models.CheckConstraint(
                name="crm_technicalquestion_whole", condition=Q(answered_at=None) | ~Q(answer="") & ~Q(answered_by="")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


_AS_DRAWN = (
    pgtrigger.Q(old__request_id__df=pgtrigger.F("new__request_id"))
    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
    | pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
    | pgtrigger.Q(old__note__df=pgtrigger.F("new__note"))
    | pgtrigger.Q(old__drawn_by_id__df=pgtrigger.F("new__drawn_by_id"))
    | pgtrigger.Q(old__drawn_at__df=pgtrigger.F("new__drawn_at"))
)


@pgtrigger.register(
    pgtrigger.Protect(
        name="revision_as_drawn", operation=pgtrigger.Update, condition=_AS_DRAWN | ~pgtrigger.Q(old__outcome="")
    ),
    pgtrigger.Protect(name="revision_stays", operation=pgtrigger.Delete),
)
class DrawingRevision(models.Model):
    """One revision of the drawings as it was submitted; once the customer, or the second person, has spoken it never changes."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("drawing", "Approved")
        CHANGES = "changes", pgettext_lazy("drawing", "Changes wanted")
        RETURNED = "returned", pgettext_lazy("drawing", "Returned by the second person")

    request = models.ForeignKey(
        TechnicalRequest, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("technical request")
    )
    number = models.PositiveSmallIntegerField(_("revision"))
    digest = models.CharField(_("digest of the content"), max_length=64)
    note = models.TextField(_("what it shows, or what has changed"), max_length=2000, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("drawn by")
    )
    drawn_at = models.DateTimeField(_("drawn"), db_default=Now())
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released"), null=True)
    sent_at = models.DateTimeField(_("sent to the customer"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    decided_by = models.CharField(_("who decided"), max_length=120, blank=True)
    decided_via = models.CharField(_("decision heard by"), max_length=10, choices=DecidedBy.choices, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("revision of drawings")
        verbose_name_plural = _("revisions of drawings")
        default_permissions = ("view",)
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="crm_drawingrevision_once"),
            models.CheckConstraint(
                name="crm_drawingrevision_second_person",
                condition=Q(released_by=None) | Q(drawn_by=None) | ~Q(released_by=F("drawn_by")),
            ),
            models.CheckConstraint(
                name="crm_drawingrevision_sent_released", condition=Q(sent_at=None) | Q(released_at__isnull=False)
            ),
            models.CheckConstraint(
                name="crm_drawingrevision_decided_whole",
                condition=Q(outcome="", decided_at=None)
                | (Q(outcome="returned", decided_at__isnull=False) & ~Q(remark=""))
                | (Q(outcome__in=["approved", "changes"], decided_at__isnull=False, sent_at__isnull=False)),
            ),
            models.CheckConstraint(name="crm_drawingrevision_digest", condition=~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.request.number}-{self.letter}"

    @property
    def letter(self) -> str:
        """A, B, C …"""
        return letter_of(self.number)


@pgtrigger.register(
    pgtrigger.Protect(name="drawing_as_drawn", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="drawing_in_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("taken", "boolean")],
        func="""
            SELECT r.released_at IS NOT NULL OR r.outcome <> '' INTO taken
              FROM crm_drawingrevision r WHERE r.id = NEW.revision_id;
            IF taken THEN
                RAISE EXCEPTION 'pgtrigger: nothing joins a revision that was released or decided about';
            END IF;
            RETURN NEW;
        """,
    ),
)
class DrawingFile(models.Model):
    """One file of a revision; neither changes nor goes, and none joins later."""

    revision = models.ForeignKey(
        DrawingRevision, on_delete=models.PROTECT, related_name="files", verbose_name=_("revision")
    )
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    digest = models.CharField(_("digest of the content"), max_length=64)

    class Meta:
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        default_permissions = ()
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.attachment)
