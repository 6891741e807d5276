"""The touch cadence of the demo company: what its year has left, and a few weeks in which most customers were thought of."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from config.demo import care_words
from config.demo.present import Stage
from crm.models import Customer, CustomerTouch
from crm.services import add_service_record
from crm.services.cadence import rebuild_touches, reckon_all


def play(stage: Stage) -> None:
    """A call to each customer and greetings besides, some of them late; some customers are due or overdue today."""
    rebuild_touches()
    clients = {one.row.pk: one for one in stage.clients.values()}
    found = []
    for number, customer in enumerate(Customer.objects.filter(pk__in=clients).select_related("owner").order_by("pk")):
        subject, content, feedback = care_words.RECORDS[0][3][clients[customer.pk].row.language]
        add_service_record(
            customer.pk,
            actor=customer.owner or stage.staff["emily.carter"],
            subject=subject,
            content=content,
            feedback=feedback,
            contact=clients[customer.pk].contacts[0],
            started_at=_at(stage, 4 + number * 7 % 30, number),
            imported=True,
        )
        for way, days in (("email", 3 + number * 5 % 29), ("sms", 1 + number * 4 % 16)):
            late, at = number % 8 == 0, _at(stage, days, number)
            due_on = at.date() + timedelta(days=-2 if late else 2)
            found.append(
                CustomerTouch(customer=customer, way=way, at=at, by=customer.owner, due_on=due_on, is_on_time=not late)
            )
    CustomerTouch.objects.bulk_create(found)
    reckon_all()


def _at(stage: Stage, days: int, number: int) -> datetime:
    return datetime.combine(stage.times.today - timedelta(days=days), time(10, number % 60), stage.times.zone)
