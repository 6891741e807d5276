"""The two roles of the database."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction

from tests.support.database import guarded_name

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_application_owns_no_table_sequence_function_schema_or_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        cursor.execute(
            """
            SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user
            UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = current_user
            UNION ALL SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = current_user
            UNION ALL SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = current_user
            """
        )
        owned = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        powers = cursor.fetchone()
    assert owned == []
    assert powers == (False, False, False, False)
    assert role != connections["owner"].settings_dict["USER"]


def test_the_application_may_not_change_the_schema_or_the_record_of_migrations():
    for statement in (
        "CREATE TABLE intruder (id int)",
        "DELETE FROM django_migrations",
        "TRUNCATE django_session",
        "ALTER TABLE django_session ADD COLUMN intruder int",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_table_of_the_models_can_be_read_by_the_application():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    with connection.cursor() as cursor:
        cursor.execute("SELECT t FROM unnest(%s) AS t WHERE NOT has_table_privilege(t, 'SELECT')", [sorted(tables)])
        assert cursor.fetchall() == []


def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_database_that_is_not_for_tests_ends_the_run():
    with pytest.raises(pytest.exit.Exception):
        guarded_name("kontor")
