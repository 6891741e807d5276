"""The house's addresses, and a page for the record that the tests write from."""

from __future__ import annotations

from typing import Any

from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as house
from foundation.accounts.models import Team
from foundation.lists.pages import RecordPage

__all__ = ["handler403", "handler404", "handler500"]


class CratePage(RecordPage):
    """A record page that a stage would declare."""

    model = Team
    name = "crate"
    type_label = "Crate"

    def visible(self, user: Any) -> Any:
        return Team.objects.exclude(name="Hidden")


urlpatterns = [*CratePage().urls("crates/"), *house]
