"""Quotes: list, record, create, edit, paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.models import Customer, Inquiry
from crm.selectors import visible_customers, visible_inquiries
from foundation.documents.pdf import PdfRefused
from foundation.journal.attachments import attachments_of, file_response
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.places import language_name
from foundation.ui.submissions import submit_once
from orders import services
from orders.filters import QuoteFilter
from orders.forms.heads import QuoteForm
from orders.forms.lines import initial_lines
from orders.models import Quote, SalesPolicy
from orders.papers import print_quote, quote_context
from orders.pricing import line_amount
from orders.putting import asked_currency, asked_line
from orders.selectors import breakdown, visible_quotes
from orders.services.quotes import PAPER, totals_of
from orders.views.editing import Editor, asked_for, choose_customer

MARKS = {
    "draft": "plain",
    "sent": "in-time",
    "accepted": "done",
    "declined": "plain",
    "expired": "paused",
    "superseded": "plain",
}
LIST = gettext_lazy("Quotes")


def status_badge(quote: Quote) -> object:
    """The state in a word, with its mark; a lapsed offer says so before the sweep does."""
    if quote.status == Quote.Status.SENT and quote.is_lapsed:
        return html.badge(_("No longer valid"), "late")
    return html.badge(quote.get_status_display(), MARKS[quote.status])


def _waiting(rows: Any, _request: HttpRequest) -> Any:
    return rows.awaiting_answer()


def _lapsed(rows: Any, _request: HttpRequest) -> Any:
    return rows.lapsed(today=timezone.localdate())


class QuoteList(ListPage):
    """Every quote that this person may see."""

    model = Quote
    title = LIST
    permission = "orders.view_quote"
    filterset_class = QuoteFilter
    ordering = ("-created_at", "-pk")
    columns = (
        Column(
            "number",
            gettext_lazy("Number"),
            lambda q, p: html.link(q.reference, q.get_absolute_url(), css="nr"),
            sort="number",
            place="title",
            plain=lambda q, p: q.reference,
        ),  # fmt: skip
        Column(
            "customer",
            gettext_lazy("Customer"),
            lambda q, p: html.link(q.customer.name, q.customer.get_absolute_url()),
            sort="customer__name",
            place="fact",
        ),  # fmt: skip
        Column("status", gettext_lazy("State"), lambda q, p: status_badge(q), place="end"),
        Column("terms", gettext_lazy("Terms of delivery"), lambda q, p: f"{q.incoterm} {q.incoterm_place}"),
        Column(
            "total",
            gettext_lazy("Total"),
            lambda q, p: formats.money(q.total, q.currency),
            sort="total",
            place="fact",
            is_number=True,
            plain=lambda q, p: q.total,
        ),  # fmt: skip
        Column(
            "valid_until",
            gettext_lazy("Valid until"),
            lambda q, p: html.day(q.valid_until),
            sort="valid_until",
            plain=lambda q, p: q.valid_until,
        ),  # fmt: skip
        Column("owner", gettext_lazy("Owner"), lambda q, p: str(q.owner or "–"), sort="owner__name"),
        Column(
            "created",
            gettext_lazy("Created"),
            lambda q, p: html.when(q.created_at),
            sort="created_at",
            plain=lambda q, p: q.created_at,
        ),  # fmt: skip
    )
    tabs = (
        Tab("open", gettext_lazy("Open"), lambda rows, request: rows.filter(status__in=("draft", "sent"))),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user)),
        Tab("waiting", gettext_lazy("Waiting for an answer"), _waiting),
        Tab("lapsed", gettext_lazy("No longer valid"), _lapsed),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> Any:
        return visible_quotes(user)

    def queryset(self) -> Any:
        return self.visible(self.request.user).select_related("customer", "owner")

    def links(self) -> list[parts.Action]:
        return [parts.Action(_("Orders"), reverse("orders:orders"), icon="clipboard-document-check")]

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("orders.add_quote"):
            return []
        return [parts.Action(_("New quote"), reverse("orders:quote-new"), icon="plus", style="primary")]

    def row_state(self, obj: Quote) -> str:
        return "late" if obj.status == Quote.Status.SENT and obj.is_lapsed else ""


class QuotePage(RecordPage):
    """One version of an offer."""

    model = Quote
    namespace = "orders"
    name = "quote"
    type_label = gettext_lazy("Quote")
    list_label = LIST
    list_name = "quotes"
    permission = "orders.view_quote"

    def visible(self, user: Any) -> Any:
        return visible_quotes(user).select_related(
            "customer__owner",
            "contact",
            "owner__team",
            "inquiry",
            "order",
            "replaces",
            "replaced_by",
            "created_by",
            "payment_term",
        )

    def title(self, obj: Quote) -> str:
        return f"{obj.reference} · {obj.customer.name}"

    def subtitle(self, obj: Quote, request: HttpRequest) -> object:
        links = [html.link(obj.customer.name, obj.customer.get_absolute_url())]
        if obj.inquiry:
            links.append(html.link(f"{_('Inquiry')} {obj.inquiry.number}", obj.inquiry.get_absolute_url()))
        if obj.replaces:
            links.append(html.link(f"{_('Replaces')} {obj.replaces.reference}", obj.replaces.get_absolute_url()))
        if newer := getattr(obj, "replaced_by", None):
            links.append(html.link(f"{_('Replaced by')} {newer.reference}", newer.get_absolute_url()))
        if order := getattr(obj, "order", None):
            links.append(html.link(f"{_('Order')} {order.number}", order.get_absolute_url()))
        links.append(html.link(_("PDF"), reverse("orders:quote-pdf", args=[obj.pk])))
        return mark_safe(" · ".join(links))  # each is escaped

    def facts(self, obj: Quote, request: HttpRequest) -> list[parts.Fact]:
        return [
            parts.Fact(_("Total"), formats.money(obj.total, obj.currency)),
            parts.Fact(
                _("Terms of delivery"), f"{obj.incoterm} {obj.incoterm_place}, Incoterms® {obj.incoterm_edition}"
            ),
            parts.Fact(_("Payment terms"), str(obj.payment_term or ""), self.edit_url(obj, request.user)),
            parts.Fact(_("Valid until"), formats.day(obj.valid_until)),
            parts.Fact(_("Contact"), str(obj.contact or ""), self.edit_url(obj, request.user)),
            parts.Fact(_("Language"), language_name(obj.language)),
            parts.Fact(_("Owner"), str(obj.owner or "")),
            parts.Fact(_("Sent"), html.when(obj.sent_at) if obj.sent_at else "–"),
            parts.Fact(_("Created"), html.two_lines(formats.moment(obj.created_at), obj.created_by or "")),
        ]

    def sections(self, obj: Quote, request: HttpRequest) -> list[object]:
        context = quote_context(obj)
        lines = render_to_string("orders/parts/lines.html", context)
        money = render_to_string("orders/parts/breakdown.html", {"breakdown": context})
        found: list[object] = [
            parts.Section(_("Lines"), mark_safe(lines), "lines"),
            parts.Section(_("What the price is made of"), mark_safe(money), "breakdown-section"),
        ]
        words = [text for text in (obj.intro, obj.terms) if text]
        if words:
            found.append(
                parts.Section(
                    _("Words to the customer"), mark_safe(render_to_string("orders/parts/words.html", {"words": words}))
                )
            )
        return found

    def edit_url(self, obj: Quote, user: Any) -> str:
        may = obj.status == Quote.Status.DRAFT and user.has_perm("orders.change_quote")
        return reverse("orders:quote-edit", args=[obj.pk]) if may else ""

    def after(self, obj: Any, action: str, result: Any) -> str:
        follow = action in ("supersede", "accept") and result is not None
        return str(result.get_absolute_url() if follow else obj.get_absolute_url())


# ---------------------------------------------------------------- create and edit


@permission_required("orders.add_quote", raise_exception=True)
@submit_once
def quote_new(request: HttpRequest) -> HttpResponse:
    """Start a quote for `?customer=` or for the inquiry `?inquiry=`."""
    crumbs = [parts.Crumb(LIST, reverse("orders:quotes"))]
    inquiry, customer = _for_whom(request)
    if customer is None:
        return choose_customer(request, title=_("New quote: for which customer?"), crumbs=crumbs)
    contact = (inquiry.contact if inquiry else None) or customer.contacts.filter(left_at=None).first()
    policy = SalesPolicy.current()
    initial = {
        "contact": contact,
        "language": supported_language(contact.spoken_language if contact else customer.language),
        "currency": asked_currency(request),
        "incoterm": "CIF",
        "valid_until": timezone.localdate() + dt.timedelta(days=policy.validity_days),
        "insurance_rate": policy.insurance_rate,
        "insured_percent": policy.insured_percent,
    }

    def save(form: QuoteForm, formset: Any) -> Quote:
        return services.create_quote(
            actor=request.user,
            customer=customer,
            inquiry=inquiry,
            lines=formset.lines(),
            costs=form.costs(),
            **form.values(),
        )

    return Editor(
        request,
        QuoteForm,
        customer,
        _("New quote for %(customer)s") % {"customer": customer.name},
        initial,
        asked_line(request, currency=asked_currency(request)),
        save,
        _("Quote saved as a draft."),
        customer.get_absolute_url(),
        crumbs,
        preview=_preview,
    ).respond()


@permission_required("orders.change_quote", raise_exception=True)
@submit_once
def quote_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    quote = get_object_or_404(visible_quotes(request.user).select_related("customer", "contact"), pk=pk)
    if quote.status != Quote.Status.DRAFT and request.method != "POST":
        return redirect(quote.get_absolute_url())

    def save(form: QuoteForm, formset: Any) -> Quote:
        return services.update_quote(
            pk,
            actor=request.user,
            seen=form.cleaned_data["seen"],
            lines=formset.lines(),
            costs=form.costs(),
            **form.values(),
        )

    return Editor(
        request,
        QuoteForm,
        quote.customer,
        _("Edit quote %(number)s") % {"number": quote.reference},
        QuoteForm.initial_of(quote),
        [*initial_lines(quote.lines.select_related("product")), *asked_line(request, currency=quote.currency)],
        save,
        _("Quote saved."),
        quote.get_absolute_url(),
        [parts.Crumb(LIST, reverse("orders:quotes")), parts.Crumb(quote.reference, quote.get_absolute_url())],
        preview=_preview,
        stored=lambda: {"breakdown": quote_context(quote)},
    ).respond()


def supported_language(code: str) -> str:
    """A language in which we have papers: the customer's, or English."""
    known = dict(Quote._meta.get_field("language").flatchoices)
    return code if code in known else "en"


def _for_whom(request: HttpRequest) -> tuple[Inquiry | None, Customer | None]:
    inquiry, wanted = None, asked_for(request, "customer")
    if key := asked_for(request, "inquiry"):
        inquiry = get_object_or_404(visible_inquiries(request.user).select_related("customer", "contact"), pk=key)
        wanted = inquiry.customer_id or wanted
    if wanted is None:
        return inquiry, None
    return inquiry, get_object_or_404(visible_customers(request.user), pk=wanted)


def _preview(form: QuoteForm, formset: Any) -> dict[str, Any]:
    """The breakdown of what is typed so far; a sentence where it cannot be worked out."""
    valid = form.is_valid() & formset.is_valid()
    values = form.cleaned_data
    needed = ("currency", "incoterm", "insurance_rate", "insured_percent")
    if not valid and (any(values.get(name) is None for name in needed) or any(formset.errors)):
        return {"breakdown_hint": _("Complete the numbers to see what the price is made of.")}
    quote = Quote(**{name: values[name] for name in needed}, incoterm_place=values.get("incoterm_place", ""))
    amounts = [line_amount(line.quantity, line.unit_price, quote.currency) for line in formset.lines()]
    try:
        totals = totals_of(quote, amounts, form.costs())
    except Refused as refused:
        return {"breakdown_hint": refused.message}
    found = breakdown(
        code=quote.incoterm,
        edition=quote.incoterm_edition,
        goods=totals.goods,
        costs=totals.costs,
        total=totals.total,
        rate=quote.insurance_rate,
        insured_percent=quote.insured_percent,
        currency=quote.currency,
    )
    return {"breakdown": breakdown_context(found, quote)}


def breakdown_context(found: Any, quote: Quote) -> dict[str, Any]:
    """A breakdown as the template takes it, in the active language."""

    def money(amount: Decimal) -> str:
        return formats.money(amount, quote.currency)

    return {
        "parts": [
            {
                "label": p.label,
                "payer": p.payer_label,
                "is_ours": p.amount is not None,
                "note": p.note,
                "amount": money(p.amount) if p.amount is not None else "",
            }
            for p in found.parts
        ],
        "term": f"{quote.incoterm} {quote.incoterm_place}".strip(),
        "total": money(found.total),
        "insured": money(found.insured),
        "insured_percent": formats.number(quote.insured_percent.normalize()),
    }


# ---------------------------------------------------------------- paper


@permission_required("orders.view_quote", raise_exception=True)
@require_safe
def quote_pdf(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The paper: as it was sent, or printed now while the quote is a draft."""
    quote = get_object_or_404(visible_quotes(request.user).select_related("customer", "contact", "owner"), pk=pk)
    kept = attachments_of(quote, purpose=PAPER).first()
    if kept is not None:
        return file_response(kept)
    try:
        data = print_quote(quote)
    except PdfRefused as refused:
        messages.error(request, refused.message)
        return redirect(quote.get_absolute_url())
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{quote.reference}.pdf"'
    response["Content-Language"] = get_language() or "en"
    return response
