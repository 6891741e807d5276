"""The application's own inbox."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.models import ClockTimestamp, Event


class InboxItem(models.Model):
    """One line in a colleague's inbox, with the way to the record that it is about."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox", verbose_name=_("user")
    )
    # As with messages: it may outlive its event.
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    template_key = models.CharField(max_length=60, blank=True)
    # Alerts of one topic are not repeated while the first is unread.
    topic = models.CharField(max_length=120, blank=True)
    text = models.CharField(pgettext_lazy("of a message", "text"), max_length=250)
    detail = models.TextField(_("detail"), blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        default_permissions = ()
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "template_key"], name="notifications_inbox_once"),
            models.UniqueConstraint(
                fields=["user", "topic"],
                name="notifications_one_unread_alert",
                condition=Q(read_at=None) & ~Q(topic=""),
            ),
        ]
        indexes = [
            # the inbox page
            models.Index(fields=["user", "-created_at"], name="notifications_inbox"),
            # the bell's number
            models.Index(fields=["user"], name="notifications_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.text
