"""One thing has one name in each language."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext, npgettext, override

TEXTS = (
    "Add a service record", "Correct a service record", "Open the service record", "Service record", "Service records",
    "The answers are kept as a service record.", "The service record is kept.", "service record", "service records",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Servicevermerk"), ("zh-hans", "服务记录"), ("zh-hant", "服務紀錄")]
)
def test_a_service_record_has_one_name_on_buttons_lists_and_counters(language: str, name: str) -> None:
    with override(language):
        said = [gettext(one) for one in TEXTS]
        said += [npgettext("counter", "Service record", "Service records", count) for count in (1, 2)]
    assert [one for one in said if name not in one] == []
