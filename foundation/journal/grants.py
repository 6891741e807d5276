"""Database rights as migration operations: the application serves, and owns nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation


def application_role() -> str:
    """The role that web, worker and tests sign in as."""
    return str(settings.DATABASES["default"].get("USER") or "")


def has_two_roles() -> bool:
    """False where owner and application share one role: `manage.py doctor` says so in red."""
    owner = settings.DATABASES["owner"].get("USER")
    return bool(application_role()) and application_role() != owner


class _Sql(Operation):
    """Statements that change rights only, so the state of the models stays as it is."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Rights are no part of the models' state."""

    def statements(self, role: str) -> list[str]:
        raise NotImplementedError

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not has_two_roles():
            return
        role = schema_editor.quote_name(application_role())
        for statement in self.statements(role):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Rights go with the tables."""


class GrantApplication(_Sql):
    """Give the application's role reading and writing on all tables, present and to come, and the owner's ones to nobody."""

    def statements(self, role: str) -> list[str]:
        return [
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ]

    def describe(self) -> str:
        return "Grant the application's role its rights"


class AppendOnly(_Sql):
    """Leave the application's role only reading and inserting on one table."""

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table], {})

    def statements(self, role: str) -> list[str]:
        return [
            f'REVOKE ALL ON "{self.table}" FROM {role}',
            f'GRANT SELECT, INSERT ON "{self.table}" TO {role}',
        ]

    def describe(self) -> str:
        return f"Make {self.table} append-only for the application"
