"""PostgreSQL and Redis for one state folder: servers of one's own where the environment names them, else private ones."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from launcher import broker, postgres, say
from launcher.address import connection_keywords
from launcher.environment import Environment
from launcher.home import ROOT, Home, write_private
from launcher.identity import Servant, servant
from launcher.say import Failure

OWNER, APP, DATABASE = "kontor_owner", "kontor_app", "kontor"


def servers_folder(home: Home, who: Servant) -> Path:
    """var/servers, where both servers keep their data.

    Root's servers run as somebody who may be kept out of the clone (/root is closed to others): then the folder lies
    in /var/lib and var/servers points there.
    """
    folder = home.var / "servers"
    if folder.exists():
        return folder.resolve()
    folder.unlink(missing_ok=True)  # a link whose target is gone
    if who.can_run(home.var):
        folder.mkdir(mode=0o700)
        who.own(folder)
        return folder
    name = hashlib.sha256(str(home.var).encode()).hexdigest()[:8]
    target = Path("/var/lib") / f"kontor-{name}"
    if target.exists():  # of a state folder that was removed by hand: kept, but out of the way
        target.rename(target.with_name(f"{target.name}.{secrets.token_hex(3)}"))
    target.mkdir(mode=0o700)
    who.own(target)
    folder.symlink_to(target)
    return target


class Services:
    """The two servers behind one set of addresses."""

    def __init__(
        self,
        environment: Environment,
        base: Path,
        log: Path,
        who: Servant,
        *,
        throwaway: bool = False,
        durable: bool = True,
    ) -> None:
        self.environment, self.base, self.log, self.who = environment, base, log, who
        self.throwaway, self.durable = throwaway, durable
        self.cluster: postgres.Cluster | None = None
        self.broker: broker.Broker | None = None
        self.urls: dict[str, str] = {}
        self.described: list[str] = []
        self._sockets: Path | None = None

    def _folder(self, name: str) -> Path:
        folder = self.base / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.who.own(folder)
        return folder

    def sockets(self) -> Path:
        """A folder only we and the servers enter, with a name short enough for a socket's address."""
        if self._sockets is None:
            folder = self.base / "run"
            if len(str(folder)) <= postgres.LONGEST_SOCKET_FOLDER:
                self._sockets = self._folder("run")
            else:
                self._sockets = Path(tempfile.mkdtemp(prefix="kontor-", dir="/tmp"))
                self.who.own(self._sockets)
        return self._sockets

    def passwords(self) -> dict[str, str]:
        """Passwords of the roles, made once."""
        path = self.log.parent / "passwords.json"
        if not path.exists():
            write_private(path, json.dumps({role: secrets.token_hex(24) for role in ("postgres", OWNER, APP)}))
        loaded: dict[str, str] = json.loads(path.read_text())
        return loaded

    def start_database(self) -> None:
        """Connect to DATABASE_URL, or bring up a private cluster with both roles and the database."""
        if (url := os.environ.get("DATABASE_URL")) and not self.throwaway:
            self._use_database(url)
            return
        data = self.base / "postgres/data"
        chosen = postgres.choose(self.environment, data)
        binaries = postgres.reachable(chosen, self.who, self.base)
        folder = self._folder("postgres")
        self.cluster = postgres.Cluster(
            binaries, folder, self.sockets(), self.log / "postgres.log", self.who, durable=self.durable
        )
        passwords = self.passwords()
        self.cluster.initialise(passwords["postgres"])
        self.cluster.start()
        ready = folder / "roles-made"
        if not ready.exists():
            admin = {
                "host": str(self.sockets()),
                "user": "postgres",
                "password": passwords["postgres"],
                "dbname": "postgres",
            }
            self._ensure(admin, passwords[OWNER], passwords[APP], DATABASE, OWNER, APP)
            ready.touch()
        self.urls["DATABASE_URL"] = self.cluster.url(APP, passwords[APP], DATABASE)
        self.urls["DATABASE_OWNER_URL"] = self.cluster.url(OWNER, passwords[OWNER], DATABASE)
        self.described.append(f"{binaries} (private)")

    def _use_database(self, url: str) -> None:
        owner = os.environ.get("DATABASE_OWNER_URL")
        if not owner:
            # One address only: it is the owner's, and the application's role is made beside it.
            parts, words = urlsplit(url), connection_keywords(url)
            passwords = self.passwords()
            self._ensure(words, "", passwords[APP], words["dbname"], words["user"], APP)
            host = parts.netloc.rpartition("@")[2]
            query = f"?{parts.query}" if parts.query else ""
            owner, url = url, f"postgres://{APP}:{passwords[APP]}@{host}{parts.path}{query}"
        self.urls["DATABASE_URL"], self.urls["DATABASE_OWNER_URL"] = url, owner
        self.described.append("PostgreSQL at DATABASE_URL")

    def _ensure(
        self, admin: dict[str, Any], owner_password: str, app_password: str, database: str, owner: str, app: str
    ) -> None:
        wanted = {"admin": admin, "database": database, "owner": owner, "owner_password": owner_password}
        wanted |= {"app": app, "app_password": app_password}
        done = subprocess.run(
            [str(self.environment.python), "-m", "launcher.database"],
            cwd=ROOT,
            input=json.dumps(wanted),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason given"
            raise Failure(
                f"The database's roles could not be made ({reason}): let DATABASE_URL name a role that may create roles, "
                "or make both roles yourself and set DATABASE_OWNER_URL too (docs/operations.md)."
            )

    def start_broker(self) -> None:
        """Use REDIS_URL, or bring up a private server."""
        if (url := os.environ.get("REDIS_URL")) and not self.throwaway:
            self.urls["REDIS_URL"] = url
            self.described.append("Redis at REDIS_URL")
            return
        program = broker.choose(self.environment, self.who, self.base)
        folder = self._folder("redis")
        self.broker = broker.Broker(
            program, folder, self.sockets(), self.log / "redis.log", self.who, durable=self.durable
        )
        self.broker.start()
        self.urls["REDIS_URL"] = self.broker.url
        self.described.append("Redis (private)")

    def revive(self) -> None:
        """Start again what died; what cannot be started is tried again in the next round."""
        for name, server in (("PostgreSQL", self.cluster), ("Redis", self.broker)):
            if server is not None and server.process is not None and server.process.poll() is not None:
                say.line(f"kontor | {name} ended (exit code {server.process.returncode}); starting it again")
                try:
                    server.start()
                except Failure as failure:
                    say.complain(failure)

    def stop(self) -> None:
        """Redis first, then PostgreSQL; what we did not start keeps running."""
        if self.broker is not None:
            self.broker.stop()
        if self.cluster is not None:
            self.cluster.stop()
        if self._sockets is not None and self._sockets.parent == Path("/tmp"):
            shutil.rmtree(self._sockets, ignore_errors=True)


def private_services(home: Home, environment: Environment) -> Services:
    """The services of a state folder."""
    needs_servers = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    who = servant() if needs_servers else Servant()
    base = servers_folder(home, who) if needs_servers else home.var
    return Services(environment, base, home.log, who)


@contextmanager
def _started(services: Services) -> Iterator[Services]:
    """Both servers while they are needed."""
    try:
        services.start_database()
        services.start_broker()
        yield services
    finally:
        services.stop()


@contextmanager
def throwaway_services(environment: Environment, *, durable: bool = False) -> Iterator[Services]:
    """Both servers in a temporary folder, gone afterwards; `durable` leaves their settings as in a real installation."""
    who = servant()
    with tempfile.TemporaryDirectory(prefix="kontor-test-", dir="/tmp", ignore_cleanup_errors=True) as name:
        base = Path(name)
        who.own(base)
        (base / "log").mkdir()
        with _started(Services(environment, base, base / "log", who, throwaway=True, durable=durable)) as services:
            yield services


@contextmanager
def test_services(home: Home, environment: Environment) -> Iterator[Services]:
    """Servers for tests. They keep their data, so that a database that was migrated for one run serves the next.

    A second run beside the first gets throwaway servers. What a run leaves behind that did not stop its servers itself is
    thrown away: they write nothing through to the disk.
    """
    with home.lock_named("tests") as is_ours:
        if not is_ours:
            with throwaway_services(environment) as services:
                yield services
            return
        who = servant()
        base = servers_folder(home, who) / "tests"
        used = base / "in-use"
        if used.exists():
            shutil.rmtree(base, ignore_errors=True)
        for folder in (base, base / "log"):
            folder.mkdir(mode=0o755, exist_ok=True)
        shutil.rmtree(base / "redis", ignore_errors=True)
        who.own(base)
        used.touch()
        try:
            with _started(Services(environment, base, base / "log", who, throwaway=True, durable=False)) as services:
                yield services
        finally:
            used.unlink(missing_ok=True)


@contextmanager
def borrowed_services(home: Home, environment: Environment) -> Iterator[dict[str, str]]:
    """Addresses for one command: of the running Kontor if there is one, else of servers started just for it."""
    if home.is_running():
        try:
            running: dict[str, str] = json.loads((home.var / "running.json").read_text())
        except (OSError, ValueError):
            raise Failure("Kontor is just starting or stopping: wait a moment and try again.") from None
        yield running
        return
    lock = home.lock()
    services = private_services(home, environment)
    try:
        with say.step("Starting PostgreSQL and Redis for this command"):
            services.start_database()
            services.start_broker()
        yield services.urls
    finally:
        services.stop()
        os.close(lock)
