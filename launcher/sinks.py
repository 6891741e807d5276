"""Where mails and text messages end on a machine without a provider: a real SMTP server, a real HTTP gateway for text
messages, and a page that shows what arrived, newest first. Runs inside the virtual environment.

Some recipients fail on purpose, so that failures can be seen: mail to …@refused.example is refused for good (550), to
…@busy.example for now (451); text messages to numbers that begin with +99900 are refused for good (400), with +99911
for now (503).
"""

from __future__ import annotations

import argparse
import email
import email.policy
import json
import os
import re
import secrets
import signal
import threading
import time
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

from launcher import sink_pages

LARGEST_MAIL = 30 * 2**20
LARGEST_SMS = 64 * 2**10
SAFE_NAME = re.compile(r"[0-9a-zA-Z._-]{1,120}")


class Store:
    """Messages as files: mail/*.eml and sms/*.json, named so that they sort by time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for kind in ("mail", "sms"):
            (folder / kind).mkdir(parents=True, exist_ok=True)

    def _new_name(self, ending: str) -> str:
        return f"{time.time_ns()}-{secrets.token_hex(4)}.{ending}"

    def keep_mail(self, content: bytes, sender: str, recipients: list[str]) -> None:
        """Keep a mail as it came, the envelope before its own headers."""
        envelope = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\n".encode()
        self._write(self.folder / "mail" / self._new_name("eml"), envelope + content)

    def keep_sms(self, message: dict[str, Any]) -> None:
        """Keep a text message with the time of its arrival."""
        text = json.dumps({**message, "received_at": time.time()}, ensure_ascii=False)
        self._write(self.folder / "sms" / self._new_name("json"), text.encode())

    def _write(self, path: Path, content: bytes) -> None:
        beside = path.with_suffix(".part")
        beside.write_bytes(content)
        beside.rename(path)

    def names(self, limit: int) -> list[str]:
        """The newest messages as kind/name."""
        found = [
            (path.name, f"{path.parent.name}/{path.name}")
            for path in self.folder.glob("*/*.*")
            if path.suffix != ".part"
        ]
        return [name for _key, name in sorted(found, reverse=True)[:limit]]

    def mail(self, name: str) -> EmailMessage:
        """One mail. Raises OSError when there is none of that name."""
        content = (self.folder / "mail" / name).read_bytes()
        return email.message_from_bytes(content, policy=email.policy.default)

    def sms(self, name: str) -> dict[str, Any]:
        """One text message. Raises OSError when there is none of that name."""
        loaded: dict[str, Any] = json.loads((self.folder / "sms" / name).read_text())
        return loaded

    def summary(self, entry: str) -> dict[str, Any]:
        """What the list shows of a message."""
        kind, name = entry.split("/")
        row: dict[str, Any] = {"kind": kind, "name": name, "at": int(name.split("-")[0]) / 1e9}
        if kind == "sms":
            message = self.sms(name)
            return row | {"to": message["to"], "subject": message["text"], "id": message["id"]}
        mail = self.mail(name)
        return row | {
            "to": str(mail["X-Envelope-To"] or ""),
            "subject": str(mail["Subject"] or ""),
            "id": str(mail["Message-ID"] or ""),
        }


class MailHandler:
    """What the SMTP server does with a mail."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Accept every recipient but those who fail on purpose."""
        if address.endswith("@refused.example"):
            return "550 5.1.1 This mailbox does not exist"
        if address.endswith("@busy.example"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail."""
        self.store.keep_mail(envelope.content, envelope.mail_from or "", envelope.rcpt_tos)
        return "250 OK"


class Page(BaseHTTPRequestHandler):
    """The gateway for text messages (POST /sms) and the pages that show everything."""

    store: Store
    server_version = "kontor-sinks"

    def log_message(self, format: str, *args: Any) -> None:
        """No access log."""

    def _answer(self, status: int, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", headers.pop("policy", sink_pages.POLICY))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _json(self, status: int, value: Any) -> None:
        self._answer(status, json.dumps(value, ensure_ascii=False), "application/json")

    def do_GET(self) -> None:
        """The list, one message, or a part of one."""
        address = urlsplit(self.path)
        parts = [part for part in address.path.split("/") if part]
        try:
            if not parts:
                wanted = parse_qs(address.query).get("to", [""])[0]
                self._answer(200, sink_pages.list_page(self._rows(wanted), wanted))
            elif parts == ["messages.json"]:
                self._json(200, self._rows(parse_qs(address.query).get("to", [""])[0]))
            elif len(parts) >= 2 and parts[0] in ("mail", "sms") and SAFE_NAME.fullmatch(parts[1]):
                self._message(parts)
            else:
                raise FileNotFoundError
        except (OSError, ValueError, IndexError, KeyError):
            self._answer(404, sink_pages.page("Not here", "<p>There is no such message.</p>"))

    def _rows(self, wanted: str) -> list[dict[str, Any]]:
        rows = (self.store.summary(entry) for entry in self.store.names(500))
        return [row for row in rows if wanted in row["to"]]

    def _message(self, parts: list[str]) -> None:
        kind, name, *rest = parts
        if kind == "sms":
            self._answer(200, sink_pages.sms_page(self.store.sms(name)))
            return
        mail = self.store.mail(name)
        if not rest:
            self._answer(200, sink_pages.mail_page(name, mail))
        elif rest == ["source"]:
            self._answer(200, mail.as_bytes(), "text/plain; charset=utf-8")
        elif rest == ["html"]:
            part = mail.get_body(("html",))
            if part is None:
                raise FileNotFoundError
            self._answer(200, part.get_content(), policy=sink_pages.MAIL_POLICY)
        else:
            attachment = list(mail.iter_attachments())[int(rest[1])]
            content = cast(bytes, attachment.get_payload(decode=True) or b"")
            file = re.sub(r"[^\w. -]", "_", attachment.get_filename() or "attachment", flags=re.ASCII)
            self._answer(200, content, attachment.get_content_type(), Content_Disposition=f'inline; filename="{file}"')

    def do_POST(self) -> None:
        """The gateway: {"to", "text", "id"} comes in, {"id"} goes out."""
        size = int(self.headers.get("Content-Length") or 0)
        if self.path != "/sms":
            return self._json(404, {"error": "unknown address"})
        if size > LARGEST_SMS:
            return self._json(413, {"error": "too large"})
        try:
            message = json.loads(self.rfile.read(size))
            wanted = {key: str(message[key]) for key in ("to", "text", "id")}
        except (ValueError, KeyError, TypeError):
            return self._json(400, {"error": "a JSON object with to, text and id is expected"})
        if wanted["to"].startswith("+99900"):
            return self._json(400, {"error": "this number does not exist"})
        if wanted["to"].startswith("+99911"):
            return self._json(503, {"error": "try again later"})
        self.store.keep_sms(wanted)
        return self._json(200, {"id": wanted["id"]})


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    store = Store(options.folder)
    Page.store = store
    mail = Controller(
        MailHandler(store), hostname="127.0.0.1", port=options.smtp, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True
    )
    mail.start()
    page = ThreadingHTTPServer(("127.0.0.1", options.page), Page)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    # The launcher may die without a word to us; then somebody else is our parent.
    parent = os.getppid()
    while not ended.wait(1) and os.getppid() == parent:
        pass
    # Every message is on disk once it was accepted, so nothing is lost when a connection keeps the servers from closing.
    last = threading.Timer(3, os._exit, [0])
    last.daemon = True
    last.start()
    page.shutdown()
    mail.stop()


if __name__ == "__main__":
    main()
