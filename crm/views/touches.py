"""Who is to hear from us: due and overdue this month, with one click to call, to write, or to note a call."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from crm import services
from crm.cadence import rules_for
from crm.filters import colleagues
from crm.forms.records import CallForm
from crm.models import CadenceRule, Contact, Customer, CustomerTouch, ServiceRecord, Way
from crm.models.cadence import company_today, company_zone
from crm.selectors import visible_customers, visible_touches
from crm.views.customers import local_time, touch_badge
from crm.views.forms import FormPage
from foundation.accounts.models import Team
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, Tab
from foundation.notifications.writing import PERMISSION as MAY_WRITE
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.phones import e164
from foundation.ui.submissions import new_token

LONGEST = 90
SHOWN = (
    "name", "kind", "tier", "time_zone", "touch_due_on", "touch_due_way", "owner__name", "owner__email",
    "last_touch__way", "last_touch__at", "last_touch__by__name", "last_touch__by__email", "last_touch__record__id",
    "last_touch__record__text__subject", "last_touch__record__text__content", "last_touch__message__subject_line",
    "last_touch__message__body",
)  # fmt: skip
OUTCOMES = (
    ServiceRecord.Result.DONE,
    ServiceRecord.Result.NOT_REACHED,
    ServiceRecord.Result.CALL_AGAIN,
)


class TouchFilter(django_filters.FilterSet):
    """Salesperson, team, tier, way."""

    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Salesperson"), queryset=colleagues)
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), field_name="owner__team", queryset=lambda request: Team.objects.order_by("name")
    )
    tier = django_filters.ChoiceFilter(label=gettext_lazy("Tier"), choices=Customer.Tier.choices)
    way = django_filters.ChoiceFilter(label=gettext_lazy("Way"), field_name="touch_due_way", choices=Way.choices)

    class Meta:
        model = Customer
        fields: list[str] = []


def end_of_month(day: date) -> date:
    """The last day of the month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _this_month(rows: QuerySet[Customer], request: HttpRequest) -> QuerySet[Customer]:
    return rows.filter(touch_due_on__lte=end_of_month(company_today()))


def _overdue(rows: QuerySet[Customer], request: HttpRequest) -> QuerySet[Customer]:
    return rows.filter(touch_due_on__lt=company_today())


def _done(rows: QuerySet[Customer], request: HttpRequest) -> QuerySet[Customer]:
    first = company_today().replace(day=1)
    return rows.filter(last_touch__at__gte=datetime.combine(first, time(), company_zone()))


def _last(customer: Customer) -> object:
    """How, when and by whom, and what was said."""
    touch = customer.last_touch
    if touch is None:
        return html.badge(_("never"), "plain", quiet=True)
    said = " ".join(touch.said.split())
    said = f"{said[:LONGEST].rstrip()}…" if len(said) > LONGEST else said
    head = format_html("{} · {}", touch.get_way_display(), html.when(touch.at))
    return html.two_lines(format_html("{} · {}", head, touch.by) if touch.by else head, said)


def _plain_last(customer: Customer) -> str:
    touch = customer.last_touch
    return f"{touch.get_way_display()} {formats.exact(touch.at)} {touch.by or ''} {touch.said}" if touch else ""


class TouchList(ListPage):
    """Customers who are to hear from us, the soonest first."""

    model = Customer
    title = gettext_lazy("Touches")
    permission = "crm.make_call"
    ordering = ("touch_due_on", "pk")
    filterset_class = TouchFilter
    columns = (
        Column("name", gettext_lazy("Customer"),
               lambda one, page: html.two_lines(html.link(one.name, one.get_absolute_url()), one.get_tier_display()),
               sort="name", place="title", plain=lambda one, page: one.name),
        Column("due", pgettext_lazy("touch", "Due"), lambda one, page: touch_badge(one), sort="touch_due_on", place="end",
               plain=lambda one, page: one.touch_due_on),
        Column("last", gettext_lazy("Last touch"), lambda one, page: _last(one), sort="last_touch__at", place="fact",
               plain=lambda one, page: _plain_last(one)),
        Column("clock", gettext_lazy("Local time"), lambda one, page: local_time(one.time_zone), place="fact"),
        Column("owner", gettext_lazy("Salesperson"), lambda one, page: str(one.owner or "–"), sort="owner__name"),
        Column("do", gettext_lazy("Touch now"), lambda one, page: _buttons(one, page), place="fact",
               plain=lambda one, page: ""),
    )  # fmt: skip
    tabs = (
        Tab("month", gettext_lazy("Due this month"), _this_month),
        Tab("overdue", gettext_lazy("Overdue"), _overdue),
        Tab("done", gettext_lazy("Done this month"), _done),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> QuerySet[Customer]:
        return visible_touches(user)

    def queryset(self) -> QuerySet[Customer]:
        rows = (
            super()
            .queryset()
            .select_related("owner", "last_touch__by", "last_touch__record__text", "last_touch__message")
        )
        return rows.only(*SHOWN)

    def _order(self) -> tuple[str, ...]:
        """What is done, latest first."""
        if self.tab is not None and self.tab.code == "done" and not self.sort:
            return ("-last_touch__at", "-pk")
        return super()._order()

    def prepare(self, rows: list[Any]) -> None:
        people = Contact.objects.filter(customer__in=[one.pk for one in rows], left_at=None)
        people = people.order_by("customer", "-is_main", "name", "pk").distinct("customer")
        self.extra["people"] = {one.customer_id: one for one in people}
        self.extra["rules"] = CadenceRule.current()
        self.extra["csrf"] = get_token(self.request)

    def row_state(self, obj: Any) -> str:
        return "late" if obj.touch_due_on < company_today() else ""

    def bulk(self) -> list[parts.Action]:
        if not self.request.user.has_perm("crm.plan_campaign"):
            return []
        return [parts.Action(_("Write to these customers"), page_url("crm:campaign-choose"))]


def _buttons(customer: Customer, page: ListPage) -> object:
    """Dial, write, note a call: what the customer's person allows."""
    person, user = page.extra["people"].get(customer.pk), page.request.user
    context: dict[str, Any] = {"customer": customer, "person": person, "csrf_token": page.extra["csrf"]}
    if person is not None:
        context["phone"] = "" if person.no_calls else e164(person.phone or person.mobile)
        if user.has_perm(MAY_WRITE):
            by_email, by_sms = person.email and not person.no_email, person.reachable_phone and not person.no_sms
            context["email_url"] = _write_url(customer, "email", page) if by_email else ""
            context["sms_url"] = _write_url(customer, "sms", page) if by_sms else ""
    if user.has_perm("crm.add_servicerecord"):
        context |= {
            "note_url": f"{reverse('crm:touch-note', args=[customer.pk])}?{urlencode({'back': page._url()[1:]})}",
            "submission": new_token(),
            "outcomes": [(one.value, one.label) for one in OUTCOMES],
            "today": timezone.localdate().isoformat(),
        }
    return render_to_string("crm/touch_buttons.html", context)


def _write_url(customer: Customer, way: str, page: ListPage) -> str:
    """The composer, with the words that the rule names."""
    rules = rules_for(page.extra["rules"], customer.tier, customer.kind)
    template = next((one.template_key for one in rules if one.ways[0] == way and one.template_key), "")
    asked = {"channel": way, **({"template": template} if template else {})}
    return f"{reverse('crm:customer-do', args=[customer.pk, 'write'])}?{urlencode(asked)}"


def _back(request: HttpRequest) -> str:
    """The list as it was left."""
    asked = request.GET.get("back", "")[:1000]
    return f"{reverse('crm:touches')}?{asked}" if asked else reverse("crm:touches")


class NoteCall(FormPage):
    """How a call went and what comes next: from the row itself, or here when something is missing."""

    permission = "crm.add_servicerecord"
    title = gettext_lazy("Note a call")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return CallForm(data, files, instance=self.object, actor=self.request.user)

    def save(self, form: Any) -> HttpResponse:
        row = services.add_service_record(self.object.pk, actor=self.request.user, **form.cleaned_data)
        touch = CustomerTouch.objects.filter(record=row).first()
        if touch is None:
            said = _("The attempt with %(name)s is noted; they are still to hear from us.") % {"name": self.object}
            messages.success(self.request, said)
        else:
            messages.success(self.request, self._undo_offer(touch))
        return redirect(_back(self.request))

    def _undo_offer(self, touch: CustomerTouch) -> str:
        return format_html(
            '{} <a class="undo" href="{}" hx-post="{}?{}" hx-swap="none">{}</a>',
            _("The call with %(name)s is noted.") % {"name": self.object},
            self.object.get_absolute_url(),
            reverse("crm:touch-undo", args=[touch.pk]),
            urlencode({"back": self.request.GET.get("back", "")[:1000]}),
            _("Undo"),
        )


@require_POST
@permission_required("crm.add_servicerecord", raise_exception=True)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    touch = get_object_or_404(CustomerTouch, pk=pk, customer__in=visible_customers(request.user))
    try:
        customer = services.undo_touch(touch.pk, actor=request.user)
        messages.success(request, _("Taken back: %(name)s is to hear from us as before.") % {"name": customer})
    except Refused as refusal:
        messages.error(request, refusal.message)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": _back(request)})
    return redirect(_back(request))
