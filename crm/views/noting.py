"""Noting a conversation from anywhere, and the lists of what was noted: of a customer, of a person, of a day."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.filters import colleagues
from crm.models import Customer, ServiceRecord
from crm.selectors import visible_customers, visible_service_records
from foundation.lists.pages import Column, ListPage, Tab
from foundation.lists.pages.opened import record_before
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.days import end_of_day, start_of_day

MOST = 8
SHOWN = (
    "type", "channel", "result", "started_at", "next_step_on", "corrects", "customer__name", "contact__name", "author__name", "author__email",
    "text__subject", "text__next_step", "text__no_step_reason",
)  # fmt: skip
RESULTS = {"done": "in-time", "partly": "soon", "not_reached": "plain", "call_again": "soon"}
NOTING = "crm.add_servicerecord"


@require_safe
@permission_required(NOTING, raise_exception=True)
def note(request: HttpRequest) -> HttpResponse:
    """The form of the customer whose record was open; otherwise: with whom was it?"""
    record = None if "q" in request.GET or "who" in request.GET else record_before(request)
    key = getattr(record, "customer_ref", lambda: None)() if record is not None else None
    if key and visible_customers(request.user).filter(pk=key).exists():
        return redirect(_form_of(key))
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = _found(request.user, text)
    if text and len(found) == 1:
        return redirect(_form_of(found[0].pk))
    context = {
        "title": _("Note a call"),
        "q": text,
        "rows": [{"customer": one, "url": _form_of(one.pk)} for one in found],
        "crumbs": [parts.Crumb(_("Service records"), page_url("crm:service-records"))],
    }
    return render(request, "crm/note_call.html", context)


def _form_of(key: int) -> str:
    return reverse("crm:customer-do", args=[key, "call"])


def _found(user: Any, text: str) -> list[Customer]:
    """Who fits the words; without words those with whom this person spoke last."""
    rows = visible_customers(user).active()
    if text:
        exact = rows.filter(number__iexact=text).first()
        return [exact] if exact else list(rows.search(text).order_by("-pk")[:MOST])
    mine = ServiceRecord.objects.filter(author=user.pk).order_by("-started_at").values_list("customer_id", flat=True)
    keys = list(dict.fromkeys(mine[: MOST * 5]))[:MOST]
    known = rows.in_bulk(keys)
    return [known[key] for key in keys if key in known]


class RecordFilter(django_filters.FilterSet):
    """Whose, by whom, of what kind, how it went, of which days."""

    customer = django_filters.NumberFilter(label=gettext_lazy("Customer"), widget=forms.HiddenInput)
    author = django_filters.ModelChoiceFilter(label=gettext_lazy("Recorded by"), queryset=colleagues)
    type = django_filters.ChoiceFilter(label=gettext_lazy("Type of service"), choices=ServiceRecord.Type.choices)
    channel = django_filters.ChoiceFilter(label=gettext_lazy("Channel"), choices=ServiceRecord.Channel.choices)
    result = django_filters.ChoiceFilter(label=gettext_lazy("Execution status"), choices=ServiceRecord.Result.choices)
    started = django_filters.DateFromToRangeFilter(
        label=pgettext_lazy("of records", "Days"),
        field_name="started_at",
        widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}),
    )

    class Meta:
        model = ServiceRecord
        fields: tuple[str, ...] = ()


def _today(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    return rows.filter(author=request.user.pk, started_at__gte=start_of_day(), started_at__lt=end_of_day())


def _standing(one: ServiceRecord) -> str:
    """Whether a further record replaces it, or it replaces another."""
    return _("corrected") if one.is_corrected else _("Correction") if one.corrects_id else ""  # type: ignore[attr-defined]


def _what_plain(one: ServiceRecord, page: ListPage) -> str:
    return " · ".join(filter(None, (one.text.subject, _standing(one))))


def _what(one: ServiceRecord, page: ListPage) -> object:
    word = _standing(one)
    subject = html.link(one.text.subject, one.get_absolute_url())
    return html.two_lines(subject, html.badge(word, "plain", quiet=True)) if word else subject


def _following(one: ServiceRecord, page: ListPage) -> str:
    if one.text.no_step_reason:
        return _("Nothing: %(reason)s") % {"reason": one.text.no_step_reason}
    day = formats.day(one.next_step_on) if one.next_step_on else ""
    return " · ".join(part for part in (one.text.next_step, day) if part)


class ServiceRecordList(ListPage):
    """What was noted of conversations; nobody changes it, a correction stands beside it."""

    model = ServiceRecord
    title = gettext_lazy("Service records")
    permission = "crm.view_servicerecord"
    ordering = ("-started_at", "-pk")
    has_search = False
    is_prepared = True
    fixed_tabs = ("mine", "all", "corrections")
    filterset_class = RecordFilter
    columns = (
        Column("subject", gettext_lazy("Subject"), _what, place="title", plain=_what_plain),
        Column("customer", gettext_lazy("Customer"), lambda one, page: html.link(one.customer.name, one.customer.get_absolute_url()),
               place="fact", plain=lambda one, page: one.customer.name),
        Column("started", pgettext_lazy("of a conversation", "When"), lambda one, page: html.when(one.started_at), sort="started_at", place="fact",
               plain=lambda one, page: one.started_at),
        Column("type", gettext_lazy("Type of service"), lambda one, page: one.get_type_display(), sort="type"),
        Column("channel", gettext_lazy("Channel"), lambda one, page: one.get_channel_display(), sort="channel"),
        Column("contact", pgettext_lazy("person", "With"), lambda one, page: one.contact.name if one.contact else "–"),
        Column("result", gettext_lazy("Execution status"),
               lambda one, page: html.badge(one.get_result_display(), RESULTS[one.result], quiet=True),
               sort="result", place="fact", plain=lambda one, page: one.get_result_display()),
        Column("next", gettext_lazy("Next step"), _following, place="wide"),
        Column("author", gettext_lazy("Recorded by"), lambda one, page: str(one.author or "–"), sort="author__name", place="fact"),
    )  # fmt: skip
    tabs = (
        Tab("today", gettext_lazy("Mine today"), _today),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(author=request.user.pk)),
        Tab("all", gettext_lazy("All")),
        Tab("corrections", gettext_lazy("Corrections"), lambda rows, request: rows.filter(corrects__isnull=False)),
    )
    fallbacks = ("mine", "all")

    def visible(self, user: Any) -> QuerySet[ServiceRecord]:
        return visible_service_records(user)

    def row_state(self, obj: ServiceRecord) -> str:
        return "corrected" if obj.is_corrected else ""  # type: ignore[attr-defined]

    def queryset(self) -> QuerySet[ServiceRecord]:
        rows = super().queryset().select_related("customer", "contact", "author", "text")
        return rows.only(*SHOWN).annotate(is_corrected=ServiceRecord.corrected())

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm(NOTING):
            return []
        return [parts.Action(_("Note a call"), page_url("crm:record-new"), icon="phone", style="primary")]


def today_url(user: Any) -> str:
    """The list of what this person noted today."""
    day = timezone.localdate().isoformat()
    return f"{page_url('crm:service-records')}?view=all&author={user.pk}&started_after={day}&started_before={day}"
