"""Roles and the database, made through an administrator's connection. Runs inside the virtual environment.

Reads one JSON object from standard input: `admin` (libpq keywords), `database`, `owner`, `owner_password`, `app`,
`app_password`. May be run again: it corrects what differs and changes nothing else.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import psycopg2
from psycopg2 import sql


def ensure_role(cursor: Any, name: str, password: str | None, attributes: str) -> None:
    """Make the role if need be, and set its password and attributes."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    statement = sql.SQL(verb + " ROLE {} LOGIN " + attributes).format(sql.Identifier(name))
    if password is not None:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    cursor.execute(statement)


def ensure(wanted: dict[str, Any]) -> None:
    """Both roles and the database: the owner may create databases, the application owns nothing."""
    connection = psycopg2.connect(**wanted["admin"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        if wanted.get("owner_password"):
            ensure_role(cursor, wanted["owner"], wanted["owner_password"], "CREATEDB")
        ensure_role(cursor, wanted["app"], wanted["app_password"], "")
        database, owner, app = (sql.Identifier(wanted[key]) for key in ("database", "owner", "app"))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted["database"]])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        cursor.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))
    connection.close()


if __name__ == "__main__":
    try:
        ensure(json.load(sys.stdin))
    except psycopg2.Error as error:
        sys.exit(str(error).strip())
