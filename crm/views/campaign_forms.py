"""Drafting a campaign from a list of customers, wording it in all languages, and trying it out before it leaves."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import services
from crm.campaign_letters import letters_for
from crm.campaign_results import RESULTS
from crm.forms.campaigns import CampaignForm, NewCampaignForm, language_forms
from crm.models import Campaign, Customer
from crm.segments import chosen, customers_of, get_source
from crm.selectors import visible_campaigns, visible_customers
from crm.services.campaigns import example_of
from crm.views.forms import FormPage
from foundation.journal.machine import Refused
from foundation.notifications.manners.quiet import zone_for
from foundation.notifications.manners.reasons import waiting_text
from foundation.notifications.placeholders import names_about
from foundation.notifications.preview import filled
from foundation.ui import formats, parts
from foundation.ui.places import language_name
from foundation.ui.submissions import submit_once

MOST_TICKED = 500
SAMPLE = 100
# What belongs to the list's own looks, not to whom it shows.
NOT_KEPT = ("page", "format", "lang", "sort", "source", "pk")


@require_POST
@submit_once
@permission_required("crm.plan_campaign", raise_exception=True)
def choose(request: HttpRequest) -> HttpResponse:
    """The ticked rows of the list of customers, carried over to the form of a new campaign."""
    asked = [
        one for one in request.POST.getlist("pk")[:MOST_TICKED] if one.isascii() and one.isdigit() and len(one) < 16
    ]
    if not asked:
        messages.error(request, _("Select customers first."))
        return redirect(f"{reverse('crm:customers')}?{request.GET.urlencode()}")
    ticked = QueryDict(mutable=True)
    ticked.setlist("pk", asked)
    return redirect(f"{reverse('crm:campaign-new')}?{ticked.urlencode()}")


class NewCampaign(FormPage):
    """A campaign for all customers of a list: the address carries the list's own filter, or the ticked rows."""

    permission = "crm.plan_campaign"
    title = gettext_lazy("Write to these customers")
    submit = gettext_lazy("Go on to the words")

    def _segment(self) -> dict[str, Any]:
        asked = self.request.GET.copy()
        picked = [
            int(one) for one in asked.getlist("pk")[:MOST_TICKED] if one.isascii() and one.isdigit() and len(one) < 16
        ]
        source = asked.get("source", "customers")
        if get_source(source) is None:
            raise Http404
        for name in NOT_KEPT:
            asked.pop(name, None)
        return {"source": source, "asked": "" if picked else asked.urlencode(), "picked": picked}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return NewCampaignForm(data, files, actor=self.request.user)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        segment = self._segment()
        source = get_source(segment["source"])
        count = chosen(self.request.user, **segment).values("pk").distinct().count()
        said = ngettext("%(count)s customer is in the list.", "%(count)s customers are in the list.", count)
        self.lead = said % {"count": formats.number(count)}  # type: ignore[misc]
        if source is not None and (narrowed := source.said(self.request.user, segment["asked"])):
            self.lead += f" {' · '.join(narrowed)}."  # type: ignore[misc]
        if not self.request.user.has_perm("crm.send_to_all"):
            self.lead += " " + _("Only your own customers are counted.")  # type: ignore[misc]
        return super().show(form, status)

    def save(self, form: Any) -> HttpResponse:
        campaign = services.create_campaign(actor=self.request.user, **self._segment(), **form.cleaned_data)
        messages.success(self.request, _("The draft is there. Nothing leaves before you schedule it."))
        return redirect("crm:campaign-words", pk=campaign.pk)

    def cancel_url(self) -> str:
        segment = self._segment()
        source = get_source(segment["source"])
        assert source is not None
        return f"{reverse(source.url_name)}?{segment['asked']}"


class EditCampaign(FormPage):
    """Name, kind, channel, and until when; while it is a draft."""

    permission = "crm.plan_campaign"
    title = gettext_lazy("Edit the campaign")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_campaigns(self.request.user), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return CampaignForm(data, files, instance=self.object, actor=self.request.user)

    def save(self, form: Any) -> HttpResponse:
        done = services.update_campaign(self.object.pk, actor=self.request.user, **form.cleaned_data)
        return self.saved(done, _("Saved."))


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    rows = visible_campaigns(request.user).select_related("owner").prefetch_related("texts")
    return get_object_or_404(rows, pk=pk)


@permission_required("crm.plan_campaign", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """The words in all languages, saved together."""
    campaign = _campaign(request, pk)
    if campaign.status != Campaign.Status.DRAFT:
        messages.error(request, _("Only a draft can be changed. Take it back first."))
        return redirect(campaign.get_absolute_url())
    found = language_forms(campaign, request.POST if request.method == "POST" else None)
    wrong = [form for form in found if not form.is_valid()]  # every one is asked, so that each says what is wrong
    if request.method == "POST" and not wrong:
        try:
            said = {form.row.language: form.said() for form in found}
            services.word_campaign(pk, actor=request.user, words=said)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(campaign.get_absolute_url())
        messages.success(request, _("The words are saved."))
        return redirect(campaign.get_absolute_url())
    context = {
        "title": _("Words of the campaign"),
        "campaign": campaign,
        "panes": [(language_name(form.row.language), form.row.language, form) for form in found],
        "names": sorted((name, str(label)) for name, label in names_about(Customer, staff=False).items()),
        "crumbs": [parts.Crumb(_("Campaigns"), reverse("crm:campaigns")), _crumb(campaign)],
        "is_wrong": request.method == "POST",
    }
    return render(request, "crm/campaigns/words.html", context, status=422 if request.method == "POST" else 200)


def _crumb(campaign: Campaign) -> parts.Crumb:
    return parts.Crumb(campaign.name, campaign.get_absolute_url())


@permission_required("crm.view_campaign", raise_exception=True)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One language as a real customer of the list would read it; `?customer=` takes another one by number."""
    campaign = _campaign(request, pk)
    language = request.GET.get("language", "")
    row = campaign.words.get(language)
    if row is None or language not in dict(settings.LANGUAGES):
        raise Http404
    number = request.GET.get("customer", "").strip()
    asked = None
    if number:
        rows = visible_customers(request.user).select_related("owner").prefetch_related("contacts")
        asked = rows.filter(number__iexact=number).first()
    example = example_of(campaign, language, asked) if not number or asked else None
    said = {name: getattr(row, name) for name in ("subject", "body", "sms")}
    shown = filled(example, language, said) if example else None
    tabs = [parts.Tab(language_name(code), f"?language={code}", None, code == language) for code in campaign.languages]
    context = {
        "title": _("Preview"),
        "campaign": campaign,
        "language": language,
        "shown": shown,
        "number": number,
        "tabs": tabs,
        "is_sms": campaign.channel == Campaign.Channel.SMS,
        "crumbs": [parts.Crumb(_("Campaigns"), reverse("crm:campaigns")), _crumb(campaign)],
    }
    return render(request, "crm/campaigns/preview.html", context)


@permission_required("crm.plan_campaign", raise_exception=True)
@require_safe
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The first customers of the list, with what would happen to each if it left now. Nothing is written."""
    campaign = _campaign(request, pk)
    if campaign.started_at is not None:
        return redirect("crm:campaign-recipients", pk=pk)
    rows = customers_of(campaign).select_related("owner").prefetch_related("contacts").distinct().order_by("pk")
    filled_in = not campaign.gaps
    letters = letters_for(campaign, campaign.words, list(rows[:SAMPLE])) if filled_in else []
    lines = [
        {
            "customer": one.customer,
            "person": one.person.name if one.person else "",
            "language": language_name(one.language) if one.language else "",
            "held": RESULTS[one.held_back] if one.held_back else "",
            "waits": _waits(one.message) if one.message else "",
        }
        for one in letters
    ]
    counted = Counter(one.held_back for one in letters)
    context = {
        "title": _("What would happen now"),
        "campaign": campaign,
        "lines": lines,
        "gaps": ", ".join(campaign.gaps),
        "going": formats.number(counted.get("", 0)),
        "shown": formats.number(len(letters)),
        "held": [(RESULTS[code], formats.number(number)) for code, number in counted.most_common() if code],
        "crumbs": [parts.Crumb(_("Campaigns"), reverse("crm:campaigns")), _crumb(campaign)],
    }
    return render(request, "crm/campaigns/sample.html", context)


def _waits(message: Any) -> str:
    if not message.waits_for:
        return ""
    return waiting_text(message.waits_for, message.next_attempt_at, zone_for(message.time_zone))
