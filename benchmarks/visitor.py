"""A visitor without a browser: one kept connection, the whole answer read, nothing done beside."""

from __future__ import annotations

import http.client
import itertools
import re
import socket
import time
import uuid
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_strangers = itertools.count(1)


class Unexpected(Exception):
    """A page did not answer as it should; the text names it."""


class Visitor:
    """Somebody with a session, or a stranger."""

    def __init__(self, port: int, session: str = "") -> None:
        self.cookies = {"session": session} if session else {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def _headers(self) -> dict[str, str]:
        stranger = next(_strangers)  # each look comes from elsewhere, or the door for the public would close
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": f"10.{stranger >> 16 & 255}.{stranger >> 8 & 255}.{stranger & 255}",
            "Accept-Language": "en",
        }

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, float]:
        headers = self._headers()
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self.connection.port}{path}"
        if self.connection.sock is None:
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - started
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, text.decode(errors="replace"), took

    def get(self, path: str) -> float:
        """Seconds until the whole page was here."""
        status, _text, took = self._ask("GET", path)
        if status != 200:
            raise Unexpected(f"GET {path} answered {status}")
        return took

    def look(self, path: str) -> str:
        """The page's text."""
        status, text, _took = self._ask("GET", path)
        if status != 200:
            raise Unexpected(f"GET {path} answered {status}")
        return text

    def prepare_form(self, path: str) -> str:
        """The token that a form on this page sends along."""
        found = _TOKEN.search(self.look(path))
        if found is None:
            raise Unexpected(f"{path} has no form")
        return found[1]

    def post(self, path: str, token: str, values: dict[str, str]) -> float:
        """Seconds until a form was accepted; a form that comes back with errors is unexpected."""
        body = urlencode({"csrfmiddlewaretoken": token, "submission": uuid.uuid4().hex, **values})
        status, text, took = self._ask("POST", path, body)
        if status not in (302, 303):
            errors = re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)<', text)
            raise Unexpected(f"POST {path} answered {status}: {'; '.join(errors)[:300]}")
        self.cookies.pop("messages", None)  # the page that it leads to says them, and the browser forgets them
        return took

    def close(self) -> None:
        """Hang up."""
        self.connection.close()
