"""The web server: few processes with some threads each; the application is loaded once, before they part."""

from __future__ import annotations

import ctypes
import gc
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

bind = os.environ.get("KONTOR_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
# A process is replaced before fragmentation can make it large; the jitter keeps them from leaving together.
max_requests = 20_000
max_requests_jitter = 2_000
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


def when_ready(server: Any) -> None:
    """Load what all processes need; it lives as long as the server, so spare the collector from walking it in each."""
    from config.warm import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
