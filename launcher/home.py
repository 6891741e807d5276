"""Where things lie: the clone, the state under var/, and which steps need no repeating."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher.say import Failure

ROOT = Path(__file__).resolve().parent.parent


def private_folder(path: Path) -> Path:
    """Make a folder (and those above it) that only its owner reads."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


@dataclass
class Home:
    """One installation's state folder: var/ in the clone, or KONTOR_VAR."""

    var: Path = field(default_factory=lambda: Path(os.environ.get("KONTOR_VAR") or ROOT / "var").absolute())

    def __post_init__(self) -> None:
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            for name in ("log", "media"):
                (self.var / name).mkdir(exist_ok=True)
        except OSError as error:
            raise Failure(
                f"{self.var} cannot be written ({error.strerror}): set KONTOR_VAR to a folder that can."
            ) from None

    @property
    def log(self) -> Path:
        """Logs of the processes and of the setting up."""
        return self.var / "log"

    @property
    def setup_log(self) -> Path:
        """What the tools said that the launcher ran."""
        return self.log / "setup.log"

    def key_file(self, name: str) -> Path:
        """A file with a random secret; made on first use."""
        path = self.var / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(64) + "\n")
        return path

    def lock(self) -> int:
        """Hold this state folder for one running launcher; refuse when another holds it."""
        path = self.var / "kontor.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 20).decode().strip() or "?"
            os.close(descriptor)
            raise Failure(
                f"Kontor already runs from {self.var} (process {holder}): stop it first, or set KONTOR_VAR to another folder."
            ) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        return descriptor

    @contextmanager
    def lock_named(self, name: str) -> Iterator[bool]:
        """Whether we are the only ones who do this now, in this state folder."""
        descriptor = os.open(self.var / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        except BlockingIOError:
            is_ours = False
        try:
            yield is_ours
        finally:
            os.close(descriptor)

    def is_running(self) -> bool:
        """Whether some launcher holds this folder now."""
        try:
            descriptor = self.lock()
        except Failure:
            return True
        os.close(descriptor)
        return False


class Stamps:
    """Which steps were done for which inputs, so that a second start skips them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.done: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.done = {}

    def fresh(self, step: str, inputs: str) -> bool:
        """Whether the step was done for exactly these inputs."""
        return self.done.get(step) == inputs

    def mark(self, step: str, inputs: str) -> None:
        """Remember that the step was done."""
        self.done[step] = inputs
        write_private(self.path, json.dumps(self.done, indent=1))


def digest(paths: Iterable[Path], *extra: Any) -> str:
    """A hash over the contents of files and over further values."""
    total = hashlib.sha256(repr(extra).encode())
    for path in sorted(paths):
        if path.is_file():
            total.update(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).encode() + b"\0")
            total.update(path.read_bytes() + b"\0")
    return total.hexdigest()


APPS = ("config", "foundation", "catalog", "crm", "orders", "logistics", "aftersales", "kpi", "portal")


def source_files(*endings: str) -> list[Path]:
    """The project's own files with these endings."""
    return [path for app in APPS for ending in endings for path in (ROOT / app).rglob(f"*{ending}")]
