"""The ways in which a message reaches somebody, each in a folder of its own."""

from __future__ import annotations

from foundation.notifications.channels.base import Channel

_channels: dict[str, Channel] = {}


def register_channel(channel: Channel) -> None:
    """Let the worker use a channel; a second one of the same code replaces the first."""
    _channels[channel.code] = channel


def get_channel(code: str) -> Channel | None:
    """The channel, or None."""
    return _channels.get(code)


def transports() -> list[Channel]:
    """The channels that leave the house and therefore go through the worker."""
    return list(_channels.values())


def codes() -> list[str]:
    """Every channel that a rule may name."""
    return [*_channels, "inbox"]
