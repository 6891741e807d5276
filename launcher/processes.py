"""Starts our processes, keeps them alive, collects what they say, and stops them in order."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher import say
from launcher.home import ROOT
from launcher.identity import die_with_us

LARGEST_LOG = 5 * 2**20
LONGEST_PAUSE = 60.0
WELL_AFTER = 60.0  # a process that lived this long starts its next pause from one second again


def open_log(path: Path) -> IO[bytes]:
    """A log to append to; the old one is put aside when it is large."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


@dataclass
class Process:
    """One supervised process. `patience` is how many seconds it may take to finish what it is doing."""

    name: str
    argv: list[str]
    env: dict[str, str]
    log: Path
    patience: float = 30
    child: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = 1.0
    again_at: float = 0

    def start(self) -> None:
        """Start it; what it says goes to its log and, with its name before each line, to the terminal."""
        self.child = subprocess.Popen(
            self.argv,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the launcher alone, which stops them in order
            preexec_fn=die_with_us(signal.SIGTERM),
        )
        self.started = time.monotonic()
        threading.Thread(target=self._relay, args=(self.child,), daemon=True).start()

    def _relay(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        with open_log(self.log) as log:
            for row in child.stdout:
                log.write(row)
                log.flush()
                say.line(f"{self.name:6} | {row.decode(errors='replace').rstrip()}")

    def alive(self) -> bool:
        """Whether it runs now."""
        return self.child is not None and self.child.poll() is None

    def stop(self, hurried: threading.Event) -> None:
        """Ask it to finish, wait, then insist; `hurried` ends the waiting early."""
        if self.child is None or not self.alive():
            return
        self.child.terminate()
        deadline = time.monotonic() + self.patience
        while self.alive() and time.monotonic() < deadline and not hurried.is_set():
            time.sleep(0.05)
        if self.alive():
            self._kill_group()
        self.child.wait()

    def _kill_group(self) -> None:
        """End the process with its children; it leads a session, so its id names the group."""
        assert self.child is not None
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself just now


@dataclass
class Supervisor:
    """All our processes; stops them in the order in which they were added."""

    processes: list[Process] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    hurried: threading.Event = field(default_factory=threading.Event)

    def add(self, process: Process) -> Process:
        """Start a process and look after it from now on."""
        process.start()
        self.processes.append(process)
        return process

    def listen(self) -> None:
        """Ctrl-C, a closed terminal and SIGTERM mean: stop in order; once more: without waiting."""

        def ask(_number: int, _frame: object) -> None:
            (self.hurried if self.stopping.is_set() else self.stopping).set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask)

    def watch(self, also: Callable[[], None]) -> None:
        """Until asked to stop: start again what died, after a pause that doubles each time. `also` runs every round."""
        while not self.stopping.wait(0.5):
            also()
            now = time.monotonic()
            for process in self.processes:
                if process.alive():
                    continue
                if not process.again_at:
                    if now - process.started > WELL_AFTER:
                        process.pause = 1.0
                    code = process.child.returncode if process.child else "?"
                    say.line(
                        f"kontor | {process.name} ended (exit code {code}); starting it again in {process.pause:.0f} s"
                    )
                    process.again_at = now + process.pause
                    process.pause = min(process.pause * 2, LONGEST_PAUSE)
                elif now >= process.again_at:
                    process.again_at = 0
                    process.start()

    def stop(self) -> None:
        """Stop all in order."""
        for process in self.processes:
            if process.alive():
                say.line(f"kontor | stopping {process.name}")
            process.stop(self.hurried)
