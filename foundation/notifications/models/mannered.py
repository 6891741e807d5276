"""What a message remembers of the manners that were observed with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mannered(models.Model):
    """The columns of a message that say what kind it is, where its reader lives, and what it waits for."""

    kind = models.CharField(_("kind"), max_length=40, blank=True, default="", db_default="")
    is_urgent = models.BooleanField(_("urgent"), default=False, db_default=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="", db_default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="", db_default="")
    # Why it does not go out before `next_attempt_at`: a code of `manners.reasons`, empty for retries and plain delays.
    waits_for = models.CharField(_("waits for"), max_length=20, blank=True, default="", db_default="")
    # One at most for each message: the constraint settles which of two workers writes it.
    fallback_of = models.OneToOneField(
        "notifications.Message",
        on_delete=models.SET_NULL,
        null=True,
        related_name="fallback",
        verbose_name=_("instead of"),
    )

    class Meta:
        abstract = True
