"""Those who are heard on a recording agreed to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.records import ServiceRecord


class AgreedHow(models.TextChoices):
    """How we know that somebody agreed to be recorded."""

    ASKED = "asked", pgettext_lazy("consent to a recording", "Asked before it began")
    SAID = "said", pgettext_lazy("consent to a recording", "Said on the recording itself")
    WRITTEN = "written", pgettext_lazy("consent to a recording", "In writing")
    ANNOUNCED = "announced", pgettext_lazy("consent to a recording", "Stayed on the line after the announcement")
    KEY = "key", pgettext_lazy("consent to a recording", "Pressed a key after the announcement")


class RecordingConsent(models.Model):
    """How and when those who are heard agreed. Added by the application and never changed.

    Who agreed is the contact of the record, or a name among its words, which can be erased.
    """

    record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, primary_key=True, related_name="recording_consent"
    )
    how = models.CharField(_("how"), max_length=12, choices=AgreedHow.choices)
    agreed_at = models.DateTimeField(_("agreed"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("consent to a recording")
        verbose_name_plural = _("consents to recordings")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.record_id}: {self.how}"
