"""A mail server that costs next to nothing and keeps next to nothing: which Message-IDs arrived, and how often each.

One thread a connection. `trouble` lets it misbehave with everybody, `refused` with single recipients.
"""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections import Counter
from typing import Any

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
AUTOMATIC = re.compile(rb"^auto-submitted:\s*auto-", re.IGNORECASE | re.MULTILINE)
BUSY = b"451 Try again later\r\n"


class MailSink:
    """What has arrived; open from the start, on a port of its own that stays the same."""

    def __init__(self) -> None:
        self.ids: Counter[str] = Counter()
        self.automatic = 0
        self.connections = 0
        self.refused: dict[str, str] = {}
        # "" takes everything; "busy" puts every message off; "silent" answers no command any more; "down" refuses connections.
        self.trouble = ""
        self.first_at: float | None = None
        self.last_at: float | None = None
        self._lock = threading.Lock()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                try:
                    sink._serve(self.rfile, self.wfile)
                except OSError:
                    pass  # a worker that was killed

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False
            request_queue_size = 64

            def verify_request(self, request: Any, client_address: Any) -> bool:
                return sink.trouble != "down"

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def url(self) -> str:
        """As EMAIL_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def repeats(self) -> int:
        """How many arrived beyond the first of their Message-ID."""
        return self.ids.total() - len(self.ids)

    def empty(self) -> None:
        """Forget what has arrived."""
        with self._lock:
            self.ids.clear()
            self.automatic, self.first_at, self.last_at = 0, None, None

    def close(self) -> None:
        """Take no more."""
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, rfile: Any, wfile: Any) -> None:
        with self._lock:
            self.connections += 1
        wfile.write(b"220 sink\r\n")
        while line := rfile.readline(4096):
            verb = line[:4].upper()
            while self.trouble == "silent":
                time.sleep(0.2)
            if verb == b"DATA":
                wfile.write(b"354 Go on\r\n")
                self._take(_body(rfile))
                wfile.write(b"250 OK\r\n")
            elif verb == b"QUIT":
                wfile.write(b"221 Bye\r\n")
                return
            else:
                wfile.write(self._answer(verb, line))

    def _answer(self, verb: bytes, line: bytes) -> bytes:
        if verb == b"RCPT":
            address = line.partition(b"<")[2].partition(b">")[0].decode()
            if answer := self.refused.get(address):
                return answer.encode() + b"\r\n"
            if self.trouble == "busy":
                return BUSY
        return b"250 OK\r\n"

    def _take(self, letter: bytes) -> None:
        head = letter.partition(b"\r\n\r\n")[0]
        found = MESSAGE_ID.search(head)
        now = time.monotonic()
        with self._lock:
            self.ids[found.group(1).decode() if found else ""] += 1
            self.automatic += bool(AUTOMATIC.search(head))
            self.first_at = self.first_at or now
            self.last_at = now


def _body(rfile: Any) -> bytes:
    """Everything up to the line that holds a dot alone."""
    parts = []
    while True:
        chunk = rfile.readline(65536)
        if not chunk:
            raise ConnectionError("hung up in the middle of a letter")
        if chunk == b".\r\n":
            return b"".join(parts)
        parts.append(chunk)
