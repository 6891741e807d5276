"""What each customer of a campaign would get, and who gets nothing, why: worked out for a batch, written by nobody here.

A batch costs the same number of queries whatever its size. What is asked here is asked again when a message leaves
(`foundation.notifications.manners.door`): between the two may lie a night, and another campaign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from django.db.models import Count
from django.utils import timezone

from crm.models import Campaign, CampaignRecipient, CampaignText, Customer
from crm.people import recipients_of_customer
from foundation.accounts.audiences import Recipient
from foundation.notifications import compose, languages
from foundation.notifications.manners.drafting import settle
from foundation.notifications.manners.frequency import NOT_SENT, customer_key, limit, text_digest
from foundation.notifications.manners.kinds import kind_of
from foundation.notifications.manners.wishes import declined_by, is_unwanted
from foundation.notifications.models import DeadAddress, MarketingText, Message
from foundation.notifications.placeholders import reading_as, values_for
from foundation.notifications.services.addresses import normal_address
from foundation.notifications.texts import block, fill, one_line

Held = CampaignRecipient.Held


@dataclass
class Letter:
    """One customer: who would be written to, in which language, and the message or the reason why there is none."""

    customer: Customer
    person: Recipient | None = None
    language: str = ""
    held_back: str = ""
    message: Message | None = None

    @property
    def contact_id(self) -> int | None:
        """The contact behind the recipient's key."""
        return int(self.person.key.partition(":")[2]) if self.person else None


def letters_for(campaign: Campaign, words: Mapping[str, CampaignText], customers: Sequence[Customer]) -> list[Letter]:
    """One letter for each customer, in their order; `customers` have their contacts and owners fetched."""
    letters = [_addressed(campaign, words, customer) for customer in customers]
    _hold_back_unwanted(campaign, letters)
    for letter in _going(letters):
        letter.message = _message(campaign, words[letter.language], letter)
    _hold_back_ill_mannered(letters)
    return letters


def _going(letters: Iterable[Letter]) -> list[Letter]:
    return [one for one in letters if not one.held_back]


def _addressed(campaign: Campaign, words: Mapping[str, CampaignText], customer: Customer) -> Letter:
    """The first of the customer's people whom the channel reaches, in the first language of theirs that has words."""
    people = recipients_of_customer(customer)
    reached = [one for one in people if compose.address_of(one, campaign.channel)]
    if not reached:
        return Letter(customer, people[0] if people else None, held_back=Held.NO_ADDRESS)
    person = next((one for one in reached if campaign.channel not in one.opted_out), reached[0])
    if campaign.channel in person.opted_out:
        return Letter(customer, person, held_back=Held.NO_CONSENT)
    spoken = [step.language for step in languages.chain(person)]
    language = next((one for one in spoken if one in words and words[one].is_complete(campaign.channel)), "")
    return Letter(customer, person, language, held_back="" if language else Held.NO_LANGUAGE)


def _hold_back_unwanted(campaign: Campaign, letters: Sequence[Letter]) -> None:
    """What people have declined, and addresses that send messages back. Two queries."""
    going = [(one, one.person) for one in _going(letters) if one.person]
    normal = {
        id(one): normal_address(campaign.channel, compose.address_of(who, campaign.channel)) for one, who in going
    }
    rows = DeadAddress.objects.dead().filter(channel=campaign.channel, address__in=set(normal.values()))
    dead = set(rows.values_list("address", flat=True))
    declined = declined_by(who.key for _one, who in going)
    kind = kind_of(campaign.kind)
    for one, who in going:
        if is_unwanted(declined.get(who.key, {}), kind, campaign.channel):
            one.held_back = Held.NO_CONSENT
        elif normal[id(one)] in dead:
            one.held_back = Held.DEAD_ADDRESS


def _message(campaign: Campaign, words: CampaignText, letter: Letter) -> Message:
    """The words as this person reads them. It waits for a decent hour, and for a working day, as all marketing does."""
    person, by_email = letter.person, campaign.channel == Campaign.Channel.EMAIL
    assert person is not None
    with reading_as(letter.language, person.time_zone):
        values = values_for(letter.customer, person)
        if letter.customer.owner is None:  # nobody's customer hears from whoever writes to all
            values["owner_name"] = str(campaign.owner)
        headline = one_line(fill(words.subject, values)) if by_email else ""
        body = block(fill(words.body if by_email else words.sms, values))
    message = Message(
        channel=campaign.channel,
        language=letter.language,
        subject_line=headline,
        body=body,
        actor=campaign.owner,
        expires_at=campaign.not_after,
        **compose.addressing(person, campaign.channel),
        **compose.about(letter.customer, letter.customer.pk),
    )
    settle(message, SimpleNamespace(kind=campaign.kind, is_urgent=False), "", delay=timedelta(0))
    return message


def _hold_back_ill_mannered(letters: Sequence[Letter]) -> None:
    """No customer gets the same text twice, no person more than the limit allows. Two queries."""
    going = [(one, one.message) for one in _going(letters) if one.message]
    texts = {id(one): (customer_key(row), text_digest(row.body, row.to_name)) for one, row in going}
    known = MarketingText.objects.exclude(message__state__in=NOT_SENT)
    keys, digests = {key for key, _digest in texts.values()}, {digest for _key, digest in texts.values()}
    had = set(known.filter(customer_key__in=keys, digest__in=digests).values_list("customer_key", "digest"))
    full = _full({row.recipient_key for _one, row in going})
    for one, row in going:
        if texts[id(one)] in had:
            one.held_back, one.message = Held.SAME_TEXT, None
        elif row.recipient_key in full:
            one.held_back, one.message = Held.TOO_MANY, None


def _full(people: set[str]) -> set[str]:
    """Those who have had as much marketing as one may get within the days of the limit."""
    found = limit()
    if found is None:
        return set()
    most, days = found
    rows = MarketingText.objects.filter(person_key__in=people, created_at__gt=timezone.now() - timedelta(days=days))
    counted = rows.exclude(message__state__in=NOT_SENT).values("person_key").annotate(number=Count("pk")).order_by()
    return {row["person_key"] for row in counted if row["number"] >= most}
