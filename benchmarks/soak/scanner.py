"""`python -m benchmarks.soak.scanner`: a process that does what a worker does when beat rings, until it is ended."""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta

import django
import time_machine

STEP = timedelta(minutes=5)


def main() -> None:
    """Ring, wait, ring again; with --steps the process believes in another time of the day before each ring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=float, required=True, help="seconds between two rings")
    parser.add_argument("--steps", action="store_true", help="let this process's clock jump by five minutes")
    options = parser.parse_args()
    django.setup()
    from foundation.sla.tasks import scan_due

    time.sleep(random.uniform(0, options.every))
    while True:
        begun = time.monotonic()
        if options.steps:
            with time_machine.travel(datetime.now(UTC) + random.choice([-STEP, STEP])):
                scan_due()
        else:
            scan_due()
        time.sleep(max(0.0, options.every - (time.monotonic() - begun)))


if __name__ == "__main__":
    main()
