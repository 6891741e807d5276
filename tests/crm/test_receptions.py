"""Receptions: booked or walked in, told in the morning, ticked live, signed for, ended with what comes next."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from crm import reception_defaults, services
from crm.feed import receptions as in_feed
from crm.models import (
    AppointmentPolicy,
    Customer,
    PreparationRow,
    Reception,
    ReceptionStep,
    ReceptionVisitor,
    ServiceRecord,
    StepRun,
)
from crm.selectors import visible_receptions
from crm.services import reception_news
from crm.services.showroom import thanks_moment
from foundation.accounts.models import Company, User
from foundation.accounts.work import work_kinds
from foundation.journal.machine import Refused, edges
from foundation.journal.models import Attachment, Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem, Message
from foundation.todos.models import Task
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db
ENDED = {"result": "quote", "discussed": "600 m² of oak", "next_step": "Send the quote"}


@pytest.fixture
def rows(db: None) -> None:
    reception_defaults.load()


@pytest.fixture
def lena(anna: User, roles: None) -> User:
    """Assists, in the technical department."""
    from tests.accounts.factories import make_user

    return make_user("Lena Vogt", role="technical", languages={"de": 4})


def tomorrow(hour: int = 10) -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def book(owner: Any, customer: Customer | None = None, **values: Any) -> Reception:
    customer = customer or make_customer(owner=owner)
    values.setdefault("purpose", "See the oak")
    values.setdefault("start", tomorrow())
    return services.book_reception(customer.pk, actor=owner, **values)


def here(owner: Any, **values: Any) -> Reception:
    reception = book(owner, **values)
    return services.arrive(reception.pk, actor=owner)


def codes(subject: Any) -> list[str]:
    return list(Event.objects.about(subject).order_by("id").values_list("code", flat=True))


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(out, "PNG")
    return out.getvalue()


def day() -> Any:
    return timezone.localdate() + timedelta(days=2)


# ---------------------------------------------------------------- booking


def test_a_reception_is_numbered_prepared_and_has_its_steps(anna, lena, rows):
    customer = make_customer(owner=anna, language="de")
    person = make_contact(customer)
    one = book(anna, customer, assistant=lena, head_count=4, wishes=["samples"])
    assert one.number.startswith("REC-") and one.status == "planned"
    assert (one.contact, one.language, one.owner, one.assistant) == (person, "de", anna, lena)
    assert one.planned_end - one.planned_start == timedelta(minutes=90)
    texts = [item.text for item in one.items.all()]
    assert "Water and tea × 4" in texts and "The samples that were asked for" in texts
    assert "Price list and a prepared quote" not in texts
    assert [step.planned_minutes for step in one.steps.all()] == [10, 5, 10, 15, 10, 30, 5]
    assert codes(one) == ["reception.planned"]
    assert one.purpose not in str(Event.objects.about(one).get().facts)


def test_visits_and_receptions_have_checklists_of_their_own(anna, rows):
    from crm import visit_defaults
    from tests.crm.factories import make_visit

    visit_defaults.load()
    assert {item.row.used_for for item in book(anna).items.all()} == {"reception"}
    assert {item.row.used_for for item in make_visit(anna).items.all()} == {"visit"}


def test_steps_of_a_booked_reception_keep_their_minutes_when_the_rows_change(anna, rows):
    one = book(anna)
    ReceptionStep.objects.filter(code="film").update(planned_minutes=99, is_active=False)
    assert 99 not in one.steps.values_list("planned_minutes", flat=True)
    assert one.steps.count() == book(anna).steps.count() + 1


@pytest.mark.parametrize("times", [(-1, 1), (1, 1), (2, 1), (1, 30)])
def test_times_that_cannot_be_are_refused(anna, times):
    now = timezone.now()
    start, end = (now + timedelta(hours=hours) for hours in times)
    with pytest.raises(Refused) as refusal:
        book(anna, start=start, end=end)
    assert refusal.value.field in ("start", "end")


def test_who_holds_no_receptions_neither_hosts_nor_prepares(anna, wei):
    desk = wei
    desk.groups.clear()
    desk = User.objects.get(pk=desk.pk)
    for values in ({"owner": desk}, {"assistant": desk}):
        with pytest.raises(Refused, match="holds no receptions"):
            services.book_reception(make_customer().pk, actor=anna, purpose="x", start=tomorrow(), **values)
    with pytest.raises(PermissionDenied):
        services.book_reception(make_customer().pk, actor=desk, purpose="x", start=tomorrow())
    stranger = make_contact()
    with pytest.raises(Refused):
        book(anna, contact=stranger)


def test_somebody_new_who_walks_in_becomes_a_customer_and_is_here_at_once(anna, sven, rows):
    one = services.walk_in(
        actor=anna,
        purpose="Floors for a school",
        company_name="Schulamt",
        contact_name="Ida Voss",
        country="DE",
        email="ida@schulamt.example",
        language="de",
    )
    assert (one.status, one.is_walk_in, one.customer.name, one.contact.name) == (
        "arrived",
        True,
        "Schulamt",
        "Ida Voss",
    )
    assert one.customer.owner == anna and codes(one) == ["reception.arrived"]
    desk = services.walk_in(actor=sven, purpose="For Anna", customer=one.customer, owner=anna)
    assert (desk.owner, desk.status) == (anna, "arrived")
    known = services.walk_in(actor=anna, purpose="Again", customer=one.customer)
    assert known.customer == one.customer and Customer.objects.count() == 1
    for wrong in ({"company_name": " ", "country": "DE"}, {"company_name": "X"}):
        with pytest.raises(Refused):
            services.walk_in(actor=anna, purpose="x", **wrong)


def test_changing_follows_on_the_checklist_and_tells_a_new_assistant_anew(anna, lena, rows):
    one = book(anna)
    Reception.objects.filter(pk=one.pk).update(briefed_on=timezone.localdate())
    values = {"purpose": "See the oak", "head_count": 3, "language": "en", "wishes": ["quote"], "contact": one.contact}
    one = services.change_reception(one.pk, actor=anna, assistant=lena, **values)
    assert one.briefed_on is None and "Price list and a prepared quote" in [item.text for item in one.items.all()]
    before = codes(one)
    services.change_reception(one.pk, actor=anna, assistant=lena, **values)
    assert codes(one) == before
    moved = services.reschedule_reception(one.pk, actor=anna, start=tomorrow(15))
    assert moved.planned_end == tomorrow(15) + timedelta(minutes=90)


# ---------------------------------------------------------------- who


def test_others_neither_see_nor_act_and_the_assistant_does(anna, wei, lena, maria, rows):
    one = book(anna, assistant=lena)
    assert not visible_receptions(wei).filter(pk=one.pk).exists()
    assert visible_receptions(lena).filter(pk=one.pk).exists()
    with pytest.raises(Refused, match="belongs to Anna"):
        services.cancel_reception(one.pk, actor=wei, reason="Not mine")
    services.arrive(one.pk, actor=lena)
    services.tick_step(one.pk, one.steps.first().pk, actor=maria)
    with pytest.raises(Refused):
        services.tick_step(one.pk, one.steps.last().pk, actor=wei)


def test_handing_over_makes_an_assistant_the_host(anna, lena, rows):
    kind = next(one for one in work_kinds() if one.code == "receptions")
    one = book(anna, assistant=lena)
    assert kind.needs == "crm.hold_reception"
    services.hand_over_reception(one.pk, actor=anna, owner=lena, was_owner=anna.pk)
    one.refresh_from_db()
    assert (one.owner, one.assistant) == (lena, None) and codes(one)[-1] == "reception.reassigned"


# ---------------------------------------------------------------- the morning


def test_the_assistant_is_told_once_on_the_morning_with_what_to_prepare(anna, lena, rows):
    load_messages()
    Company.objects.update_or_create(pk=1, defaults={"time_zone": "UTC"})
    customer = make_customer("Hafen GmbH", owner=anna)
    one = book(anna, customer, assistant=lena, head_count=4)
    book(anna)  # on another day
    morning = datetime.combine(timezone.now().date(), time(7, 59), UTC)
    Reception.objects.filter(pk=one.pk).update(
        planned_start=morning.replace(hour=14), planned_end=morning.replace(hour=15)
    )
    assert reception_news.brief_assistants(morning) == 0
    at = morning + timedelta(minutes=2)
    assert reception_news.brief_assistants(at) == 1 and reception_news.brief_assistants(at) == 0
    one.refresh_from_db()
    assert one.briefed_on == morning.date() and codes(one)[-1] == "reception.due_today"
    item = InboxItem.objects.get(user=lena)
    assert "Hafen GmbH" in item.text
    body = Message.objects.get(event__code="reception.due_today", channel="email").body
    assert "Water and tea × 4" in body and "Anna Berg" in body


def test_the_hour_is_a_row(anna, rows):
    Company.objects.update_or_create(pk=1, defaults={"time_zone": "UTC"})
    AppointmentPolicy.objects.update_or_create(pk=1, defaults={"brief_at": time(6)})
    one = book(anna)
    dawn = one.planned_start.replace(hour=6)
    assert reception_news.brief_assistants(dawn) == 1


# ---------------------------------------------------------------- the steps


def test_of_two_who_begin_the_same_step_the_later_does_not_end_it(anna, maria, rows):
    one = here(anna)
    first = one.steps.first()
    services.tick_step(one.pk, first.pk, actor=anna, to_end=False)
    with pytest.raises(Refused, match="Anna Berg has begun this step already"):
        services.tick_step(one.pk, first.pk, actor=maria, to_end=False)
    first.refresh_from_db()
    assert first.is_running and first.ticked_by == anna
    services.tick_step(one.pk, first.pk, actor=maria, to_end=True)
    first.refresh_from_db()
    assert first.ended_at


def test_a_tick_begins_a_step_and_ends_the_one_before_and_can_be_taken_back(anna, rows):
    one = here(anna)
    first, second, *_rest = one.steps.all()
    one = services.tick_step(one.pk, first.pk, actor=anna)
    assert one.status == "under_way"
    services.tick_step(one.pk, second.pk, actor=anna)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at == second.began_at and second.is_running
    services.undo_tick(one.pk, actor=anna)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.is_running and second.began_at is None
    services.tick_step(one.pk, first.pk, actor=anna)
    first.refresh_from_db()
    assert first.ended_at and not first.is_running
    with pytest.raises(Refused, match="ended already"):
        services.tick_step(one.pk, first.pk, actor=anna)
    services.undo_tick(one.pk, actor=anna)
    services.undo_tick(one.pk, actor=anna)
    with pytest.raises(Refused, match="Nothing is ticked"):
        services.undo_tick(one.pk, actor=anna)
    assert codes(one)[1:4] == ["reception.arrived", "reception.begun", "reception.stepped"]


def test_running_over_is_counted_in_whole_minutes(anna, rows):
    step = here(anna).steps.first()
    step.began_at = timezone.now() - timedelta(minutes=13, seconds=40)
    assert (step.minutes(), step.over_by) == (13, 3)
    step.ended_at = step.began_at + timedelta(minutes=4)
    assert (step.minutes(), step.over_by) == (4, 0)


def test_steps_are_ticked_shortly_before_and_while_they_are_here_only(anna, rows):
    far = book(anna)
    with pytest.raises(Refused, match="while the visitors are here"):
        services.tick_step(far.pk, far.steps.first().pk, actor=anna)
    soon = book(anna, start=timezone.now() + timedelta(minutes=10))
    assert services.tick_step(soon.pk, soon.steps.first().pk, actor=anna).status == "planned"


def test_the_database_lets_one_step_run_at_a_time(anna, rows):
    one = here(anna)
    with pytest.raises(IntegrityError, match="crm_steprun_one_at_a_time"), transaction.atomic():
        StepRun.objects.filter(reception=one).update(began_at=timezone.now())


# ---------------------------------------------------------------- visitors and the end


def test_a_visitor_signs_on_the_screen(anna, rows):
    one = here(anna)
    visitor = services.sign_visitor(
        one.pk, actor=anna, name=" Ida Voss ", signature=png(), rating="satisfied", has_consented=True
    )
    assert visitor.name == "Ida Voss" and visitor.signature.purpose == "signature"
    event = Event.objects.about(one).get(code="reception.signed")
    assert "Ida" not in str(event.facts)
    with pytest.raises(Refused) as refusal:
        services.sign_visitor(one.pk, actor=anna, name="Ida", signature=b"no picture")
    assert refusal.value.field == "signature"
    assert ReceptionVisitor.objects.count() == Attachment.objects.count() == 1
    with pytest.raises(Refused):
        services.sign_visitor(book(anna).pk, actor=anna, name="Ida", signature=png())


def test_the_outcome_becomes_a_service_record_with_a_task(anna, rows):
    one = here(anna)
    services.tick_step(one.pk, one.steps.first().pk, actor=anna)
    one = services.finish_reception(one.pk, actor=anna, next_step_on=day(), **ENDED)
    record = ServiceRecord.objects.get()
    assert (record.type, record.text.content, record.customer) == ("reception", "600 m² of oak", one.customer)
    assert (
        one.status == "ended" and one.outcome == record and not one.steps.filter(ended_at=None, began_at__isnull=False)
    )
    assert Task.objects.get().title == "Send the quote"
    one.customer.refresh_from_db()
    assert (one.customer.next_step, one.customer.next_step_on) == ("Send the quote", day())


@pytest.mark.parametrize("wrong", [{"result": ""}, {"next_step": ""}, {"next_step_on": None}, {"next_kind": "none"}])
def test_it_does_not_end_without_what_comes_next(anna, rows, wrong):
    one = here(anna)
    with pytest.raises(Refused):
        services.finish_reception(one.pk, actor=anna, **{**ENDED, "next_step_on": day(), **wrong})
    one.refresh_from_db()
    assert one.status == "arrived" and not ServiceRecord.objects.exists()


def test_thanks_go_out_in_the_customers_language_when_they_are_due(anna, rows):
    load_messages()
    customer = make_customer(owner=anna, language="de")
    make_contact(customer, name="Ida Voss", email="ida@hafen.example")
    one = here(anna, customer=customer)
    one = services.finish_reception(one.pk, actor=anna, next_step_on=day(), thanks="now", **ENDED)
    assert not Message.objects.filter(event__code="reception.thanked").exists()
    assert reception_news.send_thanks(timezone.now()) == 1 and reception_news.send_thanks(timezone.now()) == 0
    message = Message.objects.get(event__code="reception.thanked")
    assert str(message) == "Vielen Dank für Ihren Besuch in unserer Ausstellung"
    silent = here(anna)
    services.finish_reception(silent.pk, actor=anna, next_step_on=day(), thanks="none", **ENDED)
    assert reception_news.send_thanks(timezone.now() + timedelta(days=9)) == 0


def test_thanks_wait_for_the_evening_or_the_next_working_morning(db):
    Company.objects.update_or_create(pk=1, defaults={"time_zone": "UTC"})
    friday = datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert thanks_moment("evening", friday) == friday.replace(hour=18)
    late = friday.replace(hour=20)
    assert thanks_moment("evening", late) == late
    morning = thanks_moment("morning", friday)
    assert morning is not None and morning.hour == 9 and morning > friday
    assert thanks_moment("none", friday) is None


def test_not_coming_and_calling_off_need_a_reason_and_their_time(anna, rows):
    one = book(anna)
    for act in (services.cancel_reception, services.miss_reception):
        with pytest.raises(Refused):
            act(one.pk, actor=anna, reason=" ")
    with pytest.raises(Refused, match="not come yet"):
        services.miss_reception(one.pk, actor=anna, reason="Nobody")
    assert services.cancel_reception(one.pk, actor=anna, reason="Fair moved").status == "cancelled"
    other = book(anna)
    past = timezone.now() - timedelta(hours=3)
    Reception.objects.filter(pk=other.pk).update(planned_start=past, planned_end=past + timedelta(hours=1))
    assert services.miss_reception(other.pk, actor=anna, reason="Nobody").status == "no_show"


@pytest.mark.parametrize("state", [str(value) for value in Reception.Status.values])
def test_the_database_keeps_the_machine(anna, state):
    allowed = {target for source, target, _verb in edges(Reception, "status") if source == state}
    filled = {"result": "order", "reason": "Ill", "arrived_at": timezone.now(), "ended_at": timezone.now()}
    for target in Reception.Status.values:
        one = Reception.objects.create(
            number=f"T-{target}", status=state, customer=make_customer(), owner=anna, purpose="x", language="en",
            planned_start=tomorrow(), planned_end=tomorrow(11), **filled,
        )  # fmt: skip
        if target == state or target in allowed:
            Reception.objects.filter(pk=one.pk).update(status=target)
        else:
            with pytest.raises(DatabaseError), transaction.atomic():
                Reception.objects.filter(pk=one.pk).update(status=target)


# ---------------------------------------------------------------- the rows and the feed


def test_loading_the_rows_twice_adds_nothing_and_they_speak_four_languages(rows):
    assert reception_defaults.load() == 0
    for language in ("en", "de", "zh-hans", "zh-hant"):
        with override(language):
            assert len({one.text for one in ReceptionStep.objects.all()}) == 7
    assert PreparationRow.objects.filter(used_for="reception", text_de="").count() == 0


def test_the_feed_says_what_and_nothing_of_the_customer(anna, wei, lena):
    book(anna, make_customer("Secret Holding", owner=anna), assistant=lena)
    (mine,) = in_feed(anna)
    assert mine.summary.startswith("In the showroom: REC-") and "Secret" not in mine.summary
    assert len(list(in_feed(lena))) == 1 and not list(in_feed(wei))
