"""Processes as an installation has them, on the database of the run: scanners, workers, beats, a broker that may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from launcher import broker
from launcher.environment import Environment
from launcher.home import Home
from launcher.identity import servant

Started = subprocess.Popen[bytes]


class Workers:
    """What one scene has started."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("ab")
        self._running: list[Started] = []
        self._folder: Path | None = None
        self.broker: broker.Broker | None = None
        self.mail_url = "dummymail://"

    def scanner(self, *, every: float, steps: bool = False) -> Started:
        """Scans in a loop, as a worker does when beat rings; with `steps` its own clock jumps about."""
        argv = [sys.executable, "-m", "benchmarks.soak.scanner", "--every", str(every)]
        return self._start([*argv, "--steps"] if steps else argv)

    def postman(self, *, every: float, hurry: float = 1, deadly: str = "") -> Started:
        """Sends what is due in a loop, as a worker does when beat rings."""
        argv = [sys.executable, "-m", "benchmarks.soak.postman", "--every", str(every), "--hurry", str(hurry)]
        return self._start([*argv, "--deadly", deadly] if deadly else argv)

    def mail_taker(self, files: list[str]) -> Started:
        """Takes mails in, one after the other, as the mail server's pipe does."""
        return self._start([sys.executable, "manage.py", "receive_mail", *files, "--json"])

    def worker(self) -> Started:
        """A Celery worker as `./kontor run` starts it, with one process."""
        options = ["worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        return self._start([*_celery(), *options, "--hostname", f"soak{len(self._running)}@%h"])

    def beat(self) -> Started:
        """A Celery beat on the shipped schedule."""
        return self._start([*_celery(), "beat", "--loglevel", "WARNING", "--pidfile="])

    def start_broker(self) -> broker.Broker:
        """A Redis of this scene alone."""
        who = servant()
        self._folder = Path(tempfile.mkdtemp(prefix="kontor-soak-", dir="/tmp"))
        who.own(self._folder)
        for name in ("redis", "run"):
            (self._folder / name).mkdir(mode=0o700)
            who.own(self._folder / name)
        program = broker.choose(Environment(Home()), who, self._folder)
        folder, sockets = self._folder / "redis", self._folder / "run"
        self.broker = broker.Broker(program, folder, sockets, self._folder / "redis.log", who, durable=False)
        self.broker.start()
        return self.broker

    def kill(self, one: Started) -> None:
        """SIGKILL, for it and its children."""
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()

    def end(self) -> None:
        """Nothing of the scene goes on."""
        for one in self._running:
            if one.poll() is None:
                self.kill(one)
        if self.broker is not None:
            self.broker.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._log.close()

    def _start(self, argv: list[str]) -> Started:
        server = os.environ["DATABASE_URL"].rpartition("/")[0]  # an address, or the folder of a socket
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
            "EMAIL_URL": self.mail_url,
        }
        env.pop("DATABASE_OWNER_URL", None)
        if self.broker is not None:
            env["REDIS_URL"] = self.broker.url
        one = subprocess.Popen(
            argv, cwd=settings.BASE_DIR, env=env, stdout=self._log, stderr=self._log, start_new_session=True
        )
        self._running.append(one)
        return one


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", "--quiet"]


def until(is_over: Callable[[], bool], *, seconds: float, meanwhile: Callable[[], None] | None = None) -> bool:
    """Wait, doing something twice a second if asked to; whether it was over in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_over():
            return True
        if meanwhile is not None:
            meanwhile()
        time.sleep(0.5)
    return is_over()
