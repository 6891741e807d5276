"""The badge in a browser: it counts on without asking, and says the same as the server would."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.journal.services import record
from foundation.sla.badges import together
from foundation.sla.models import Clock
from foundation.sla.services.by_hand import set_due
from tests.accounts.factories import make_user
from tests.sla.conftest import add_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_badge_counts_working_time_each_minute_without_being_announced(parcel, anna, session_of, open_page):
    add_target(amount=4)
    start = timezone.now() - timedelta(hours=2, minutes=59, seconds=30)
    record("parcel.arrived", parcel, occurred_at=start, facts={"owner_id": anna.pk})
    page = open_page("/", session=session_of(anna))
    badge = page.locator(".promises .clock")
    assert badge.inner_text().startswith("due in 1\u00a0h\u00a0· ")
    assert badge.evaluate("element => element.closest('[aria-live]')") is None
    module = page.locator("script[src*='countdown']").get_attribute("src")
    say = "JSON.parse(document.querySelector('[data-clock-words]').dataset.clockWords)"
    read = (
        "async ([path, elapsed]) => { const m = await import(path);"
        f"return m.reading(document.querySelector('.promises .clock').dataset, elapsed, {say}) }}"
    )
    hold = "async ([path, text]) => (await import(path)).together(text)"
    assert page.evaluate(hold, [module, "due in 7 days 13 h · Fri 4 Dec"]) == together("due in 7 days 13 h · Fri 4 Dec")
    in_a_minute = page.evaluate(read, [module, 60])
    assert in_a_minute[0].startswith("due in 59 min · ")
    assert in_a_minute[1] == "soon"
    assert page.evaluate(read, [module, 3600 + 26 * 60])[0] == "overdue 25 min"
    assert page.evaluate(read, [module, 3600 + 60])[1] == "late"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 390)])
def test_the_ledger_fits_its_page(parcel, office, anna, session_of, open_page, language, width):
    add_target(calendar=office)
    anna.language = language
    anna.save()
    record("parcel.arrived", parcel, facts={"owner_id": anna.pk})
    record("parcel.held", parcel)
    due, why = timezone.now() + timedelta(days=3), "Agreed with the customer, who wrote so"
    set_due(Clock.objects.get().pk, actor=make_user("Boss", is_superuser=True), due_at=due, reason=why)
    page = open_page(Clock.objects.get().get_absolute_url(), width=width, session=session_of(anna))
    assert page.locator("table.rows").first.locator("tbody tr").count() == 3
    assert page.get_by_text(why).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
