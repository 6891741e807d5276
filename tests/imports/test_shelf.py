"""Records of an import are found by their index, however many there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Customer
from foundation.imports.upsert import Shelf

pytestmark = pytest.mark.django_db


def test_the_records_of_a_batch_are_looked_up_in_the_index_of_references() -> None:
    """PostgreSQL proves for up to a hundred values that none is empty; a batch has more."""
    with CaptureQueriesContext(connection) as queries:
        Shelf(Customer, "books").fetch(f"K{number}" for number in range(2000))
    (query,) = queries.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + query["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "crm_customer_imported_once" in plan
