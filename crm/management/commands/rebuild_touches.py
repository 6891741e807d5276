"""`rebuild_touches`: the touches that conversations and messages have left, and when the next ones are due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from crm.services.cadence import rebuild_touches


class Command(BaseCommand):
    """It may be run again at any time: what is there stays."""

    help = "Makes the touches that are missing and works out for every customer when the next one is due."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_touches()} touches")
