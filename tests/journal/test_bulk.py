"""Many rows in one COPY are the rows that saving them makes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from crm.models import Contact, Customer
from foundation.journal.bulk import Aside, Mould, copy_text, insert_many
from foundation.journal.models import Event
from foundation.journal.services import plain, record_imported
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db
ODD = ["\\N", "a\tb", "line\r\nbreak", "back\\slash", '"quoted", it\'s', "木業 🪵", " blanks ", "\\.", "NULL", "{}"]
SKIPPED = {"id", "number", "created_at", "updated_at", "_state"}


def fields_of(record: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in SKIPPED}


def customers(prefix: str) -> list[Customer]:
    return [Customer(number=f"{prefix}{n}", name=text, remark=text, tier="key") for n, text in enumerate(ODD)]


def test_the_rows_are_those_of_a_bulk_create_whatever_the_texts() -> None:
    ours, theirs = customers("A"), customers("B")
    insert_many(ours)
    Customer.objects.bulk_create(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.pk and not one._state.adding
        assert fields_of(Customer.objects.get(pk=one.pk)) == fields_of(Customer.objects.get(pk=other.pk))
    assert Customer.objects.get(pk=ours[0].pk).created_at and ours[0].updated_at


def test_a_record_saved_after_it_was_assigned_lends_its_key() -> None:
    customer = Customer(number="A", name="A")
    people = [Contact(customer=customer, name="Ada", phone="+4940123456"), Contact(customer=customer, name="Bo")]
    with pytest.raises(ValueError, match="unsaved"):
        insert_many(people)
    insert_many([customer])
    insert_many(people)
    assert [one.phone and one.phone.as_e164 for one in customer.contacts.order_by("pk")] == ["+4940123456", ""]


def test_constraints_hold_and_nothing_stays_of_a_refused_batch() -> None:
    for bad in (Customer(number="B", name=""), Customer(number="A", name="B"), Customer(number="C" * 30, name="C")):
        with pytest.raises(DatabaseError), transaction.atomic():
            insert_many([Customer(number="A", name="A"), bad])
        assert not Customer.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([Customer(number="A", name="A", owner_id=10**9)])
        connection.check_constraints()


def test_a_value_of_the_databases_own_is_left_to_it_in_one_row_and_given_in_another() -> None:
    first = Customer(number="A", name="A")
    second = Customer(number="B", name="B", created_at="2001-02-03T04:05:06Z")
    insert_many([first, second])
    found = {one.number: one.created_at.year for one in Customer.objects.all()}
    assert found["B"] == 2001 and found["A"] > 2001


def test_many_rows_take_as_many_statements_as_one() -> None:
    counts = []
    for start, many in ((0, 1), (1, 50)):
        with CaptureQueriesContext(connection) as seen:
            insert_many([Customer(number=f"N{n}", name="N") for n in range(start, start + many)])
        counts.append(len(seen))
    assert counts == [2, 2]


def test_a_mould_makes_what_the_model_makes() -> None:
    mould = Mould(Contact)
    made, usual = (make(name="Ada", mobile="+4915112345678", is_main=True) for make in (mould.make, Contact))
    assert vars(made).keys() == vars(usual).keys()
    assert made._state.adding and made._state is not mould.make()._state
    assert {k: v for k, v in fields_of(made).items() if k != "_state"} == fields_of(usual)
    with pytest.raises(TypeError, match="colour"):
        mould.make(colour="red")


def test_a_value_without_a_plain_text_is_refused_loudly() -> None:
    with pytest.raises(TypeError, match="object"):
        copy_text(object())


@given(
    st.dictionaries(
        st.text(max_size=5), st.text(max_size=10) | st.integers() | st.none() | st.decimals(allow_nan=False), max_size=4
    )
)
def test_imported_facts_are_kept_as_those_of_any_event(facts: dict[str, Any]) -> None:
    with transaction.atomic():
        customer = make_customer()
        Event.objects.filter(object_id=customer.pk).exists()
        customer.journal_facts = lambda: {**facts, "total": Decimal("1.50")}  # type: ignore[method-assign]
        record_imported("customer.updated", [customer], when=lambda one: None)
        event = Event.objects.filter(code="customer.updated").latest("pk")
        assert event.facts == plain({**facts, "total": Decimal("1.50")})
        assert event.imported and event.customer_id == customer.pk and event.transaction and event.occurred_at
        transaction.set_rollback(True)


def test_rows_that_are_taken_aside_are_there_for_the_next_statement_and_in_their_order() -> None:
    with Aside() as aside:
        with transaction.atomic(), aside.taking():
            ours = customers("A")
            insert_many(ours)
            insert_many([Contact(customer=one, name="Ada") for one in ours])
            assert Contact.objects.count() == len(ours)  # a statement waits for what is on its way
        with transaction.atomic(), aside.taking():
            insert_many(customers("B"))
    numbers = list(Customer.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == [one.number for one in [*customers("A"), *customers("B")]]


def test_what_the_database_has_against_rows_taken_aside_comes_up_with_the_next_statement_or_at_the_end() -> None:
    with Aside() as aside:
        with pytest.raises(IntegrityError), transaction.atomic(), aside.taking():
            insert_many([Customer(number="A", name="")])
        with pytest.raises(IntegrityError), transaction.atomic(), aside.taking():
            insert_many([Customer(number="A", name="")])
            Customer.objects.count()
        with pytest.raises(RuntimeError), transaction.atomic(), aside.taking():
            insert_many([Customer(number="A", name="A")])
            raise RuntimeError
        assert not Customer.objects.exists()
        with transaction.atomic(), aside.taking():
            insert_many([Customer(number="A", name="A")])
    assert Customer.objects.count() == 1


def test_keys_of_the_next_batch_are_drawn_when_nothing_is_on_its_way() -> None:
    with Aside() as aside:
        for prefix in ("A", "B", "C"):
            with transaction.atomic(), aside.taking(), CaptureQueriesContext(connection) as queries:
                ours = customers(prefix)
                insert_many(ours)
                insert_many([Contact(customer=one, name="Ada") for one in ours])
            if prefix == "A":
                assert len(queries) == 2  # one draw for each table; afterwards they are drawn before
            else:
                assert not queries.captured_queries
    assert len(set(Contact.objects.values_list("pk", flat=True))) == 3 * len(ODD)
