"""The whole thing on this machine: start, stop, start again, back up, wipe, restore."""

from __future__ import annotations

import json
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest

from launcher.home import ROOT

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """One state folder and the commands that work on it."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.sinks = var, free_port(), free_port()
        foreign = ("DATABASE_", "REDIS_", "EMAIL_", "SMS_", "SECRET_KEY", "KONTOR_", "DJANGO_", "JOURNAL_")
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        self.env |= {"KONTOR_VAR": str(var), "KONTOR_VENV": sys.prefix, "KONTOR_SINK_PORT": str(self.sinks)}

    def kontor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "kontor", *arguments],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def start(self) -> tuple[subprocess.Popen[str], list[str]]:
        """Start and read on until it says that it is ready."""
        argv = [ROOT / "kontor", "run", "--port", str(self.port), "--no-demo"]
        child = subprocess.Popen(
            argv,
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = []
        for row in child.stdout or ():
            said.append(row)
            if "Ctrl-C stops everything" in row:
                break
        assert child.poll() is None, "".join(said)
        return child, said

    def get(self, path: str, port: int | None = None) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def processes(self) -> list[str]:
        """Command lines that work on this state folder (Linux)."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if (
                    f"KONTOR_VAR={self.var}".encode() in entry.read_bytes().split(b"\0")
                    or str(self.var).encode() in (entry.parent / "cmdline").read_bytes()
                ):
                    found.append((entry.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found


@pytest.fixture
def machine():
    folder = Path(tempfile.mkdtemp(prefix="kontor-machine-", dir="/tmp"))
    folder.chmod(0o755)
    machine = Machine(folder / "var")
    yield machine
    machine.kontor("reset", "--yes")
    shutil.rmtree(folder, ignore_errors=True)


def send_mail(port: int) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Grüße 您好", "kontor@localhost", "someone@example.com"
    message.set_content("Hello")
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)


def check_sinks(machine: Machine) -> None:
    running = json.loads((machine.var / "running.json").read_text())
    send_mail(int(running["EMAIL_URL"].rpartition(":")[2]))
    body = json.dumps({"to": "+8613800000000", "text": "您的货物已签收", "id": "a-1"}).encode()
    with urllib.request.urlopen(running["SMS_URL"], body, timeout=5) as answer:
        assert json.load(answer) == {"id": "a-1"}
    rows = json.loads(machine.get("/messages.json", machine.sinks))
    assert [(row["kind"], row["subject"]) for row in rows] == [("sms", "您的货物已签收"), ("mail", "Grüße 您好")]
    assert "您的货物已签收" in machine.get("/", machine.sinks)
    assert "Hello" in machine.get(f"/mail/{rows[1]['name']}", machine.sinks)


def test_start_stop_back_up_wipe_and_restore(machine):
    child, said = machine.start()
    assert json.loads(machine.get("/health")) | {"clock": None} == {"database": True, "redis": True, "clock": None}
    assert f"http://127.0.0.1:{machine.port}" in "".join(said)
    check_sinks(machine)
    (machine.var / "media" / "note.txt").write_text("kept")
    backup = machine.kontor("backup")
    assert backup.returncode == 0, backup.stderr
    assert "already runs" in machine.kontor("run", "--port", str(free_port())).stderr
    child.send_signal(signal.SIGINT)
    rest = child.stdout.read()
    assert child.wait(90) == 0
    order = [rest.index(f"stopping {name}") for name in ("web", "beat", "worker", "sinks")]
    assert order == sorted(order)
    assert machine.processes() == []

    again = time.monotonic()
    child, _said = machine.start()
    if os.getloadavg()[0] <= 2 * (os.cpu_count() or 1):  # on a machine that is busy otherwise the figure says nothing
        assert time.monotonic() - again < 10
    # A launcher that is killed takes everything with it.
    child.kill()
    child.wait()
    deadline = time.monotonic() + 45
    while machine.processes() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert machine.processes() == []

    seal_key = (machine.var / "seal_key").read_text()
    assert machine.kontor("reset").returncode == 1
    assert machine.kontor("reset", "--yes").returncode == 0
    assert sorted(path.name for path in machine.var.iterdir()) == ["backups", "kontor.lock"]
    (archive,) = (machine.var / "backups").glob("*.tar")
    assert (archive.stat().st_mode & 0o077) == 0
    restored = machine.kontor("restore", str(archive), "--yes")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert (machine.var / "media" / "note.txt").read_text() == "kept"
    assert (machine.var / "seal_key").read_text() == seal_key
    doctor = machine.kontor("manage", "shell", "-c", PROBE)
    assert "permission denied" in doctor.stdout, doctor.stdout + doctor.stderr


# The rights came back with the tables: the application still may not rewrite the journal.
PROBE = """
from django.db import connection, ProgrammingError
try:
    connection.cursor().execute("DELETE FROM journal_event")
except ProgrammingError as error:
    print(error)
"""


def test_a_damaged_archive_changes_nothing(machine):
    broken = machine.var.parent / "broken.tar"
    broken.write_bytes(b"not a tar file")
    done = machine.kontor("restore", str(broken), "--yes")
    assert done.returncode == 1
    assert "is no backup of Kontor or is damaged" in done.stderr
    assert not (machine.var / "servers").exists()
