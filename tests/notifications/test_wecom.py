"""The robot of a WeCom group: for colleagues alone, in its own marks, and what its codes mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from foundation.accounts.models import User
from foundation.journal.services import record
from foundation.notifications import channels
from foundation.notifications.channels.outgoing import Caller
from foundation.notifications.channels.wecom import LONGEST, WecomChannel, markdown
from foundation.notifications.delivery import deliver_due
from foundation.notifications.forms import WriteForm, fitting_address
from foundation.notifications.models import Message
from foundation.notifications.validation import check_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot(provider: Any, settings: Any) -> Iterator[Any]:
    """A group with a robot; the channel is registered as at a start with WECOM_URL."""
    settings.WECOM_URL, settings.WECOM_LOCAL = f"http://{provider.host}/cgi-bin/webhook/send?key=k-1", True
    provider.answer = {"errcode": 0, "errmsg": "ok"}
    channels.register_channel(WecomChannel())
    yield provider
    channels._channels.pop("wecom")


@pytest.fixture
def told(crate: Any, cast: Any, add_rule: Any, robot: Any) -> Any:
    """Chen, who has an account at WeCom, is told by the robot that a crate is packed."""
    User.objects.filter(pk=cast.owner.pk).update(wecom_id="chenwei")
    cast.owner.refresh_from_db()
    add_rule(audience="owner", channels=["wecom", "email"])

    def tell() -> Message:
        record("crate.packed", crate, facts={"weight": 1})
        return Message.objects.latest("pk")

    return tell


def test_a_colleague_is_named_in_the_group_in_their_language(told: Any, robot: Any, crate: Any) -> None:
    message = told()
    assert (message.channel, message.to_address, message.language) == ("wecom", "chenwei", "zh-hans")
    assert deliver_due() == 1
    (_method, path, headers, body) = robot.requests[0]
    assert path == "/cgi-bin/webhook/send?key=k-1" and headers["Content-Type"] == "application/json"
    said = json.loads(body)
    assert said["msgtype"] == "markdown"
    content = said["markdown"]["content"]
    assert content.startswith("**货箱 Oak floor**\n已装箱：Oak floor") and content.endswith("<@chenwei>")
    message.refresh_from_db()
    assert message.state == "sent"


def test_without_an_account_or_a_robot_it_is_the_next_channel(told: Any, cast: Any, settings: Any) -> None:
    User.objects.filter(pk=cast.owner.pk).update(wecom_id="")
    cast.owner.refresh_from_db()
    assert told().channel == "email"
    cast.owner.wecom_id, settings.WECOM_URL = "chenwei", ""
    assert told().channel == "email"


@pytest.mark.parametrize(
    ("answer", "state"),
    [({"errcode": 45009, "errmsg": "api freq out of limit"}, "queued"), ({"errcode": -1}, "queued"),
     ({"errcode": 93000, "errmsg": "invalid webhook url"}, "failed"), ({"errcode": 40058}, "failed"),
     (b"<html>", "unknown"), ({"errcode": "0"}, "unknown"), ([], "unknown")],
)  # fmt: skip
def test_the_codes_of_the_robot_are_told_apart(told: Any, robot: Any, answer: Any, state: str) -> None:
    robot.answer = answer
    message = told()
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.state, message.strikes) == (state, 0)


@pytest.mark.parametrize(
    ("manner", "state"), [("hangs up", "unknown"), ("is silent", "unknown"), ("is away", "queued")]
)
def test_a_robot_that_does_not_answer(told: Any, robot: Any, monkeypatch: Any, manner: str, state: str) -> None:
    monkeypatch.setattr(Caller.__init__, "__kwdefaults__", {"seconds": 0.4, "longest": 1.0})
    robot.manner = manner
    if manner == "is away":
        robot.stop()
    message = told()
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.state, message.strikes) == (state, 0)


def test_words_cannot_mention_or_link_and_are_cut_to_fit(told: Any) -> None:
    message = told()
    message.subject_line, message.body = "<@all> [win](https://evil.example)", "界`x`" * 3000
    content = markdown(message)
    assert "<@all>" not in content and "](https://evil" not in content and "`" not in content
    assert len(content.encode()) <= LONGEST and content.endswith("<@chenwei>") and "…" in content


def test_no_rule_for_customers_may_use_it_and_nobody_writes_to_them_by_it(
    add_rule: Any, crate: Any, robot: Any
) -> None:
    rule = add_rule(channels=["wecom"])
    with pytest.raises(ValidationError, match="colleagues only"):
        check_rule(rule)
    rule.audience = "owner"
    check_rule(rule)
    assert "wecom" not in dict(WriteForm(instance=crate).fields["channel"].choices)  # type: ignore[attr-defined]


def test_an_account_is_checked() -> None:
    assert fitting_address("wecom", "chen.wei-1@corp") == "chen.wei-1@corp"
    for wrong in ("@all", "a b", "a>", "x" * 65):
        with pytest.raises(ValidationError):
            fitting_address("wecom", wrong)
