"""Rules of the administrators decide who gets an inquiry, in their order, and the record says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Family
from crm.models import Inquiry, InquiryPolicy, RoutingRule, RoutingShare
from crm.routing_words import last_verdicts, lines
from crm.services.rerouting import reroute_waiting
from foundation.accounts.models import Leave
from foundation.journal.models import Event
from tests.accounts.factories import make_team, make_user
from tests.crm.factories import inquiry_in, make_address, make_contact, make_customer, make_inquiry

pytestmark = pytest.mark.django_db


def away(person, deputy=None):
    today = timezone.now().date()
    return Leave.objects.create(
        person=person,
        first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=2),
        deputy=deputy,
        entered_by=person,
    )


def rule(name, position=10, **values):
    families = values.pop("families", [])
    made = RoutingRule.objects.create(name=name, position=position, **values)
    made.families.set(families)
    return made


def said(inquiry):
    return [(one["by"], one["said"]) for one in last_verdicts(inquiry)]


def test_the_first_rule_that_fits_decides_and_each_leaves_its_verdict(anna, wei):
    rule("France", 10, countries=["FR"], person=anna)
    rule("Chat", 20, channels=["chat"], person=anna)
    rule("Chinese", 30, languages=["zh-hans"], person=anna)
    rule("Glass", 40, words="glass partition\n玻璃隔断", person=wei, must_speak=False)
    rule("Later", 50, person=anna)
    inquiry = make_inquiry(country="DE", language="de", text="Do you make glass PARTITIONS?")
    assert inquiry.owner == wei
    assert said(inquiry) == [("rule", "country"), ("rule", "channel"), ("rule", "language"), ("rule", "takes")]
    shown = lines(last_verdicts(inquiry))
    assert [one.decided for one in shown] == [False, False, False, True]
    assert "Wei Chen" in shown[-1].said
    event = Event.objects.get(code="inquiry.assigned")
    assert "Wei" not in str(event.facts)


def test_a_region_below_the_country_decides_in_whatever_writing_it_comes(anna, wei):
    rule("South", 10, countries=["CN", "DE"], regions="广东\nBavaria", person=wei, must_speak=False)
    rule("Everywhere", 20, person=anna, must_speak=False)
    for country, region in (("CN", "Guangdong Province"), ("CN", "廣東省"), ("DE", "Freistaat Bayern"), ("DE", "by")):
        assert make_inquiry(country=country, region=region, email=f"{region}@a.example".replace(" ", "")).owner == wei
    inquiry = make_inquiry(country="CN", region="江苏", email="b@a.example")
    assert (inquiry.owner, said(inquiry)) == (anna, [("rule", "region"), ("rule", "takes")])
    assert "another province or state" in lines(last_verdicts(inquiry))[0].said
    unknown = make_inquiry(country="CN", email="c@a.example")
    assert (unknown.owner, said(unknown)[0]) == (anna, ("rule", "no_region"))
    assert "is not known" in lines(last_verdicts(unknown))[0].said


def test_the_region_of_a_known_sender_is_that_of_their_office(anna, wei):
    customer = make_customer(country="CN")
    make_address(customer, kind="delivery", country="CN", region="江苏省", city="苏州市")
    make_address(customer, kind="office", country="CN", region="广东省", city="广州市")
    rule("South", countries=["CN"], regions="Guangdong", person=wei, must_speak=False)
    inquiry = make_inquiry(email=make_contact(customer).email, country="")
    assert (inquiry.region, inquiry.owner) == ("广东省", wei)


def test_a_rule_with_regions_names_their_country_and_knows_what_is_none(anna):
    from crm.forms.routing import RuleForm

    def tried(**values):
        return RuleForm({"name": "South", "position": 1, "least_level": 2, "person": anna.pk, **values})

    assert "country" in str(tried(regions="广东").errors["regions"])
    assert "Guangdnog" in str(tried(regions="广东\nGuangdnog", countries=["CN"]).errors["regions"])
    assert tried(regions="Guangdnog", countries=["CN", "FR"]).is_valid()  # of France we have no list
    form = tried(regions=" 广东 \n\n广东\nJiangsu", countries=["CN"])
    assert form.is_valid(), form.errors
    assert form.save().region_lines == ["广东", "Jiangsu"]


def test_a_product_family_is_known_by_its_names_in_any_language(anna, wei):
    family = Family.objects.create(code="spc-test", name="Rigid core", name_de="Klickvinyl", name_zh_hans="石塑")
    rule("Floors", families=[family], person=wei, must_speak=False)
    assert make_inquiry(language="de", text="Haben Sie Klickvinyl?").owner == wei
    assert make_inquiry(language="de", text="Haben Sie Türen?").owner == anna


def test_the_customers_own_salesperson_comes_first_unless_the_house_decided_otherwise(anna, wei):
    rule("All", person=wei, must_speak=False)
    contact = make_contact(make_customer(owner=anna))
    assert make_inquiry(email=contact.email, language="de").owner == anna
    InquiryPolicy.objects.create(owner_first=False)
    assert make_inquiry(email=contact.email, language="de").owner == wei


def test_in_a_team_the_least_busy_by_share_who_speaks_it_well_enough(anna, wei):
    team = make_team("Glass")
    half = make_user("Half", role="sales", team=team, languages={"de": 3})
    full = make_user("Full", role="sales", team=team, languages={"de": 3})
    make_user("Beginner", role="sales", team=team, languages={"de": 1})
    idle = make_user("Idle", role="sales", team=team, languages={"de": 4})
    RoutingShare.objects.create(person=half, percent=50)
    RoutingShare.objects.create(person=make_user("Never", role="sales", team=team, languages={"de": 4}), percent=0)
    rule("Glass", team=team, least_level=3)
    away(idle)
    owners = [make_inquiry(language="de").owner.name for _n in range(6)]
    assert sorted(owners) == ["Full"] * 4 + ["Half"] * 2
    assert full.name in owners


def test_who_is_away_is_skipped_and_their_deputy_stands_in(anna, wei):
    rule("Anna's", 10, person=anna)
    away(anna, deputy=wei)
    inquiry = make_inquiry(language="zh-hans")
    assert inquiry.owner == wei
    verdict = last_verdicts(inquiry)[-1]
    assert (verdict["stands_in"], verdict["away"]) == (True, [anna.pk])
    assert "Stands in" in lines([verdict])[0].said


def test_a_rule_without_anybody_there_lets_the_next_decide(anna, wei):
    rule("Anna's", 10, person=anna)
    away(anna)
    rule("Nobody speaks it", 20, person=wei)
    inquiry = make_inquiry(language="de")
    assert said(inquiry) == [("rule", "nobody"), ("rule", "silent"), ("language", "takes")]
    assert inquiry.owner == wei  # speaks English at least
    assert Event.objects.filter(code="inquiry.unrouted").exists()


def test_what_waits_with_somebody_away_is_given_out_anew_once(anna, wei):
    waiting = inquiry_in("assigned", owner=anna, language="en")
    answered = inquiry_in("answered", owner=anna, language="en")
    assert reroute_waiting() == 0
    away(anna)
    assert reroute_waiting() == 1
    waiting.refresh_from_db()
    answered.refresh_from_db()
    assert (waiting.owner, answered.owner) == (wei, anna)
    assert last_verdicts(waiting)[-1]["person_id"] == wei.pk
    assert reroute_waiting() == 0


def test_twenty_rules_are_read_with_as_many_queries_as_two(anna, wei):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            inquiry = make_inquiry(country="DE")
        assert inquiry.owner == wei
        assert said(inquiry) == [("rule", "country")] * (RoutingRule.objects.count() - 1) + [("rule", "takes")]
        return len(seen)

    rule("Last", 99, person=wei, must_speak=False)
    rule("Rule 0", countries=["FR"], person=anna)
    asked()  # what is kept from one inquiry to the next
    of_two = asked()
    for number in range(1, 19):
        rule(f"Rule {number}", number, countries=["FR"], person=anna)
    asked()
    assert asked() == of_two <= 55


def test_managers_try_the_rules_and_nothing_is_kept(client, maria, anna, wei):
    rule("Chinese", languages=["zh-hans"], person=wei)
    client.force_login(maria)
    page = client.get(reverse("crm:routing"), {"language": "zh-hans", "channel": "web", "text": "玻璃"})
    assert "Wei Chen would get it" in page.content.decode()
    assert not Inquiry.objects.exists()
    rule("South", 5, countries=["CN"], regions="广东", person=anna, must_speak=False)
    asked = {"language": "zh-hans", "channel": "web", "country": "CN", "region": "Guangdong"}
    assert "Anna Berg would get it" in client.get(reverse("crm:routing"), asked).content.decode()
    assert client.get(reverse("crm:routing"), {"language": "xx", "channel": "web"}).status_code == 422
    client.force_login(anna)
    assert client.get(reverse("crm:routing")).status_code == 403


def test_the_page_of_an_inquiry_says_why(client, anna, wei):
    rule("Chinese", languages=["zh-hans"], person=wei)
    inquiry = make_inquiry(language="zh-hans")
    client.force_login(wei)
    page = client.get(inquiry.get_absolute_url()).content.decode()
    assert "Why this colleague" in page
    assert "Rule “Chinese”" in page
