"""Requests that leave the house: to one fixed host, over one connection, following nothing, and never into our own network."""

from __future__ import annotations

import http.client
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from foundation.notifications.channels.base import Unclear, Unreachable

CONNECT_SECONDS = 10
ANSWER_SECONDS = 15
# For the whole exchange, however slowly the other end drips: well below the lease of a claimed message.
LONGEST_SECONDS = 45.0
LONGEST_ANSWER = 65536


class Caller:
    """One kept connection to the host of `url`. `is_local` allows addresses of our own network, as for the sink of a demo."""

    def __init__(
        self, url: str, *, is_local: bool, seconds: float = ANSWER_SECONDS, longest: float = LONGEST_SECONDS
    ) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise Unreachable("the port of the gateway's address is not a number") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable("the gateway's address is not of the form https://host/path")
        self.is_secure = parts.scheme == "https"
        self.host, self.port = parts.hostname, port or (443 if self.is_secure else 80)
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.is_local, self.seconds, self.longest = is_local, seconds, longest
        self.connection: http.client.HTTPConnection | None = None

    def call(self, method: str, body: bytes, headers: dict[str, str], path: str = "") -> tuple[int, bytes]:
        """Status and beginning of the answer; a redirect is an answer like any other.

        Raises Unreachable while nothing has been handed over, Unclear when the request is out and no answer comes.
        """
        connection = self._connected()
        try:
            connection.request(method, path or self.path, body or None, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        try:
            with _cut_off(connection.sock, self.longest):
                response = connection.getresponse()
                answer = response.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Unclear(f"{type(error).__name__}: {error}") from error
        if not response.isclosed():  # more than we read: the next answer would begin in the middle
            self.close()
        return response.status, answer

    def close(self) -> None:
        """Let go of the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _connected(self) -> http.client.HTTPConnection:
        if self.connection is not None and _is_over(self.connection.sock):
            self.close()
        if self.connection is None:
            kept = http.client.HTTPConnection(self.host, self.port, timeout=self.seconds)
            kept.sock = self._socket()
            # Should the socket close in between, it is opened by us, to an address that was looked at, or not at all.
            kept.auto_open = 0
            self.connection = kept
        return self.connection

    def _socket(self) -> Any:
        """Connected to an address that was looked at first: a name that changes its mind meanwhile leads nowhere else."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not self.is_local and not all(is_public(one) for one in addresses):
            raise Unreachable(f"{self.host} is an address of our own network: the settings must allow that")
        fault: Exception = OSError("no address")
        for address in addresses:
            try:
                return self._open(address)
            except OSError as error:
                fault = error
        raise Unreachable(f"{type(fault).__name__}: {fault}") from fault

    def _open(self, address: str) -> Any:
        plain = socket.create_connection((address, self.port), timeout=CONNECT_SECONDS)
        try:
            if self.is_secure:
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise
        plain.settimeout(self.seconds)
        return plain


@contextmanager
def _cut_off(sock: Any, seconds: float) -> Iterator[None]:
    """End the conversation after so long, whatever still arrives."""

    def shut() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(seconds, shut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


# Addresses of IPv6 that lead to one of IPv4: 64:ff9b::/96 ends in it.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet at large, also when it is an IPv4 address in the dress of IPv6."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner: Any = parsed
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or parsed
        if parsed in TRANSLATED:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if parsed.teredo:
            return False
    return bool(inner.is_global and not inner.is_multicast)


def _is_over(kept: Any) -> bool:
    """Whether the other end has closed a connection that rests: then nothing of the next message may go into it."""
    return kept is None or bool(select.select([kept], [], [], 0)[0])
