"""The inbox of a colleague on a busy day: many notices of one kind stand as one, which opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from foundation.notifications.digests.headings import heading
from foundation.notifications.digests.policy import policy
from foundation.notifications.models import InboxItem

WITHIN = timedelta(hours=1)


@dataclass
class Stack:
    """Notices of one kind that came within an hour, newest first; one alone is a stack of its own."""

    items: list[InboxItem]
    title: str = ""

    @property
    def unread(self) -> list[InboxItem]:
        """Those that have not been read."""
        return [item for item in self.items if item.read_at is None]


def stacked(items: Sequence[InboxItem]) -> list[Stack]:
    """The notices of a page in their order, each where it stood; more than the policy's number of a kind at the place of the newest."""
    open_stacks: dict[str, Stack] = {}
    stacks: list[Stack] = []
    for item in items:
        kind = item.event.code if item.event is not None else ""
        stack = open_stacks.get(kind) if kind else None
        if stack is None or stack.items[0].created_at - item.created_at > WITHIN:
            stack = Stack([], heading(kind) if kind else "")
            stacks.append(stack)
            if kind:
                open_stacks[kind] = stack
        stack.items.append(item)
    most = policy()[0]
    found: list[Stack] = []
    for stack in stacks:
        found += [stack] if len(stack.items) > most else [Stack([item]) for item in stack.items]
    places = {item.pk: place for place, item in enumerate(items)}
    return sorted(found, key=lambda stack: places[stack.items[0].pk])
