"""Debian packages: installed by root, or unpacked into a folder of our own by anybody else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def available() -> bool:
    """Whether this is a Debian or Ubuntu machine."""
    return shutil.which("apt-get") is not None


def _run(argv: list[str], log: Path, cwd: Path | None = None) -> bool:
    with log.open("ab") as out:
        out.write(("$ " + " ".join(argv) + "\n").encode())
        out.flush()
        return subprocess.run(argv, stdout=out, stderr=out, env=QUIET, cwd=cwd, check=False).returncode == 0


def install(packages: list[str], log: Path) -> bool:
    """Install as root; refreshes the package lists when the first try fails."""
    if os.geteuid() != 0 or not available():
        return False
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return _run(command, log) or (_run(["apt-get", "update"], log) and _run(command, log))


def unpack(packages: list[str], target: Path, log: Path) -> bool:
    """Download packages with what they need and unpack them under `target`, without any right on the system."""
    if not available() or shutil.which("dpkg-deb") is None:
        return False
    work = target.with_name(target.name + ".apt")
    for folder in ("lists/partial", "cache/archives/partial", "log"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    options = [
        f"-oDir::State::lists={work}/lists",
        f"-oDir::Cache={work}/cache",
        f"-oDir::Log={work}/log",
        "-oDebug::NoLocking=1",
        "-oAPT::Sandbox::User=root",
        "-oAPT::Update::Post-Invoke::=",
    ]
    try:
        download = ["apt-get", *options, "install", "-y", "--no-install-recommends", "--download-only", *packages]
        if not (_run(["apt-get", *options, "update"], log) and _run(download, log)):
            return False
        archives = sorted((work / "cache/archives").glob("*.deb"))
        return bool(archives) and all(_run(["dpkg-deb", "-x", str(deb), str(target)], log) for deb in archives)
    finally:
        shutil.rmtree(work, ignore_errors=True)
