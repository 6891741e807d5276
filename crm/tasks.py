"""Doorways: beat rings, the rows decide. A missed ring costs one period."""

from __future__ import annotations

from celery import shared_task

from crm.services.cadence import apply_rules
from crm.services.campaign_sending import send_campaigns
from crm.services.keys import find_pairs
from crm.services.merging import follow_merges
from crm.services.plans import tell_reviews as tell_the_reviews
from crm.services.pool import follow_pool as follow_the_pool
from crm.services.reception_news import tell_due
from crm.services.rerouting import reroute_waiting


@shared_task(name="crm.tasks.send")
def send() -> None:
    """Every twenty seconds."""
    send_campaigns()


@shared_task(name="crm.tasks.reckon_cadence")
def reckon_cadence() -> None:
    """Every minute; it has something to do after an administrator has changed the touch cadence."""
    apply_rules()


@shared_task(name="crm.tasks.tell_receptions")
def tell_receptions() -> None:
    """Every minute."""
    tell_due()


@shared_task(name="crm.tasks.reroute_inquiries")
def reroute_inquiries() -> None:
    """Every quarter of an hour: what waits with people who are away and have no deputy."""
    reroute_waiting()


@shared_task(name="crm.tasks.follow_pool")
def follow_pool() -> None:
    """Every quarter of an hour: customers whose time is up go back to the pool, owners are warned before."""
    follow_the_pool()


@shared_task(name="crm.tasks.follow_duplicates")
def follow_duplicates() -> None:
    """Every five minutes: new and changed customers are compared, what was put on merged ones is moved."""
    find_pairs()
    follow_merges()


@shared_task(name="crm.tasks.tell_reviews")
def tell_reviews() -> None:
    """Every quarter of an hour: account plans whose day of review has come."""
    tell_the_reviews()
