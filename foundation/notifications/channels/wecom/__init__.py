"""The robot of a WeCom group: colleagues read in their group what is theirs, each named so that their phone rings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.notifications.channels.base import Channel, Postponed, Rejected, Session, Unclear, Unreachable
from foundation.notifications.channels.outgoing import Caller
from foundation.notifications.channels.replies import judge, read_json
from foundation.notifications.models import Message
from foundation.notifications.placeholders import record_link
from foundation.notifications.texts import one_line

LONGEST = 4096  # bytes of a text in Markdown
OK, BUSY, TOO_MANY = 0, -1, 45009
# What would begin a mark, a link or a mention in the group becomes a character that only looks like it.
HARMLESS = str.maketrans({"<": "‹", ">": "›", "[": "［", "]": "］", "`": "'"})


class WecomSession(Session):
    """Hands messages to one robot, whose key is in the address."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    def send(self, message: Message) -> str:
        said = {"msgtype": "markdown", "markdown": {"content": markdown(message)}}
        body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
        status, answer = self.caller.call("POST", body, {"Content-Type": "application/json"})
        judge(status, answer)
        data = read_json(answer)
        code = data.get("errcode") if isinstance(data, dict) else None
        if not isinstance(code, int):
            raise Unclear(f"{status} {answer[:200].decode('utf-8', 'replace')}")
        if code == OK:
            return ""
        text = f"{code} {str(data.get('errmsg', ''))[:200]}"
        # 93000 and the like: the robot is gone, or the words are not allowed. Nothing heals by waiting.
        raise Postponed(text) if code in (BUSY, TOO_MANY) else Rejected(text)


class WecomChannel(Channel):
    """For colleagues only: customers are in no group of ours."""

    code = "wecom"
    label = gettext_lazy("WeCom group")
    for_customers = False

    @contextmanager
    def connect(self) -> Iterator[Session]:
        if not settings.WECOM_URL:
            raise Unreachable("WECOM_URL is empty: there is no robot")
        caller = Caller(settings.WECOM_URL, is_local=settings.WECOM_LOCAL)
        try:
            yield WecomSession(caller)
        finally:
            caller.close()


def markdown(message: Message) -> str:
    """Headline, text, the way to the record, and who is meant; cut where the group would refuse it."""
    foot = f"<@{plain(message.to_address)}>"
    subject: Any = message.subject
    link = record_link(subject) if subject is not None else ""
    if link:
        address = link if link.startswith("http") else settings.ORIGIN + link
        with translation.override(message.language or "en"):
            foot = f"[{_('To the record')}]({address}) {foot}"
    words = f"**{plain(one_line(message.subject_line))}**\n{plain(message.body)}".strip()
    room = LONGEST - len(foot.encode()) - 1
    if len(words.encode("utf-8", "replace")) > room:
        words = words.encode("utf-8", "replace")[: room - 3].decode("utf-8", "ignore") + "…"
    return f"{words}\n{foot}"


def plain(text: str) -> str:
    """The text without anything that the group would take for a mark, a link or a mention."""
    return text.translate(HARMLESS)
