"""Customers: the list, the 360° page, and the forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext, pgettext_lazy

from crm import own, services
from crm.drawing import draw_addresses, draw_people
from crm.forms.customers import ContactForm, CustomerForm
from crm.models import (
    Address,
    Call,
    Contact,
    Customer,
    GivenUp,
    Inquiry,
    OwnershipSpell,
    OwnField,
    Reception,
    ServiceRecord,
    Visit,
    Way,
)
from crm.models.cadence import company_today
from crm.own_columns import customer_filter, own_columns, tag_ids
from crm.people import dead_addresses_of_contact, mark_dead_addresses
from crm.sample_selectors import sample_counts
from crm.selectors import visible_contacts, visible_customers
from crm.there import time_badge
from crm.views.entering import NewContact, NewCustomer  # noqa: F401 - addressed as views of customers
from crm.views.forms import FormPage
from crm.views.ownership import RETURNING, RETURNS, PoolColumn, history_with_merged, ownership_links, return_facts
from crm.views.plans import newest_plan, plan_section
from crm.views.tags import bulk_action, drawn_tags, tags_line
from foundation.journal.timeline import wishes as timeline_wishes
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.lists.pages.past import asked_of
from foundation.ui import formats, html, parts
from foundation.ui.addresses import may_open, page_url
from foundation.ui.ahead import ask_together, gathered, wish
from foundation.ui.lines import draw_facts
from foundation.ui.places import zone_name
from foundation.ui.prepared import keep_rows, prepared
from foundation.ui.presence import presences

MOST_PEOPLE = 30
SHOWN = ("name", "local_name", "number", "kind", "tier", "country", "last_contact_at", "next_step", "next_step_on",
         "returns_on", "protected_by", "kept_until", "own")  # fmt: skip


def local_time(zone: str) -> str:
    """What the clock says where the customer is, with the zone's name."""
    import zoneinfo

    try:
        here = timezone.localtime(timezone.now(), zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zone
    return f"{formats.clock_time(here.time())} · {zone_name(zone)}"


def step_cell(customer: Customer) -> object:
    """What comes next, and when; a step that is past is marked."""
    if not customer.next_step and not customer.next_step_on:
        return html.badge(_("no next step"), "plain", quiet=True)
    if customer.next_step_on is None:
        return customer.next_step
    shown = formats.day(customer.next_step_on)
    is_late = customer.next_step_on < timezone.localdate()
    return html.two_lines(customer.next_step, html.badge(shown, "late", quiet=True) if is_late else shown)


def touch_badge(customer: Customer) -> object:
    """When the customer is to hear from us next, and how; marked once that day is past."""
    if customer.touch_due_on is None:
        return ""
    way = str(Way(customer.touch_due_way).label) if customer.touch_due_way else ""
    shown = formats.day(customer.touch_due_on)
    is_late = customer.touch_due_on < company_today()
    return html.two_lines(html.badge(shown, "late", quiet=True) if is_late else shown, way)


class CustomerList(PoolColumn, ListPage):
    """Everybody whom we know."""

    model = Customer
    title = gettext_lazy("Customers")
    permission = "crm.view_customer"
    ordering = ("name", "pk")
    found_ordering = ("-pk",)
    is_prepared = True
    fixed_tabs = ("all", "mine", "nobody", "no-step", "returning")
    columns: Sequence[Column] = (
        Column(
            "name",
            gettext_lazy("Name"),
            lambda one, page: html.two_lines(html.link(one.name, one.get_absolute_url()), one.local_name),
            sort="name",
            place="title",
            plain=lambda one, page: one.name,
        ),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number", place="fact"),
        Column("kind", gettext_lazy("Kind"), lambda one, page: one.get_kind_display(), sort="kind", place="wide"),
        Column("tier", gettext_lazy("Tier"), lambda one, page: one.get_tier_display(), sort="tier"),
        Column("country", gettext_lazy("Country"), lambda one, page: one.country_label, sort="country", place="fact"),
        Column("tags", pgettext_lazy("words on a customer", "Tags"), lambda one, page: drawn_tags(one.tag_ids)),
        Column("owner", gettext_lazy("Owner"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
        Column("last_contact", gettext_lazy("Last contact"), lambda one, page: html.when(one.last_contact_at), sort="last_contact_at",
               plain=lambda one, page: one.last_contact_at),
        RETURNS,
        Column("next_step", gettext_lazy("Next step"), lambda one, page: step_cell(one), sort="next_step_on", place="fact",
               plain=lambda one, page: f"{one.next_step} {one.next_step_on or ''}".strip()),
    )  # fmt: skip
    tabs = (
        Tab("all", gettext_lazy("All")),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user)),
        Tab("nobody", gettext_lazy("Nobody's"), lambda rows, request: rows.filter(owner=None)),
        Tab(
            "due",
            pgettext_lazy("next step", "Due"),
            lambda rows, request: rows.filter(next_step_on__lte=timezone.localdate()),
        ),
        Tab("no-step", gettext_lazy("Without a next step"), lambda rows, request: rows.filter(next_step_on=None)),
        RETURNING,
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.columns = (*self.columns, *own_columns(is_export=request.GET.get("format") == "csv"))
        self.filterset_class = customer_filter()

    def visible(self, user: Any) -> QuerySet[Customer]:
        return visible_customers(user).active()

    def queryset(self) -> QuerySet[Customer]:
        rows = super().queryset().select_related("owner").only(*SHOWN, "owner__name", "owner__email")
        return rows.annotate(tag_ids=tag_ids())

    def links(self) -> list[parts.Action]:
        user = self.request.user
        found = ownership_links(user)
        for permission, label, name, icon in (
            ("crm.view_call", _("Calls"), "crm:calls", "phone"),
            ("crm.make_call", _("Touches"), "crm:touches", "clock"),
            ("crm.view_customer", _("Newly developed"), "crm:developed", "chart-bar"),
            ("crm.view_accountplan", _("Account plans"), "crm:account-plans", "star"),
            ("crm.view_campaign", _("Campaigns"), "crm:campaigns", "megaphone"),
        ):
            if user.has_perm(permission):
                found.append(parts.Action(label, page_url(name), icon=icon))
        return found

    def actions(self) -> list[parts.Action]:
        user, found = self.request.user, []
        if user.has_perm("crm.plan_call"):
            everybody = f"{page_url('crm:call-campaign')}{self._url()}"
            found.append(parts.Action(_("Call this list"), everybody, icon="users"))
        if user.has_perm("crm.plan_campaign"):
            everybody = f"{page_url('crm:campaign-new')}{self._url(drop=('sort',))}"
            found.append(parts.Action(_("Write to these customers"), everybody, icon="envelope"))
        if user.has_perm("crm.add_customer"):
            found.append(parts.Action(_("New customer"), page_url("crm:customer-new"), icon="plus", style="primary"))
        return found

    def bulk(self) -> list[parts.Action]:
        asked, user, found = self.request.GET.urlencode(), self.request.user, []
        if user.has_perm("crm.plan_campaign"):
            found.append(parts.Action(_("Write to these customers"), f"{page_url('crm:campaign-choose')}?{asked}"))
        if user.has_perm("crm.change_customer"):
            found.append(bulk_action(asked))
        return found


@prepared
def _contacts(customer_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(customer=customer_id).annotate(has_dead_address=Exists(dead_addresses_of_contact()))


@prepared
def _addresses(customer_id: int) -> QuerySet[Address]:
    return Address.objects.filter(customer=customer_id)[:MOST_PEOPLE]


class CustomerPage(RecordPage):
    """Everything about one customer."""

    model = Customer
    namespace = "crm"
    name = "customer"
    type_label = gettext_lazy("Customer")
    list_label = gettext_lazy("Customers")
    list_name = "customers"
    permission = "crm.view_customer"
    is_prepared = True
    is_whole_customer = True

    def visible(self, user: Any) -> QuerySet[Customer]:
        said = (
            ServiceRecord.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk"))
        )
        asked = Inquiry.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk"))
        called = Call.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk"))
        seen = Visit.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk"))
        came = Reception.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk"))
        return (
            visible_customers(user)
            .select_related("owner", "service_owner")
            .annotate(
                inquiry_count=Subquery(asked.values("n")),
                call_count=Subquery(called.values("n")),
                visit_count=Subquery(seen.values("n")),
                reception_count=Subquery(came.values("n")),
                merged_ids=ArraySubquery(Customer.objects.filter(merged_into=OuterRef("pk")).values("pk")),
                tag_ids=tag_ids(),
                record_count=Subquery(said.values("n")),
                newest_plan=newest_plan(),
                had_owners=Exists(OwnershipSpell.objects.filter(customer=OuterRef("pk"), ended_at__isnull=False)),
                **sample_counts("customer"),
                **presences(Customer),
                is_given_up=Exists(GivenUp.objects.filter(customer=OuterRef("pk"), resumed_at=None)),
            )
        )

    def detail(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return super().detail(request, pk)
        except Http404:
            winner = visible_customers(request.user).filter(merged=pk).first()
            if winner is None:
                raise
            return redirect(winner.get_absolute_url())

    def ask_ahead(self, obj: Customer, request: HttpRequest) -> None:
        ours = [wish(_contacts, obj.pk), wish(_addresses, obj.pk), *timeline_wishes(obj.pk)]
        ask_together([*ours, *gathered("customer", request.user, obj)])

    def show(self, request: HttpRequest, obj: Customer, **said: Any) -> HttpResponse:
        keep_rows(obj, "contacts", _contacts(obj.pk))
        return super().show(request, obj, **said)

    def title(self, obj: Customer) -> str:
        return obj.name

    def subtitle(self, obj: Customer, request: HttpRequest) -> object:
        quiet = (obj.number, obj.local_name, obj.get_kind_display(), obj.country_label)
        said = " · ".join(part for part in quiet if part)
        return format_html("{} {}", said, tags_line(obj, request.user))

    def next_step(self, obj: Customer) -> object:
        if not obj.next_step:
            return ""
        if obj.next_step_on is None:
            return obj.next_step
        shown = formats.day(obj.next_step_on)
        if obj.next_step_on >= timezone.localdate():
            return f"{obj.next_step} · {shown}"
        return format_html("{} · {}", obj.next_step, html.badge(shown, "late", quiet=True))

    def next_step_url(self, obj: Customer, user: Any) -> str:
        may = user.has_perm("crm.change_customer")
        return reverse("crm:customer-do", args=[obj.pk, "next-step"]) if may else ""

    def edit_url(self, obj: Customer, user: Any) -> str:
        return reverse("crm:customer-edit", args=[obj.pk]) if user.has_perm("crm.change_customer") else ""

    def facts(self, obj: Customer, request: HttpRequest) -> list[parts.Fact]:
        edit = self.edit_url(obj, request.user)
        return [
            parts.Fact(_("Owner"), str(obj.owner or ""), edit),
            parts.Fact(_("Tier"), obj.get_tier_display()),
            parts.Fact(_("Language"), obj.language_label),
            parts.Fact(_("Local time"), time_badge(obj.time_zone, obj.country)),
            parts.Fact(_("Industry"), obj.industry, edit),
            parts.Fact(_("Website"), html.link(obj.website, obj.website) if obj.website else "", edit),
            parts.Fact(_("Source"), obj.get_source_display()),
            parts.Fact(_("Last contact"), html.when(obj.last_contact_at) if obj.last_contact_at else _("never")),
            *([parts.Fact(_("Next touch"), touch_badge(obj))] if obj.touch_due_on else []),
            *return_facts(obj),
            *([parts.Fact(_("Service owner"), str(obj.service_owner))] if obj.service_owner else []),
        ]

    def related(self, obj: Customer, request: HttpRequest) -> list[parts.Related]:
        # Whoever sees the customer sees all of the customer's inquiries, calls, visits and receptions.
        found = []
        of: Any = obj
        inquiries, calls, records = of.inquiry_count or 0, of.call_count or 0, of.record_count or 0
        visits, receptions = of.visit_count or 0, of.reception_count or 0
        for kind, label, name, count in (
            ("inquiry", npgettext("counter", "Inquiry", "Inquiries", inquiries), "inquiries", inquiries),
            ("call", npgettext("counter", "Call", "Calls", calls), "calls", calls),
            (
                "servicerecord",
                npgettext("counter", "Service record", "Service records", records),
                "service-records",
                records,
            ),  # fmt: skip
            ("visit", npgettext("counter", "Visit", "Visits", visits), "visits", visits),
            ("reception", npgettext("counter", "Reception", "Receptions", receptions), "receptions", receptions),
        ):
            if request.user.has_perm(f"crm.view_{kind}"):
                found.append(parts.Related(label, f"{page_url(f'crm:{name}')}?view=all&customer={obj.pk}", count))
        return found

    def sections(self, obj: Customer, request: HttpRequest) -> list[object]:
        may_edit = request.user.has_perm("crm.change_contact")
        clock = time_badge(obj.time_zone, obj.country)
        people = list(obj.contacts.all())[:MOST_PEOPLE]
        mark_dead_addresses(people if any(one.has_dead_address for one in people) else [])
        contacts = draw_people(people, clock, get_token(request), may_edit=may_edit)
        addresses = draw_addresses(_addresses(obj.pk), may_edit=may_edit)
        found: list[object] = [
            parts.Section(_("Contacts"), contacts, action=_new(_("New contact"), "contact-new", obj, may_edit)),
            parts.Section(_("Addresses"), addresses, action=_new(_("New address"), "address-new", obj, may_edit)),
        ]
        if plan := plan_section(obj, request.user):
            found.append(plan)
        found += own_sections(obj, edit=self.edit_url(obj, request.user))
        if obj.remark:
            found.append(parts.Section(_("Remark"), render_to_string("crm/words.html", {"text": obj.remark})))
        return found

    def timeline_of(self, obj: Customer, request: HttpRequest) -> Any:
        found = history_with_merged(obj, **asked_of(self, request))
        here = obj.get_absolute_url()
        for entry in (*found.pinned, *found.entries):
            if entry.about_url.partition("#")[0] == here:  # no link from a page to itself
                entry.about = entry.about_url = ""
            elif entry.about_url and not may_open(request.user, entry.about_url):
                entry.about_url = ""
        return found


def own_sections(obj: Customer, *, edit: str) -> list[parts.Section]:
    """What own fields say, each section under its heading."""
    found: dict[str, list[parts.Fact]] = {}
    for field in OwnField.of():
        title = str(field.section) if field.section else _("Further details")
        found.setdefault(title, []).append(parts.Fact(str(field), own.shown(field, obj.own.get(field.code)), edit))
    return [parts.Section(title, draw_facts(facts)) for title, facts in found.items()]


def _new(label: str, route: str, obj: Customer, may_edit: bool) -> parts.Action | None:
    if not may_edit:
        return None
    return parts.Action(label, reverse(f"crm:{route}", args=[obj.pk]), icon="plus", opens_dialog=True)


# ---------------------------------------------------------------- forms


class EditCustomer(FormPage):
    """Change what we know about a customer."""

    permission = "crm.change_customer"
    title = gettext_lazy("Edit customer")
    template_name = "crm/customer_form.html"

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user).select_related("owner"), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        initial = CustomerForm.values_of(self.object)
        return CustomerForm(data, files, actor=self.request.user, initial=initial, own=self.object.own)

    def save(self, form: Any) -> HttpResponse:
        version = form.cleaned_data["version"] or 0
        customer = services.update_customer(self.object.pk, actor=self.request.user, version=version, **form.changes())
        return self.saved(customer, _("Saved."))

    def more(self, form: Any) -> dict[str, Any]:
        return {"twins_of": "customer", "exclude": self.object.pk}

    def fresh_version(self) -> object:
        return Customer.objects.values_list("version", flat=True).get(pk=self.object.pk)


class EditContact(FormPage):
    """Change what we know about a person."""

    permission = "crm.change_contact"
    title = gettext_lazy("Edit contact")

    def load(self, pk: int) -> None:
        self.contact = get_object_or_404(visible_contacts(self.request.user).select_related("customer"), pk=pk)
        self.object = self.contact.customer

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return ContactForm(data, files, customer=self.object, initial=ContactForm.values_of(self.contact))

    def save(self, form: Any) -> HttpResponse:
        version = form.cleaned_data["version"] or 0
        services.update_contact(self.contact.pk, actor=self.request.user, version=version, **form.values())
        return self.saved(self.object, _("Saved."))

    def fresh_version(self) -> object:
        return Contact.objects.values_list("version", flat=True).get(pk=self.contact.pk)


def contact_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A contact lives on its customer's page."""
    return redirect(get_object_or_404(visible_contacts(request.user), pk=pk).get_absolute_url())
