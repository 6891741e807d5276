"""Customers, contacts and addresses are created and changed by services that leave one event each."""

from __future__ import annotations

import pytest

from crm import services
from crm.models import Contact, Customer
from crm.selectors import visible_contacts, visible_customers
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.accounts.factories import make_user
from tests.crm.factories import make_address, make_contact, make_customer

pytestmark = pytest.mark.django_db


def codes(subject) -> list[str]:
    return list(Event.objects.about(subject).order_by("id").values_list("code", flat=True))


def test_a_customer_gets_a_number_and_the_usual_zone_and_language_of_its_country(anna):
    customer = make_customer("Bodenwerk GmbH", country="AT", actor=anna)
    assert customer.number.startswith("C-")
    assert (customer.language, customer.time_zone) == ("de", "Europe/Vienna")
    event = Event.objects.about(customer).get()
    assert (event.code, event.actor, event.customer_id) == ("customer.created", anna, customer.pk)
    assert event.facts["language"] == "de"
    assert event.facts["number"] == customer.number


def test_a_customer_is_created_with_its_first_contact_and_found_by_it():
    customer = make_customer("Hafenbau", main_contact={"name": "Jörg Petersen", "mobile": "+4915112345678"})
    contact = customer.contacts.get()
    assert contact.is_main
    for typed in ("petersen", "12345678", "hafenb", customer.number[-3:]):
        assert list(Customer.objects.search(typed)) == [customer], typed


def test_the_domain_comes_from_the_website_or_the_contact_but_never_from_a_mail_provider():
    assert make_customer(website="https://www.Bodenwerk.example/shop").domain == "bodenwerk.example"
    assert make_customer(main_contact={"name": "A", "email": "a@firma.example"}).domain == "firma.example"
    assert make_customer(main_contact={"name": "A", "email": "a@gmail.com"}).domain == ""


def test_a_change_is_one_event_that_names_the_fields_and_keeps_the_values_apart(anna):
    customer = make_customer("Old name")
    services.update_customer(customer.pk, actor=anna, version=1, name="New name", remark="")
    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("New name", 2)
    event = Event.objects.about(customer).filter(code="customer.updated").get()
    assert event.facts["changed"] == ["name"]
    assert "New name" not in str(event.facts)
    assert event.private.data["changes"] == {"name": ["Old name", "New name"]}
    assert list(Customer.objects.search("new name")) == [customer]


def test_saving_without_a_change_leaves_no_event():
    customer = make_customer("Same")
    services.update_customer(customer.pk, actor=None, version=1, name="Same", owner=None)
    assert codes(customer) == ["customer.created"]


def test_the_second_of_two_who_edit_is_told_who_was_faster_and_nothing_changes(anna, wei):
    customer = make_customer("Start")
    services.update_customer(customer.pk, actor=anna, version=1, name="By Anna")
    with pytest.raises(Refused) as refusal:
        services.update_customer(customer.pk, actor=wei, version=1, name="By Wei")
    assert "Anna Berg" in refusal.value.message
    assert Customer.objects.get(pk=customer.pk).name == "By Anna"
    assert codes(customer) == ["customer.created", "customer.updated"]


def test_fields_that_nobody_may_set_are_refused_loudly():
    customer = make_customer()
    with pytest.raises(TypeError):
        services.update_customer(customer.pk, actor=None, number="C-1")
    with pytest.raises(TypeError):
        services.create_customer(actor=None, name="X", version=9)


def test_the_first_contact_is_the_main_one_until_another_becomes_it():
    customer = make_customer()
    first, second = make_contact(customer), make_contact(customer)
    assert (first.is_main, second.is_main) == (True, False)
    services.update_contact(second.pk, actor=None, is_main=True)
    assert Contact.objects.get(customer=customer, is_main=True) == second


def test_a_contact_changed_since_the_form_was_opened_is_not_overwritten(anna):
    contact = make_contact(name="Before")
    services.update_contact(contact.pk, actor=anna, version=1, name="Anna's")
    with pytest.raises(Refused):
        services.update_contact(contact.pk, actor=None, version=1, name="Late")
    assert Contact.objects.get(pk=contact.pk).name == "Anna's"


def test_each_kind_of_address_has_one_usual_one():
    customer = make_customer()
    first = make_address(customer, kind="delivery")
    second = make_address(customer, kind="delivery", is_default=True)
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    assert make_address(customer, kind="office").is_default


@pytest.mark.parametrize(
    ("country", "values", "expected"),
    [
        ("DE", {}, ["Am Kai 1", "20457 Hamburg", "Germany"]),
        (
            "US",
            {"city": "Austin", "region": "TX", "postal_code": "78701", "street": "1 Main St"},
            ["1 Main St", "Austin, TX 78701", "United States"],
        ),
        (
            "CN",
            {
                "region": "广东省",
                "city": "佛山市",
                "district": "南海区",
                "street": "桂城路1号",
                "postal_code": "528200",
            },
            ["528200 中国", "广东省佛山市南海区桂城路1号"],
        ),
    ],
)
def test_an_address_reads_as_its_country_writes_it(country, values, expected):
    assert make_address(country=country, **values).lines() == expected


def test_a_salesperson_sees_own_the_teams_and_unowned_customers(anna, wei, maria, sven):
    mate = make_user("Tom Holt", role="sales", team=anna.team)
    own, mates, free, foreign = (make_customer(owner=o) for o in (anna, mate, None, wei))
    assert set(visible_customers(anna)) == {own, mates, free}
    assert set(visible_customers(wei)) == {free, foreign}
    assert visible_customers(maria).count() == visible_customers(sven).count() == 4
    assert not visible_customers(make_user("Nobody"))


def test_two_people_without_a_team_do_not_see_each_others_customers(roles):
    one, other = make_user("One", role="sales"), make_user("Other", role="sales")
    customer = make_customer(owner=one)
    assert customer in visible_customers(one)
    assert customer not in visible_customers(other)


def test_contacts_follow_the_visibility_of_their_customer(anna, wei):
    contact = make_contact(make_customer(owner=wei))
    assert contact not in visible_contacts(anna)
    assert contact in visible_contacts(wei)


def test_the_tokens_of_a_customer_stay_in_the_database_when_it_is_read(django_assert_num_queries):
    customer = make_customer("Hafenbau", main_contact={"name": "Jörg Petersen"})
    with django_assert_num_queries(2):
        assert Customer.objects.get(pk=customer.pk).search is None
        assert Contact.objects.select_related("customer").get().customer.search is None
    again = Customer.objects.get(pk=customer.pk)
    again.save()
    again.save(update_fields=["remark"])
    assert list(Customer.objects.search("petersen")) == [customer]


def test_the_agreed_calendar_is_saved_with_the_customer_and_only_by_those_who_may(anna):
    from foundation.calendars.selectors import calendar_of_customer
    from tests.calendars.factories import office, person, signed_in

    customer, early = make_customer("Bodenwerk", owner=anna), office("early")
    boss = person("manager")
    url = f"/customers/{customer.pk}/edit/"
    form = signed_in(boss).get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    plain = signed_in(anna).get(url).context["form"]
    assert "working_calendar" not in plain.fields
    signed_in(anna).post(url, {**data, "working_calendar": early.pk})
    assert calendar_of_customer(customer.pk) is None
    for chosen, expected in ((early.pk, early), (early.pk, early), ("", None)):
        data["version"] = signed_in(boss).get(url).context["form"]["version"].value() or ""
        assert signed_in(boss).post(url, {**data, "working_calendar": chosen}).status_code == 302
        assert calendar_of_customer(customer.pk) == expected
    events = Event.objects.filter(code="customer.updated", facts__changed__contains="working_calendar")
    assert events.count() == 2  # saved again as it was: no event
