"""The virtual environment, filled from the hash-pinned locks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher import apt, say
from launcher.home import ROOT, Home, digest
from launcher.say import Failure

LOCKS = {"run": ("base", "embedded"), "test": ("base", "embedded", "dev")}


class Environment:
    """The Python that Kontor itself runs with: .venv in the clone, or KONTOR_VENV."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = Path(os.environ.get("KONTOR_VENV") or ROOT / ".venv").absolute()
        self.bin = self.folder / "bin"
        self.python = self.bin / "python"

    @property
    def site_packages(self) -> Path:
        """Where the libraries lie."""
        found = sorted(self.folder.glob("lib/python3*/site-packages"))
        return found[-1] if found else self.folder / "lib/site-packages"

    def ensure(self, purpose: str) -> None:
        """Make the environment and install what `purpose` ("run" or "test") needs, unless it is all there."""
        locks = [ROOT / "requirements" / f"{name}.txt" for name in LOCKS[purpose]]
        stamp = self.folder / f"kontor-{purpose}.stamp"
        wanted = digest(locks, sys.version_info[:2])
        if stamp.exists() and stamp.read_text() == wanted and self._works():
            return
        if not self._works():
            with say.step("Making a virtual environment"):
                self._create()
        count = sum(1 for lock in locks for row in lock.read_text().splitlines() if "==" in row and row[0].isalnum())
        with say.step(f"Installing {count} pinned packages (once; half a minute or so)"):
            self._install(locks)
        stamp.write_text(wanted)
        if purpose == "test":  # what tests need contains what running needs
            names = [ROOT / "requirements" / f"{name}.txt" for name in LOCKS["run"]]
            (self.folder / "kontor-run.stamp").write_text(digest(names, sys.version_info[:2]))

    def _works(self) -> bool:
        if not self.python.exists():
            return False
        test = [str(self.python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        return subprocess.run(test, check=False, stderr=subprocess.DEVNULL).returncode == 0

    def _create(self) -> None:
        log = self.home.setup_log
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            make = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
            if subprocess.run(make, stdout=out, stderr=out, check=False).returncode == 0:
                return
            # Debian ships venv without pip: root installs the missing package, anybody else borrows pip's wheel.
            if (
                apt.install(["python3-venv"], log)
                and subprocess.run(make, stdout=out, stderr=out, check=False).returncode == 0
            ):
                return
            bare = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(self.folder)]
            if subprocess.run(bare, stdout=out, stderr=out, check=False).returncode == 0 and self._borrow_pip():
                return
        shutil.rmtree(self.folder, ignore_errors=True)
        raise Failure(
            "Python's venv module is missing or cannot install pip: as root, apt-get install python3-venv; then start again.",
            log=log,
        )

    def _borrow_pip(self) -> bool:
        unpacked = self.home.var / "python-wheels"
        if not apt.unpack(["python3-pip-whl"], unpacked, self.home.setup_log):
            return False
        wheels = sorted(unpacked.rglob("pip-*.whl"))
        if not wheels:
            return False
        install = [str(self.python), f"{wheels[-1]}/pip", "install", "--no-index", str(wheels[-1])]
        with self.home.setup_log.open("ab") as out:
            done = subprocess.run(install, stdout=out, stderr=out, check=False).returncode == 0
        shutil.rmtree(unpacked, ignore_errors=True)
        return done

    def _install(self, locks: list[Path]) -> None:
        command = [str(self.python), "-m", "pip", "install", "--require-hashes", "--no-input", "--no-deps"]
        command += ["--disable-pip-version-check", "--progress-bar=off"]
        for lock in locks:
            command += ["-r", str(lock)]
        with self.home.setup_log.open("ab") as out:
            if subprocess.run(command, stdout=out, stderr=out, check=False).returncode != 0:
                raise Failure(
                    "The Python packages could not be installed: see the lines above; "
                    "pip needs a package index it can reach (PIP_INDEX_URL, proxy settings).",
                    log=self.home.setup_log,
                )
