"""An escalation goes to whom, and by the channels that, its step of the promise names."""

import pytest

from foundation.accounts.models import Team, User
from foundation.journal.services import record
from foundation.notifications.audiences import escalation
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem, Message, Rule
from tests.aftersales.factories import make_ticket

pytestmark = pytest.mark.django_db
STEPS = [
    {"after": 30, "audiences": ["owner"], "channels": ["inbox"]},
    {"after": 90, "audiences": ["owner_manager", "team_lead", "owner_manager"], "channels": ["inbox", "email"]},
]


@pytest.fixture
def people():
    boss = User.objects.create_user("boss@example.com", None, name="Boss")
    lead = User.objects.create_user("lead@example.com", None, name="Lead")
    team = Team.objects.create(name="Service", lead=lead)
    owner = User.objects.create_user("owner@example.com", None, name="Owner", manager=boss, team=team)
    return {"boss": boss, "lead": lead, "owner": owner}


def escalated(people, level, steps=STEPS):
    load_messages()
    ticket = make_ticket(owner=people["owner"])
    facts = {"promise": {"en": "Answer"}, "level": level, "due_at": "2026-03-02T09:00:00+00:00"}
    if steps is not None:
        facts["escalation"] = steps
    event = record("sla.escalated", ticket, facts=facts)
    return {
        "inbox": sorted(InboxItem.objects.filter(event=event).values_list("user__name", flat=True)),
        "email": sorted(Message.objects.filter(event=event).values_list("to_address", flat=True)),
    }


def test_the_first_step_tells_its_people_by_its_channels_alone(people):
    assert escalated(people, 1) == {"inbox": ["Owner"], "email": []}


def test_the_second_step_tells_others_each_once(people):
    assert escalated(people, 2) == {"inbox": ["Boss", "Lead"], "email": ["boss@example.com", "lead@example.com"]}


def test_an_event_that_names_nobody_reaches_the_owner_and_their_manager(people):
    assert escalated(people, 1, steps=None)["inbox"] == ["Boss", "Owner"]


def test_no_fact_can_name_the_audience_that_reads_it(people):
    load_messages()
    assert Rule.objects.get(event="sla.escalated").audience == "escalation"
    ticket = make_ticket(owner=people["owner"])
    event = record(
        "sla.escalated", ticket, facts={"level": 1, "escalation": [{"audiences": ["escalation"], "channels": []}]}
    )
    assert escalation(event, ticket) == []
