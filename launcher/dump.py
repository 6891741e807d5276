"""Dump and restore of the database with the row counts of the same moment. Runs inside the virtual environment.

`dump FILE` and `restore FILE APPLICATION_URL`; the owner's address is in KONTOR_DUMP_URL, the folders of programs by
version in KONTOR_PG_BIN.
Prints {"tables": {name: rows}}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import psycopg2
from psycopg2 import sql

from launcher.address import connection_keywords


def program_env(words: dict[str, str]) -> dict[str, str]:
    """The same for PostgreSQL's own programs."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {**os.environ, **{names[key]: value for key, value in words.items()}}


def program(name: str, server_version: int) -> str:
    """The program of the server's own version, else of the next newer one: an older one cannot read it."""
    folders = {int(version): folder for version, folder in json.loads(os.environ["KONTOR_PG_BIN"]).items()}
    usable = sorted(version for version in folders if version >= server_version)
    if not usable:
        sys.exit(f"{name} of version {server_version} or newer is needed: install it, or set PG_BIN to its folder.")
    return os.path.join(folders[usable[0]], name)


def count_tables(cursor: Any) -> dict[str, int]:
    """Rows per table, as the transaction sees them."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        counts[table] = cursor.fetchone()[0]
    return counts


def dump(words: dict[str, str], file: str) -> dict[str, int]:
    """Dump what one snapshot sees, and count in the same snapshot."""
    connection = psycopg2.connect(**words)
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        name = program("pg_dump", connection.server_version // 10_000)
        argv = [name, "--format=custom", f"--snapshot={snapshot}", f"--file={file}"]
        subprocess.run(argv, env=program_env(words), check=True)
        return count_tables(cursor)


def restore(words: dict[str, str], file: str, application: str) -> dict[str, int]:
    """Make the database anew, with its tables' rights, and count what arrived."""
    database, app = sql.Identifier(words["dbname"]), sql.Identifier(application)
    server = psycopg2.connect(**{**words, "dbname": "postgres"})
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(database))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        cursor.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))
    argv = [
        program("pg_restore", server.server_version // 10_000),
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={words['dbname']}",
        file,
    ]
    subprocess.run(argv, env=program_env(words), check=True)
    with psycopg2.connect(**words) as connection, connection.cursor() as cursor:
        return count_tables(cursor)


def main(action: str, file: str, *rest: str) -> None:
    """Do it and print the counts."""
    words = connection_keywords(os.environ["KONTOR_DUMP_URL"])
    if action == "dump":
        tables = dump(words, file)
    else:
        tables = restore(words, file, connection_keywords(rest[0])["user"])
    print(json.dumps({"tables": tables}))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (psycopg2.Error, subprocess.CalledProcessError) as error:
        sys.exit(str(error).strip())
