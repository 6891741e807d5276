"""A quote on the customer's own page: read, accept, decline. The link is the key; a visit alone changes nothing."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.journal.attachments import attachments_of, file_response
from foundation.journal.machine import Refused
from foundation.ui.submissions import submit_once
from orders.models import Quote
from orders.papers import quote_context
from orders.services import accept_quote, decline_quote
from orders.services.quotes import PAPER, TOKEN
from portal.forms.quotes import AcceptForm, DeclineForm
from portal.reading import closed, opened, public, read_as
from portal.throttle import customer_page

ROWS = Quote.objects.select_related("customer", "contact", "owner")


@customer_page
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def quote(request: HttpRequest, raw: str) -> HttpResponse:
    """Show the offer; a POST with `answer` accepts or declines it. At most six queries to show."""
    found = opened(TOKEN, raw, Quote, ROWS.exclude(status=Quote.Status.DRAFT))
    if found is None:
        return closed(request)
    offer = found[1]
    read_as(request, offer.language, offer.customer.time_zone)
    if request.method != "POST":
        return _page(request, raw, offer)
    return _decline(request, raw, offer) if request.POST.get("answer") == "decline" else _accept(request, raw, offer)


@customer_page
@require_safe
def quote_pdf(request: HttpRequest, raw: str) -> HttpResponse:
    """The paper as it was sent."""
    found = opened(TOKEN, raw, Quote, ROWS.exclude(status=Quote.Status.DRAFT))
    paper = attachments_of(found[1], purpose=PAPER).first() if found else None
    return cast(HttpResponse, file_response(paper)) if paper is not None else closed(request)


def _accept(request: HttpRequest, raw: str, offer: Quote) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, raw, offer, accept=form, status=422)
    try:
        accept_quote(offer.pk, actor=None, name=form.cleaned_data["name"], via="link")
    except Refused as refused:
        return _overtaken(request, raw, offer, refused)
    return redirect(request.path)


def _decline(request: HttpRequest, raw: str, offer: Quote) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, raw, offer, decline=form, status=422)
    try:
        decline_quote(offer.pk, actor=None, reason=form.cleaned_data["reason"], via="link")
    except Refused as refused:
        return _overtaken(request, raw, offer, refused)
    return redirect(request.path)


def _overtaken(request: HttpRequest, raw: str, offer: Quote, refused: Refused) -> HttpResponse:
    """Somebody answered in the meantime: show how it stands. Names of our people stay inside."""
    offer = ROWS.get(pk=offer.pk)
    return _page(request, raw, offer, status=409)


def _page(
    request: HttpRequest,
    raw: str,
    offer: Quote,
    *,
    accept: AcceptForm | None = None,
    decline: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_open = offer.status == Quote.Status.SENT and not offer.is_lapsed
    bound = accept or decline
    context: dict[str, Any] = {
        "offer": quote_context(offer),
        "is_open": is_open,
        "headline": _headline(offer),
        "state": offer.status,
        "accept_form": accept or AcceptForm(),
        "decline_form": decline or DeclineForm(),
        "is_declining": decline is not None,
        "form": bound,
        "raw": raw,
    }
    return public(request, "portal/quote.html", context, status=status)


def _headline(offer: Quote) -> str:
    """One sentence that says how the offer stands."""
    if offer.status == Quote.Status.SENT and offer.is_lapsed:
        return _("This offer is no longer valid. Please ask us for a new one.")
    sentences = {
        "sent": _("Please read our offer and tell us whether you accept it."),
        "accepted": _("You have accepted this offer. Thank you! We are preparing your order."),
        "declined": _("You have declined this offer. Thank you for letting us know."),
        "expired": _("This offer is no longer valid. Please ask us for a new one."),
        "superseded": _("This offer has been replaced by a new one."),
    }
    return str(sentences[offer.status])
