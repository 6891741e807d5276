"""The promises for managers: in words, changed after a look, and pauses that the customer did not cause."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.calendars import defaults as calendar_defaults
from foundation.calendars.models import Calendar
from foundation.journal.models import Event
from foundation.journal.registry import event_type
from foundation.journal.services import record
from foundation.sla import defaults, pauses, wording
from foundation.sla.models import Clock, PauseReason, Target
from foundation.sla.scanner import scan
from foundation.sla.selectors.clocks import with_badge
from foundation.sla.selectors.ledger import addition, ledger_of
from foundation.sla.services.targets import save_target, spread_targets
from tests.sla.conftest import add_target, berlin, tell

pytestmark = pytest.mark.django_db
event_type("parcel.waiting", "Waiting %(waits_for)s")
event_type("parcel.wrote", "The customer wrote")
event_type("parcel.replied", "We wrote")
WAITS = {"pause_events": ["parcel.waiting"], "resume_events": ["parcel.released"]}


@pytest.fixture(autouse=True)
def _words():
    pauses.register_words(customer=["parcel.wrote", "parcel.released"], ours=["parcel.replied"])
    with override("en"), timezone.override("Europe/Berlin"):
        yield
    pauses._customers -= {"parcel.wrote", "parcel.released"}
    pauses._ours -= {"parcel.replied"}


def client_of(role):
    load_roles()
    person = User.objects.create_user(f"{role}@example.com", None, name=role.title(), language="en")
    person.groups.add(person.groups.model.objects.get(name=role))
    client = Client()
    client.force_login(person)
    return client, person


@pytest.fixture
def manager():
    return client_of("manager")[0]


@pytest.fixture
def editor():
    return client_of("administrator")[0]


# ------------------------------------------------------------ in words


def test_a_promise_reads_as_a_sentence(office):
    target = add_target(calendar=office, amount=2, warning_percent=[75, 50], priorities=["urgent"], languages=["de"])
    assert wording.sentence(target) == (
        "2 hours in the working hours of “Office”, from “Parcel arrived” until “Parcel answered”; "
        "pauses from “Parcel held” to “Parcel released”; warns at 50 % and 75 %; 30 min after the breach it tells "
        "the colleague in charge and the manager of the colleague in charge (Notification in the application and Email)."
    )
    assert wording.conditions_text(target) == ["priority: urgent", "language: German"]


def test_long_promises_by_the_wall_clock_are_told_in_days_those_of_working_hours_are_not(office):
    def said(amount, calendar=None):
        return wording.time_text(Target(amount=amount, unit="hours", calendar=calendar))

    assert said(168) == "7 days, around the clock"
    assert said(24) == "24 hours, around the clock" and said(48) == "48 hours, around the clock"
    assert said(100) == "100 hours, around the clock"
    assert said(168, office).startswith("168 hours in the working hours")


@pytest.mark.parametrize("language", ["en", "de", "zh-hans", "zh-hant"])
def test_every_default_promise_reads_whole_in_every_language(language):
    calendar_defaults.load()
    defaults.load()
    with override(language):
        for target in Target.objects.select_related("calendar"):
            said = wording.sentence(target)
            assert "%(" not in said
            assert "\0" not in said
            assert all(code not in said for code in target.heard_events()), said


def test_the_page_of_promises_counts_clocks_and_names_problems(manager, office):
    add_target(calendar=office)
    broken = add_target("broken", metric="other")
    Target.objects.filter(pk=broken.pk).update(problem="no working time", problem_at=timezone.now())
    for n in range(3):
        parcel = Calendar.objects.create(code=f"n-{n}", name="x")
        tell(parcel, "arrived", "2T09:00")
        if n == 0:
            record("parcel.held", parcel)
    page = manager.get("/promises/").content.decode()
    assert "2 hours" not in page
    assert "1 hour in the working hours of" in page
    assert "no working time" in page
    assert "2 clocks run" in page
    assert "1 is paused" in page
    assert "3 are overdue" in page


def test_the_page_of_promises_costs_the_same_for_2_and_for_20(manager):
    counts = []
    for size in (2, 20):
        for n in range(size):
            add_target(f"t-{size}-{n}", metric=f"m-{size}-{n}")
        manager.get("/promises/")
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/promises/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_without_promises_the_page_says_so(manager):
    assert "Nothing has been promised yet" in manager.get("/promises/").content.decode()


@pytest.mark.parametrize("path", ["/promises/", "/promises/1/", "/pauses/"])
def test_who_may_not_see_promises_sees_none(path):
    client, _person = client_of("sales")
    assert client.get(path).status_code == 403


def test_managers_see_and_administrators_change(manager):
    target = add_target()
    assert manager.get(f"/promises/{target.pk}/").status_code == 200
    assert manager.get(f"/promises/{target.pk}/edit/").status_code == 403
    assert manager.post(f"/promises/{target.pk}/edit/", {"amount": 9}).status_code == 403
    assert manager.get("/promises/new/").status_code == 403
    assert manager.get("/promises/999999/").status_code == 404
    assert Target.objects.get().amount == 1


# ------------------------------------------------------------ the form


def posted(page):
    """What a browser would send for the form as it stands."""
    data = {"revision": str(page.context["target"].revision)}
    forms = [page.context["form"], page.context["steps"].management_form, *page.context["steps"]]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, list) and not hasattr(field.field, "choices"):
                value = ",".join(map(str, value))
            if value is not None and value is not False and value not in ("", []):
                data[field.html_name] = value
    if page.context["preview"]:
        data["seen"] = page.context["seen"]
    return data


@pytest.mark.usefixtures("one_clock")
def test_a_change_is_shown_before_it_is_saved(editor):
    target = add_target(amount=4)
    parcel = Calendar.objects.create(code="PK-1", name="x")
    record("parcel.arrived", parcel)
    url = f"/promises/{target.pk}/edit/"
    shown = editor.post(url, {**posted(editor.get(url)), "amount": 2})
    assert shown.status_code == 200
    assert "1 deadline would move" in shown.content.decode()
    assert "PK-1" in shown.content.decode()
    target.refresh_from_db()
    assert target.amount == 4
    saved = editor.post(url, {**posted(shown), "save": "1", "spread": "on"})
    assert saved.status_code == 302, saved.context["form"].errors
    assert spread_targets() == 1
    assert Clock.objects.get().target_s == 7200
    history = editor.get(f"/promises/{target.pk}/").content.decode()
    assert "4 → 2" in history
    assert "running clocks too" in history


def test_what_was_edited_after_the_preview_is_shown_again(editor):
    target = add_target(amount=4)
    url = f"/promises/{target.pk}/edit/"
    shown = editor.post(url, {**posted(editor.get(url)), "amount": 2})
    again = editor.post(url, {**posted(shown), "amount": 3, "save": "1"})
    assert again.status_code == 200
    assert again.context["preview"] is not None
    assert Target.objects.get().amount == 4


def test_the_steps_of_the_escalation_are_edited_with_their_promise(editor):
    target = add_target()
    url = f"/promises/{target.pk}/edit/"
    data = {
        **posted(editor.get(url)),
        "form-1-after": "120",
        "form-1-audiences": ["team_lead"],
        "form-1-channels": ["email"],
    }
    shown = editor.post(url, data)
    editor.post(url, {**posted(shown), "save": "1"})
    target.refresh_from_db()
    assert target.escalate_after == [30, 120]
    assert target.escalation[1] == {"after": 120, "audiences": ["team_lead"], "channels": ["email"]}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"form-0-audiences": []}, "Choose whom the step tells."),
        ({"stop_events": "parcel.arrived"}, "both starts and stops"),
        ({"stop_events": "parcel.anwsered"}, "No event is called"),
        ({"unit": "working_days"}, "Working days need a calendar."),
        ({"warning_percent": "50,120"}, "whole numbers between 1 and 99"),
        ({"warning_percent": "half"}, "whole numbers between 1 and 99"),
        ({"warning_percent": "50 50"}, "stands there twice"),
        ({"languages": "klingon"}, "No record has the value “klingon”."),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(editor, fields, error):
    target = add_target()
    url = f"/promises/{target.pk}/edit/"
    answer = editor.post(url, {**posted(editor.get(url)), **fields, "save": "1"})
    assert answer.status_code == 200
    assert error in answer.content.decode(), (answer.context["form"].errors, answer.context["preview"])
    assert "has-error" in answer.content.decode()
    target.refresh_from_db()
    assert (target.revision, target.stop_events, target.warning_percent) == (1, ["parcel.answered"], [50, 90])


def test_warning_levels_are_read_as_people_write_them(editor):
    target = add_target()
    url = f"/promises/{target.pk}/edit/"
    shown = editor.post(
        url, {**posted(editor.get(url)), "warning_percent": "50%、75 ，90 %", "languages": ["de", "fr"]}
    )
    assert shown.context["form"].errors == {}
    editor.post(url, {**posted(shown), "save": "1"})
    target.refresh_from_db()
    assert (target.warning_percent, target.languages) == ([50, 75, 90], ["de", "fr"])


def test_a_new_promise_is_made_on_the_page(editor):
    data = posted(editor.get("/promises/new/"))
    data |= {
        "code": "fresh", "metric": "fresh", "name": "Fresh", "amount": 3, "unit": "hours", "anchor_side": "after",
        "position": 10, "start_events": "parcel.arrived", "stop_events": "parcel.answered",
    }  # fmt: skip
    answer = editor.post("/promises/new/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Target.objects.get(code="fresh").seconds(0) == 3 * 3600
    assert Event.objects.filter(code="target.added").count() == 1


# ------------------------------------------------------------ explain


def test_the_ledger_names_reason_person_and_the_sum(parcel, office, anna):
    PauseReason.objects.create(code="photos", name="Photos", name_de="Fotos")
    add_target(calendar=office, amount=4, **WAITS)
    tell(parcel, "arrived", "2T09:00")
    record(
        "parcel.waiting", parcel, actor=anna, occurred_at=berlin("2T09:20:15"),
        facts=pauses.facts_of("photos"), private={"note": "Of the label"},
    )  # fmt: skip
    clock = Clock.objects.get()
    assert clock.paused_by == "parcel.waiting:photos"
    found = ledger_of(with_badge(Clock.objects.all()).get(), berlin("2T10:00"))
    assert found.badge.text == "paused (waiting for the customer: Photos)"
    assert "waiting for the customer: Photos – Of the label, Anna" in found.rows
    with override("de"):
        assert "Fotos" in ledger_of(with_badge(Clock.objects.all()).get(), berlin("2T10:00")).badge.text
    tell(parcel, "released", "3T09:00")
    found = ledger_of(with_badge(Clock.objects.all()).get(), berlin("3T10:00"))
    assert found.addition == "20 min 15 s + 1 h + 2 h 39 min 45 s left = 4 h"
    assert found.left == "2 h 39 min"
    assert found.since == "1 day 1 h"


def test_the_sum_of_a_missed_promise_ends_where_it_was_due(parcel, office):
    add_target(calendar=office, amount=4)
    tell(parcel, "arrived", "2T09:00")
    tell(parcel, "answered", "2T16:00")
    clock = with_badge(Clock.objects.all()).get()
    found = ledger_of(clock, berlin("3T09:00"))
    assert found.addition == "4 h = 4 h"
    assert addition(clock, [], is_counting=False) == ""


@pytest.mark.usefixtures("one_clock")
def test_the_ledger_tells_who_changed_the_promise_and_which_levels_were_passed_over(parcel):
    root = User.objects.create_superuser("root@example.com", None, name="Root")
    target = add_target(amount=2, warning_percent=[50, 75])
    record("parcel.arrived", parcel, occurred_at=timezone.now() - timedelta(minutes=20))
    target.amount = 3
    save_target(target, actor=root, spread=True)
    spread_targets()
    found = ledger_of(with_badge(Clock.objects.all()).get())
    assert [(one.before, one.after) for one in found.moves] == [("2 h", "3 h")]
    assert "Root" in found.moves[0].why
    other = Calendar.objects.create(code="late", name="Late")
    record("parcel.arrived", other, occurred_at=timezone.now() - timedelta(minutes=150))
    scan()
    told = ledger_of(with_badge(Clock.objects.about(other)).get()).told
    assert [one.what for one in told] == ["Warning at 50 %: not told", "Warning at 75 %"]


# ------------------------------------------------------------ pauses


def paused(code, *before, after=(), person=None):
    """A record that was paused on 2 March at ten, with events before and after."""
    subject = Calendar.objects.create(code=code, name=code)
    tell(subject, "arrived", "2T09:00")
    for verb in before:
        tell(subject, verb, "2T09:10")
    record("parcel.waiting", subject, actor=person, occurred_at=berlin("2T10:00"))
    for verb in after:
        tell(subject, verb, "2T12:00")
    return subject


def test_pauses_after_and_under_unanswered_words_are_listed_with_person_and_length(manager, anna):
    add_target(amount=400, **WAITS)
    paused("fair")
    paused("answered", "wrote", "replied")
    paused("ended", after=["released"])
    paused("before", "wrote", after=["released"], person=anna)
    paused("during", after=["wrote"], person=anna)
    page = manager.get("/pauses/?month=2026-03")
    rows = page.context["rows"]
    assert [row["pause"].clock.number for row in rows] == ["before", "during"]
    assert rows[0]["length"] == "2 h"
    assert (rows[0]["pause"].was_before, rows[1]["pause"].was_before) == (True, False)
    assert rows[0]["pause"].person == "Anna"
    assert "and still" in page.content.decode()
    assert "No such pause" in manager.get("/pauses/?month=2026-04").content.decode()
    assert manager.get("/pauses/?month=nonsense").status_code == 200


def test_the_list_of_pauses_costs_the_same_for_2_and_for_20(manager):
    add_target(amount=400, **WAITS)
    counts = []
    for size in (2, 20):
        for n in range(size):
            paused(f"p-{size}-{n}", "wrote")
        manager.get("/pauses/?month=2026-03")
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/pauses/?month=2026-03").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
