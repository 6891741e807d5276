"""The words of messages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
