"""Whom the database and Redis run as: ourselves, or, when we are root, a user who owns nothing."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.say import Failure

NOBODY = 65534
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Servant:
    """A user id that the two servers run under; None in both fields means: as we are."""

    uid: int | None = None
    gid: int | None = None

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that drop to this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, *paths: Path) -> None:
        """Give files or folders to this user."""
        if self.uid is not None and self.gid is not None:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def can_run(self, path: Path) -> bool:
        """Whether this user can reach a folder or execute a file."""
        test = subprocess.run(["test", "-x", str(path)], **self.popen(), check=False)
        return test.returncode == 0


def servant() -> Servant:
    """Ourselves; as root the user `nobody`, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return Servant()
    try:
        entry = pwd.getpwuid(NOBODY)
    except KeyError:
        raise Failure(
            f"PostgreSQL refuses to run as root and this machine has no user {NOBODY} (nobody) to run it as: "
            "start Kontor as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    dropped = Servant(entry.pw_uid, entry.pw_gid)
    try:
        subprocess.run(["true"], **dropped.popen(), check=True)
    except (OSError, subprocess.SubprocessError):
        raise Failure(
            "PostgreSQL refuses to run as root and this root may not become another user: "
            "start Kontor as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return dropped


def die_with_us(sign: signal.Signals) -> Callable[[], None] | None:
    """For Popen's preexec_fn: the child gets this signal when the launcher dies, however it dies."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sign))

    return ask
