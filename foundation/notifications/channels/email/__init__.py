"""Email through Django's backend, so that any provider fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from foundation.notifications.channels.base import (
    Broken,
    Channel,
    Postponed,
    Rejected,
    Session,
    Unclear,
    Unreachable,
)
from foundation.notifications.channels.email.faults import Verdict, fell_silent, judge
from foundation.notifications.channels.email.letter import letter, look_ahead
from foundation.notifications.channels.email.provider import is_signed, provider_id_of
from foundation.notifications.models import Message

RAISE: dict[Verdict, type[Exception]] = {
    "unreachable": Unreachable,
    "postponed": Postponed,
    "rejected": Rejected,
    "unclear": Unclear,
}
OK = 250


class EmailSession(Session):
    """One connection to the mail server, opened again by itself if the server hangs up between two messages."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def look_ahead(self, messages: Sequence[Message]) -> None:
        look_ahead(messages)

    def send(self, message: Message) -> str:
        built = letter(message, self.connection)
        stood = False
        try:
            self.connection.open()
            stood = True
            self.connection.send_messages([built])
        except Exception as error:
            verdict, text = judge(error)
            if verdict == "unreachable":
                # Also where the letter was handed over and no answer came: RFC 5321, 4.5.4.1 has us try again then, and
                # the same Message-ID tells the recipient's side that it is one letter.
                self._drop()
                raise (Broken if stood and fell_silent(error) else Unreachable)(text) from error
            if verdict != "rejected":
                self._hang_up()
            if verdict is None:
                raise
            raise RAISE[verdict](text) from error
        return provider_id_of(built)

    def is_up(self) -> bool:
        try:
            self.connection.open()
            server = getattr(self.connection, "connection", None)
            return server is not None and server.noop()[0] == OK
        except Exception:
            self._drop()
            return False

    def _hang_up(self) -> None:
        try:
            self.connection.close()
        except Exception:
            self.connection.connection = None

    def _drop(self) -> None:
        """Without a farewell, for which a server that has fallen silent would let us wait once more."""
        server, self.connection.connection = getattr(self.connection, "connection", None), None
        if server is not None:
            server.close()


class EmailChannel(Channel):
    code = "email"
    label = _("Email")

    @property
    def gives_receipts(self) -> bool:
        """A provider does, where its reports can be told from forged ones; a mail server does not."""
        return is_signed()

    @contextmanager
    def connect(self) -> Iterator[Session]:
        try:
            session = EmailSession(mail.get_connection())
        except (ImproperlyConfigured, ImportError) as error:  # a provider's key is missing, or its name is misspelt
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        try:
            yield session
        finally:
            session._hang_up()
