"""Technical requests: from the desk of sales to the technical team, to the customer and back; revisions that nobody alters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from crm.models import DrawingFile, DrawingRevision, TechnicalQuestion, TechnicalRequest
from crm.models.technical import letter_of
from crm.sample_selectors import answers_waiting, drawers, drawings_waiting, visible_technical_requests
from crm.services.drawings import (
    approve_drawings,
    ask_approval,
    ask_changes,
    release_drawings,
    return_drawings,
    send_drawings,
    submit_drawings,
)
from crm.services.technical import (
    Measure,
    abandon_request,
    answer_question,
    ask_back,
    assign_request,
    change_request,
    finish_request,
    hand_over_request,
    take_request,
)
from foundation.accounts.models import AccessToken, User
from foundation.journal.attachments import attachments_of
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem
from foundation.sla import defaults as sla_defaults
from foundation.todos.models import Task
from tests.accounts.factories import make_user
from tests.crm.samples import ask_team, drawn, picture, trust_one, with_customer
from tests.crm.test_samples import _both
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db
REFUSALS = (IntegrityError, InternalError, ProgrammingError)


@pytest.fixture
def peng(roles: None) -> User:
    """Draws."""
    return make_user("Peng Xu", role="technical")


@pytest.fixture
def nora(roles: None) -> User:
    """Draws too."""
    return make_user("Nora Lind", role="technical")


@pytest.fixture(autouse=True)
def reasons(db: None) -> None:
    sla_defaults.load_reasons()


def codes(request: TechnicalRequest) -> list[str]:
    rows = Event.objects.about(request).exclude(code="file.attached").order_by("id")
    return [code.partition(".")[2] for code in rows.values_list("code", flat=True)]


def test_from_the_wish_to_the_second_revision_approved(anna, peng, nora):
    request = with_customer(anna, peng, nora)
    first = request.revisions.get()
    assert (first.letter, first.drawn_by, first.released_by, first.files.count()) == ("A", peng, nora, 2)
    request = ask_changes(
        request.pk, actor=None, remark="Ten millimetres shorter", name="Petra", via="link", digest=first.digest
    )
    assert (request.status, request.owner) == ("in_work", peng)
    submit_drawings(request.pk, actor=peng, uploads=[picture()], note="Shorter")
    second = request.revisions.get(number=2)
    release_drawings(request.pk, actor=nora, digest=second.digest)
    send_drawings(request.pk, actor=anna, note="As you wished")
    request = approve_drawings(request.pk, actor=None, name="Petra", via="link", digest=second.digest)
    assert (request.status, request.approved_digest, request.letter) == ("approved", second.digest, "B")
    request = finish_request(request.pk, actor=anna)
    assert codes(request) == [
        "submitted", "assigned", "drawn", "released", "sent", "changes_asked", "drawn", "released", "sent", "approved",
        "finished",
    ]  # fmt: skip
    assert [one.outcome for one in request.revisions.all()] == ["approved", "changes"]
    assert "Petra" not in str(list(Event.objects.about(request).values_list("facts", flat=True)))


def test_it_comes_with_dimensions_and_the_customers_files(anna, wei):
    request = ask_team(anna, uploads=[picture("plan.png")], click_system="Unilin")
    assert [str(one) for one in request.dimensions.all()] == ["Length 1500 mm", "Thickness 5.5 mm ± 0.1"]
    assert attachments_of(request, purpose="brief").get().title == "plan.png"
    request = change_request(
        request.pk, actor=anna, dimensions=[Measure("width", Decimal(230))], uploads=[picture()], subject="Wide plank"
    )
    assert [one.name for one in request.dimensions.all()] == ["width"] and attachments_of(request).count() == 2
    assert Event.objects.about(request).filter(code="technical_request.updated").get().facts["changed"] == [
        "dimensions", "subject",
    ]  # fmt: skip
    assert not visible_technical_requests(wei).exists() and visible_technical_requests(anna).get() == request


def test_the_team_reads_what_a_request_is_about(anna, peng):
    load_messages()
    request = ask_team(anna)
    event = Event.objects.select_related(None).get(code="technical_request.submitted")
    assert event.personal == {"subject": "Plank 1500 mm"}
    notice = InboxItem.objects.get(user=peng, event=event)
    assert notice.text == f"Technical request {request.number}: Plank 1500 mm"


def test_a_hostile_file_is_refused_and_nothing_is_kept(anna, peng):
    with pytest.raises(Refused) as why:
        ask_team(anna, uploads=[SimpleUploadedFile("plan.pdf", b"MZ no pdf at all")])
    assert why.value.field == "uploads" and not TechnicalRequest.objects.exists()
    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    bad = SimpleUploadedFile("a.png", b"not a picture")
    for uploads in ([], [picture(), bad], [picture()] * 9):
        with pytest.raises(Refused) as why:
            submit_drawings(request.pk, actor=peng, uploads=uploads)
        assert why.value.field == "uploads"
    request.refresh_from_db()
    assert (request.revision, request.status) == (0, "in_work") and not DrawingRevision.objects.exists()
    assert not attachments_of(request).exists()


def test_the_team_takes_hands_over_and_asks_nobody_else(anna, peng, nora):
    request = ask_team(anna)
    assert drawings_waiting(peng) == (1, False) and drawings_waiting(anna) == (0, False)
    with pytest.raises(Refused):
        take_request(request.pk, actor=anna)
    with pytest.raises(PermissionDenied):
        assign_request(request.pk, actor=anna, owner=peng)
    with pytest.raises(Refused):
        assign_request(request.pk, actor=peng, owner=anna)
    assign_request(request.pk, actor=peng, owner=nora)
    assert drawings_waiting(peng) == (0, False) and drawings_waiting(nora) == (1, False)
    with pytest.raises(Refused) as late:
        take_request(request.pk, actor=peng)
    assert "Peng" in late.value.message
    assign_request(request.pk, actor=nora, owner=peng)
    with pytest.raises(Refused):
        assign_request(request.pk, actor=nora, owner=peng)
    with pytest.raises(Refused):
        hand_over_request(request.pk, actor=None, owner=nora, was_owner=nora.pk)
    request.refresh_from_db()
    assert request.owner == peng and list(drawers()) == [nora, peng]


def test_a_question_to_sales_waits_for_its_answer(anna, peng):
    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    with pytest.raises(Refused):
        ask_back(request.pk, actor=peng, to="sales", text=" ")
    request = ask_back(request.pk, actor=peng, to="sales", text="Which click?")
    assert request.status == "waiting" and answers_waiting(anna) == (1, False) and drawings_waiting(peng) == (0, False)
    facts = Event.objects.about(request).latest("id").facts
    assert facts["asked"] == "sales" and facts["pause_reason"] == "colleague"
    with pytest.raises(Refused):
        submit_drawings(request.pk, actor=peng, uploads=[picture()])
    with pytest.raises(Refused):
        answer_question(request.pk, actor=anna, text="")
    request = answer_question(request.pk, actor=anna, text="Unilin", uploads=[picture()])
    question = TechnicalQuestion.objects.get()
    assert (request.status, question.answer, question.answered_by) == ("in_work", "Unilin", "Anna Berg")
    with pytest.raises(Refused):
        answer_question(request.pk, actor=anna, text="Twice")


def test_a_question_to_the_customer_needs_a_reason_to_wait(anna, peng):
    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    for reason in ("", "no-such", "colleague"):
        with pytest.raises(Refused) as why:
            ask_back(request.pk, actor=peng, to="customer", text="Photo of the threshold?", reason=reason)
        assert why.value.field == "reason"
    ask_back(request.pk, actor=peng, to="customer", text="Photo of the threshold?", reason="photos")
    answer_question(request.pk, actor=None, text="Here", name="Petra", via="link")
    assert TechnicalQuestion.objects.get().answered_by == "Petra"


def test_a_second_person_releases_or_returns(anna, peng, nora):
    request = drawn(anna, peng)
    revision = request.revisions.get()
    for deed in (release_drawings, lambda pk, **how: return_drawings(pk, reason="No", **how)):
        with pytest.raises(Refused) as why:
            deed(request.pk, actor=peng)
        assert why.value.reason == "condition"
    with pytest.raises(Refused):
        send_drawings(request.pk, actor=anna)
    with pytest.raises(Refused):
        release_drawings(request.pk, actor=nora, digest="0" * 64)
    assert drawings_waiting(nora)[0] == 1 and drawings_waiting(peng)[0] == 0
    request = return_drawings(request.pk, actor=nora, reason="Scale is missing", digest=revision.digest)
    revision.refresh_from_db()
    assert (request.status, revision.outcome, revision.remark) == ("in_work", "returned", "Scale is missing")
    same = [SimpleUploadedFile("again.png", one.attachment.file.read()) for one in revision.files.all()]
    with pytest.raises(Refused) as why:
        submit_drawings(request.pk, actor=peng, uploads=same)
    assert "revision A" in why.value.message


def test_without_four_eyes_drawings_go_out_at_once(anna, peng):
    trust_one()
    request = drawn(anna, peng)
    assert request.status == "released" and request.revisions.get().released_at is not None
    assert send_drawings(request.pk, actor=anna).status == "sent"


def test_with_four_eyes_nobody_issues_by_the_back_door(anna, peng):
    from foundation.journal.machine import perform

    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    with pytest.raises(Refused):
        perform(TechnicalRequest, request.pk, "issue", actor=peng, by=peng)


def test_an_old_page_does_not_approve_a_newer_revision(anna, peng, nora):
    request = with_customer(anna, peng, nora)
    old = request.revisions.get().digest
    ask_changes(request.pk, actor=anna, remark="Shorter")
    submit_drawings(request.pk, actor=peng, uploads=[picture()])
    release_drawings(request.pk, actor=nora)
    send_drawings(request.pk, actor=anna)
    for deed in (
        lambda: approve_drawings(request.pk, actor=None, name="Petra", digest=old),
        lambda: ask_changes(request.pk, actor=None, remark="No", digest=old),
    ):
        with pytest.raises(Refused) as why:
            deed()
        assert "revision B" in why.value.message
    request.refresh_from_db()
    assert request.status == "sent" and not request.revisions.filter(outcome="approved").exists()


def test_an_altered_file_is_neither_released_nor_approved(anna, peng, nora):
    request = drawn(anna, peng)
    stored = request.revisions.get().files.first().attachment.file
    name, whole = stored.name, stored.read()
    stored.storage.delete(name)
    stored.storage.save(name, ContentFile(b"something else"))
    with pytest.raises(Refused) as why:
        release_drawings(request.pk, actor=nora)
    assert why.value.reason == "condition"
    stored.storage.delete(name)
    stored.storage.save(name, ContentFile(whole))
    release_drawings(request.pk, actor=nora)
    request.refresh_from_db()
    assert request.status == "released"


def test_the_database_keeps_revisions_and_files_as_they_are(anna, peng, nora):
    request = with_customer(anna, peng, nora)
    revision = request.revisions.get()
    for values in ({"digest": "x"}, {"note": "other"}, {"number": 9}):
        with pytest.raises(REFUSALS), transaction.atomic():
            DrawingRevision.objects.filter(pk=revision.pk).update(**values)
    approve_drawings(request.pk, actor=anna, name="Petra", digest=revision.digest)
    kept = revision.files.first()
    late = attachments_of(ask_team(anna, uploads=[picture()])).get()
    for deed in (
        lambda: DrawingRevision.objects.filter(pk=revision.pk).update(outcome=""),
        lambda: DrawingRevision.objects.filter(pk=revision.pk).update(remark="other"),
        lambda: DrawingRevision.objects.filter(pk=revision.pk).delete(),
        lambda: DrawingFile.objects.filter(pk=kept.pk).update(digest="x"),
        lambda: DrawingFile.objects.filter(pk=kept.pk).delete(),
        lambda: DrawingFile.objects.create(revision=revision, attachment=late, digest=late.digest),
        lambda: TechnicalRequest.objects.filter(pk=request.pk).update(approved_digest=""),
        lambda: TechnicalRequest.objects.filter(pk=request.pk).update(status="new"),
    ):
        with pytest.raises(REFUSALS), transaction.atomic():
            deed()


def test_giving_up_closes_links_questions_and_reminders(anna, peng, nora):
    from crm.people import recipient_of_visit
    from crm.sample_messages import drawing_link

    request = with_customer(anna, peng, nora)
    drawing_link(request, recipient_of_visit(request))
    assert Task.objects.get(status="open").person == anna
    for values in ({"outcome": "rejected", "reason": ""}, {"outcome": "else", "reason": "x"}):
        with pytest.raises(Refused):
            abandon_request(request.pk, actor=anna, **values)
    request = abandon_request(request.pk, actor=anna, outcome="rejected", reason="They buy elsewhere")
    assert AccessToken.objects.get().revoked_at and not Task.objects.filter(status="open").exists()
    for deed in (
        lambda: approve_drawings(request.pk, actor=None, name="Petra"),
        lambda: ask_changes(request.pk, actor=None, remark="x"),
        lambda: ask_approval(request.pk, actor=anna),
        lambda: change_request(request.pk, actor=anna, dimensions=[], subject="x"),
    ):
        with pytest.raises(Refused):
            deed()
    waiting = ask_team(anna)
    take_request(waiting.pk, actor=peng)
    ask_back(waiting.pk, actor=peng, to="sales", text="Which?")
    abandon_request(waiting.pk, actor=anna, outcome="withdrawn", reason="Order lost")
    assert not TechnicalQuestion.objects.filter(answered_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_one_has_it(anna, peng, nora):
    request = ask_team(anna)
    told = _both(lambda: take_request(request.pk, actor=peng), lambda: take_request(request.pk, actor=nora))
    request.refresh_from_db()
    assert len(told) == 1 and str(request.owner) in told[0] and codes(request).count("assigned") == 1


@pytest.mark.django_db(transaction=True)
def test_the_customer_approves_while_sales_notes_changes(anna, peng, nora):
    request = with_customer(anna, peng, nora)
    told = _both(
        lambda: approve_drawings(request.pk, actor=None, name="Petra", via="link"),
        lambda: ask_changes(request.pk, actor=anna, remark="Shorter", name="Petra"),
    )
    request.refresh_from_db()
    revision = request.revisions.get()
    assert len(told) == 1
    assert (request.status, revision.outcome) in {("approved", "approved"), ("in_work", "changes")}


@pytest.mark.parametrize(("number", "letter"), [(0, ""), (1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA")])
def test_revisions_are_lettered(number: int, letter: str) -> None:
    assert letter_of(number) == letter


def test_the_clock_of_the_drawings_stands_still_while_somebody_is_asked(anna, peng, nora):
    from foundation.sla.models import Clock

    load_defaults()

    def clock(metric: str) -> Any:
        return Clock.objects.filter(metric=metric, object_id=request.pk).latest("pk")

    request = ask_team(anna)
    assert clock("technical_answer").state == "running" and clock("drawings").owner_id is None
    take_request(request.pk, actor=peng)
    assert clock("technical_answer").stopped_at and clock("drawings").owner_id == peng.pk
    ask_back(request.pk, actor=peng, to="sales", text="Which?")
    assert clock("drawings").state == "paused"
    answer_question(request.pk, actor=anna, text="This")
    assert clock("drawings").state == "running"
    submit_drawings(request.pk, actor=peng, uploads=[picture()])
    assert clock("drawings").state == "running"
    release_drawings(request.pk, actor=nora)
    assert clock("drawings").stopped_at and clock("drawings").stopped_at <= timezone.now()
    send_drawings(request.pk, actor=anna)
    ask_changes(request.pk, actor=anna, remark="Shorter")
    assert clock("drawings").state == "running" and Clock.objects.filter(metric="drawings").count() == 2
