"""What a channel promises the worker."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


class Unreachable(Exception):
    """The provider as a whole does not answer or turns everybody away: this message and the rest of the batch wait."""


class Broken(Unreachable):
    """The connection stood and broke at this message: the next one shows whether the provider is down or the message does it."""


class Postponed(Exception):
    """This message was turned away for now (4xx, a busy mailbox): it is tried again later."""


class Rejected(Exception):
    """This message will never be taken (5xx, an unknown address): it is parked for somebody to look at."""


class Unclear(Exception):
    """The message was handed over and no answer came: nobody knows whether it went out, so it is not repeated blindly."""


class Session(ABC):
    """One open connection, used for a batch of messages."""

    def look_ahead(self, messages: Sequence[Any]) -> None:  # noqa: B027 - most channels need nothing
        """Read for a whole batch what its messages need."""

    @abstractmethod
    def send(self, message: Any) -> str:
        """Hand one message over; returns the provider's own ID, if it gave one.

        Raises Unreachable, Broken, Postponed, Rejected or Unclear; anything else counts as a fault of the message.
        """

    def is_up(self) -> bool:
        """Whether the provider answers, asked over a fresh connection after one has broken; no where that cannot be asked."""
        return False


class Channel(ABC):
    """A way out of the house."""

    code: str
    label: Any
    # Whether customers can be reached by it; otherwise colleagues alone.
    for_customers: bool = True

    @property
    def gives_receipts(self) -> bool:
        """Whether the provider says afterwards that a message has arrived; without that nobody waits for it."""
        return False

    @abstractmethod
    @contextmanager
    def connect(self) -> Iterator[Session]:
        """Open a session for a batch. Raises Unreachable."""
        yield  # type: ignore[misc]
