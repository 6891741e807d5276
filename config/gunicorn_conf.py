"""The web server: few processes with some threads each.

One process loads the application, parts into those that answer, and ends; the arbiter, who watches over them, never
loads it. Were the arbiter to load and part itself, as `preload_app` has it, it would hold on to a copy of each page of
memory that all others have since written into: every seventh megabyte of the whole, and nobody would ever read it.
Whenever a process is to be replaced, all are: those of one parting share what none of them changes.
"""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import struct
import time
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from gunicorn.errors import HaltServer

bind = os.environ.get("KONTOR_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
keepalive = 5
# The processes are replaced before fragmentation can make them large.
max_requests = 20_000
# Heartbeats are files: kept in memory where the system has a place for that.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None
# No access log: the addresses of public pages carry their tokens.
accesslog = None
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
control_socket_disable = True
limit_request_line = 8190
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")


M_ARENA_MAX = -8  # malloc.h


def _share_arenas() -> None:
    """Threads take turns in two arenas: glibc would give each its own, and each keeps what it once needed."""
    with suppress(OSError, AttributeError):  # another C library has none
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


_share_arenas()


PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LONGEST_LOAD = 60  # seconds
LONGEST_PARTING = 10  # seconds
TRY_AGAIN_AFTER = 5  # seconds


def on_starting(server: Any) -> None:
    """Let a process of its own load the application, where the system gives us its children when it ends.

    Elsewhere each process loads for itself, which is slower and larger.
    """
    with suppress(OSError, AttributeError):
        if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0:
            server.spawn_workers = partial(_spawn_all, server)
            server.load_from = 0.0  # on the monotonic clock


def post_fork(_server: Any, worker: Any) -> None:
    """Wait until the process that loaded the application has ended: a worker leaves when its parent is not the arbiter."""
    deadline = time.monotonic() + LONGEST_PARTING
    while os.getppid() != worker.ppid and time.monotonic() < deadline:
        time.sleep(0.002)


def _spawn_all(server: Any) -> None:
    """Have as many new workers as there are to be; the arbiter lets the oldest go where that makes too many."""
    if time.monotonic() < server.load_from:
        return
    workers = [_prepare(server) for _number in range(server.num_workers)]
    reading, writing = os.pipe()
    loader = os.fork()
    if loader == 0:
        os.close(reading)
        _load_and_part(server, workers, writing)
    os.close(writing)
    found = _wait_for(reading, struct.calcsize(f"{len(workers)}i"))
    os.close(reading)
    if found:
        for worker, pid in zip(workers, struct.unpack(f"{len(workers)}i", found), strict=True):
            worker.pid = pid
            server.WORKERS[pid] = worker
        return  # that the loader ended is noticed with the next signal
    with suppress(ProcessLookupError):
        os.kill(loader, signal.SIGKILL)
    os.waitpid(loader, 0)
    for worker in workers:
        worker.tmp.close()
    if not server.WORKERS:
        raise HaltServer("App failed to load.", server.APP_LOAD_ERROR)
    server.log.error("The application did not load: the processes that are left go on alone, and it is tried again.")
    server.load_from = time.monotonic() + TRY_AGAIN_AFTER


def _prepare(server: Any) -> Any:
    """A worker as the arbiter makes it, before its process is."""
    server.worker_age += 1
    return server.worker_class(
        server.worker_age, server.pid, server.LISTENERS, server.app, server.timeout / 2.0, server.cfg, server.log
    )


def _load_and_part(server: Any, workers: list[Any], writing: int) -> NoReturn:
    """In the loader: become one process more for each worker and tell the arbiter their numbers.

    Those leave this function by SystemExit, as they leave the arbiter's own.
    """
    try:
        server.app.wsgi()
        _warm_up()
    except BaseException:
        traceback.print_exc()
        os._exit(server.APP_LOAD_ERROR)
    prepared = iter(workers)
    server.worker_class = lambda *_settings: next(prepared)
    made: list[int] = []
    try:
        for _worker in workers:
            made.append(server.spawn_worker())
        os.write(writing, struct.pack(f"{len(made)}i", *made))
    except Exception:  # the system has no room for one more
        traceback.print_exc()
        for pid in made:
            os.kill(pid, signal.SIGKILL)
        os._exit(server.APP_LOAD_ERROR)
    os._exit(0)


def _wait_for(reading: int, size: int) -> bytes:
    """What the loader has to say; nothing if it ended before, or takes too long."""
    ready, _writing, _odd = select.select([reading], [], [], LONGEST_LOAD)
    return os.read(reading, size) if ready else b""


def _warm_up() -> None:
    """Load what all processes need; it lives as long as they do, so spare the collector from walking it in each."""
    from config.warm import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
