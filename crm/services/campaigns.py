"""A campaign is drafted, worded, scheduled, called off and taken up again; sending it is `campaign_sending`'s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Campaign, CampaignRecipient, CampaignText, Customer
from crm.people import recipient_of_customer
from crm.segments import chosen, customers_of
from crm.services import changes
from foundation.accounts.audiences import staff_recipient
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record
from foundation.notifications.manners.kinds import MARKETING, kind_of
from foundation.notifications.models import Message, Template
from foundation.notifications.preview import Example, filled
from foundation.notifications.services import send_message

# “Now” leaves so much time to take it back.
GRACE = timedelta(minutes=1)
FIELDS = ("name", "kind", "channel", "not_after")
WORDS = ("subject", "body", "sms")


@transaction.atomic
def create_campaign(
    *,
    actor: Any,
    name: str,
    kind: str,
    channel: str = Campaign.Channel.EMAIL,
    template: str = "",
    not_after: datetime | None = None,
    source: str = "customers",
    asked: str = "",
    picked: list[int] | None = None,
) -> Campaign:
    """A draft for the customers of a list, with the words of a template to begin with.

    `asked` is the list's address, `picked` the rows that were ticked in it. Raises Refused for nobody, and for a kind
    that is no marketing.
    """
    _refuse_kind(kind)
    if not chosen(actor, source=source, asked=asked, picked=picked or []).exists():
        raise Refused(_("There is nobody in this list to whom you may write."), reason="input")
    campaign = Campaign(
        number=next_number("campaign"),
        name=name,
        kind=kind,
        channel=channel,
        template_key=template,
        not_after=not_after,
        owner=actor,
        source=source,
        asked=asked[:2000],
        picked=picked or [],
    )
    campaign.save(force_insert=True)
    rows = Template.objects.filter(key=template) if template else Template.objects.none()
    CampaignText.objects.bulk_create(
        CampaignText(campaign=campaign, language=row.language, subject=row.subject, body=row.body, sms=row.sms)
        for row in rows
    )
    record("campaign.created", campaign, actor=actor, facts={"template": template})
    return campaign


@transaction.atomic
def update_campaign(pk: int, *, actor: Any, **values: Any) -> Campaign:
    """Name, kind, channel, and the moment after which nobody gets it any more; only while it is a draft."""
    campaign = _draft(pk)
    _refuse_kind(values.get("kind", campaign.kind))
    changed = [name for name in FIELDS if name in values and getattr(campaign, name) != values[name]]
    for name in changed:
        setattr(campaign, name, values[name])
    if changed:
        campaign.save(update_fields=[*changed, *(["search"] if "name" in changed else [])])
        record("campaign.updated", campaign, actor=actor, facts={"fields": changed})
    return campaign


@transaction.atomic
def word_campaign(pk: int, *, actor: Any, words: Mapping[str, Mapping[str, str]]) -> Campaign:
    """Let it say these words: subject, body and sms by language. A language without any says nothing."""
    campaign = _draft(pk)
    known = {code for code, _name in settings.LANGUAGES}
    before = campaign.words
    changed = []
    for language in sorted(known & words.keys()):
        said = {name: words[language].get(name, "").strip() for name in WORDS}
        row = before.get(language) or CampaignText(campaign=campaign, language=language)
        if all(getattr(row, name) == said[name] for name in WORDS):
            continue
        changed.append(language)
        if any(said.values()):
            for name in WORDS:
                setattr(row, name, said[name])
            row.save()
        elif row.pk:
            row.delete()
    if changed:
        record("campaign.worded", campaign, actor=actor, facts={"languages": changed})
    return campaign


def fill_gaps(pk: int, *, actor: Any, values: Mapping[str, str]) -> Campaign:
    """Put these words for the open `{names}` of the template, in all languages at once."""
    campaign = Campaign.objects.get(pk=pk)
    words = {}
    for language, row in campaign.words.items():
        words[language] = {name: _filled(getattr(row, name), values) for name in WORDS}
    return word_campaign(pk, actor=actor, words=words)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        if value:
            text = text.replace("{" + name + "}", value)
    return text


# ---------------------------------------------------------------- when


def schedule_campaign(pk: int, *, actor: Any, at: datetime | None = None) -> Campaign:
    """Let it leave at this time, or in a minute; until then it can be taken back. Raises Refused for a time that has passed."""
    now = timezone.now()
    if at is not None and at <= now:
        raise Refused(_("This time has passed already."), reason="input", field="at")
    campaign = Campaign.objects.get(pk=pk)
    at = at or now + GRACE
    if campaign.not_after is not None and campaign.not_after <= at:
        raise Refused(_("Nobody is to get it after that time any more."), reason="input", field="at")
    _refuse_others(campaign, actor)
    return perform(Campaign, pk, "schedule", actor=actor, at=at, facts={"at": at.isoformat()})


def unschedule_campaign(pk: int, *, actor: Any) -> Campaign:
    """Back to the draft, while nobody has got it."""
    return perform(Campaign, pk, "unschedule", actor=actor)


@transaction.atomic
def call_off_campaign(pk: int, *, actor: Any, reason: str) -> Campaign:
    """Stop it: what has not left is called off, in one statement; what has left is with the customers."""
    reason = reason.strip()[:300]
    done = perform(Campaign, pk, "call_off", actor=actor, reason=reason, private={"reason": reason})
    waiting = Message.objects.filter(
        state=Message.State.QUEUED, pk__in=CampaignRecipient.objects.filter(campaign=pk).values("message_id")
    )
    waiting.update(state=Message.State.CANCELLED, last_error=reason)
    return done


@transaction.atomic
def resume_campaign(pk: int, *, actor: Any) -> Campaign:
    """Go on where it was called off. Whose message was called off is decided about again, and may get a new one."""
    done = perform(Campaign, pk, "resume", actor=actor)
    rows = CampaignRecipient.objects.filter(campaign=pk, message__state=Message.State.CANCELLED)
    rows.update(message=None)
    return done


def reopen_campaign(pk: int, *, actor: Any) -> Campaign:
    """Called off before it began: a draft again."""
    return perform(Campaign, pk, "reopen", actor=actor)


def hand_over_campaign(pk: int, *, actor: Any, owner: Any, was_owner: int | None = None) -> Campaign:
    """Give a campaign to another colleague, whose customers count from then on. Raises Refused when it is over."""
    if not owner.has_perm("crm.plan_campaign"):
        raise Refused(_("%(name)s cannot send campaigns.") % {"name": owner}, reason="input", field="owner")
    closed = [state for state in Campaign.Status.values if state not in Campaign.OPEN]
    campaign: Campaign = reassign_owned(
        Campaign, pk, actor=actor, owner=owner, was_owner=was_owner, event="campaign.reassigned", closed=closed
    )
    return campaign


# ---------------------------------------------------------------- seen before


def example_of(campaign: Campaign, language: str, customer: Customer | None = None) -> Example | None:
    """A real customer of the list to fill the words with: this one, else the first who is written to in this language."""
    if customer is None:
        rows = customers_of(campaign).select_related("owner").prefetch_related("contacts").order_by("pk")
        customer = rows.filter(language=language).first() or rows.first()
    if customer is None:
        return None
    customer.owner = customer.owner or campaign.owner  # as in the letters: shown, never saved
    person = recipient_of_customer(customer)
    return Example(customer, person, None, {}) if person else None


def send_trial(pk: int, *, actor: Any, language: str) -> Campaign:
    """Send the words in one language to oneself, filled with a real customer of the list. Raises Refused."""
    campaign = Campaign.objects.get(pk=pk)
    words = campaign.words.get(language)
    if words is None or not words.is_complete(campaign.channel):
        raise Refused(_("There are no words in this language yet."), reason="input", field="language")
    example = example_of(campaign, language)
    said = {name: getattr(words, name) for name in WORDS}
    if example is not None:
        shown = filled(example, language, said)
        if shown.problem:
            raise Refused(_("Still to be filled in: %(names)s.") % {"names": shown.problem}, reason="input")
        said = {"subject": shown.subject, "body": shown.body, "sms": shown.sms}
    send_message(
        campaign,
        recipient=staff_recipient(actor),
        channel=campaign.channel,
        subject_line=_("Trial: %(subject)s") % {"subject": said["subject"]},
        body=said["sms" if campaign.channel == Campaign.Channel.SMS else "body"],
        actor=actor,
        language=language,
    )
    return campaign


def _draft(pk: int) -> Campaign:
    campaign = changes.lock(Campaign, pk)
    if campaign.status != Campaign.Status.DRAFT:
        raise Refused(_("Only a draft can be changed. Take it back first."), reason="condition")
    return campaign


def _refuse_kind(kind: str) -> None:
    if kind_of(kind).nature != MARKETING:
        raise Refused(_("Choose a kind of marketing: services are not sent to many."), reason="input", field="kind")


def _refuse_others(campaign: Campaign, actor: Any) -> None:
    """Whose customers it reaches is the owner's affair: only they, or whoever may write to everybody, let it go."""
    if actor is not None and actor.pk != campaign.owner_id and not actor.has_perm("crm.send_to_all"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
