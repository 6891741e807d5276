"""A record with a machine, for tests only: its table is made by the owner and belongs to no app's migrations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import actions, condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.registry import event_type
from foundation.journal.states import StateField

PACKED = event_type("testparcel.packed", _("Parcel %(number)s packed"))
SENT = event_type("testparcel.sent", _("Parcel %(number)s sent"))
LOST = event_type("testparcel.lost", _("Parcel %(number)s lost"))


@condition("Weigh it first.")
def is_weighed(parcel: Any) -> bool:
    return parcel.weight > 0


@condition(lambda parcel: f"Parcel {parcel.number} has no address.")
def has_address(parcel: Any) -> bool:
    return bool(parcel.address)


@guarded("status")
class Parcel(Subject):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PACKED = "packed", _("Packed")
        SENT = "sent", _("Sent")
        LOST = "lost", _("Lost")

    PATH = ("open", "packed", "sent")
    number = models.CharField(max_length=20, default="P-1")
    address = models.CharField(max_length=20, default="", blank=True)
    weight = models.IntegerField(default=0)
    notes = models.JSONField(default=list)
    packed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    touched_at = models.DateTimeField(auto_now=True)
    status = StateField(choices=Status.choices, default=Status.OPEN, editable=False)

    class Meta:
        app_label = "testparcels"

    def __str__(self) -> str:
        return self.number

    def journal_facts(self) -> dict[str, Any]:
        return {"number": self.number}

    @transition(
        status, source="open", target="packed", label="Pack", event="testparcel.packed", permission="accounts.view_team"
    )
    def pack(self, *, note: str = "") -> None:
        self.packed_by = self.acting_user
        self.notes.append(note)

    @transition(
        status,
        source="packed",
        target="sent",
        label="Send",
        event="testparcel.sent",
        primary=True,
        when=[is_weighed, has_address],
    )
    def send(self) -> None:
        self.weight += 1

    @transition(status, source=["open", "packed"], target="lost", label="Lose", event="testparcel.lost", danger=True)
    def lose(self) -> None:
        raise RuntimeError("in the middle of it")


actions.register(Parcel, "pack", service=None)
actions.register(Parcel, "send", service=None)
actions.register(Parcel, "lose", service=None)
actions.add(Parcel, "weigh", label="Weigh", service=None, available=lambda parcel, user: parcel.weight == 0)


def make_table() -> Iterator[None]:
    """Create the table with its trigger as the owner, and remove it at the end."""
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        editor.create_model(Parcel)
    for model, trigger in pgtrigger.registered():
        if model is Parcel:
            trigger.install(Parcel, database="owner")
    # Committed here, since a test that rolls it back would leave a stale entry in the cache of content types.
    ContentType.objects.get_for_model(Parcel)
    yield
    ContentType.objects.clear_cache()
    with owner.cursor() as cursor:
        cursor.execute("DROP TABLE testparcels_parcel")
        cursor.execute("DELETE FROM django_content_type WHERE app_label = 'testparcels'")
