"""Which event sends which words to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def default_channels() -> list[str]:
    """Email first, then a text message."""
    return ["email", "sms"]


class Rule(models.Model):
    """When this happens, tell these people in these words, by these channels in this order."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    event = models.CharField(_("event"), max_length=60)
    audience = models.CharField(_("audience"), max_length=40)
    template_key = models.CharField(_("template"), max_length=60)
    channels = models.JSONField(_("channels"), default=default_channels, help_text=_("In order of preference."))
    every_channel = models.BooleanField(
        _("on every channel"),
        default=False,
        help_text=_(
            "Otherwise the first channel by which the recipient can be reached; the inbox always gets its entry."
        ),
    )
    condition = models.JSONField(
        _("condition"),
        default=dict,
        blank=True,
        help_text=_('Facts that must hold, such as {"mode": "air"} or {"tier": ["gold", "silver"]}. Empty: always.'),
    )
    delay = models.DurationField(_("wait before sending"), default=timedelta(0))
    lasts = models.DurationField(
        _("stays true for"),
        null=True,
        blank=True,
        help_text=_("Counted from the event; what is not out by then is called off. Empty: for ever."),
    )
    # What the house itself says in `lasts`: where both agree, nobody has changed it, and a newer release may.
    shipped_lasts = models.DurationField(null=True, editable=False)
    attach = models.CharField(_("attached papers"), max_length=60, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False, help_text=_("Is sent during quiet hours too."))
    kind = models.ForeignKey(
        "notifications.MessageKind",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind"),
        help_text=_("Empty: the kind that belongs to its event."),
    )
    fallback_after = models.DurationField(
        _("if not delivered within"),
        null=True,
        blank=True,
        help_text=_("Hours:minutes:seconds without a receipt, such as 02:00:00. Empty: no second attempt."),
    )
    fallback_to = models.CharField(_("then send by"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("message rule")
        verbose_name_plural = _("message rules")
        ordering = ("event", "key")
        constraints = [
            models.CheckConstraint(name="notifications_rule_waits_forward", condition=Q(delay__gte=timedelta(0))),
            models.CheckConstraint(
                name="notifications_rule_lasts_beyond_its_wait",
                condition=Q(lasts=None) | Q(lasts__gt=F("delay")),
                violation_error_message=_("A message must stay true for longer than it waits."),
            ),
            models.CheckConstraint(
                name="notifications_fallback_is_whole",
                condition=Q(fallback_after=None, fallback_to="")
                | Q(fallback_after__gte=timedelta(minutes=1)) & ~Q(fallback_to=""),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def journal_facts(self) -> dict[str, Any]:
        """What the journal says of it."""
        return {"rule": self.key, "event": self.event, "is_active": self.is_active}

    def get_absolute_url(self) -> str:
        """The page on which it is edited."""
        return reverse("notifications:rule", args=[self.pk])

    def clean(self) -> None:
        """Refuse a rule that could never work, naming what is wrong."""
        from foundation.notifications.validation import check_rule

        check_rule(self)
