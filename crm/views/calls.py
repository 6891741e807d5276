"""Calls: the list, the page of one, and planning one or many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from crm import services
from crm.filters import CallFilter
from crm.forms.calls import CampaignForm
from crm.models import Call, Customer
from crm.selectors import visible_calls
from crm.services.calls import MOST_AT_ONCE
from crm.views.calling import NOBODY, about_of, agreed_hour, best_hour, dialling, local_clock
from crm.views.customers import CustomerList
from crm.views.forms import FormPage
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.days import end_of_day
from foundation.ui.prepared import prepared

STATES = {
    "open": "soon",
    "in_call": "in-time",
    "postponed": "soon",
    "done": "done",
    "not_reached": "paused",
    "refused": "paused",
    "cancelled": "plain",
}
SHOWN = ("number", "status", "reason", "due_at", "best_from", "best_until", "attempts")
NAMES = (
    "customer__name", "customer__time_zone", "owner__name", "owner__email", "questionnaire__name_en",
    "questionnaire__name_zh_hans", "questionnaire__name_zh_hant", "questionnaire__name_de",
)  # fmt: skip


def state_badge(call: Call) -> object:
    """The state in a word and a colour."""
    return html.badge(call.get_status_display(), STATES[call.status], quiet=True)


def is_late(call: Call) -> bool:
    """Whether it should have been made by now."""
    return call.status in Call.OPEN and call.due_at < timezone.now()


def due_cell(call: Call) -> object:
    """When it is to be made, and what the customer's clock shows then; where that is past, now."""
    if call.status not in Call.OPEN:
        return html.when(call.due_at)
    shown = formats.moment(call.due_at)
    return html.two_lines(
        html.badge(shown, "late", quiet=True) if is_late(call) else shown,
        local_clock(call.customer, max(call.due_at, timezone.now())).words,
    )


def _open(rows: QuerySet[Call]) -> QuerySet[Call]:
    return rows.filter(status__in=Call.OPEN)


class CallList(ListPage):
    """Calls to be made, the soonest first."""

    model = Call
    title = gettext_lazy("Calls")
    permission = "crm.view_call"
    ordering = ("due_at", "pk")
    filterset_class = CallFilter
    columns = (
        Column("customer", gettext_lazy("Customer"),
               lambda one, page: html.two_lines(html.link(one.customer.name, one.get_absolute_url()), one.reason),
               sort="customer__name", place="title", plain=lambda one, page: one.customer.name),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number"),
        Column("questionnaire", gettext_lazy("Questionnaire"), lambda one, page: one.questionnaire.name, sort="questionnaire__name_en"),
        Column("due", gettext_lazy("To be made"), lambda one, page: due_cell(one), sort="due_at", place="fact",
               plain=lambda one, page: formats.exact(one.due_at)),
        Column("best", gettext_lazy("Best hour"), lambda one, page: agreed_hour(one)),
        Column("attempts", pgettext_lazy("calls", "Attempts"), lambda one, page: one.attempts, sort="attempts", is_number=True, place="fact"),
        Column("status", gettext_lazy("Status"), lambda one, page: state_badge(one), sort="status", place="fact",
               plain=lambda one, page: one.get_status_display()),
        Column("owner", gettext_lazy("Caller"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
    )  # fmt: skip
    tabs = (
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: _open(rows).filter(owner=request.user.pk)),
        Tab("due", gettext_lazy("Due today"), lambda rows, request: _open(rows).filter(due_at__lt=end_of_day())),
        Tab("unassigned", gettext_lazy("Unassigned"), lambda rows, request: _open(rows).filter(owner=None)),
        Tab("open", pgettext_lazy("list of calls", "Open"), lambda rows, request: _open(rows)),
        Tab("made", pgettext_lazy("list of calls", "Made"), lambda rows, request: rows.filter(status="done")),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("open", "all")

    def visible(self, user: Any) -> QuerySet[Call]:
        return visible_calls(user)

    def queryset(self) -> QuerySet[Call]:
        rows = super().queryset().select_related("customer", "questionnaire", "owner")
        return rows.only(*SHOWN, *NAMES)

    def row_state(self, obj: Call) -> str:
        return "late" if is_late(obj) else ""

    def actions(self) -> list[parts.Action]:
        user = self.request.user
        found = []
        if user.has_perm("crm.view_incomingcall"):
            found.append(parts.Action(_("Incoming calls"), reverse("crm:incoming-calls"), icon="phone"))
        if user.has_perm("crm.view_questionnaire"):
            found.append(
                parts.Action(_("Questionnaires"), reverse("crm:questionnaires"), icon="clipboard-document-list")
            )
        if user.has_perm("crm.plan_call"):
            found.append(parts.Action(_("Call many"), reverse("crm:customers"), icon="users"))
        return found


@prepared
def _call_rows(call_id: int) -> QuerySet[Any]:
    from crm.models import CallAttempt

    return CallAttempt.objects.filter(call=call_id).select_related("actor").order_by("-pk")[:20]


@prepared
def _answer_rows(response_id: int) -> QuerySet[Any]:
    from crm.models import Answer

    rows = Answer.objects.filter(response=response_id).select_related("question", "option", "attachment")
    return rows.order_by("question__position", "pk")


class CallPage(RecordPage):
    """One call: whom, why and when; what was tried, and what was answered."""

    model = Call
    namespace = "crm"
    name = "call"
    type_label = gettext_lazy("Call")
    list_label = gettext_lazy("Calls")
    list_name = "calls"
    permission = "crm.view_call"

    def visible(self, user: Any) -> QuerySet[Call]:
        return visible_calls(user).select_related(
            "customer__owner", "contact__customer", "questionnaire", "owner__team", "campaign", "inquiry", "version"
        )

    def title(self, obj: Call) -> str:
        return f"{obj.number} · {obj.customer.name}"

    def subtitle(self, obj: Call, request: HttpRequest) -> object:
        return html.link(obj.customer.name, obj.customer.get_absolute_url())

    def facts(self, obj: Call, request: HttpRequest) -> list[parts.Fact]:
        person, number = dialling(obj)
        found = [
            parts.Fact(_("Questionnaire"), obj.questionnaire.name),
            parts.Fact(_("Reason"), obj.reason or (obj.campaign.name if obj.campaign else "")),
            parts.Fact(_("Caller"), str(obj.owner or NOBODY)),
            parts.Fact(_("With"), person.name if person else ""),
            parts.Fact(_("Phone"), number),
            parts.Fact(_("The customer's clock"), local_clock(obj.customer).badge()),
            parts.Fact(pgettext("calls", "Attempts"), formats.number(obj.attempts)),
        ]
        if obj.status in Call.OPEN:
            found.append(parts.Fact(_("To be made"), due_cell(obj)))
            found.append(parts.Fact(_("Best hour"), best_hour(obj)))
        if obj.closed_reason:
            found.append(parts.Fact(_("Reason why it ended"), obj.closed_reason))
        if about := about_of(obj):
            found.insert(1, parts.Fact(_("About"), html.link(about.title, about.url)))
        return found

    def sections(self, obj: Call, request: HttpRequest) -> list[object]:
        found: list[object] = []
        if obj.response_id is not None:
            context = {"call": obj, "answers": _answer_rows(obj.response_id)}
            found.append(parts.Section(_("Answers"), render_to_string("crm/calls/_answers.html", context)))
        attempts = _call_rows(obj.pk)
        if attempts:
            body = render_to_string("crm/calls/_attempts.html", {"attempts": attempts})
            found.append(parts.Section(pgettext("calls", "Attempts"), body))
        return found

    def buttons(self, obj: Call, user: Any) -> tuple[parts.Actions, list[parts.Blocked]]:
        """In a call, the way back to its screen comes first."""
        buttons, blocked = super().buttons(obj, user)
        if obj.status == Call.Status.IN_CALL and obj.owner_id == user.pk and user.has_perm("crm.make_call"):
            screen = parts.Action(_("Go on with the call"), reverse("crm:call-screen", args=[obj.pk]), style="primary")
            if buttons.primary is not None:
                buttons.secondary.insert(0, buttons.primary)
            buttons.primary = screen
        return buttons, blocked

    def after(self, obj: Any, action: str, result: Any) -> str:
        if action == "start":
            return reverse("crm:call-screen", args=[obj.pk])
        if action in ("inquiry", "ticket"):
            return str(result.get_absolute_url())
        return super().after(obj, action, result)


# ---------------------------------------------------------------- planning


class NewCampaign(FormPage):
    """Calls to all customers of a list: the address carries the list's own filter."""

    permission = "crm.plan_call"
    title = gettext_lazy("Call everybody in this list")
    submit = gettext_lazy("Plan the calls")

    def _chosen(self) -> QuerySet[Customer]:
        """The customers that the list shows for this address."""
        page = CustomerList()
        page.setup(self.request)
        page.tab, page.sort = page._tab(), ""
        rows, _filterset = page._narrowed()
        return rows.order_by("name", "pk")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return CampaignForm(data, files, actor=self.request.user)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        count = self._chosen().order_by()[: MOST_AT_ONCE + 1].count()
        number = formats.number(count) if count <= MOST_AT_ONCE else f"{formats.number(MOST_AT_ONCE)}+"
        form.fields["name"].help_text = ngettext(
            "%(count)s customer is in the list.", "%(count)s customers are in the list.", count
        ) % {"count": number}
        return super().show(form, status)

    def save(self, form: Any) -> HttpResponse:
        _campaign, planned, left_out = services.plan_campaign(
            self._chosen().select_related("owner").defer(None)[: MOST_AT_ONCE + 1],
            actor=self.request.user,
            chosen_by=self.request.GET.urlencode(),
            **form.cleaned_data,
        )
        said = ngettext("%(count)s call is planned.", "%(count)s calls are planned.", planned) % {"count": planned}
        if left_out:
            said += " " + ngettext(
                "%(count)s customer has such a call already.", "%(count)s customers have such a call already.", left_out
            ) % {"count": left_out}
        messages.success(self.request, said)
        return redirect(f"{reverse('crm:calls')}?view=open&campaign={_campaign.pk}")

    def cancel_url(self) -> str:
        return f"{reverse('crm:customers')}?{self.request.GET.urlencode()}"
