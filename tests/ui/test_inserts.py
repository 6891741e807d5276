"""A new row goes in by a statement that is kept, and is what Django would have written."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from foundation.accounts.models import Team
from foundation.journal.models import ClockTimestamp, Event
from foundation.notifications.models import Message
from foundation.sla.models import Target
from foundation.ui.inserts import insert
from foundation.ui.server_plans import ASKED_BEFORE
from tests.accounts.factories import make_team

pytestmark = pytest.mark.django_db


def event(team: Team, **values: object) -> Event:
    kind = ContentType.objects.get_for_model(Team)
    return Event(code="note.added", content_type=kind, object_id=team.pk, facts={"größe": ["5 mm", None]}, **values)


def test_the_record_knows_its_key_and_what_the_database_filled_in() -> None:
    made = event(make_team())
    with CaptureQueriesContext(connection) as asked:
        insert(made)
    assert len(asked) == 1
    stored = Event.objects.get(pk=made.pk)
    assert (stored.recorded_at, stored.occurred_at, stored.transaction) == (
        made.recorded_at, made.occurred_at, made.transaction,
    )  # fmt: skip
    assert (stored.facts, stored.customer_id, stored.imported) == ({"größe": ["5 mm", None]}, None, False)
    assert made._state.adding is False


def test_what_the_database_has_against_a_row_is_raised_or_passed_over() -> None:
    team = make_team()
    kind = ContentType.objects.get_for_model(Team)

    def message() -> Message:
        about = {"content_type": kind, "object_id": team.pk, "event_id": 7, "recipient_key": "user:1"}
        return Message(channel="email", template_key="x", body="Hello", **about)

    insert(message())
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(message())
    twin = message()
    insert(twin, unless_there=True)
    assert twin.pk is None and Message.objects.count() == 1


def test_a_row_with_an_expression_is_left_to_django() -> None:
    made = event(make_team(), occurred_at=ClockTimestamp())
    insert(made)
    assert Event.objects.get(pk=made.pk).occurred_at.year >= 2026


@pytest.mark.django_db(transaction=True)
def test_what_the_server_keeps_writes_what_the_plain_statement_wrote() -> None:
    """Lists, JSON, nothing, quotes and percent signs: the first rows go in plainly, the last by the kept statement."""
    connection.close()  # a connection that keeps nothing yet
    stored = []
    for number in range(ASKED_BEFORE + 2):
        made = Target(
            code=f"kept-{number}", metric="first_response", name="O'Neil \\ 50% \"Größe\"", amount=5,
            start_events=["a.done", "b, {done}"], stop_events=[], warning_percent=[50, 90],
            escalation=[{"to": ["owner"], "by": "it's"}],
        )  # fmt: skip
        insert(made)
        stored.append(model_to_dict(Target.objects.get(pk=made.pk), exclude=["id", "code"]))
    assert stored == [stored[0]] * len(stored)
    assert stored[0]["start_events"] == ["a.done", "b, {done}"] and stored[0]["calendar"] is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO _sla_target_ %'")
        assert cursor.fetchone() == (1,)
