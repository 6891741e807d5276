"""`load_defaults`: the rows that every installation starts with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from foundation.accounts.defaults import all_defaults


class Command(BaseCommand):
    """Adds what is missing and overwrites nothing, so it runs at every start and upgrade."""

    help = "Load roles, calendars, targets, templates and other defaults; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for one in all_defaults():
            with transaction.atomic():
                added = one.load()
            self.stdout.write(f"{one.name}: {added} added")
