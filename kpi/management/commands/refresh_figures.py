"""`refresh_figures`: what the worker does every minute, by hand or from cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kpi.services import refresh_figures


class Command(BaseCommand):
    help = "Counts the days again that something has touched since. Prints how many."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(refresh_figures()))
