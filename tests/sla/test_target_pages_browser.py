"""The promises in a browser: they fit a phone, and a change is shown before it is saved."""

import pytest

from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.calendars import defaults as calendar_defaults
from foundation.calendars.models import Calendar
from foundation.journal.services import record
from foundation.sla import defaults
from foundation.sla.models import Target
from tests.sla.conftest import add_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor():
    load_roles()
    person = User.objects.create_user("editor@example.com", None, name="Editor", time_zone="Europe/Berlin")
    person.groups.add(person.groups.model.objects.get(name="administrator"))
    return person


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("language", "width"), [("de", 1280), ("zh-hans", 390)])
def test_the_promises_fit_their_page(editor, session_of, open_page, language, width):
    calendar_defaults.load()
    defaults.load()
    editor.language = language
    editor.save()
    page = open_page("/promises/", width=width, session=session_of(editor))
    assert page.locator("article").count() == Target.objects.count()
    assert fits(page)
    page.goto(page.url + f"{Target.objects.first().pk}/edit/")
    assert fits(page)


def test_a_change_is_shown_and_saved_with_two_presses(editor, session_of, open_page):
    target = add_target(amount=4)
    parcel = Calendar.objects.create(code="PK-1", name="x")
    record("parcel.arrived", parcel)
    page = open_page(f"/promises/{target.pk}/edit/", width=390, session=session_of(editor))
    page.fill("#id_amount", "2")
    page.get_by_role("button", name="Show what would move").click()
    preview = page.locator("#preview")
    assert "1 deadline would move" in preview.inner_text()
    assert fits(page)
    page.get_by_label("Hold running clocks to it too").check()
    page.get_by_role("button", name="Save this change").click()
    page.wait_for_url(f"**/promises/{target.pk}/")
    assert "4 → 2" in page.locator("main").inner_text()
    target.refresh_from_db()
    assert (target.amount, target.spread_revision) == (2, 2)
