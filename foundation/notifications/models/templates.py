"""The words of messages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp

# What a template says, by the names of its fields.
WORDS = ("subject", "body", "sms")


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
    # Gateways of mainland China send nothing but texts that were approved beforehand, each under its own code.
    approved_id = models.CharField(
        _("code of the approved text message"),
        max_length=60,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "Given by the gateway for mainland China once it has approved this text, for example SMS_154950909."
        ),
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

    def journal_facts(self) -> dict[str, Any]:
        """What the journal says of it."""
        return {"template": self.key, "language": self.language, "version": self.version}

    def get_absolute_url(self) -> str:
        """The page on which its words are edited, in all languages."""
        return reverse("notifications:template", args=[self.key])


class TemplateVersion(models.Model):
    """The words of a template as they were from one moment on: written once, never changed, so that a message can show them."""

    class Origin(models.TextChoices):
        SHIPPED = "shipped", _("came with the house")
        EDITED = "edited", _("edited")
        RESTORED = "restored", _("earlier words put back")
        RESET = "reset", _("shipped words put back")

    # By name, not by row: what was said stays even if the template goes.
    key = models.CharField(_("key"), max_length=60)
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text of the email"), blank=True)
    sms = models.TextField(_("text message"), blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.EDITED)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        default_permissions = ("view",)
        ordering = ("key", "language", "-number")
        constraints = [
            # also read by the history of one template, newest first
            models.UniqueConstraint(fields=["key", "language", "number"], name="notifications_version_once"),
            models.CheckConstraint(
                name="notifications_version_origin_known",
                condition=models.Q(origin__in=["shipped", "edited", "restored", "reset"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.language}) {self.number}"
