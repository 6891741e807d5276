"""What the server loads before its processes part."""

from __future__ import annotations

import sys

from config.warm import warm_up


def test_warming_up_asks_no_database_and_loads_what_the_first_page_would():
    warm_up()  # a test without the database: any query would fail
    assert {"crm.views.customers", "orders.views.orders", "pypinyin", "opencc"} <= set(sys.modules)
