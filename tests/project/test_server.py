"""The web server as it is shipped: a process that loads the application, those that answer, and the arbiter over them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

PATIENCE = 60  # seconds
CONFIGURATION = "config/gunicorn_conf.py"
# The system has room for one process and not for the other.
CROWDED = f"""
exec(open("{CONFIGURATION}").read())

def pre_fork(server, worker):
    if worker.age == 2:
        raise OSError("no room for one more")
"""
MODEST = 60  # MiB: an arbiter with the application in it has three times as much

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the loader needs Linux")


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


class Web:
    """A running server and what can be seen of it from outside."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def workers(self) -> set[int]:
        """The arbiter's children."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return set(map(int, path.read_text().split()))

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status > 0
        except OSError:
            return False
        finally:
            connection.close()

    def size(self, pid: int) -> float:
        """MiB in memory."""
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def started_in(folder: Path) -> list[int]:
    """The processes of a server of this folder."""
    mark, found = f"PYTHONPATH={folder}\0".encode(), []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended meanwhile
            if mark in path.read_bytes():
                found.append(int(path.parent.name))
    return found


@contextmanager
def running(application: str, folder: Path, settings_file: str = CONFIGURATION) -> Iterator[Web]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "KONTOR_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2", "PYTHONPATH": str(folder)}
    argv = [sys.executable, "-m", "gunicorn", "-c", settings_file, application]
    with (folder / "web.log").open("w") as log:
        process = subprocess.Popen(argv, cwd=settings.BASE_DIR, env=env, stderr=log)
    try:
        yield Web(process, port)
    finally:
        process.kill()  # where a test has not stopped it: the others leave when it is gone
        process.wait()


def test_the_arbiter_is_small_and_a_lost_process_is_replaced_with_its_twin(tmp_path):
    with running("config.wsgi", tmp_path) as web:
        assert until(web.answers)
        assert until(lambda: len(web.workers()) == 2)
        first = web.workers()
        assert web.size(web.process.pid) < MODEST < min(map(web.size, first))
        os.kill(min(first), signal.SIGKILL)
        assert until(lambda: len(web.workers()) == 2 and not web.workers() & first), (web.workers(), first)
        assert web.answers()
        second = web.workers()
        web.process.terminate()
        assert web.process.wait(PATIENCE) == 0
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in first | second))


def test_processes_leave_when_their_arbiter_is_gone(tmp_path):
    with running("config.wsgi", tmp_path) as web:
        assert until(web.answers) and until(lambda: len(web.workers()) == 2)
        workers = web.workers()
        web.process.kill()
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_an_application_that_does_not_load_ends_the_server_and_says_why(tmp_path):
    (tmp_path / "broken_site.py").write_text("raise RuntimeError('a screw is missing')\n")
    with running("broken_site", tmp_path) as web:
        assert web.process.wait(PATIENCE) == 4
    said = (tmp_path / "web.log").read_text()
    assert "a screw is missing" in said and "App failed to load." in said


def test_where_not_all_find_room_none_is_left_over(tmp_path):
    (tmp_path / "crowded.py").write_text(CROWDED)
    with running("config.wsgi", tmp_path, str(tmp_path / "crowded.py")) as web:
        assert web.process.wait(PATIENCE) == 4
        assert until(lambda: not started_in(tmp_path))
    assert "no room for one more" in (tmp_path / "web.log").read_text()


def test_an_application_that_cannot_be_loaded_again_leaves_those_that_answer(tmp_path):
    site = tmp_path / "fragile_site.py"
    site.write_text("from config.wsgi import application\n")
    with running("fragile_site", tmp_path) as web:
        assert until(web.answers) and until(lambda: len(web.workers()) == 2)
        first = web.workers()
        site.write_text("raise RuntimeError('a screw is missing')\n")
        lost = min(first)
        os.kill(lost, signal.SIGKILL)
        assert until(lambda: web.workers() & first == first - {lost})
        said = tmp_path / "web.log"
        assert until(lambda: "are left go on alone" in said.read_text())
        assert web.answers() and web.workers() >= first - {lost} and web.process.poll() is None
        site.write_text("from config.wsgi import application\n")
        assert until(lambda: len(web.workers()) == 2 and not web.workers() & first)
        assert web.answers()
