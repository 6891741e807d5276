"""Who gets a piece of work follows what people say of their languages, at once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from foundation.accounts.models import UserLanguage
from foundation.accounts.routing import staff_speaking
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_language_that_somebody_adds_or_drops_counts_with_the_next_piece_of_work():
    role = Group.objects.get_or_create(name="service")[0]
    first, second = make_user("Chen Wei"), make_user("Li Na")
    for person in (first, second):
        person.groups.add(role)
    assert staff_speaking("de", "service") == first
    said = UserLanguage.objects.create(user=second, language="de", level=UserLanguage.Level.WORKING)
    assert staff_speaking("de", "service") == second
    said.delete()
    assert staff_speaking("de", "service") == first
    assert staff_speaking("de", "nobody") is None
