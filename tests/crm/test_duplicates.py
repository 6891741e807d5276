"""Who may be known already: found in any script, by any number, and shown as far as the reader may see."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from crm import services
from crm.duplicates import entry_typed, find_matches
from crm.models import (
    Customer,
    CustomerKeys,
    CustomerShare,
    DuplicatePair,
    FreeMailHost,
    OwnershipRequest,
    OwnershipSpell,
)
from crm.selectors import visible_customers
from crm.services.keys import find_pairs, keep_tax_keys, leave_keys, rebuild_keys
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.crm.factories import inquiry_in, make_contact, make_customer

pytestmark = pytest.mark.django_db
VAT = "DE136695976"


def reasons(user, **typed) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(one.customer.name, one.reasons, one.is_visible) for one in find_matches(user, entry_typed(**typed))]


def test_a_customer_is_found_by_name_in_any_script_phone_email_domain_and_tax_number(anna):
    make_customer(
        "Guangzhou Huazhu Decoration Co., Ltd.",
        local_name="广州华筑装饰工程有限公司",
        country="CN",
        owner=anna,
        website="https://www.huazhu.example",
        tax_number="91110108551385082Q",
        main_contact={"name": "Huang", "email": "huang@huazhu.example", "phone": "+862081234567"},
    )
    name = "Guangzhou Huazhu Decoration Co., Ltd."
    assert reasons(anna, names=["廣州華築裝飾工程"]) == [(name, ("name",), True)]
    assert reasons(anna, names=["guangzhou huazhu zhuangshi gongcheng"]) == [(name, ("name",), True)]
    assert reasons(anna, names=["Guangzhou Huazhu Decorations"]) == [(name, ("similar",), True)]
    assert reasons(anna, phones=["020 8123 4567"], country="CN") == [(name, ("phone",), True)]
    assert reasons(anna, phones=["+86 20 8123-4567"], country="DE") == [(name, ("phone",), True)]
    assert reasons(anna, emails=["HUANG@huazhu.example"]) == [(name, ("email", "domain"), True)]
    assert reasons(anna, emails=["other@huazhu.example"]) == [(name, ("domain",), True)]
    assert reasons(anna, website="http://huazhu.example/about") == [(name, ("domain",), True)]
    assert reasons(anna, tax_number="9111 0108 5513 85082q", country="CN") == [(name, ("tax",), True)]
    assert reasons(anna, names=["Somebody Else"], phones=["12"], emails=["x"], country="CN") == []


def test_addresses_at_free_hosts_say_nothing_and_the_hosts_are_rows(anna):
    FreeMailHost.objects.create(domain="postfach.example")
    make_customer("Kai GmbH", owner=anna, main_contact={"name": "Kim", "email": "kim@postfach.example"})
    assert reasons(anna, emails=["other@postfach.example"]) == []
    assert [why for _name, why, _seen in reasons(anna, emails=["kim@postfach.example"])] == [("email",)]


def test_keys_follow_names_and_people_and_are_made_up_for_old_customers(anna):
    customer = make_customer("Kai Boden GmbH", owner=anna)
    assert reasons(anna, names=["Hafen Parkett"]) == []
    services.update_customer(customer.pk, actor=anna, name="Hafen Parkett GmbH")
    assert reasons(anna, names=["Hafen Parkett"]) and not reasons(anna, names=["Kai Boden"])
    make_contact(customer, email="petra@hafen.example")
    assert reasons(anna, emails=["petra@hafen.example"])
    CustomerKeys.objects.all().delete()
    assert (rebuild_keys(), rebuild_keys()) == (1, 0)
    assert reasons(anna, emails=["petra@hafen.example"])


def test_keys_are_made_up_batch_by_batch(anna, monkeypatch):
    monkeypatch.setattr("crm.services.keys.BATCH", 2)
    for number in range(5):
        make_customer(f"Nordlicht {number} GmbH", owner=anna)
    CustomerKeys.objects.exclude(customer=Customer.objects.order_by("pk")[2]).delete()
    assert (rebuild_keys(), rebuild_keys()) == (4, 0)
    assert CustomerKeys.objects.count() == 5 and reasons(anna, names=["Nordlicht 4"])


def test_a_stranger_hears_only_whose_it_is_and_asks_the_manager(anna, wei, maria, client):
    customer = make_customer("Secret Floors Ltd.", owner=wei)
    client.force_login(anna)
    page = client.post("/customers/known/", {"name": "secret floors", "of": "customer"}).content.decode()
    assert "belongs to a colleague (Wei Chen)" in page and "Secret Floors Ltd." not in page
    assert customer.number not in page and f"/customers/{customer.pk}" not in page
    address = page[page.index("/customers/ask/?for=") :].split('"')[0].replace("&amp;", "&")
    assert client.get(address).status_code == 200
    assert client.get("/customers/ask/?for=x").status_code == 404
    answer = client.post(address, {"note": "They wrote to me"})
    request = OwnershipRequest.objects.get()
    assert answer["Location"] == f"/customers/requests/{request.pk}/"
    assert (request.customer, request.asker, request.note) == (customer, anna, "They wrote to me")
    shown = client.get(answer["Location"]).content.decode()
    assert "Secret Floors" not in shown.replace("secret floors", "")
    assert services.ask_for_customer(customer.pk, actor=anna, note="again") == request, "who asked waits"
    client.force_login(maria)
    assert "Secret Floors Ltd." in client.get("/customers/requests/").content.decode()


def test_the_manager_shares_hands_over_or_refuses_with_a_reason(anna, wei, maria):
    shared, handed, refused = (make_customer(f"Strange {n} Boden GmbH", owner=wei) for n in ("A1", "B2", "C3"))
    asked = {one: services.ask_for_customer(one.pk, actor=anna, note="?") for one in (shared, handed, refused)}
    services.share_requested(asked[shared].pk, actor=maria, reason="Look")
    assert CustomerShare.objects.get().user == anna
    services.hand_requested(asked[handed].pk, actor=maria)
    with pytest.raises(Refused):
        services.refuse_requested(asked[refused].pk, actor=maria, reason=" ")
    services.refuse_requested(asked[refused].pk, actor=maria, reason="No")
    assert set(visible_customers(anna)) == {shared, handed}
    handed.refresh_from_db()
    assert handed.owner == anna and OwnershipSpell.objects.get(customer=handed, ended_at=None).owner == anna
    assert set(visible_customers(wei)) == {shared, refused}
    with pytest.raises(Refused):
        services.share_requested(asked[refused].pk, actor=maria)
    with pytest.raises(Refused):
        services.share_requested(asked[shared].pk, actor=anna)
    with pytest.raises(Refused):
        services.ask_for_customer(shared.pk, actor=anna)
    codes = Event.objects.filter(code__startswith="ownership.").order_by("id").values_list("code", flat=True)
    assert list(codes) == [*["ownership.requested"] * 3, "ownership.shared", "ownership.handed", "ownership.refused"]


FORM = {"name": "Bodenwelt Hamburg", "country": "DE", "kind": "importer", "tier": "ordinary", "source": "phone"}


def test_a_likely_duplicate_is_saved_only_with_a_reason_which_is_remembered(anna, client):
    known = make_customer("Bodenwelt Hamburg GmbH", owner=anna)
    client.force_login(anna)
    answer = client.post("/customers/new/", FORM)
    page = answer.content.decode()
    assert answer.status_code == 422 and Customer.objects.count() == 1
    assert known.number in page and 'type="text" name="duplicate_reason"' in page
    answer = client.post("/customers/new/", {**FORM, "duplicate_reason": "The branch in Kiel"})
    assert answer.status_code == 302
    pair = DuplicatePair.objects.get()
    assert (pair.verdict, pair.reason, pair.decided_by) == ("different", "The branch in Kiel", anna)
    event = Event.objects.filter(code="customer.created").latest("id")
    assert event.private.data["reason"] == "The branch in Kiel"
    assert find_pairs() >= 0 and DuplicatePair.objects.get().verdict == "different"


def test_what_only_sounds_the_same_is_no_obstacle(anna, client):
    make_customer("广州华筑装饰工程有限公司", country="CN", owner=anna)
    client.force_login(anna)
    assert client.post("/customers/new/", {**FORM, "name": "广州华著装饰工程有限公司"}).status_code == 302


def test_one_tax_number_is_one_customer_for_the_form_the_service_and_the_database(anna, client):
    first = make_customer("Eins GmbH", owner=anna, tax_number="DE 136 695 976")
    assert first.tax_key == "DE:136695976"
    with pytest.raises(Refused):
        make_customer("Zwei AG", tax_number=VAT)
    client.force_login(anna)
    said = {**FORM, "name": "Zwei AG", "tax_number": VAT, "duplicate_reason": "Really"}
    answer = client.post("/customers/new/", said)
    assert answer.status_code == 422 and "There is a customer with this tax number already." in answer.content.decode()
    second = make_customer("Zwei AG")
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=second.pk).update(tax_key="DE:136695976")
    with pytest.raises(Refused):
        services.update_customer(second.pk, actor=anna, tax_number=VAT)
    second.tax_number = VAT
    keep_tax_keys([second])
    assert second.tax_key == "", "an import leaves it to people"
    wrong = client.post("/customers/new/", {**FORM, "name": "Drei AG", "tax_number": "DE136695978"})
    assert wrong.status_code == 422 and "check digit" in wrong.content.decode()
    assert Customer.objects.count() == 2


def test_pairs_are_found_in_the_background_and_what_was_decided_stays(anna, maria, client):
    one = make_customer("Nordlicht Parkett GmbH", owner=anna)
    other = make_customer("Nordlicht Parket", owner=anna)
    make_customer("Something Quite Different", owner=anna)
    assert find_pairs() >= 1 and find_pairs() == 0
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.reasons) == (one, other, ["similar"])
    client.force_login(anna)
    assert client.get("/customers/duplicates/").status_code == 403
    client.force_login(maria)
    page = client.get("/customers/duplicates/").content.decode()
    assert "nearly the same name" in page and f"do/merge/?with={other.pk}" in page
    assert client.post(f"/customers/duplicates/{pair.pk}/apart/", {"reason": ""}).status_code == 422
    assert client.post(f"/customers/duplicates/{pair.pk}/apart/", {"reason": "Two towns"}).status_code == 302
    with pytest.raises(Refused):
        services.tell_apart(pair.pk, actor=maria, reason="again")
    services.update_customer(other.pk, actor=maria, remark="x", local_name="Nordlicht Parkett")
    find_pairs()
    assert DuplicatePair.objects.get().verdict == "different"


def test_the_list_of_pairs_costs_the_same_for_two_rows_and_twenty(maria, client, django_assert_max_num_queries):
    client.force_login(maria)

    def pairs(count: int) -> None:
        for n in range(count):
            a, b = make_customer(f"Doppelt {n} Holzhandel", owner=maria), make_customer(f"Doppelt {n} Holzhandl")
            DuplicatePair.objects.get_or_create(first=a, second=b, defaults={"reasons": ["similar"], "weight": 35})

    pairs(2)
    client.get("/customers/duplicates/")
    with django_assert_max_num_queries(8):
        client.get("/customers/duplicates/")
    pairs(18)
    with django_assert_max_num_queries(8):
        assert client.get("/customers/duplicates/").status_code == 200


def test_the_hint_takes_few_queries_and_nobody_else_may_ask_it(anna, client, django_assert_max_num_queries):
    from tests.accounts.factories import make_user

    for n in range(10):
        make_customer(f"Hafenparkett {n}", owner=anna, main_contact={"name": "K", "email": f"k@haf{n}.example"})
    client.force_login(anna)
    client.post("/customers/known/", {"name": "Hafenparkett 1"})
    with django_assert_max_num_queries(9):
        page = client.post("/customers/known/", {"name": "Hafenparkett 1"}).content.decode()
    assert "Use this" in page
    client.force_login(make_user("Lars Holm", role="logistics"))
    assert client.post("/customers/known/", {"name": "Hafenparkett 1"}).status_code == 403


def test_an_inquiry_is_converted_into_the_known_customer_or_with_a_reason(anna, wei, client):
    known = make_customer("Kaispeicher Böden GmbH", owner=anna)
    make_customer("Kaispeicher Boeden AG", owner=wei)
    inquiry = inquiry_in("answered", company_name="Kaispeicher Boeden", owner=anna, country="DE")
    client.force_login(anna)
    page = client.get(f"/inquiries/{inquiry.pk}/do/convert/").content.decode()
    assert known.number in page and "belongs to a colleague (Wei Chen)" in page
    said = {"customer": "new", "name": "Kaispeicher Boeden", "country": "DE", "kind": "importer"}
    assert client.post(f"/inquiries/{inquiry.pk}/do/convert/", said).status_code == 422
    said["duplicate_reason"] = "Another house"
    assert client.post(f"/inquiries/{inquiry.pk}/do/convert/", said).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.customer is not None and inquiry.customer != known


def test_keys_that_an_import_left_are_made_before_the_comparing(anna):
    known = make_customer("Rhein Bodenbau GmbH", owner=anna)
    make_contact(known, email="mira@rhein-bodenbau.example")
    imported = make_customer("Rhein Bodenbau", owner=anna)
    CustomerKeys.objects.filter(pk__in=(known.pk, imported.pk)).delete()
    leave_keys([known, imported])
    assert not CustomerKeys.objects.exclude(keys=[]).exists()
    assert find_pairs() >= 1
    pair = DuplicatePair.objects.get()
    assert {pair.first_id, pair.second_id} == {known.pk, imported.pk}
    assert not CustomerKeys.objects.filter(keys=[]).exists() and find_pairs() == 0
