"""Asking us something: the page that starts a sale."""

from __future__ import annotations

import hashlib

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from crm.models import Inquiry
from crm.services import receive_inquiry
from foundation.journal.machine import Refused
from portal.forms.inquiry import InquiryForm, new_key
from portal.reading import public
from portal.throttle import customer_page

SALT = "portal.inquiry.thanks"
DAY = 24 * 3600


@require_safe
@customer_page
def landing(request: HttpRequest) -> HttpResponse:
    """Where a customer without a link begins."""
    return public(request, "portal/landing.html", {})


@customer_page
def ask(request: HttpRequest) -> HttpResponse:
    """The form; sending it twice makes one inquiry, and whatever is wrong keeps what was typed."""
    if request.method != "POST":
        return public(request, "portal/inquiry.html", {"form": InquiryForm()})
    form = InquiryForm(request.POST, request.FILES)
    if form.is_valid():
        if form.is_from_a_program:
            return _thanked("")
        try:
            return _thanked(_received(form).number)
        except Refused as refusal:
            form.add_error("attachments", refusal.message)
    return public(request, "portal/inquiry.html", {"form": form}, status=422)


def _received(form: InquiryForm) -> Inquiry:
    values = form.cleaned_data
    return receive_inquiry(
        actor=None,
        channel=Inquiry.Channel.WEB,
        language=get_language() or "en",
        priority=Inquiry.Priority.URGENT if values["urgent"] else Inquiry.Priority.NORMAL,
        request_key=_request_key(form),
        has_consented=values["has_consented"],
        files=values["attachments"],
        **{
            name: values[name]
            for name in (
                "contact_name",
                "company_name",
                "email",
                "phone",
                "country",
                "region",
                "subject",
                "text",
                "product_interest",
            )
        },
    )


def _request_key(form: InquiryForm) -> str:
    """The same form with the same words is one inquiry; going back and asking something else is another."""
    values = form.cleaned_data
    said = [values["key"] or new_key(), values["subject"], values["text"], values["email"], values["phone"]]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _thanked(number: str) -> HttpResponse:
    """The number travels signed in the address: the page can be reloaded, and nobody reads the numbers of others."""
    return redirect(f"{reverse('portal:inquiry-thanks')}?n={signing.dumps(number, salt=SALT)}")


@require_safe
@customer_page
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next, with the number to refer to."""
    try:
        number = signing.loads(request.GET.get("n", ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        number = ""
    return public(request, "portal/inquiry_thanks.html", {"number": str(number)})
