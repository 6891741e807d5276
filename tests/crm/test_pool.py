"""The pool: when customers go back to it, who may claim, and what each limit says."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from crm import services
from crm.models import Customer, OwnershipPolicy, OwnershipSpell, PoolRule
from crm.models.cadence import company_today
from crm.pool import day_of_return
from crm.services import policies
from crm.services.pool import apply_pool, follow_pool, load_pool_defaults, note_deal, reckon_pool
from foundation.accounts.models import HandOver
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.models import Message
from tests.crm.factories import make_contact, make_customer, make_visit
from tests.orders.factories import order_in, prepare
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(roles: None) -> OwnershipPolicy:
    """Switched on a year ago: sixty days without contact, a week of warning."""
    PoolRule.objects.create(tier="", contact_days=60, warn_days=7)
    policy = OwnershipPolicy(is_on=True, started_on=company_today() - timedelta(days=365))
    policy.save()
    return policy


def owned(owner, days: int = 0, name: str = "", **values) -> Customer:
    """A customer who has belonged to somebody for so many days."""
    customer = make_customer(name, owner=owner, **values)
    since = timezone.now() - timedelta(days=days)
    Customer.objects.filter(pk=customer.pk).update(owner_since=since, created_at=since)
    OwnershipSpell.objects.filter(customer=customer.pk).update(began_at=since)
    reckon_pool(mercy=False)
    customer.refresh_from_db()
    return customer


def test_the_first_measure_to_run_out_says_the_day_and_a_keeper_may_put_it_off():
    start, now = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)
    asked = {"since": start, "started_on": None, "contacts": (now, None), "deal": None, "kept_until": None, "zone": UTC}
    assert day_of_return(contact_days=60, deal_days=None, **asked) == date(2026, 4, 30)
    assert day_of_return(contact_days=60, deal_days=90, **asked) == date(2026, 4, 1)
    assert day_of_return(contact_days=None, deal_days=None, **asked) is None
    kept = {**asked, "kept_until": date(2026, 12, 31)}
    assert day_of_return(contact_days=60, deal_days=None, **kept) == date(2027, 1, 1)
    late = {**asked, "started_on": date(2026, 6, 1), "contacts": ()}
    assert day_of_return(contact_days=60, deal_days=None, **late) == date(2026, 7, 31)


def test_shipped_switched_off_nothing_returns(anna):
    assert load_pool_defaults() == 6 and load_pool_defaults() == 0
    customer = owned(anna, 5000)
    assert customer.returns_on is None and follow_pool() == (0, 0)


def test_switching_on_gives_everybody_the_whole_time_and_off_takes_the_days_away(anna):
    load_pool_defaults()
    customer = owned(anna, 5000)
    policy = OwnershipPolicy.objects.get()
    policy.is_on = True
    policy.save()
    policies.changed()
    assert apply_pool() == 1 and apply_pool() == 0
    customer.refresh_from_db()
    assert customer.returns_on == company_today() + timedelta(days=60)
    policy.refresh_from_db()
    policy.is_on = False
    policy.save()
    policies.changed()
    apply_pool()
    customer.refresh_from_db()
    assert customer.returns_on is None


def test_a_conversation_a_message_and_a_deal_move_the_day_in_their_transaction(pool, anna):
    rule = PoolRule.objects.get()
    rule.deal_days = 30
    rule.save()
    customer = owned(anna, 20)
    assert customer.returns_on == company_today() + timedelta(days=10)
    note_deal(customer.pk, timezone.now())
    customer.refresh_from_db()
    assert customer.returns_on == company_today() + timedelta(days=30)
    rule.deal_days = None
    rule.save()
    reckon_pool()
    services.add_service_record(customer.pk, actor=anna, subject="Call", content="Hello")
    customer.refresh_from_db()
    assert customer.returns_on == company_today() + timedelta(days=60)


def test_a_confirmed_order_is_a_deal(pool, anna):
    rule = PoolRule.objects.get()
    rule.contact_days, rule.deal_days = None, 90
    rule.save()
    prepare()
    customer = make_customer(owner=anna)
    order_in("confirmed", customer=customer)
    customer.refresh_from_db()
    assert customer.last_deal_at is not None
    assert customer.returns_on == company_today() + timedelta(days=90)


def test_owners_are_warned_first_and_the_customer_then_goes_back_and_is_told(pool, anna):
    load_defaults()
    OwnershipPolicy.objects.update(is_on=True)
    customer = owned(anna, 200, "Alt GmbH")
    assert follow_pool() == (1, 0) and follow_pool() == (0, 0)
    customer.refresh_from_db()
    assert customer.owner == anna and customer.returns_on == company_today() + timedelta(days=7)
    Customer.objects.filter(pk=customer.pk).update(returns_on=company_today(), warned_for=company_today())
    assert follow_pool() == (0, 1) and follow_pool() == (0, 0)
    customer.refresh_from_db()
    assert customer.owner is None and customer.returns_on is None
    spell = OwnershipSpell.objects.get()
    assert (spell.owner, spell.ended_by) == (anna, "returned")
    codes = set(Event.objects.filter(customer_id=customer.pk).values_list("code", flat=True))
    assert {"customer.return_warned", "customer.returned_to_pool"} <= codes
    told = set(Message.objects.filter(user=anna).values_list("subject_line", flat=True))
    assert any("goes back to the pool" in one for one in told)
    assert any("went back to the pool" in one for one in told)


def test_an_open_quote_order_or_complaint_and_a_manager_keep_a_customer(pool, anna, maria):
    prepare()
    customer = order_in("confirmed").customer
    Customer.objects.filter(pk=customer.pk).update(owner=anna, returns_on=company_today() - timedelta(days=1))
    assert follow_pool() == (0, 0)
    customer.refresh_from_db()
    assert customer.owner == anna and customer.protected_by == "order"
    assert customer.returns_on == company_today() + timedelta(days=7)
    kept = owned(anna, 59)
    with pytest.raises(Refused):
        services.keep_customer(kept.pk, actor=maria, until=company_today(), reason="x")
    with pytest.raises(Refused):
        services.keep_customer(kept.pk, actor=maria, until=company_today() + timedelta(days=9), reason=" ")
    until = company_today() + timedelta(days=90)
    services.keep_customer(kept.pk, actor=maria, until=until, reason="A large project")
    kept.refresh_from_db()
    assert kept.returns_on == until + timedelta(days=1)


def test_a_claim_takes_the_customer_and_keeps_the_history(pool, anna, wei, maria, client):
    customer = owned(wei, 10)
    services.release_customer(customer.pk, actor=wei, reason="No time")
    claimed = services.claim_customer(customer.pk, actor=anna)
    assert claimed.owner == anna and claimed.returns_on == company_today() + timedelta(days=60)
    history = OwnershipSpell.objects.order_by("began_at").values_list("owner", "began_by", "ended_by", "reason")
    assert list(history) == [(wei.pk, "created", "released", "No time"), (anna.pk, "claimed", "", "")]
    with pytest.raises(Refused, match="Anna Berg"):
        services.claim_customer(customer.pk, actor=wei)
    client.force_login(maria)
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "Owners until now" in page and "No time" in page
    fresh = client.get(make_customer("Neu").get_absolute_url()).content.decode()
    assert "Owners until now" not in fresh and "[]" not in fresh


def test_limits_say_which_and_when_it_is_possible_again(pool, anna, wei):
    free = [make_customer(f"Frei {n}") for n in range(4)]
    OwnershipPolicy.objects.update(claims_a_day=2, claims_a_week=None, most_held=None)
    OwnershipPolicy.objects.get().save()
    for one in free[:2]:
        services.claim_customer(one.pk, actor=anna)
    with pytest.raises(Refused, match="2 customers today"):
        services.claim_customer(free[2].pk, actor=anna)
    policy = OwnershipPolicy.objects.get()
    policy.claims_a_day, policy.claims_a_week = None, 2
    policy.save()
    with pytest.raises(Refused, match="this week"):
        services.claim_customer(free[2].pk, actor=anna)
    policy.claims_a_week, policy.most_held = None, 2
    policy.save()
    with pytest.raises(Refused, match="Release one first"):
        services.claim_customer(free[2].pk, actor=anna)
    services.release_customer(free[0].pk, actor=anna, reason="Too many")
    with pytest.raises(Refused, match="was yours until"):
        services.claim_customer(free[0].pk, actor=anna)
    assert services.claim_customer(free[0].pk, actor=wei).owner == wei
    assert Customer.objects.filter(owner=anna).count() == 1


def test_switched_off_there_are_no_limits(anna, roles):
    OwnershipPolicy(claims_a_day=1).save()
    for n in range(3):
        services.claim_customer(make_customer(f"Frei {n}").pk, actor=anna)
    assert Customer.objects.filter(owner=anna).count() == 3


def test_only_ones_own_is_released_and_a_manager_assigns(pool, anna, wei, maria):
    from django.core.exceptions import PermissionDenied

    customer = owned(anna)
    with pytest.raises(PermissionDenied):
        services.release_customer(customer.pk, actor=wei, reason="x")
    with pytest.raises(Refused):
        services.release_customer(customer.pk, actor=anna, reason=" ")
    services.release_customer(customer.pk, actor=maria, reason="Resting")
    with pytest.raises(PermissionDenied):
        services.assign_from_pool([customer.pk], actor=anna, owner=wei)
    other = make_customer("Schon vergeben", owner=anna)
    given, left = services.assign_from_pool([customer.pk, other.pk], actor=maria, owner=wei)
    assert given == 1 and len(left) == 1 and "Anna Berg" in left[0]
    assert Customer.objects.get(pk=customer.pk).owner == wei


def test_the_page_of_the_pool_claims_assigns_and_costs_the_same_for_two_rows_and_twenty(
    pool, client, anna, maria, django_assert_max_num_queries
):
    free = [make_customer(f"Frei {n}", owner=None) for n in range(2)]
    client.force_login(anna)
    client.get("/pool/")
    with django_assert_max_num_queries(13):
        page = client.get("/pool/").content.decode()
    assert "Frei 1" in page and f"/pool/{free[0].pk}/claim/" in page
    for n in range(18):
        make_customer(f"Auch frei {n}")
    with django_assert_max_num_queries(13):
        client.get("/pool/")
    assert client.post(f"/pool/{free[0].pk}/claim/")["Location"] == free[0].get_absolute_url()
    assert client.post(f"/pool/{free[0].pk}/claim/")["Location"] == "/pool/"
    assert client.post("/pool/assign/", {"pk": free[1].pk}).status_code == 403
    stranger = make_customer("Geheim", owner=maria)
    assert client.post(f"/pool/{stranger.pk}/claim/").status_code == 404, "no name is told to who guesses"
    client.force_login(maria)
    asked = client.post("/pool/assign/", {"pk": [free[1].pk]})
    assert asked.status_code == 200 and "1 customer of the pool" in asked.content.decode()
    done = client.post("/pool/assign/", {"pk": [free[1].pk], "owner": anna.pk})
    assert done.status_code == 302 and Customer.objects.get(pk=free[1].pk).owner == anna


def test_the_list_of_customers_shows_the_days_left_soonest_first_and_is_no_dearer(
    pool, client, anna, django_assert_max_num_queries
):
    owned(anna, 10, "Spät GmbH"), owned(anna, 55, "Bald GmbH")
    client.force_login(anna)
    page = client.get("/customers/?view=returning").content.decode()
    assert page.index("Bald GmbH") < page.index("Spät GmbH") and "5 days" in page and "Days left" in page
    with django_assert_max_num_queries(8):
        client.get("/customers/?view=returning")
    OwnershipPolicy.objects.update(is_on=False)
    OwnershipPolicy.objects.get().save()
    assert "Days left" not in client.get("/customers/").content.decode()


def test_a_customer_is_handed_over_with_a_note_and_its_open_work(pool, client, anna, wei, maria):
    load_defaults()
    customer = owned(anna, 5, "Übergabe GmbH")
    make_contact(customer, is_main=True)
    goes, stays = make_visit(anna, customer), make_visit(anna, customer)
    client.force_login(maria)
    address = f"/customers/{customer.pk}/do/hand-over/"
    page = client.get(address).content.decode()
    assert f'value="visits:{goes.pk}" ' in page and goes.purpose in page
    said = {"owner": wei.pk, "note": "Likes oak", "work": [f"visits:{goes.pk}"], "was_owner": anna.pk}
    assert client.post(address, {**said, "note": ""}).status_code == 422
    once = {**said, "tell_customer": "on", "submission": "as-the-page-has-it"}
    assert [client.post(address, once).status_code for _press in range(2)] == [302, 302]
    for one in (customer, goes, stays):
        one.refresh_from_db()
    assert (customer.owner, goes.owner, stays.owner) == (wei, wei, anna)
    event = Event.objects.get(code="customer.reassigned")
    assert event.facts["moved"] == 1 and event.private.data["note"] == "Likes oak"
    assert Message.objects.filter(user=wei, body__contains="Likes oak").exists()
    assert Message.objects.filter(user=None, body__contains="Wei Chen", customer_id=customer.pk).exists()
    late = client.post(address, {**said, "owner": maria.pk})
    assert late.status_code in (409, 422) and Customer.objects.get(pk=customer.pk).owner == wei


def test_everything_goes_to_somebody_as_before_and_keeps_the_history(pool, anna, wei, maria):
    from foundation.accounts.handovers import hand_over_work

    customer = owned(anna, 5)
    hand_over_work(anna.pk, actor=maria, to={"customers": [wei]})
    assert HandOver.objects.get().items.get().state == "given"
    assert Customer.objects.get(pk=customer.pk).owner == wei
    assert OwnershipSpell.objects.get(ended_at=None).owner == wei


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_wins_and_one_person_cannot_pass_the_limit(pool, anna, wei):
    one, other = make_customer("Begehrt"), make_customer("Auch begehrt")
    said: list[str] = []

    def claim(pk, user):
        try:
            services.claim_customer(pk, actor=user)
            said.append("won")
        except Refused as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    def at_once(*work):
        threads = [threading.Thread(target=claim, args=args) for args in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    at_once((one.pk, anna), (one.pk, wei))
    assert sorted(text == "won" for text in said) == [False, True]
    winner = Customer.objects.get(pk=one.pk).owner
    assert str(winner) in next(text for text in said if text != "won")
    policy = OwnershipPolicy.objects.get()
    policy.claims_a_day, said[:] = 2, []
    policy.save()
    at_once(*[(pk, winner) for pk in (other.pk, make_customer("Dritter").pk)])
    assert sorted(text == "won" for text in said) == [False, True]
