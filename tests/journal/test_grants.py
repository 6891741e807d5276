"""The application's role can write history and never rewrite it. The rows are committed, by another connection's eyes."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, connections, transaction

from foundation.journal.attachments import attach
from foundation.journal.chain import sealed_tables
from foundation.journal.models import Event
from tests.accounts.factories import make_team
from tests.journal.factories import seal_all, write
from tests.journal.test_attachments import picture

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TABLES = ("journal_event", "journal_eventprivate", "journal_attachment", "journal_link", "journal_seal")
KEY = {"journal_eventprivate": "event_id", "journal_link": "position", "journal_seal": "number"}
ATTACKS = {
    "update": "UPDATE {t} SET {k} = {k}",
    "delete": "DELETE FROM {t}",
    "truncate": "TRUNCATE {t} CASCADE",
    "upsert": "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT ({k}) DO UPDATE SET {k} = excluded.{k}",
    "merge": "MERGE INTO {t} USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
    "lock rows": "SELECT * FROM {t} FOR UPDATE",
    "alter": "ALTER TABLE {t} ADD COLUMN intruder int",
    "disable triggers": "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "drop": "DROP TABLE {t}",
    "rename": "ALTER TABLE {t} RENAME TO {t}_old",
    "take over": "ALTER TABLE {t} OWNER TO CURRENT_USER",
    "grant": "GRANT UPDATE ON {t} TO CURRENT_USER; UPDATE {t} SET {k} = {k}",
    "rule": "CREATE RULE intruder AS ON INSERT TO {t} DO INSTEAD NOTHING",
    "trigger": "CREATE TRIGGER intruder BEFORE INSERT ON {t} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "lock table": "LOCK TABLE {t} IN ACCESS EXCLUSIVE MODE",
}


@pytest.fixture
def committed():
    team = make_team()
    write(team, 3)
    attach(team, SimpleUploadedFile("a.jpg", picture()), actor=None)
    seal_all()
    return contents()


def contents() -> dict[str, list]:
    """Every row, as another connection sees it."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY {KEY.get(table, 'id')}")
            found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("table", TABLES)
def test_the_application_is_refused_every_way_of_changing_what_is_written(table, committed):
    assert committed[table]
    passed = []
    for name, sql in ATTACKS.items():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.format(t=table, k=KEY.get(table, "id")))
            passed.append(name)
        except ProgrammingError as refusal:
            assert "permission denied" in str(refusal) or "must be owner" in str(refusal)
    assert passed == []
    assert contents() == committed


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "SET ROLE kontor_owner",
        "SET SESSION AUTHORIZATION kontor_owner",
        "CREATE SCHEMA intruder",
        "CREATE TABLE public.intruder (id int)",
        "CREATE FUNCTION public.intruder() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT setval('journal_event_id_seq', 1)",
        "COPY journal_event TO PROGRAM 'cat'",
        "SELECT lo_import('/etc/passwd')",
    ],
)
def test_the_application_cannot_become_more_than_it_is(sql, committed):
    owner = connections["owner"].settings_dict["USER"]
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.replace("kontor_owner", owner))
    assert contents() == committed


def test_removing_what_an_event_points_to_does_not_remove_the_event(committed):
    event = Event.objects.first()
    with pytest.raises(Exception, match="violates foreign key"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_permission WHERE content_type_id = %s", [event.content_type_id])
        cursor.execute("DELETE FROM django_content_type WHERE id = %s", [event.content_type_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert contents() == committed


def test_every_sealed_table_gives_the_application_select_and_insert_and_no_more():
    with connection.cursor() as cursor:
        for one in [*sealed_tables()]:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [one.model._meta.db_table, right])
                assert cursor.fetchone()[0] is (right in ("SELECT", "INSERT")), (one.name, right)
            cursor.execute(
                "SELECT count(*) FROM information_schema.column_privileges"
                " WHERE grantee = current_user AND table_name = %s AND privilege_type = 'UPDATE'",
                [one.model._meta.db_table],
            )
            assert cursor.fetchone()[0] == 0


def test_no_foreign_key_into_or_out_of_the_journal_cascades():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype NOT IN ('a', 'r')"
            " AND (conrelid::regclass::text LIKE 'journal_%%' OR confrelid::regclass::text LIKE 'journal_%%')"
        )
        assert cursor.fetchall() == []
    for model in apps.get_app_config("journal").get_models():
        for field in model._meta.concrete_fields:
            if field.remote_field:
                assert field.remote_field.on_delete.__name__ == "PROTECT"
