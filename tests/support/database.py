"""The test database: made and migrated by the owner, used by the application.

Left to themselves, Django and pytest-django would create it through the application's role, which would then own the
journal and prove nothing. Here the owner migrates a template once per state of the migrations, and each run (each worker
of a parallel run) copies it. Nothing is created, flushed or dropped unless its name begins with `test_`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connections
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE_PREFIX = "test_kontor_template_"
TEMPLATES_KEPT = 3
# Written by migrate itself and the same for every test: emptying them would only mean filling them again.
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission", "django_site"}


def guarded_name(name: str) -> str:
    """The name itself, or an end to the run when it is not a test database's."""
    if not name.startswith("test_"):
        pytest.exit(f"{name!r} is not a test database: its name must begin with test_", returncode=4)
    return name


def migrations_hash() -> str:
    """What the migrated schema depends on: our migrations, the rights they grant, and the libraries' versions."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py"), *ROOT.glob("*/*/grants.py")]
    files += [
        ROOT / "config/settings.py",
        ROOT / "requirements/base.txt",
        *ROOT.glob("config/management/commands/*.py"),
    ]
    for path in sorted(files):
        if path.exists():
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def point_at(name: str) -> None:
    """Make both aliases name one database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def refuse_other_databases() -> None:
    """Stop unless both aliases name test databases at this moment."""
    for alias in ("default", "owner"):
        guarded_name(str(connections[alias].settings_dict["NAME"]))


def ensure_template() -> str:
    """The migrated template's name; builds it when no earlier run has."""
    template = guarded_name(TEMPLATE_PREFIX + migrations_hash())
    owner = connections["owner"]
    with owner._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        try:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template])
            if cursor.fetchone():
                return template
            cursor.execute(f'DROP DATABASE IF EXISTS "{template}"')
            cursor.execute(f'CREATE DATABASE "{template}"')
            point_at(template)
            refuse_other_databases()
            call_command("migrate", verbosity=0, interactive=False)
            for alias in ("default", "owner"):
                connections[alias].close()
            # Marked last: a build that was cut off is not a template and is built again.
            cursor.execute(f'ALTER DATABASE "{template}" IS_TEMPLATE true')
            _drop_old_templates(cursor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [template])
    return template


def _drop_old_templates(cursor: Any) -> None:
    cursor.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s AND datistemplate ORDER BY oid DESC OFFSET %s",
        [TEMPLATE_PREFIX.replace("_", r"\_") + "%", TEMPLATES_KEPT],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER DATABASE "{guarded_name(name)}" IS_TEMPLATE false')
        cursor.execute(f'DROP DATABASE IF EXISTS "{guarded_name(name)}"')


def filled_tables(cursor: Any) -> list[str]:
    """The tables with rows in them, those that migrate fills aside."""
    # Most tables have never had a page; only the others are asked, since opening each of them costs its part of a second.
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND pg_relation_size(oid) > 0"
    )
    tables = sorted({row[0] for row in cursor.fetchall()} - KEPT_TABLES)
    if not tables:
        return []
    cursor.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\")" for t in tables))
    return [row[0] for row in cursor.fetchall()]


def flush_as_owner(_case: TransactionTestCase) -> None:
    """Empty every table that a transactional test filled. The application may not, so the owner does.

    TRUNCATE would write new files for every table that refers to one of these, which is nearly all of them.
    """
    refuse_other_databases()
    owner = connections["owner"]
    # A connection of its own: Django locks the alias while a test runs that did not ask for it.
    with closing(owner.get_new_connection(owner.get_connection_params())) as mine, mine, mine.cursor() as cursor:
        tables = filled_tables(cursor)
        # What guards rows, those of the journal above all, would refuse.
        for verb in ('ALTER TABLE "{}" DISABLE TRIGGER USER', 'DELETE FROM "{}"'):
            for table in tables:
                cursor.execute(verb.format(table))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table is not altered while references wait to be checked
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def drop(cursor: Any, name: str) -> None:
    """Drop a test database, whoever is still connected.

    FORCE ends the owner's connections and is refused for the server's own vacuum, which a DROP without it sends away.
    Those of the application, which a thread or a process of a test may have left behind, only its own role may end.
    """
    with connections["default"]._nodb_cursor() as mine:
        mine.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [name],
        )
    sql = f'DROP DATABASE IF EXISTS "{guarded_name(name)}"'
    for attempt in range(60):
        try:
            cursor.execute(f"{sql} WITH (FORCE)" if attempt % 2 == 0 else sql)
        except (ProgrammingError, OperationalError):
            if attempt == 59:
                raise
            time.sleep(0.5)
        else:
            return


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Create the test database as owner and leave the tests with the application's role."""
    name = guarded_name(str(settings.DATABASES["owner"]["TEST"]["NAME"]))
    with django_db_blocker.unblock():
        template = ensure_template()
        owner = connections["owner"]
        with owner._nodb_cursor() as cursor:
            drop(cursor, name)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        point_at(name)
        refuse_other_databases()
        TransactionTestCase._fixture_teardown = flush_as_owner
    yield
    with django_db_blocker.unblock():
        refuse_other_databases()
        for alias in ("default", "owner"):
            connections[alias].close()
        with connections["owner"]._nodb_cursor() as cursor:
            drop(cursor, name)
