"""`python -m benchmarks.soak.postman`: a process that sends what is due whenever beat would ring, until it is ended."""

from __future__ import annotations

import argparse
import os
import random
import signal
import time
from typing import Any

import django


def die_over(address: str) -> None:
    """Let the operating system end this process, as if for lack of memory, when it builds the letter to this address."""
    from foundation.notifications.channels import email

    build = email.letter

    def letter(message: Any, connection: Any) -> Any:
        if message.to_address == address:
            os.kill(os.getpid(), signal.SIGKILL)
        return build(message, connection)

    email.letter = letter


def hurry(times: float) -> None:
    """Let all waiting pass so many times faster: between attempts, and for an answer of the server."""
    from django.conf import settings

    from foundation.notifications import delivery

    delivery.WAITS = tuple(seconds / times for seconds in delivery.WAITS)
    settings.EMAIL_TIMEOUT = max(0.5, settings.EMAIL_TIMEOUT / times)


def main() -> None:
    """Ring, wait, ring again, on the database and with the mail server of the environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=float, required=True, help="seconds between two rings")
    parser.add_argument("--hurry", type=float, default=1, help="how much faster waiting passes")
    parser.add_argument("--deadly", default="", help="an address over whose message the process dies")
    options = parser.parse_args()
    django.setup()
    from foundation.notifications.delivery import deliver_due

    hurry(options.hurry)
    if options.deadly:
        die_over(options.deadly)
    time.sleep(random.uniform(0, min(options.every, 1)))
    while True:
        begun = time.monotonic()
        deliver_due(seconds=20)
        time.sleep(max(0.0, options.every - (time.monotonic() - begun)))


if __name__ == "__main__":
    main()
