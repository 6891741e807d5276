"""Every customer text that the handbooks ask for is there, by email and as a text message, in four languages."""

from __future__ import annotations

import pytest

from foundation.notifications.catalogue import overview
from foundation.notifications.defaults import load_messages, shipped_words
from foundation.notifications.models import Rule
from foundation.notifications.texts import names_in

# MSG-1 of the requirements, in its order.
ASKED_FOR = (
    "order_entered", "order_ready", "order_late", "shipment-dispatched", "acceptance_appointment", "order_completed_trade",
    "order_completed_client", "ticket_received", "ticket_proposed", "ticket_progress", "callback_announced", "survey_requested",
    "shipment-delayed", "inquiry.received.holiday",
)  # fmt: skip
WAITING = {"order_ready", "order_late", "acceptance_appointment", "callback_announced", "ticket_progress"}
# What people choose when they write to many; no rule ever sends them.
CAMPAIGNS = {f"campaign.{one}" for one in ("new_product", "reference", "market_report", "new_year", "spring_festival")}


@pytest.mark.parametrize("key", ASKED_FOR)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant", "de"])
def test_the_words_are_there_and_say_the_same_facts_in_every_language(key: str, language: str) -> None:
    shipped = shipped_words(key)
    assert shipped is not None
    text, english = shipped.texts[language], shipped.texts["en"]
    assert text.subject and text.body and text.sms
    for said, meant in ((text.subject, english.subject), (text.body, english.body), (text.sms, english.sms)):
        assert set(names_in(said)) == set(names_in(meant))
    if language != "en":
        assert text.body != english.body and text.sms != english.sms


def test_what_has_no_event_yet_is_listed_as_waiting_for_its_rule(db: None) -> None:
    load_messages()
    assert {line.key for line in overview() if not line.rules} == WAITING | CAMPAIGNS
    assert not Rule.objects.filter(template_key__in=WAITING).exists()
    assert not [line.key for line in overview() if line.is_missing]
