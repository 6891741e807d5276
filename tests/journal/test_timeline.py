"""One timeline, newest first, in a number of queries that does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from foundation.journal import timeline as module
from foundation.journal.services import add_note, record
from foundation.journal.timeline import Entry, register_source, timeline
from tests.accounts.factories import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    entries = []
    register_source("test", lambda **wanted: list(entries), kinds=("message",))
    yield entries
    module._sources.pop("test")


def test_entries_come_newest_first_with_actor_and_words():
    clerk, team = make_user("Ines"), make_team()
    record("note.added", team, occurred_at=timezone.now() - timedelta(days=2), private={"text": "earlier"})
    add_note(team, "Called, nobody there.\nAgain tomorrow.", actor=clerk)
    first, second = timeline(team)
    assert (first.kind, first.actor, first.body) == ("note", "Ines", "Called, nobody there.\nAgain tomorrow.")
    assert (second.body, first.entered_at) == ("earlier", None)
    assert second.entered_at is not None


def test_a_note_without_its_erased_part_keeps_its_place():
    team = make_team()
    record("note.added", team)
    assert [(one.kind, one.body) for one in timeline(team)] == [("note", "")]


def test_other_rooms_add_their_entries_in_the_order_of_time(source):
    team = make_team()
    add_note(team, "now", actor=None)
    source.append(Entry("message", "Email sent", timezone.now() - timedelta(hours=1), state="delivered"))
    source.append(Entry("message", "Email planned", timezone.now() + timedelta(hours=1)))
    assert [one.kind for one in timeline(team)] == ["message", "note", "message"]
    assert [one.kind for one in timeline(team, kinds=["note"])] == ["note"]
    assert [one.kind for one in timeline(team, kinds=["message"])] == ["message", "message"]
    assert len(timeline(team, limit=2)) == 2


def test_a_timeline_continues_below_the_last_entry_shown():
    team = make_team()
    start = timezone.now() - timedelta(days=1)
    for hour in range(6):
        record("note.added", team, occurred_at=start + timedelta(hours=hour), private={"text": str(hour)})
    shown = timeline(team, limit=4)
    rest = timeline(team, limit=4, before=shown[-1].when)
    assert [one.body for one in shown + rest] == ["5", "4", "3", "2", "1", "0"]


def test_a_record_sees_only_its_own_events_and_a_customer_all_of_its_records():
    team, other = make_team(), make_team()
    for one in (team, other):
        event = record("note.added", one, facts={"number": f"X-{one.pk}"}, private={"text": "n"})
        assert event.customer_id is None
    assert len(timeline(team)) == 1


def test_an_unknown_code_is_shown_rather_than_breaking_the_page():
    team = make_team()
    event = add_note(team, "x", actor=None)
    event.code = "gone.forgotten"
    assert module._entry(event, (), None).text == "gone.forgotten"


def test_the_sentence_is_in_the_readers_language():
    team = make_team()
    add_note(team, "x", actor=None)
    with translation.override("de"):
        assert isinstance(timeline(team)[0].text, str)


def test_without_a_subject_there_is_no_timeline():
    with pytest.raises(ValueError, match="subject or a customer"):
        timeline()


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    team, clerk = make_team(), make_user()
    counts, rows = [], 0
    for more in (2, 18):
        for number in range(more):
            add_note(team, f"note {number}", actor=clerk)
        rows += more
        timeline(team)
        with django_assert_max_num_queries(4) as counted:  # events, and one each for messages, mail and tasks
            assert len(timeline(team)) == rows
        counts.append(len(counted))
    assert counts[0] == counts[1]
