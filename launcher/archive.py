"""`./kontor backup` and `./kontor restore`: one archive with the database, the files and the keys, checked on the way back.

The archive is a tar file: manifest.json (row counts and checksums of the same moment), database.dump (pg_dump's custom
format), media/, and keys/ (without the seal's key the journal could not be verified). It is as secret as the database.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from launcher import postgres, say
from launcher.environment import Environment
from launcher.home import ROOT, Home, write_private
from launcher.say import Failure
from launcher.services import borrowed_services

KEYS = ("secret_key", "seal_key")


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def _database_tool(environment: Environment, home: Home, url: str, *arguments: str) -> dict[str, Any]:
    """Run launcher/dump.py; answers what it prints."""
    programs = {str(found.version): str(found.folder) for found in reversed(postgres.candidates(environment))}
    done = subprocess.run(
        [str(environment.python), "-m", "launcher.dump", *arguments],
        cwd=ROOT,
        env={**os.environ, "KONTOR_DUMP_URL": url, "KONTOR_PG_BIN": json.dumps(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        with home.setup_log.open("a") as log:
            log.write(done.stderr)
        raise Failure(f"PostgreSQL's {arguments[0]} failed: see the lines above.", log=home.setup_log)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def backup(arguments: list[str]) -> int:
    """Write an archive, also while Kontor runs."""
    parser = argparse.ArgumentParser(prog="./kontor backup")
    parser.add_argument("file", nargs="?", type=Path, help="default: var/backups/kontor-DATE-TIME.tar")
    named = parser.parse_args(arguments).file
    home = Home()
    environment = Environment(home)
    environment.ensure("run")
    now = datetime.datetime.now(datetime.UTC)
    target = (named or home.var / "backups" / f"kontor-{now:%Y%m%d-%H%M%S}.tar").absolute()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = target.with_name(target.name + ".part")
    with borrowed_services(home, environment) as urls, tempfile.TemporaryDirectory(dir=target.parent) as work:
        with say.step("Writing the database"):
            dump = Path(work) / "database.dump"
            counts = _database_tool(environment, home, urls["DATABASE_OWNER_URL"], "dump", str(dump))
        with say.step("Adding files and keys"):
            media = {
                str(path.relative_to(home.var)): _checksum(path)
                for path in sorted((home.var / "media").rglob("*"))
                if path.is_file()
            }
            manifest = {"format": 1, "made_at": now.isoformat(), "tables": counts["tables"], "media": media}
            manifest["database"] = _checksum(dump)
            (Path(work) / "manifest.json").write_text(json.dumps(manifest, indent=1))
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
                archive.add(Path(work) / "manifest.json", "manifest.json")
                archive.add(dump, "database.dump")
                for name in KEYS:
                    if (home.var / name).exists():
                        archive.add(home.var / name, f"keys/{name}")
                for name in media:
                    archive.add(home.var / name, name)
            beside.replace(target)
    rows = sum(manifest["tables"].values())
    say.line(f"  {target}: {rows} rows in {len(manifest['tables'])} tables, {len(media)} files.")
    return 0


def restore(arguments: list[str]) -> int:
    """Replace database, files and keys by an archive's, and prove that everything arrived."""
    parser = argparse.ArgumentParser(prog="./kontor restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--yes", action="store_true", help="really replace what is there")
    options = parser.parse_args(arguments)
    home = Home()
    if not options.yes:
        raise Failure(f"This replaces the database and the files in {home.var}: add --yes.")
    if not options.file.is_file():
        raise Failure(f"There is no archive {options.file}: name one that ./kontor backup wrote.")
    if home.is_running():
        raise Failure("Kontor is running: stop it before you restore an archive.")
    environment = Environment(home)
    environment.ensure("run")
    with tempfile.TemporaryDirectory(dir=home.var) as name:
        work = Path(name)
        with say.step("Reading the archive"):
            manifest = _read(options.file, work)
        (home.var / "stamps.json").unlink(missing_ok=True)
        with borrowed_services(home, environment) as urls, say.step("Restoring the database"):
            found = _database_tool(
                environment,
                home,
                urls["DATABASE_OWNER_URL"],
                "restore",
                str(work / "database.dump"),
                urls["DATABASE_URL"],
            )
            differing = sorted(
                table
                for table in manifest["tables"].keys() | found["tables"].keys()
                if manifest["tables"].get(table) != found["tables"].get(table)
            )
            if differing:
                raise Failure(f"The restored database differs from the archive in: {', '.join(differing)}.")
        media = home.var / "media"
        if any(media.iterdir()):
            media.rename(home.var / f"media.before-{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}")
        else:
            media.rmdir()
        (work / "media").mkdir(exist_ok=True)
        (work / "media").rename(media)
        for key in KEYS:
            if (work / "keys" / key).exists():
                write_private(home.var / key, (work / "keys" / key).read_text())
    say.line(
        f"  Restored: {sum(found['tables'].values())} rows and {len(manifest['media'])} files, all as in the archive."
    )
    return 0


def _read(file: Path, work: Path) -> dict[str, Any]:
    """Unpack and check an archive."""
    try:
        with tarfile.open(file) as archive:
            for member in archive.getmembers():
                if not member.isfile() or member.name.startswith("/") or ".." in Path(member.name).parts:
                    raise Failure(f"{file} holds {member.name!r}, which no backup of Kontor does.")
                archive.extract(member, work)
        manifest: dict[str, Any] = json.loads((work / "manifest.json").read_text())
        wanted = {**manifest["media"], "database.dump": manifest["database"]}
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        raise Failure(f"{file} is no backup of Kontor or is damaged ({error}).") from None
    for name, checksum in wanted.items():
        if not (work / name).is_file() or _checksum(work / name) != checksum:
            raise Failure(f"{file} is damaged: {name} is not what was backed up.")
    return manifest
