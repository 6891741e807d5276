"""A real SMTP server and a real gateway for text messages, in this process, which can be told to misbehave."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailSink:
    """Keeps what arrives. `answers` maps a recipient to what RCPT says instead of 250; `connections` counts sign-ons.

    At a recipient of `hangs_up_at` the connection breaks.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.hangs_up_at: set[str] = set()
        self.connections = 0
        self.on_data: Callable[[], None] = lambda: None
        self.controller: Any = None

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.hangs_up_at:
            server.transport.abort()
            return "421 Gone"
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.on_data()
        self.raw.append(envelope.content)
        self.envelopes.append(list(envelope.rcpt_tos))
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    def start(self, port: int) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=port, ready_timeout=60)
        self.controller.start()

    def start_anywhere(self, tries: int = 5) -> int:
        """Start on a free port; another process may take it between our looking and our opening."""
        for left in reversed(range(tries)):
            port = free_port()
            try:
                self.start(port)
                return port
            except OSError:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def stop(self) -> None:
        if self.controller:
            self.controller.stop(no_assert=True)
            self.controller = None


class SmsSink:
    """Keeps what arrives. `answers` maps a number to a status."""

    def __init__(self) -> None:
        self.texts: list[dict[str, str]] = []
        self.answers: dict[str, int] = {}
        self.connections = 0
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                sink.connections += 1
                super().setup()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = sink.answers.get(message["to"], 200)
                if status == 200:
                    sink.texts.append(message)
                body = json.dumps({"id": f"gateway-{len(sink.texts)}"}).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/sms"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Provider:
    """Any provider that speaks HTTP: keeps requests and answers what it is told.

    `manner` is `answers`, `hangs up`, `is silent`, or `drips` (a byte now and then, without an end).
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], str]] = []
        self.status, self.manner = 200, "answers"
        self.answer: Any = {}
        self.times: list[float] = []
        self.may_end = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                provider.requests.append((self.command, self.path, dict(self.headers), body))
                provider.times.append(time.monotonic())
                if provider.manner != "answers":
                    self.misbehave()
                    return
                said = provider.answer if isinstance(provider.answer, bytes) else json.dumps(provider.answer).encode()
                self.send_response(provider.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_PUT = do_POST

            def misbehave(self) -> None:
                self.close_connection = True
                if provider.manner == "is silent":
                    provider.may_end.wait(20)
                while provider.manner == "drips" and not provider.may_end.wait(0.05):
                    try:
                        self.wfile.write(b"H")
                    except OSError:
                        return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self.may_end.set()
        self.server.shutdown()
        self.server.server_close()


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Give other threads a little while."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
