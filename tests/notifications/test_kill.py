"""Workers that are really killed (SIGKILL), as processes of their own."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from foundation.notifications.models import Message
from tests.notifications.sinks import MailSink

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS, WORKERS, KILLS = 200, 2, 4


def worker() -> subprocess.Popen[bytes]:
    """`manage.py deliver_messages` on the test database, with the test's mail server."""
    return started("manage.py", "deliver_messages", "--seconds", "60", "--batch", "10")


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """A Python process on the test database, with the test's mail server."""
    same_server = os.environ["DATABASE_URL"].rpartition("/")[0]  # an address, or the folder of a socket
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "KONTOR_EMBEDDED": "true",
        "DATABASE_URL": f"{same_server}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{django_settings.EMAIL_PORT}",
    }
    environment.pop("DATABASE_OWNER_URL", None)
    root, quiet = Path(django_settings.BASE_DIR), subprocess.DEVNULL
    return subprocess.Popen([sys.executable, *arguments], cwd=root, env=environment, stdout=quiet, stderr=quiet)


def test_killing_workers_loses_nothing_and_repeats_at_most_one_message_a_kill(waiting: Any, mail: MailSink) -> None:
    for number in range(ROWS):
        waiting(f"person{number}@example.com")
    mail.on_data = lambda: time.sleep(0.02)  # slow enough to be killed in the middle
    chance, killed = random.Random(11), 0
    running = [worker() for _ in range(WORKERS)]
    end = time.monotonic() + 90
    while any(one.poll() is None for one in running) and time.monotonic() < end:
        time.sleep(chance.uniform(0.1, 0.4))
        victim = chance.randrange(WORKERS)
        if killed < KILLS and mail.mails and running[victim].poll() is None:
            running[victim].kill()
            running[victim].wait()
            running[victim] = worker()
            killed += 1
    assert killed == KILLS
    assert worker().wait(60) == 0  # frees what the last one killed had claimed
    # What the killed ones had begun waits for some seconds.
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert worker().wait(60) == 0
    arrived = Counter(mail.ids)
    assert set(arrived) == set(Message.objects.values_list("message_id", flat=True))
    assert len(arrived) == ROWS
    assert sum(arrived.values()) - ROWS <= KILLS
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
