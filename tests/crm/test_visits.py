"""Visits are made only with the customer's consent, arrive when they arrive, and end with what comes next."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from crm import services
from crm.models import AppointmentPolicy, CheckIn, PreparationRow, ServiceRecord, Visit
from crm.selectors import neighbours_of, visible_visits
from crm.services.arrivals import Fix
from crm.services.preparation import add_item, tick_items
from foundation.accounts.handovers import hand_over_work, return_work
from foundation.journal.machine import Refused, edges
from foundation.journal.models import Attachment, Event
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from foundation.todos.models import Task
from tests.crm.factories import make_address, make_contact, make_customer, make_visit, planned_visit, visit_for
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db
HERE = Fix(Decimal("53.543000"), Decimal("9.990000"), 12)
STATES = [str(value) for value in Visit.Status.values]


def codes(subject: Any) -> list[str]:
    return list(Event.objects.about(subject).order_by("id").values_list("code", flat=True))


def tomorrow(hour: int = 10) -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def arrived_visit(owner: Any, **values: Any) -> Visit:
    visit = planned_visit(owner, **values)
    services.depart(visit.pk, actor=owner)
    return services.check_in(visit.pk, actor=owner, no_position="no_signal")


# ---------------------------------------------------------------- consent and planning


def test_a_visit_is_numbered_and_goes_to_the_customers_usual_office(anna):
    customer = make_customer(owner=anna)
    office = make_address(customer)
    visit = make_visit(anna, customer)
    assert visit.number.startswith("VIS-")
    assert (visit.owner, visit.address, visit.status) == (anna, office, "proposed")
    assert codes(visit) == ["visit.proposed"]
    assert visit.purpose not in str(Event.objects.about(visit).get().facts)


def test_without_the_customers_consent_a_visit_is_not_planned_and_says_so(anna):
    visit = make_visit(anna)
    with pytest.raises(Refused, match="has not agreed yet"):
        services.plan_visit(visit.pk, actor=anna, start=tomorrow(), end=tomorrow(11))
    visit.refresh_from_db()
    assert (visit.status, codes(visit)) == ("proposed", ["visit.proposed"])
    with pytest.raises(DatabaseError, match="crm_visit_planned_with_consent"), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(
            status="planned", planned_start=tomorrow(), planned_end=tomorrow(11), arrive_by=tomorrow()
        )


def test_the_consent_keeps_who_when_and_how_and_becomes_a_service_record(anna):
    customer = make_customer(owner=anna)
    visit = make_visit(anna, customer)
    said_at = timezone.now() - timedelta(hours=2)
    visit = services.agree_visit(visit.pk, actor=anna, by=" Petra Petersen ", channel="phone", at=said_at)
    assert (visit.status, visit.consent_by, visit.consent_at) == ("agreed", "Petra Petersen", said_at)
    assert (visit.consent_channel, visit.consent_noted_by) == ("phone", anna)
    record = ServiceRecord.objects.get(customer=customer)
    assert (record.type, record.channel, record.started_at) == ("presales_callback", "phone", said_at)
    assert "Petra Petersen" in record.text.subject
    long = services.agree_visit(
        make_visit(anna, customer, purpose="Oak " * 50).pk, actor=anna, by="P" * 120, channel="phone"
    )
    assert long.status == "agreed" and len(ServiceRecord.objects.latest("pk").text.subject) == 200
    for wrong in ({"by": " "}, {"at": timezone.now() + timedelta(hours=1)}):
        other = make_visit(anna, customer)
        with pytest.raises(Refused):
            services.agree_visit(other.pk, actor=anna, **{"by": "Petra", "channel": "phone", **wrong})
        assert codes(other) == ["visit.proposed"]


def test_who_arrives_ten_minutes_early_is_punctual_and_the_rule_is_a_row(anna):
    visit = planned_visit(anna, start=tomorrow())
    assert visit.arrive_by == tomorrow() - timedelta(minutes=10)
    AppointmentPolicy.objects.update_or_create(pk=1, defaults={"arrive_early_minutes": 20})
    later = planned_visit(anna, start=tomorrow(15))
    assert later.arrive_by == tomorrow(15) - timedelta(minutes=20)
    visit.refresh_from_db()
    assert visit.arrive_by == tomorrow() - timedelta(minutes=10)
    soon = timezone.now() + timedelta(minutes=5)
    assert planned_visit(anna, start=soon).arrive_by == soon


@pytest.mark.parametrize(
    "times", [(-1, 1), (1, 1), (2, 1), (1, 30)], ids=["in the past", "no length", "ends first", "too long"]
)
def test_times_that_cannot_be_are_refused(anna, times):
    visit = make_visit(anna)
    services.agree_visit(visit.pk, actor=anna, by="Petra", channel="email")
    now = timezone.now()
    start, end = (now + timedelta(hours=hours) for hours in times)
    with pytest.raises(Refused) as refusal:
        services.plan_visit(visit.pk, actor=anna, start=start, end=end)
    assert refusal.value.field in ("start", "end")


@pytest.mark.parametrize("state", STATES)
def test_the_database_keeps_the_machine(anna, state):
    customer = make_customer(owner=anna)
    allowed = {target for source, target, _verb in edges(Visit, "status") if source == state}
    filled = {"result": "order", "reason": "Ill", "arrived_at": timezone.now()}
    for target in set(STATES) - {state} - allowed:
        visit = visit_for(state, anna, customer, tomorrow())
        with pytest.raises(DatabaseError), transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(status=target, **filled)


# ---------------------------------------------------------------- whose visit it is


def test_colleagues_of_another_team_neither_see_nor_make_my_visit(anna, wei, maria):
    visit = make_visit(anna)
    assert visible_visits(anna).get() == visible_visits(maria).get() == visit
    assert not visible_visits(wei).exists()
    with pytest.raises(Refused, match="Anna Berg"):
        services.agree_visit(visit.pk, actor=wei, by="Petra", channel="phone")
    services.agree_visit(visit.pk, actor=maria, by="Petra", channel="phone")
    with pytest.raises(PermissionDenied):
        services.propose_visit(make_customer().pk, actor=wei, purpose="Help", owner=anna)


def test_whoever_comes_along_sees_the_visit(anna, wei):
    visit = make_visit(anna, companions=[wei, anna])
    assert list(visit.companions.all()) == [wei]
    assert visible_visits(wei).get() == visit


def test_a_visit_is_handed_over_once(anna, wei):
    visit = make_visit(anna)
    services.hand_over_visit(visit.pk, actor=anna, owner=wei, was_owner=anna.pk)
    with pytest.raises(Refused, match="Wei Chen"):
        services.hand_over_visit(visit.pk, actor=anna, owner=wei, was_owner=anna.pk)
    assert codes(visit).count("visit.reassigned") == 1


def test_handing_over_a_planned_visit_moves_appointment_and_consent(anna, wei, maria):
    visit = planned_visit(anna, companions=[wei])
    made = hand_over_work(anna.pk, actor=maria, to={"visits": [wei]})
    moved = Visit.objects.get(pk=visit.pk)
    assert (moved.owner, moved.status, moved.planned_start) == (wei, "planned", visit.planned_start)
    assert (moved.consent_by, moved.consent_at) == (visit.consent_by, visit.consent_at)
    assert not moved.companions.exists()  # who came along leads it now
    assert moved in Visit.objects.of(wei.pk) and moved not in Visit.objects.of(anna.pk)
    services.depart(visit.pk, actor=wei)
    return_work(made.pk)
    assert Visit.objects.get(pk=visit.pk).owner == anna


# ---------------------------------------------------------------- the checklist


def test_the_checklist_holds_the_template_and_what_was_asked_for(anna):
    load_defaults()
    visit = make_visit(anna, wishes=["samples"])
    texts = [item.text for item in visit.items.select_related("row")]
    always = PreparationRow.objects.filter(wanted_for="", used_for=PreparationRow.UsedFor.VISIT).count()
    assert always == 10 and len(texts) == 11
    assert "Tape measure" in texts and "The samples that were asked for" in texts
    services.change_visit(visit.pk, actor=anna, purpose=visit.purpose, wishes=["quote"])
    texts = [item.text for item in visit.items.select_related("row")]
    assert "The samples that were asked for" not in texts and "Price list and a prepared quote" in texts


def test_a_tick_keeps_who_and_when_and_a_line_of_ones_own_can_be_added(anna, maria):
    load_defaults()
    visit = make_visit(anna)
    first, second = visit.items.all()[:2]
    tick_items(Visit, visit.pk, actor=anna, done={first.pk}, event="visit.checked")
    tick_items(Visit, visit.pk, actor=maria, done={first.pk, second.pk}, event="visit.checked")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.done_by, second.done_by) == (anna, maria)
    tick_items(Visit, visit.pk, actor=maria, done={first.pk, second.pk}, event="visit.checked")
    add_item(Visit, visit.pk, actor=anna, text="Umbrella", event="visit.checked")
    assert codes(visit).count("visit.checked") == 3
    assert visit.items.last().text == "Umbrella"
    services.cancel_visit(visit.pk, actor=anna, reason="Moved away")
    with pytest.raises(Refused, match="is over"):
        tick_items(Visit, visit.pk, actor=anna, done=set(), event="visit.checked")


# ---------------------------------------------------------------- on the road


def test_a_check_in_keeps_the_servers_time_the_position_and_the_distance(anna):
    customer = make_customer(owner=anna)
    make_address(customer, latitude=Decimal("53.540000"), longitude=Decimal("9.990000"))
    visit = planned_visit(anna, customer)
    before = timezone.now()
    visit = services.check_in(visit.pk, actor=anna, fix=HERE, note="Gate 3")
    one = CheckIn.objects.get()
    assert before <= visit.arrived_at <= timezone.now()
    assert (one.latitude, one.accuracy_m, one.no_position, one.stated_at) == (HERE.latitude, 12, "", None)
    assert 330 <= one.distance_m <= 338
    assert visit.is_punctual is True
    facts = Event.objects.about(visit).get(code="visit.arrived").facts
    assert (facts["has_position"], facts["is_late_entry"], facts["is_punctual"]) == (True, False, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckIn.objects.update(distance_m=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckIn.objects.all().delete()


def test_without_a_position_there_is_a_reason_and_without_coordinates_no_distance(anna):
    visit = planned_visit(anna)
    with pytest.raises(Refused) as refusal:
        services.check_in(visit.pk, actor=anna)
    assert refusal.value.field == "no_position" and not CheckIn.objects.exists()
    services.check_in(visit.pk, actor=anna, no_position="refused")
    assert CheckIn.objects.get().no_position == "refused"
    customer = make_customer(owner=anna)
    address = make_address(customer)
    other = planned_visit(anna, customer)
    services.check_in(other.pk, actor=anna, fix=HERE, keep_position=True)
    assert CheckIn.objects.get(visit=other).distance_m is None
    address.refresh_from_db()
    assert (address.latitude, address.longitude) == (HERE.latitude, HERE.longitude)


def test_a_vague_position_does_not_become_the_addresss(anna):
    customer = make_customer(owner=anna)
    address = make_address(customer)
    visit = planned_visit(anna, customer)
    vague = Fix(HERE.latitude, HERE.longitude, 2000)
    services.check_in(visit.pk, actor=anna, fix=vague, keep_position=True)
    address.refresh_from_db()
    assert address.position is None


def test_an_arrival_that_is_entered_later_keeps_the_stated_time_and_is_marked(anna):
    load_defaults()
    visit = planned_visit(anna, start=timezone.now() + timedelta(minutes=30))
    stated = timezone.now() - timedelta(minutes=40)
    visit = services.check_in(visit.pk, actor=anna, no_position="late", stated_at=stated)
    one = CheckIn.objects.get()
    assert (visit.arrived_at, one.stated_at) == (stated, stated)
    assert one.received_at - stated > timedelta(minutes=39)
    event = Event.objects.about(visit).get(code="visit.arrived")
    assert event.occurred_at == stated and event.facts["is_late_entry"] is True
    for wrong in (timezone.now() + timedelta(hours=1), timezone.now() - timedelta(days=9)):
        other = planned_visit(anna)
        with pytest.raises(Refused) as refusal:
            services.check_in(other.pk, actor=anna, no_position="late", stated_at=wrong)
        assert refusal.value.field == "stated_at"


def test_the_clock_of_punctuality_runs_to_the_arrival_and_follows_a_moved_visit(anna):
    load_defaults()
    visit = planned_visit(anna, start=tomorrow())
    clock = Clock.objects.get(metric="punctuality")
    assert clock.due_at == tomorrow() - timedelta(minutes=10)
    services.reschedule_visit(visit.pk, actor=anna, start=tomorrow(14), end=tomorrow(15))
    clock.refresh_from_db()
    assert clock.due_at == tomorrow(14) - timedelta(minutes=10)
    services.check_in(visit.pk, actor=anna, no_position="no_signal")
    clock.refresh_from_db()
    assert clock.stopped_at is not None and clock.breached_at is None


@pytest.mark.django_db(transaction=True)
def test_two_phones_that_check_in_together_make_one_arrival(anna):
    visit = planned_visit(anna)
    ready, results = threading.Barrier(2), []

    def arrive() -> None:
        try:
            ready.wait(10)
            services.check_in(visit.pk, actor=anna, no_position="no_signal")
            results.append("in")
        except Refused:
            results.append("refused")
        finally:
            close_old_connections()

    threads = [threading.Thread(target=arrive) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["in", "refused"]
    assert CheckIn.objects.count() == 1 and codes(visit).count("visit.arrived") == 1


# ---------------------------------------------------------------- the end


def test_an_outcome_becomes_a_service_record_a_task_photos_and_a_word_of_thanks(anna):
    load_defaults()
    customer = make_customer(owner=anna)
    contact = make_contact(customer, is_main=True, language="de")
    visit = arrived_visit(anna, customer=customer, contact=contact)
    day = timezone.localdate() + timedelta(days=3)
    png = b"\x89PNG\r\n\x1a\n"
    from PIL import Image

    picture = SimpleUploadedFile("hall.png", _png(Image), content_type="image/png")
    assert picture.read(8) == png
    visit = services.finish_visit(
        visit.pk, actor=anna, result="quote", discussed="They want 600 m² of oak.", next_step="Send the quote",
        next_step_on=day, photos=[picture],
    )  # fmt: skip
    assert (visit.status, visit.result, visit.outcome.type) == ("done", "quote", "visit")
    assert visit.outcome.text.content == "They want 600 m² of oak."
    customer.refresh_from_db()
    assert (customer.next_step, customer.next_step_on) == ("Send the quote", day)
    task = Task.objects.get()
    assert (task.title, task.person, task.due_on, task.customer_id) == ("Send the quote", anna, day, customer.pk)
    assert Attachment.objects.get(purpose="photo").customer_id == customer.pk
    thanks = Message.objects.filter(event__code="visit.finished", recipient_key=f"contact:{contact.pk}")
    assert thanks.count() == 1


def _png(image: Any) -> bytes:
    import io

    out = io.BytesIO()
    image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def test_another_visit_can_come_next_and_has_to_be_agreed_again(anna):
    visit = arrived_visit(anna)
    day = timezone.localdate() + timedelta(days=7)
    services.finish_visit(
        visit.pk, actor=anna, result="interested", discussed="Nice.", next_kind="visit", next_step="Bring samples",
        next_step_on=day,
    )  # fmt: skip
    following = Visit.objects.exclude(pk=visit.pk).get()
    assert (following.status, following.purpose, following.consent_at) == ("proposed", "Bring samples", None)
    assert timezone.localtime(following.planned_start).date() == day


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"next_step": "Call"}, "next_step_on"),
        ({"next_step_on": "soon"}, "next_step"),
        ({"next_kind": "none"}, "no_next_step_reason"),
        ({"result": "perfect"}, "result"),
    ],
)
def test_nothing_is_kept_without_a_next_step_or_a_reason_why_none(anna, values, field):
    visit = arrived_visit(anna)
    records = ServiceRecord.objects.count()
    if values.get("next_step_on"):
        values = {"next_step_on": timezone.localdate()}
    with pytest.raises(Refused) as refusal:
        services.finish_visit(visit.pk, actor=anna, **{"result": "order", "discussed": "x", **values})
    assert refusal.value.field == field
    visit.refresh_from_db()
    assert visit.status == "arrived" and ServiceRecord.objects.count() == records
    services.finish_visit(
        visit.pk, actor=anna, result="nothing", discussed="No.", next_kind="none", no_next_step_reason="They close"
    )
    assert not Task.objects.exists()


def test_a_missed_visit_says_whose_doing_it_was(anna):
    visit = planned_visit(anna)
    with pytest.raises(Refused, match="has not come yet"):
        services.miss_visit(visit.pk, actor=anna, missed_by="us", reason="Traffic")
    past = visit_for("planned", anna, make_customer(owner=anna), timezone.now() - timedelta(hours=3))
    missed = services.miss_visit(past.pk, actor=anna, missed_by="customer", reason="Nobody there")
    assert (missed.status, missed.missed_by) == ("missed", "customer")


def test_a_planned_visit_that_is_cancelled_tells_the_customer_only_when_asked_to(anna):
    load_defaults()
    customer = make_customer(owner=anna)
    make_contact(customer, is_main=True)
    for tells in (True, False):
        visit = planned_visit(anna, customer)
        services.cancel_visit(visit.pk, actor=anna, reason="Ill", tells_customer=tells)
        told = Message.objects.filter(event__code="visit.cancelled", event__object_id=visit.pk, user=None)
        assert told.exists() is tells


# ---------------------------------------------------------------- neighbours


def test_neighbours_are_visible_customers_of_the_same_district_area_or_city_the_nearest_first(anna, wei):
    here = make_address(make_customer(owner=anna), district="Altstadt")
    city = make_customer("City", owner=anna)
    make_address(city, postal_code="22999")
    area = make_customer("Area", owner=anna)
    make_address(area, city="Schenefeld", postal_code="20499")
    district = make_customer("District", owner=anna)
    make_address(district, district="altstadt")
    make_address(make_customer("Elsewhere", owner=anna), city="Berlin", postal_code="10115")
    make_address(make_customer("Foreign", owner=wei))
    found = neighbours_of(anna, here)
    assert [one.customer.name for one in found] == ["District", "Area", "City"]
    assert neighbours_of(anna, None) == []
