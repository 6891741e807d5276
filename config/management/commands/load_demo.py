"""`manage.py load_demo`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.load import CannotLoad, load


class Command(BaseCommand):
    """The demo company: its people, customers and a year of business that ends now."""

    help = "Load a believable company with a year of history; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="also beside customers that exist already")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load(self.stdout.write, force=options["force"])
        except CannotLoad as reason:
            raise CommandError(str(reason)) from reason
        if not loaded:
            self.stdout.write("The demo company is here already: nothing has changed.")
