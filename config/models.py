"""Signs of life, kept in the database: they tell of a dead broker, too."""

from __future__ import annotations

from django.db import models

from foundation.journal.models import ClockTimestamp


class Sign(models.Model):
    """When one of the parts that run beside the web was last alive: `beat`, `worker`, or a `round` through both."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Trouble(models.Model):
    """A check that is red, told to the administrators once; the row goes when it is green again."""

    code = models.CharField(max_length=20, primary_key=True)
    since = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.code
