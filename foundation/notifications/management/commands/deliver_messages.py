"""`deliver_messages`: send what is due, without a worker."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import Message


class Command(BaseCommand):
    """Does once what the worker does all the time; any number may run beside each other."""

    help = "Send the messages that are due, and say how many were handed over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=300, help="stop after so many seconds (default 300)")
        parser.add_argument("--batch", type=int, default=50, help="messages per connection (default 50)")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = deliver_due(seconds=options["seconds"], batch=max(1, options["batch"]))
        left = Message.objects.filter(state__in=Message.OPEN).count()
        parked = Message.objects.parked().count()
        self.stdout.write(f"{sent} sent, {left} waiting, {parked} failed")
