"""Trade documents: four eyes on exactly one content, errors that count, and versions that stay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from foundation.calendars.defaults import load as load_calendars
from foundation.journal.machine import Refused, edges
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message
from foundation.sla.defaults import load as load_targets
from foundation.sla.models import Clock
from orders import services
from orders.models import DocumentVersion, TradeDocument
from tests.orders.factories import make_document, order_in, paper, prepare, staff

pytestmark = pytest.mark.django_db
STATES = ("submitted", "returned", "approved")


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def give_back(document: TradeDocument, actor: Any = None, error: str = "amounts") -> TradeDocument:
    return services.return_document(
        document.pk,
        actor=actor or staff("order desk"),
        digest=document.digest,
        error=error,
        reason="Line 2 is 10.40, not 10.04",
    )


def approve(document: TradeDocument, actor: Any = None) -> TradeDocument:
    return services.approve_document(document.pk, actor=actor or staff("order desk"), digest=document.digest)


def document_in(status: str) -> TradeDocument:
    document = make_document()
    if status == "returned":
        give_back(document)
    elif status == "approved":
        approve(document)
    return TradeDocument.objects.get(pk=document.pk)


def test_a_document_is_approved_as_it_lies_there() -> None:
    document = document_in("approved")
    version = document.versions.get()
    assert document.approved_digest == document.digest == version.digest == version.attachment.digest
    assert version.outcome == "approved" and version.checked_by == document.approved_by
    assert document.number.startswith("DOC-")


def test_an_error_counts_and_the_corrected_version_is_checked_anew() -> None:
    document = document_in("returned")
    again = services.submit_version(document.pk, actor=staff("sales"), file=paper("two"), reference="CI-7")
    assert (again.version, again.status, again.reference) == (2, "submitted", "CI-7")
    approve(again)
    first, second = DocumentVersion.objects.order_by("number")
    assert (first.outcome, first.error, second.outcome) == ("returned", "amounts", "approved")
    assert first.digest != second.digest and first.attachment.file.storage.exists(first.attachment.file.name)


def test_an_approval_ends_with_another_content() -> None:
    document = document_in("approved")
    again = services.submit_version(document.pk, actor=staff("sales"), file=paper("two"))
    assert (again.status, again.approved_digest, again.approved_by_id) == ("submitted", "", None)


def test_the_same_file_is_no_new_version() -> None:
    document = document_in("returned")
    count = Event.objects.count()
    with pytest.raises(Refused, match="version 1") as refused:
        services.submit_version(document.pk, actor=staff("sales"), file=paper("one"))
    assert refused.value.field == "file"
    assert Event.objects.count() == count and document.versions.count() == 1


def test_who_submitted_any_version_approves_none() -> None:
    first, second = staff("order desk"), staff("order desk")
    document = make_document(actor=first)
    with pytest.raises(Refused, match="second person"):
        approve(document, first)
    give_back(document)
    again = services.submit_version(document.pk, actor=second, file=paper("two"))
    for person in (first, second):
        with pytest.raises(Refused, match="second person"):
            approve(again, person)
    with pytest.raises(DatabaseError), transaction.atomic():
        TradeDocument.objects.filter(pk=document.pk).update(
            status="approved", approved_by=second, approved_digest=again.digest, approved_at="2026-01-01T00:00Z"
        )


def test_a_decision_about_a_content_that_was_replaced_meanwhile_is_refused() -> None:
    document = document_in("returned")
    services.submit_version(document.pk, actor=staff("sales"), file=paper("two"))
    for decide in (approve, give_back):
        with pytest.raises(Refused, match="version 2"):
            decide(document)
    assert TradeDocument.objects.get(pk=document.pk).status == "submitted"


def test_a_stored_file_that_was_changed_is_not_approved() -> None:
    document = make_document()
    path = Path(document.versions.get().attachment.file.path)
    path.chmod(0o600)
    path.write_bytes(b"something else")
    with pytest.raises(Refused, match="content has changed"):
        approve(document)


def test_an_approval_without_its_digest_is_refused_by_the_database() -> None:
    document = make_document()
    with pytest.raises(DatabaseError), transaction.atomic():
        TradeDocument.objects.filter(pk=document.pk).update(
            status="approved", approved_by=staff("manager"), approved_at="2026-01-01T00:00Z", approved_digest="0" * 64
        )


def test_versions_are_neither_changed_nor_removed() -> None:
    version = document_in("returned").versions.get()
    rows = DocumentVersion.objects.filter(pk=version.pk)
    for change in ({"outcome": "approved", "error": "", "reason": ""}, {"digest": "0" * 64}, {"error": "goods"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_a_cancelled_order_takes_no_documents() -> None:
    with pytest.raises(Refused, match="cancelled"):
        make_document(order_in("cancelled"))
    assert not TradeDocument.objects.exists()


RIGHTS = {
    "approve": ("order desk", "logistics", "finance", "manager"),
    "send_back": ("order desk", "logistics", "finance", "manager"),
    "submit_again": ("sales", "order desk", "logistics", "finance", "manager"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_every_state_by_every_role(state: str) -> None:
    machine = edges(TradeDocument, "status")
    for number, role in enumerate(("sales", "order desk", "manager", "logistics", "service", "finance", "technical")):
        actor = staff(role)
        verbs: dict[str, Callable[[TradeDocument], Any]] = {
            "approve": lambda d: approve(d, actor),  # noqa: B023 - called at once
            "send_back": lambda d: give_back(d, actor),  # noqa: B023
            "submit_again": lambda d: services.submit_version(d.pk, actor=actor, file=paper(f"v{number}")),  # noqa: B023
        }
        for verb, service in verbs.items():
            document = document_in(state)
            may, count = role in RIGHTS[verb], Event.objects.count()
            if may and state in {source for source, _target, name in machine if name == verb}:
                service(document)
                assert TradeDocument.objects.get(pk=document.pk).status != state
                continue
            with pytest.raises(Refused) as refused:
                service(document)
            assert refused.value.reason == ("state" if may else "permission")
            assert TradeDocument.objects.get(pk=document.pk).status == state and Event.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_two_checkers_at_once_make_one_decision() -> None:
    prepare()
    document = make_document()
    people = [staff("order desk"), staff("manager")]
    gate = threading.Barrier(2)

    def press(actor: Any) -> str:
        try:
            gate.wait(5)
            approve(document, actor)
            return "done"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, people)) == ["done", "refused"]
    assert Event.objects.filter(code="document.approved").count() == 1


def test_each_version_has_its_promise() -> None:
    load_calendars()
    load_targets()
    document = make_document()
    assert Clock.objects.get(metric="document_check").stopped_at is None
    give_back(document)
    services.submit_version(document.pk, actor=staff("sales"), file=paper("two"))
    assert Clock.objects.filter(metric="document_check").count() == 2
    assert Clock.objects.filter(metric="document_check", stopped_at=None).count() == 1


def test_checkers_hear_of_a_document_and_its_submitter_of_the_outcome() -> None:
    load_messages()
    desk, seller = staff("order desk"), staff("sales")
    document = make_document(actor=seller)
    emails = Message.objects.filter(channel="email")
    assert emails.filter(event__code="document.submitted", to_address=desk.email).exists()
    give_back(document, desk)
    told = emails.get(event__code="document.returned")
    assert told.to_address == seller.email and "10.40" in told.body


# ---------------------------------------------------------------- pages


def test_the_list_costs_the_same_with_2_and_with_20_rows(signed_in: Any, django_assert_max_num_queries: Any) -> None:
    client, order, costs = signed_in(staff("manager")), order_in("confirmed"), []
    for count in (2, 18):
        for number in range(count):
            make_document(order, text=f"{count} {number}")
        client.get(reverse("orders:documents"))
        with django_assert_max_num_queries(8) as counted:
            assert client.get(reverse("orders:documents")).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_a_documents_page_and_its_order_stay_within_their_budgets(
    signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client, document = signed_in(staff("manager")), document_in("returned")
    for url in (document.get_absolute_url(), document.order.get_absolute_url()):
        client.get(url)
        with django_assert_max_num_queries(14):
            page = client.get(url)
        assert document.number in page.content.decode()


def test_a_document_is_submitted_on_the_order_and_approved_on_its_own_page(signed_in: Any) -> None:
    order = order_in("confirmed")
    make_document(order)
    kind = TradeDocument.objects.get().kind
    client = signed_in(staff("sales"))
    address = f"{order.get_absolute_url()}do/document/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"kind": kind.pk}).status_code == 422
    done = client.post(address, {"kind": kind.pk, "file": paper("page"), "reference": "CI-1"})
    assert done.status_code == 302
    document = TradeDocument.objects.get(reference="CI-1")
    client = signed_in(staff("manager"))
    assert document.number in client.get("/").content.decode()
    form = client.get(f"{document.get_absolute_url()}do/approve/").content.decode()
    assert document.digest in form
    unread = client.post(f"{document.get_absolute_url()}do/approve/", {"digest": document.digest})
    assert unread.status_code == 422
    client.post(f"{document.get_absolute_url()}do/approve/", {"digest": document.digest, "looked": "on"})
    assert TradeDocument.objects.get(pk=document.pk).status == "approved"
