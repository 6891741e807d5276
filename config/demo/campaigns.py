"""Campaigns of the demo company: two that went out, with what became of them, and one that is scheduled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from config.demo.present import Stage
from crm.campaign_letters import Letter, letters_for
from crm.models import Campaign, CampaignRecipient, CampaignText, Customer
from crm.segments import customers_of
from crm.services import create_campaign, fill_gaps, schedule_campaign
from foundation.documents.numbering import next_number
from foundation.journal.services import record
from foundation.notifications.defaults import shipped_words
from foundation.notifications.manners.frequency import customer_key, text_digest
from foundation.notifications.models import MarketingText, Message, OptOut

REPORT = {"quarter": "Q3/2026", "price_change": "+1.8 %", "lead_time": "25–30", "freight_change": "−6 %"}
PRODUCT = {
    "product_name": "SPC Oak Natural 5.5",
    "product_facts": "1220 × 180 × 5.5 mm, 0.5 mm wear layer, 1 mm IXPE underlay",
}


def play(stage: Stage) -> None:
    """The market report to everybody, a new product to Emily's dealers and decorators, and her wishes for the new year."""
    emily, guohua = stage.staff["emily.carter"], stage.staff["guohua.liang"]
    today = stage.times.today
    _gone(stage, guohua, "market_report", "Quarterly market report", "", REPORT, today - timedelta(days=33))
    _gone(stage, emily, "new_product", "SPC Oak Natural 5.5", "", PRODUCT, today - timedelta(days=12))
    name = f"Best wishes for {today.year + 1}"
    wishes = create_campaign(actor=emily, name=name, kind="greeting", template="campaign.new_year")
    fill_gaps(wishes.pk, actor=emily, values={"year": str(today.year + 1)})
    at = datetime.combine(max(today + timedelta(days=2), today.replace(month=12, day=28)), time(9), stage.times.zone)
    schedule_campaign(wishes.pk, actor=emily, at=at)


def _gone(stage: Stage, owner: Any, template: str, name: str, asked: str, values: Mapping[str, str], day: Any) -> None:
    """A campaign that is over, as imported history is kept: nobody is told."""
    at = datetime.combine(day, time(9, 30), stage.times.zone)
    kind = "news" if template == "new_product" else template
    campaign = Campaign.objects.create(
        number=next_number("campaign", at=at),
        name=name,
        kind=kind,
        status=Campaign.Status.SENT,
        template_key=f"campaign.{template}",
        owner=owner,
        asked=asked,
        scheduled_for=at,
        started_at=at,
        sent_at=at + timedelta(minutes=1),
        created_at=at - timedelta(days=1),
    )
    shipped = shipped_words(campaign.template_key)
    assert shipped is not None
    for language, text in shipped.texts.items():
        said = {part: _filled(getattr(text, part), values) for part in ("subject", "body", "sms")}
        CampaignText.objects.create(campaign=campaign, language=language, **said)
    rows = customers_of(campaign).filter(created_at__lt=at).select_related("owner").prefetch_related("contacts")
    letters = letters_for(campaign, campaign.words, list(rows.order_by("pk")))
    for number, letter in enumerate(letters):
        _keep(campaign, letter, number, at)
    for code, state in (("created", "draft"), ("scheduled", "scheduled"), ("begun", "sending"), ("finished", "sent")):
        moment = at - timedelta(days=1) if code in ("created", "scheduled") else at
        record(f"campaign.{code}", campaign, actor=owner, facts={"to": state}, occurred_at=moment, imported=True)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _keep(campaign: Campaign, letter: Letter, number: int, at: datetime) -> None:
    """One customer: written to, or held back; of each dozen, one message came back and one reader declined."""
    message = letter.message
    if message is not None:
        _send(campaign, letter.customer, message, number, at)
    CampaignRecipient.objects.create(
        campaign=campaign,
        customer=letter.customer,
        contact_id=letter.contact_id,
        language=letter.language,
        held_back=letter.held_back,
        message=message,
        decided_at=at,
    )
    if message is not None and number % 12 == 7:
        OptOut.objects.create(
            person_key=message.recipient_key,
            customer_id=letter.customer.pk,
            kind=campaign.kind,
            how=OptOut.How.LINK,
            created_at=at + timedelta(hours=5),
        )


def _send(campaign: Campaign, customer: Customer, message: Message, number: int, at: datetime) -> None:
    said = {"campaign": campaign.name, "campaign_number": campaign.number, "campaign_kind": campaign.kind}
    message.event = record(
        "customer.addressed", customer, actor=campaign.owner, facts=said, occurred_at=at, imported=True
    )
    message.state, message.waits_for = Message.State.SENT, ""
    message.created_at = message.sent_at = message.next_attempt_at = at
    message.attempts = 1
    if number % 12 == 3:
        message.state, message.last_error = Message.State.FAILED, "550 5.1.1 mailbox unknown"
    message.save()
    if message.state == Message.State.SENT:
        MarketingText.objects.create(
            customer_key=customer_key(message),
            person_key=message.recipient_key,
            digest=text_digest(message.body, message.to_name),
            message=message,
            created_at=at,
        )
