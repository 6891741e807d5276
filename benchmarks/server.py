"""The web server as it is shipped, started for the measurement."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu(self) -> float:
        """Seconds that they have worked."""
        return sum(
            int(path.read_text().split()[0]) for pid in self.processes() for path in Path(f"/proc/{pid}/task").glob("*/schedstat")
        ) / 1e9  # fmt: skip

    def memory(self) -> float:
        """MiB of all processes, shared pages divided among those who share them (PSS)."""
        total = 0
        for pid in self.processes():
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
        return total / 1024


@contextmanager
def running(log: Path) -> Iterator[Server]:
    """gunicorn with the shipped settings and number of workers; the owner's address is not given to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"}
    env.update(
        DJANGO_SETTINGS_MODULE="benchmarks.settings", KONTOR_BIND=f"127.0.0.1:{port}", KONTOR_PROXY_COUNT="1",
        KONTOR_ORIGIN=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    argv = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn_conf.py", "config.wsgi"]
    with log.open("wb") as out:
        process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"The web server did not start:\n{log.read_text()[-2000:]}")
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
