"""What was said with each customer over two years: service records with their words, their touches and their events."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import connections

from benchmarks.copying import ALIAS, clone
from benchmarks.house import FIRST
from crm.models import Customer, CustomerTouch, ServiceRecord
from crm.services import add_service_record
from foundation.journal.models import Event
from kpi.services import rebuild_figures

WORDS = """
INSERT INTO crm_servicerecordtext
  (record_id, salt, subject, content, feedback, remark, next_step, no_step_reason, recording_by)
SELECT g.id, t.salt, t.subject, t.content || ' ' || g.id, t.feedback, t.remark, t.next_step, t.no_step_reason, t.recording_by
FROM crm_servicerecordtext t, crm_servicerecord g WHERE t.record_id = %s AND g.id > t.record_id
"""
LAST = """
UPDATE crm_customer c SET last_contact_at = r.latest
FROM (SELECT customer_id, max(started_at) AS latest FROM crm_servicerecord GROUP BY 1) r WHERE r.customer_id = c.id
"""


def fill_records(each: int, say: Callable[[str], None]) -> None:
    """Give every filled customer so many conversations, the first by the services, all others as it was written."""
    customer = Customer.objects.filter(pk__lt=FIRST).order_by("pk").first()
    if customer is None or not each:
        return
    first = add_service_record(
        customer.pk, actor=customer.owner, subject="Call", content="The floor of the third storey is to be grey. No.",
        no_step_reason="They write when the walls stand.",
    )  # fmt: skip
    source = f"(SELECT c.id, c.owner_id, n FROM crm_customer c, generate_series(1, {each}) n WHERE c.id >= {FIRST})"
    moment = "now() - (g.n * 719 + g.id % 700) * interval '1 hour'"
    clone(
        ServiceRecord, f"t.id = {first.pk}", source, customer_id="g.id", author_id="g.owner_id", contact_id="NULL",
        started_at=moment, recorded_at=moment,
    )  # fmt: skip
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(WORDS, [first.pk])
        cursor.execute(LAST)
    made = f"(SELECT * FROM crm_servicerecord WHERE id > {first.pk})"
    kind = ContentType.objects.get_for_model(ServiceRecord).pk
    clone(
        Event, f"t.content_type_id = {kind} AND t.object_id = {first.pk}", made, object_id="g.id",
        customer_id="g.customer_id", actor_id="g.author_id", occurred_at="g.started_at", recorded_at="g.started_at",
    )  # fmt: skip
    clone(
        CustomerTouch, f"t.record_id = {first.pk}", made, customer_id="g.customer_id", record_id="g.id",
        by_id="g.author_id", at="g.started_at",
    )  # fmt: skip
    rebuild_figures()  # as of an installation whose touches have been counted
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"{ServiceRecord.objects.count():,} service records")
