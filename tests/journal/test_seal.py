"""Tampering as the owner of the tables is found, and the first bad row is named."""

from __future__ import annotations

import io
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from foundation.journal import chain, sealing
from foundation.journal.attachments import attach
from foundation.journal.models import Attachment, Event, EventPrivate, Link, Seal
from foundation.journal.services import record
from foundation.journal.verifying import verify
from tests.accounts.factories import make_team
from tests.journal.factories import as_owner, seal_all, write
from tests.journal.test_attachments import picture

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
EVENT = "journal.event"


@pytest.fixture
def events():
    """Thirty sealed events in three runs."""
    team = make_team()
    rows = []
    for _ in range(3):
        rows += write(team, 10)
        seal_all()
    return rows


def fault(**options):
    return verify(**options).fault


def test_an_untouched_journal_verifies_and_its_head_is_found(events):
    done = seal_all()
    report = verify(head=done.head)
    assert report.fault is None
    assert (report.links, report.head, report.waiting) == (33, done.head, 0)
    assert Link.objects.filter(source=EVENT).count() == 30


def test_an_older_head_is_found_in_a_chain_that_has_grown(events):
    head = seal_all().head
    write(make_team(), 3)
    seal_all()
    assert fault(head=head) is None


def test_sealing_again_writes_nothing(events):
    before = Link.objects.count()
    assert seal_all().rows == 0
    assert Link.objects.count() == before


def test_rows_that_no_run_has_reached_yet_wait_and_are_no_fault(events):
    write(make_team(), 2)
    report = verify()
    assert (report.fault, report.waiting) == (None, 2)


CHANGES = {
    "code": "code = 'file.attached'",
    "facts": 'facts = facts || \'{"number": "X-forged"}\'',
    "a fact removed": "facts = facts - 'number'",
    "subject": "object_id = object_id + 1",
    "customer": "customer_id = 7",
    "date of the fact": "occurred_at = occurred_at - interval '1 day'",
    "date of writing": "recorded_at = recorded_at - interval '1 second'",
    "imported": "imported = true",
    "transaction": "transaction = transaction + 1",
    "digest of the personal part": "private_digest = repeat('0', 64)",
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("place", [0, 13, 29])
def test_a_changed_column_is_found(events, what, place):
    as_owner(f"UPDATE journal_event SET {CHANGES[what]} WHERE id = %s", [events[place].pk])
    found = fault()
    assert (found.kind, found.source, found.row_id) == ("altered", EVENT, events[place].pk)


@pytest.mark.parametrize("place", [0, 13, 29])
def test_a_row_deleted_is_named(events, place):
    as_owner("DELETE FROM journal_eventprivate WHERE event_id = %s", [events[place].pk])
    as_owner("DELETE FROM journal_event WHERE id = %s", [events[place].pk])
    found = fault()
    assert (found.kind, found.source, found.row_id) == ("removed", EVENT, events[place].pk)


def test_a_row_deleted_together_with_its_link_is_found(events):
    victim = events[13].pk
    position = Link.objects.get(source=EVENT, row_id=victim).position
    for sql in (
        "DELETE FROM journal_eventprivate WHERE event_id = %s",
        "DELETE FROM journal_event WHERE id = %s",
        "DELETE FROM journal_link WHERE row_id = %s AND source = 'journal.event'",
    ):
        as_owner(sql, [victim])
    found = fault()
    assert (found.kind, found.position) == ("removed", position)
    assert str(events[14].pk) in found.why
    as_owner("UPDATE journal_link SET position = -position WHERE position > %s", [position])
    as_owner("UPDATE journal_link SET position = -position - 1 WHERE position < 0")
    found = fault()
    assert (found.kind, found.row_id) == ("altered", events[14].pk)


def cut_tail(rows: list[Event]) -> None:
    ids = [row.pk for row in rows]
    position = Link.objects.get(source=EVENT, row_id=ids[0]).position
    as_owner("DELETE FROM journal_eventprivate WHERE event_id = ANY(%s)", [ids])
    as_owner("DELETE FROM journal_event WHERE id = ANY(%s)", [ids])
    as_owner(
        "DELETE FROM journal_seal WHERE number IN"
        " (SELECT row_id FROM journal_link WHERE source = 'journal.seal' AND position >= %s)",
        [position],
    )
    as_owner("DELETE FROM journal_link WHERE position >= %s", [position])


def test_a_tail_cut_cleanly_is_found_by_the_head_that_was_kept(events):
    head = seal_all().head
    cut_tail(events[20:])
    assert fault() is None
    found = fault(head=head)
    assert found.kind == "cut off"
    assert "journal.seal 2" in found.why


def test_a_tail_cut_within_a_run_is_found_by_the_head(events):
    head = seal_all().head
    cut_tail(events[25:])
    found = fault(head=head)
    assert found.kind == "cut off"
    assert f"journal.event {events[24].pk}" in found.why


def test_a_tail_whose_seal_was_forgotten_is_found_without_a_head(events):
    as_owner("DELETE FROM journal_link WHERE position > 22")
    assert fault().kind == "cut off"


def test_an_emptied_journal_is_found_by_the_head(events):
    head = seal_all().head
    as_owner("TRUNCATE journal_event, journal_eventprivate, journal_link, journal_seal, journal_attachment CASCADE")
    assert fault(head=head).kind == "cut off"


INSERT = """
INSERT INTO journal_event
    (id, code, content_type_id, object_id, imported, facts, private_digest, recorded_at, occurred_at, transaction)
SELECT {id}, code, content_type_id, object_id, false, facts, '', {recorded}, occurred_at, {transaction}
FROM journal_event WHERE id = %s
"""


def test_a_row_slipped_in_with_an_old_transaction_is_named_before_and_after_the_next_run(events):
    as_owner(INSERT.format(id=99001, recorded="recorded_at", transaction="transaction"), [events[13].pk])
    for _ in range(2):
        found = fault()
        assert (found.kind, found.source, found.row_id) == ("inserted", EVENT, 99001)
        write(make_team())
        sealing.seal()


def test_a_row_slipped_in_with_an_old_date_is_named_before_and_after_it_is_sealed(events):
    old = "recorded_at - interval '3 days'"
    as_owner(INSERT.format(id=99001, recorded=old, transaction="pg_current_xact_id()::text::bigint"), [events[13].pk])
    assert (fault().kind, fault().row_id) == ("inserted", 99001)
    seal_all()
    assert (fault().kind, fault().row_id) == ("inserted", 99001)


def test_two_rows_that_changed_places_are_found(events):
    first, second = events[5].pk, events[6].pk
    as_owner('UPDATE journal_event SET facts = facts || \'{"number": "other"}\' WHERE id = %s', [first])
    as_owner(
        "UPDATE journal_event a SET facts = b.facts, private_digest = b.private_digest FROM journal_event b"
        " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
        [first, second, second, first],
    )
    assert fault().row_id == first


def test_two_links_that_changed_places_are_found(events):
    first, second = Link.objects.filter(source=EVENT).order_by("position")[5:7]
    as_owner("UPDATE journal_link SET position = -1 WHERE position = %s", [first.position])
    as_owner("UPDATE journal_link SET position = %s WHERE position = %s", [first.position, second.position])
    as_owner("UPDATE journal_link SET position = %s WHERE position = -1", [second.position])
    assert fault().row_id == second.row_id


def rehash(key: str, settings) -> None:
    """Write the whole chain anew, as somebody would who has the tables and this key."""
    mine = settings.JOURNAL_SEAL_KEY
    settings.JOURNAL_SEAL_KEY = key
    head = chain.GENESIS
    for link in Link.objects.order_by("position"):
        one = chain.table(link.source)
        row = (one.rows if one else chain.seal_rows)([link.row_id])[link.row_id]
        fields = one.fields if one else chain.SEALS.fields
        head = chain.link_digest(head, link.position, link.source, link.row_id, chain.canonical(fields, row))
        as_owner("UPDATE journal_link SET digest = %s WHERE position = %s", [head, link.position])
    settings.JOURNAL_SEAL_KEY = mine


def test_a_chain_written_anew_without_the_key_is_found_at_its_first_link(events, settings):
    as_owner("UPDATE journal_event SET customer_id = 9 WHERE id = %s", [events[13].pk])
    rehash("a guess", settings)
    assert (fault().kind, fault().row_id) == ("altered", events[0].pk)


def test_a_tail_written_anew_without_the_key_is_found_at_the_changed_row(events, settings):
    as_owner("UPDATE journal_event SET customer_id = 9 WHERE id = %s", [events[13].pk])
    good = {link.position: link.digest for link in Link.objects.all()}
    rehash("a guess", settings)
    place = Link.objects.get(source=EVENT, row_id=events[13].pk).position
    for position in range(1, place):
        as_owner("UPDATE journal_link SET digest = %s WHERE position = %s", [good[position], position])
    assert fault().row_id == events[13].pk


def test_the_closing_row_of_a_run_is_sealed_too(events):
    as_owner("UPDATE journal_seal SET horizon = 1 WHERE number = 2")
    assert (fault().kind, fault().source, fault().row_id) == ("altered", "journal.seal", 2)


def test_an_altered_personal_part_is_named(events):
    as_owner('UPDATE journal_eventprivate SET data = \'{"text": "forged"}\' WHERE event_id = %s', [events[13].pk])
    assert (fault().kind, fault().row_id) == ("altered", events[13].pk)


def test_an_erased_personal_part_is_no_fault_and_leaves_no_way_to_guess_it(events):
    as_owner("DELETE FROM journal_eventprivate WHERE event_id = ANY(%s)", [[one.pk for one in events[:15]]])
    assert fault() is None
    assert EventPrivate.objects.count() == 15


def test_the_bytes_of_a_file_are_part_of_the_seal(settings):
    one = attach(make_team(), SimpleUploadedFile("a.jpg", picture()), actor=None)
    seal_all()
    assert fault() is None
    with open(one.file.path, "ab") as file:
        file.write(b"!")
    assert (fault().kind, fault().source, fault().row_id) == ("altered", "journal.attachment", one.pk)
    assert fault(with_files=False) is None
    one.file.storage.delete(one.file.name)
    assert "not in the store" in fault().why
    assert Attachment.objects.count() == 1


def test_a_running_transaction_holds_the_seal_back_and_its_rows_come_later(events):
    """Its row has a smaller number than rows that are sealed before it: no removal, no insertion."""
    ready, go_on = threading.Event(), threading.Event()
    late = []

    def slow() -> None:
        with transaction.atomic():
            late.append(record("note.added", events[0].subject))
            ready.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    ready.wait(20)
    write(events[0].subject, 3)
    sealing.seal()
    assert not Link.objects.filter(source=EVENT, row_id__gte=late[0].pk).exists()
    assert fault() is None
    go_on.set()
    thread.join()
    seal_all()
    assert fault() is None
    assert Link.objects.filter(source=EVENT).count() == 34


def test_a_rolled_back_row_leaves_a_gap_that_is_no_removal(events):
    with pytest.raises(RuntimeError), transaction.atomic():
        write(events[0].subject, 3)
        raise RuntimeError
    write(events[0].subject)
    seal_all()
    assert fault() is None


def test_small_batches_make_the_same_one_chain(monkeypatch):
    write(make_team(), 25)
    whole = sealing.seal
    monkeypatch.setattr(sealing, "seal", lambda: whole(batch=7))
    done = seal_all()
    assert done.rows == 25
    assert verify(head=done.head).fault is None
    assert (Link.objects.filter(source=EVENT).count(), Seal.objects.count()) == (25, 1)


def test_a_sealer_that_dies_between_batches_is_continued_by_the_next():
    write(make_team(), 25)
    while not Link.objects.exists():
        with transaction.atomic():
            assert sealing._locked()
            sealing._seal_batch(10, 0)
    assert not Seal.objects.exists()
    assert fault() is None
    seal_all()
    assert Link.objects.filter(source=EVENT).count() == 25
    assert fault() is None


def test_a_second_sealer_does_nothing_while_one_is_at_work(events):
    write(events[0].subject)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [sealing.LOCK])
        assert sealing.seal().is_busy
        cursor.execute("SELECT pg_advisory_unlock(%s)", [sealing.LOCK])
    assert seal_all().rows == 1


@pytest.mark.parametrize(("writers", "each"), [(16, 10)])
def test_many_writers_and_sealers_make_one_unbroken_chain(writers, each):
    team = make_team()
    over = threading.Event()

    def journal() -> None:
        for _ in range(each):
            record("note.added", team, private={"text": "x"})
        connection.close()

    def keep_sealing() -> None:
        while not over.is_set():
            sealing.seal(batch=20)
        connection.close()

    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    threads = [threading.Thread(target=journal) for _ in range(writers)]
    for one in sealers + threads:
        one.start()
    for one in threads:
        one.join()
    over.set()
    for one in sealers:
        one.join()
    seal_all()
    report = verify()
    assert report.fault is None
    assert Link.objects.filter(source=EVENT).count() == Event.objects.count() == writers * each


def test_a_dump_restored_into_a_server_that_counts_anew_is_no_forgery(events, monkeypatch):
    """The rows keep the numbers of the old server's transactions, which lie far above those of the new one."""
    write(events[0].subject, 2)
    real = sealing.moment()
    fresh = sealing.Moment(50, 50, timezone.now() + timedelta(seconds=1))
    monkeypatch.setattr(sealing, "moment", lambda: fresh)
    assert real.horizon > 50
    assert fault() is None
    done = sealing.seal()
    assert done.rows == 2
    assert Seal.objects.order_by("-number").first().generation == 2
    assert verify(head=done.head).fault is None


def test_the_command_says_what_it_found_and_exits_1(events, capsys):
    call_command("seal_journal")
    head = capsys.readouterr().out.split()[-1]
    call_command("verify_journal", head=head)
    assert "33 links are whole" in capsys.readouterr().out
    as_owner("UPDATE journal_event SET customer_id = 9 WHERE id = %s", [events[13].pk])
    err = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_journal", stderr=err)
    assert stop.value.code == 1
    assert f"journal.event {events[13].pk} was altered" in err.getvalue()


def test_only_columns_that_exist_can_be_sealed():
    with pytest.raises(ValueError, match="no column colour"):
        chain.register_sealed(Event, ["colour"])
