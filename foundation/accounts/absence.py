"""Who is away, and whose work is in whose hands meanwhile."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.addresses import record_url


class LeaveQuerySet(models.QuerySet["Leave"]):
    """Questions about sets of absences."""

    def standing(self) -> LeaveQuerySet:
        """Those that nobody called off."""
        return self.filter(cancelled_at=None)


class Leave(models.Model):
    """Days on which somebody is not here, in their own time zone, both ends included."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        SICK = "sick", _("Illness")
        OTHER = "other", _("Other")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leaves", verbose_name=_("colleague")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HOLIDAY)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deputy"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    begun_at = models.DateTimeField(_("begun"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("called off"), null=True, editable=False)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("first_day", "pk")
        default_permissions = ("view",)
        permissions = [
            ("manage_leave", _("Can enter absences of colleagues")),
            ("hand_over_work", _("Can hand over the work of colleagues")),
        ]
        constraints = [
            models.CheckConstraint(
                name="accounts_leave_in_order", condition=models.Q(last_day__gte=models.F("first_day"))
            )
        ]
        indexes = [
            # who is away now
            models.Index(fields=["last_day"], name="accounts_leave_now", condition=models.Q(cancelled_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"


class HandOver(models.Model):
    """All or some of a colleague's open work, given to others in one step; on `back_on` what is still open goes back."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="handovers", verbose_name=_("colleague")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    leave = models.OneToOneField(
        Leave, on_delete=models.SET_NULL, null=True, related_name="handover", verbose_name=_("absence")
    )
    back_on = models.DateField(_("back on"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    returned_at = models.DateTimeField(_("given back"), null=True, editable=False)

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        default_permissions = ("view",)
        ordering = ("-pk",)
        indexes = [
            # what goes back on a day
            models.Index(
                fields=["back_on"],
                name="accounts_handover_back",
                condition=models.Q(returned_at=None, back_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} #{self.pk}"

    def get_absolute_url(self) -> str:
        """What was handed to whom, and what was refused."""
        return record_url("accounts:handover", self.pk)


class HandedItem(models.Model):
    """One record of a hand-over: to whom it went, or why not, and what became of it on the day of the return."""

    class State(models.TextChoices):
        GIVEN = "given", _("Handed over")
        REFUSED = "refused", _("Refused")
        RETURNED = "returned", _("Given back")
        KEPT = "kept", _("Stays where it is")

    handover = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="items")
    kind = models.SlugField(_("kind"), max_length=30)
    object_id = models.BigIntegerField()
    label = models.CharField(_("record"), max_length=200)
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("to whom")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.GIVEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("handed-over record")
        verbose_name_plural = _("handed-over records")
        default_permissions = ()
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["handover", "kind", "object_id"], name="accounts_handed_once")]
        indexes = [
            # whether somebody who got a record has lent it on
            models.Index(fields=["kind", "object_id"], name="accounts_handed_record")
        ]

    def __str__(self) -> str:
        return self.label
