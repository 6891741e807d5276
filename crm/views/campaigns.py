"""Campaigns: the list, the page of one, and what became of it for each customer."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.campaign_results import LEFT, MARKS, RESULTS, counts_of, with_result
from crm.forms.campaigns import company_zone, gaps_in, marketing_kinds
from crm.models import Campaign, CampaignRecipient, CampaignText
from crm.segments import ALL_CUSTOMERS, by_language, customers_of, get_source, in_words
from crm.selectors import visible_campaigns, visible_recipients
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.notifications.selectors import explain
from foundation.ui import formats, html, parts
from foundation.ui.places import language_name

STATES = {"draft": "plain", "scheduled": "soon", "sending": "soon", "sent": "done", "cancelled": "paused"}
SHOWN_NAMES = 5


def state_badge(campaign: Campaign) -> object:
    """The state in a word and a colour."""
    return html.badge(campaign.get_status_display(), STATES[campaign.status], quiet=True)


def on_company_clock(moment: Any) -> str:
    """A moment as the company's clock shows it, with the zone."""
    with timezone.override(company_zone()):
        return formats.exact(moment)


class CampaignFilter(django_filters.FilterSet):
    """Kind, channel, status."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=marketing_kinds)
    channel = django_filters.ChoiceFilter(label=gettext_lazy("Channel"), choices=Campaign.Channel.choices)
    status = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=Campaign.Status.choices)

    class Meta:
        model = Campaign
        fields: list[str] = []


def _when(campaign: Campaign) -> object:
    if campaign.started_at is not None:
        return html.when(campaign.started_at)
    return on_company_clock(campaign.scheduled_for) if campaign.scheduled_for else "–"


class CampaignList(ListPage):
    """Campaigns, the newest first."""

    model = Campaign
    title = gettext_lazy("Campaigns")
    permission = "crm.view_campaign"
    filterset_class = CampaignFilter
    columns = (
        Column("name", pgettext_lazy("of messages", "Campaign"), lambda one, page: html.link(one.name, one.get_absolute_url()),
               sort="name", place="title", plain=lambda one, page: one.name),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number"),
        Column("kind", gettext_lazy("Kind"), lambda one, page: one.kind_label, sort="kind", place="fact"),
        Column("channel", gettext_lazy("Channel"), lambda one, page: one.get_channel_display(), sort="channel"),
        Column("status", gettext_lazy("Status"), lambda one, page: state_badge(one), sort="status", place="end",
               plain=lambda one, page: one.get_status_display()),
        Column("when", gettext_lazy("To be sent"), lambda one, page: _when(one), sort="scheduled_for", place="fact",
               plain=lambda one, page: one.started_at or one.scheduled_for or ""),
        Column("customers", gettext_lazy("Customers"), lambda one, page: formats.number(page.extra["counts"].get(one.pk)),
               is_number=True, place="fact", plain=lambda one, page: page.extra["counts"].get(one.pk, 0)),
        Column("owner", gettext_lazy("Owner"), lambda one, page: str(one.owner), sort="owner__name"),
    )  # fmt: skip
    tabs = (
        Tab("all", gettext_lazy("All")),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user)),
        Tab("open", gettext_lazy("In preparation"), lambda rows, request: rows.filter(status__in=Campaign.OPEN)),
        Tab("sent", pgettext_lazy("campaigns", "Sent"), lambda rows, request: rows.filter(status="sent")),
    )

    def visible(self, user: Any) -> QuerySet[Campaign]:
        return visible_campaigns(user)

    def queryset(self) -> QuerySet[Campaign]:
        return super().queryset().select_related("owner")

    def prepare(self, rows: list[Any]) -> None:
        found = CampaignRecipient.objects.filter(campaign__in=[one.pk for one in rows]).order_by()
        self.extra["counts"] = {
            row["campaign"]: row["number"] for row in found.values("campaign").annotate(number=Count("pk"))
        }

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("crm.plan_campaign"):
            return []
        return [
            parts.Action(
                _("Choose customers"),
                reverse("crm:customers"),
                icon="users",
                style="primary",
                hint=_("Narrow the list, then press “Write to these customers”."),
            )
        ]


class CampaignPage(RecordPage):
    """One campaign: whom it means, what it says, and what became of it."""

    model = Campaign
    namespace = "crm"
    name = "campaign"
    type_label = pgettext_lazy("of messages", "Campaign")
    list_label = gettext_lazy("Campaigns")
    list_name = "campaigns"
    permission = "crm.view_campaign"

    def visible(self, user: Any) -> QuerySet[Campaign]:
        return visible_campaigns(user).select_related("owner").prefetch_related("texts")

    def title(self, obj: Campaign) -> str:
        return obj.name

    def subtitle(self, obj: Campaign, request: HttpRequest) -> object:
        return " · ".join((obj.number, obj.kind_label, obj.get_channel_display()))

    def edit_url(self, obj: Campaign, user: Any) -> str:
        may = obj.status == Campaign.Status.DRAFT and user.has_perm("crm.plan_campaign")
        return reverse("crm:campaign-edit", args=[obj.pk]) if may else ""

    def facts(self, obj: Campaign, request: HttpRequest) -> list[parts.Fact]:
        edit = self.edit_url(obj, request.user)
        found = [
            parts.Fact(_("Owner"), str(obj.owner)),
            parts.Fact(
                _("To be sent"), on_company_clock(obj.scheduled_for) if obj.scheduled_for else _("not scheduled")
            ),
            parts.Fact(_("Not after"), on_company_clock(obj.not_after) if obj.not_after else "", edit),
        ]
        if obj.started_at:
            found.append(parts.Fact(_("Begun"), on_company_clock(obj.started_at)))
        if obj.sent_at:
            found.append(parts.Fact(_("All decided about"), on_company_clock(obj.sent_at)))
        if obj.cancelled_reason:
            found.append(parts.Fact(_("Called off because"), obj.cancelled_reason))
        return found

    def sections(self, obj: Campaign, request: HttpRequest) -> list[object]:
        results = parts.Section(_("Results"), _results(obj)) if obj.started_at else None
        words = parts.Section(_("Words"), _words(obj), action=self._edit_words(obj, request.user))
        whom = parts.Section(_("Who gets it"), _segment(obj), action=self._sample(obj))
        return [one for one in (results, whom if not obj.started_at else None, words) if one is not None]

    def buttons(self, obj: Campaign, user: Any) -> tuple[parts.Actions, list[parts.Blocked]]:
        """Of the two ways back from being called off one never fits; after the end there may be nothing to call off."""
        buttons, blocked = super().buttons(obj, user)
        is_over = obj.status in (Campaign.Status.SENT, Campaign.Status.CANCELLED)
        return buttons, [] if is_over else blocked

    def _edit_words(self, obj: Campaign, user: Any) -> parts.Action | None:
        if obj.status != Campaign.Status.DRAFT or not user.has_perm("crm.plan_campaign"):
            return None
        return parts.Action(_("Edit the words"), reverse("crm:campaign-words", args=[obj.pk]), icon="pencil")

    def _sample(self, obj: Campaign) -> parts.Action:
        return parts.Action(_("Try it out"), reverse("crm:campaign-sample", args=[obj.pk]), icon="eye")


def _results(campaign: Campaign) -> str:
    counts = counts_of(campaign)
    base = reverse("crm:campaign-recipients", args=[campaign.pk])
    lines = [
        {
            "label": RESULTS[code],
            "number": formats.number(number),
            "url": f"{base}?result={code}",
            "mark": html.badge(RESULTS[code], MARKS.get(code, "paused"), quiet=True),
        }
        for code, number in counts.items()
    ]
    context = {
        "campaign": campaign,
        "lines": lines,
        "url": base,
        "total": formats.number(sum(counts.values())),
        "left": formats.number(sum(counts.get(code, 0) for code in LEFT)),
    }
    return render_to_string("crm/campaigns/_results.html", context)


def _segment(campaign: Campaign) -> str:
    rows = customers_of(campaign)
    source = get_source(campaign.source)
    url = f"{reverse(source.url_name)}?{campaign.asked}" if source and not campaign.picked else ""
    context = {
        "said": in_words(campaign),
        "only_own": not campaign.owner.has_perm(ALL_CUSTOMERS),
        "url": url,
        "number": rows.order_by().values("pk").distinct().count(),
        "names": [one.name for one in rows.order_by("name", "pk")[:SHOWN_NAMES]],
    }
    return render_to_string("crm/campaigns/_segment.html", context)


def _words(campaign: Campaign) -> str:
    counts = by_language(campaign) if not campaign.started_at else {}
    known = dict(settings.LANGUAGES)
    words = campaign.words
    lines = []
    for code in known:
        row = words.get(code)
        is_there = row is not None and row.is_complete(campaign.channel)
        lines.append(
            {
                "language": language_name(code),
                "is_there": is_there,
                "gaps": gaps_in(row, campaign.channel) if isinstance(row, CampaignText) else [],
                "said": (row.sms if campaign.channel == "sms" else row.subject) if row else "",
                "code": code,
                "customers": formats.number(counts[code]) if counts.get(code) else "",
                "url": f"{reverse('crm:campaign-preview', args=[campaign.pk])}?language={code}" if is_there else "",
            }
        )
    others = sum(number for code, number in counts.items() if code not in known)
    context = {"lines": lines, "others": formats.number(others) if others else "", "is_open": not campaign.started_at}
    return render_to_string("crm/campaigns/_words.html", context)


# ---------------------------------------------------------------- customer by customer


class RecipientFilter(django_filters.FilterSet):
    """What became of it, and the language."""

    result = django_filters.ChoiceFilter(
        label=gettext_lazy("Result"), choices=list(RESULTS.items()), method="by_result"
    )
    language = django_filters.ChoiceFilter(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = CampaignRecipient
        fields: list[str] = []

    def by_result(self, rows: Any, name: str, value: str) -> Any:
        """The same query that counts."""
        return rows.filter(result=value)


def _result_cell(row: Any) -> object:
    badge = html.badge(RESULTS[row.result], MARKS.get(row.result, "paused"), quiet=True)
    why = (
        explain(row.message)
        if row.message and row.result in ("queued", "bounced", "failed", "unknown", "cancelled")
        else ""
    )
    return html.two_lines(badge, why[:160]) if why else badge


class RecipientList(ListPage):
    """What became of one campaign, customer by customer; its export is the same list."""

    model = CampaignRecipient
    permission = "crm.view_campaign"
    ordering = ("pk",)
    has_search = False
    filterset_class = RecipientFilter
    columns = (
        Column("customer", gettext_lazy("Customer"), lambda one, page: html.link(one.customer.name, one.customer.get_absolute_url()),
               sort="customer__name", place="title", plain=lambda one, page: one.customer.name),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.customer.number), sort="customer__number"),
        Column("contact", gettext_lazy("Contact"), lambda one, page: one.contact.name if one.contact else "–", place="fact"),
        Column("address", gettext_lazy("Address"), lambda one, page: one.message.to_address if one.message else "–"),
        Column("language", gettext_lazy("Language"), lambda one, page: language_name(one.language) if one.language else "–",
               sort="language", place="fact"),
        Column("result", gettext_lazy("Result"), lambda one, page: _result_cell(one), place="end",
               plain=lambda one, page: str(RESULTS[one.result])),
        Column("sent", pgettext_lazy("column", "Sent"), lambda one, page: _sent_cell(one), sort="message__sent_at", place="fact",
               plain=lambda one, page: one.message.sent_at if one.message and one.message.sent_at else ""),
    )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.campaign = get_object_or_404(visible_campaigns(request.user), pk=kwargs["pk"])
        self.title = _("Results of %(name)s") % {"name": self.campaign.name}  # type: ignore[misc]
        return super().get(request, *args, **kwargs)

    def visible(self, user: Any) -> QuerySet[CampaignRecipient]:
        return with_result(visible_recipients(user).filter(campaign=self.campaign))

    def queryset(self) -> QuerySet[CampaignRecipient]:
        return super().queryset().select_related("customer", "contact", "message", "campaign")

    def _context(self, queryset: Any, filterset: Any) -> dict[str, Any]:
        context = super()._context(queryset, filterset)
        context["page"].crumbs = [
            parts.Crumb(_("Campaigns"), reverse("crm:campaigns")),
            parts.Crumb(self.campaign.name, self.campaign.get_absolute_url()),
        ]
        context["page"].lead = _("Whether a message is opened is not tracked.")
        return context


def _sent_cell(row: Any) -> object:
    if row.message is None or row.message.sent_at is None:
        return "–"
    return html.link(html.when(row.message.sent_at), row.message.get_absolute_url())
