"""The widest lists in German, on the desk of most colleagues: nobody scrolls sideways for a column."""

from __future__ import annotations

import pytest

from foundation.accounts.models import User
from tests.accounts.factories import make_user
from tests.aftersales.factories import make_ticket
from tests.crm.factories import inquiry_in, make_customer, make_inquiry
from tests.support.defaults import load_defaults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FITS = "[...document.querySelectorAll('.table-box')].every(box => box.scrollWidth <= box.clientWidth + 1)"
COUNTRIES = ("HK", "AE", "GB")


@pytest.fixture
def manager() -> User:
    load_defaults()
    person = make_user("Katharina Brandtmüller-Hohenstein", role="manager", language="de", time_zone="Europe/Berlin")
    firm = make_customer("Guangzhou Huazhu Decoration Engineering Co., Ltd.", owner=person)
    for country in COUNTRIES:
        fields = {"country": country, "language": "zh-hant", "owner": person, "company_name": "Objekteinrichtung GmbH"}
        make_inquiry(country=country, language="zh-hant", subject="Price for SPC herringbone Oak Honey, 1,800 m²")
        inquiry_in("converted", **fields)
        make_ticket(customer=firm, kind="damage", subject="Transportschaden an drei Paletten")
    return person


@pytest.mark.parametrize("path", ["/inquiries/?view=all", "/after-sales/?view=all"])
def test_a_german_list_fits_its_box(manager, session_of, open_page, path):
    page = open_page(path, width=1280, language="de", session=session_of(manager))
    assert page.locator(".rows .badge.clock").count()
    assert page.evaluate(FITS)
    assert page.locator("html[lang=de]").count()
