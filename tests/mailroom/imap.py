"""A little IMAP server in this process: it signs on, searches, hands out and marks mails, and can be told to misbehave."""

from __future__ import annotations

import re
import socketserver
import threading
from typing import Any


class ImapSink:
    """`mails` are given out by their UID, from 1; `seen` are the UIDs marked; `die_at` hangs up when such a command comes.

    `says` are sizes that it claims instead of the true ones, `given` what it has handed out, in bytes.
    """

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.seen: set[int] = set()
        self.commands: list[str] = []
        self.die_at = ""
        self.password = "secret"
        self.says: dict[int, int] = {}
        self.given: list[int] = []
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _space, command = line.decode().strip().partition(" ")
                    sink.commands.append(command)
                    if sink.die_at and command.startswith(sink.die_at):
                        return
                    self.wfile.write(sink.answer(tag, command))
                    if command == "LOGOUT":
                        return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self.server: Any = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://kontor:secret@127.0.0.1:{self.server.server_address[1]}/INBOX"

    def answer(self, tag: str, command: str) -> bytes:
        done = f"{tag} OK done\r\n".encode()
        if command.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n" + done
        if command.startswith("LOGIN") and not command.endswith(f'"{self.password}"'):
            return f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n".encode()
        if command.startswith("SELECT"):
            return f"* {len(self.mails)} EXISTS\r\n".encode() + done
        if command.startswith("UID SEARCH"):
            left = [str(uid) for uid in range(1, len(self.mails) + 1) if uid not in self.seen]
            return f"* SEARCH {' '.join(left)}\r\n".encode() + done
        if found := re.match(r"UID (FETCH|STORE) (\d+)", command):
            return self._one(found[1], int(found[2]), command) + done
        return done

    def _one(self, what: str, uid: int, command: str) -> bytes:
        if what == "STORE":
            self.seen.add(uid)
            return b""
        raw = self.mails[uid - 1]
        if "RFC822.SIZE" in command:
            size = self.says.get(uid, len(raw))
            return f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n".encode()
        if part := re.search(r"<0\.(\d+)>", command):
            raw = raw[: int(part[1])]
        self.given.append(len(raw))
        return f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
