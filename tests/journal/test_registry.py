"""What an event says."""

from __future__ import annotations

from django.utils import translation

from foundation.journal.registry import EventType


def test_a_day_in_a_sentence_reads_as_the_reader_writes_it() -> None:
    kind = EventType("parcel.delayed", "Expected on %(eta_on)s instead of %(old_on)s")
    assert kind.say({"eta_on": "2026-11-26", "old_on": "some day"}) == "Expected on 26 Nov 2026 instead of some day"
    with translation.override("zh-hans"):
        assert "2026年11月26日" in kind.say({"eta_on": "2026-11-26"})
