"""What `manage.py doctor` looks at. Each check answers whether all is well and a few words; an exception is bad news too."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.celery import app
from config.health import CLOCKWORK, finding
from foundation.documents.pdf import check_press
from foundation.notifications.models import Message
from foundation.sla.models import Timer

LEAST_FREE_GB = 1.0
LONGEST_WAIT = timedelta(minutes=5)
APPEND_ONLY = ("journal_event", "journal_eventprivate", "journal_link", "journal_attachment")


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's answer."""

    name: str
    well: bool
    text: str


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_user, pg_size_pretty(pg_database_size(current_database()))"
        )
        version, role, size = cursor.fetchone()
    return int(version.split(".")[0]) >= 15, f"PostgreSQL {version}, signed in as {role}, {size}"


def _rights() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        owned = cursor.fetchone()[0]
        cursor.execute(
            "SELECT t FROM unnest(%s) AS t WHERE has_table_privilege(t, 'UPDATE') OR has_table_privilege(t, 'DELETE') "
            "OR has_table_privilege(t, 'TRUNCATE')",
            [list(APPEND_ONLY)],
        )
        open_tables = [row[0] for row in cursor.fetchall()]
    if owned:
        return False, f"the application owns {owned} tables: give it a role of its own (docs/operations.md)"
    if open_tables:
        return False, f"the application may change {', '.join(open_tables)}"
    return True, "the application owns no table and cannot change the journal"


def _migrations() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not plan, f"{len(plan)} to apply: manage.py migrate" if plan else "all applied"


def _redis() -> tuple[bool, str]:
    cache.set("doctor", "well", timeout=60)
    return cache.get("doctor") == "well", "answers"


def _clock() -> tuple[bool, str]:
    found = [finding(code) for code in CLOCKWORK]
    return all(one.well for one in found), "; ".join(f"{one.code}: {one.text}" for one in found)


def _queue() -> tuple[bool, str]:
    with app.connection_for_read() as link:
        depth = link.default_channel.client.llen("celery")
    return depth < 1000, f"{depth} tasks wait"


def _messages() -> tuple[bool, str]:
    now = timezone.now()
    late = Message.objects.filter(state__in=Message.OPEN, next_attempt_at__lt=now - LONGEST_WAIT).count()
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gt=now - timedelta(days=1)).count()
    return not late, f"{late} overdue, {failed} failed since yesterday"


def _timers() -> tuple[bool, str]:
    late = Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lt=timezone.now() - LONGEST_WAIT).count()
    return not late, f"{late} overdue"


def _mail() -> tuple[bool, str]:
    if not settings.EMAIL_HOST:
        return True, settings.EMAIL_BACKEND
    with socket.create_connection((settings.EMAIL_HOST, int(settings.EMAIL_PORT)), timeout=5):
        return True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers"


def _sms() -> tuple[bool, str]:
    if not settings.SMS_URL:
        return True, "no gateway: text messages are not sent (SMS_URL)"
    parts = urlsplit(settings.SMS_URL)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    with socket.create_connection((parts.hostname or "", port), timeout=5):
        return True, f"{parts.hostname}:{port} answers"


def _pdf() -> tuple[bool, str]:
    wrong = check_press()
    return not wrong, "; ".join(wrong) or "prints all four languages"


def _texts() -> tuple[bool, str]:
    missing = [
        path.relative_to(settings.BASE_DIR)
        for folder in settings.LOCALE_PATHS
        for path in Path(folder).rglob("*.po")
        if not path.with_suffix(".mo").exists()
    ]
    return (
        not missing,
        f"{len(missing)} catalogues are not compiled: manage.py messages --compile" if missing else "compiled",
    )


def _disk() -> tuple[bool, str]:
    folder = Path(settings.VAR)
    free = shutil.disk_usage(folder).free / 2**30
    writable = os.access(folder, os.W_OK)
    return free >= LEAST_FREE_GB and writable, f"{free:.1f} GB free{'' if writable else ', NOT writable'} in {folder}"


def _keys() -> tuple[bool, str]:
    if len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith("for-development"):
        return False, "SECRET_KEY is short or the one for development"
    if settings.JOURNAL_SEAL_KEY == settings.SECRET_KEY:
        return False, "the journal's seal has no key of its own: JOURNAL_SEAL_KEY or var/seal_key"
    return True, "set"


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "database": _database,
    "roles and rights": _rights,
    "migrations": _migrations,
    "Redis": _redis,
    "beat and worker": _clock,
    "queue": _queue,
    "deadlines": _timers,
    "messages": _messages,
    "mail": _mail,
    "text messages": _sms,
    "PDF": _pdf,
    "translations": _texts,
    "disk": _disk,
    "keys": _keys,
}


def examine() -> list[Finding]:
    """Every check's finding, in order."""
    found = []
    for name, check in CHECKS.items():
        try:
            well, text = check()
        except Exception as error:
            well, text = False, (str(error).strip().splitlines() or [type(error).__name__])[0]
        found.append(Finding(name, well, text))
    return found
