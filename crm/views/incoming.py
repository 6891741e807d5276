"""Incoming calls: the telephone system's door, the number typed, the list of calls that wait, and the note of one."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required, permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.forms.fields import LineField
from crm.forms.recordings import ASKED, AsksConsent
from crm.forms.records import FOLLOWING, Following
from crm.models import Contact, Customer, IncomingCall
from crm.ringing import ringing_for
from crm.selectors import sees_customer, visible_contacts, visible_customers, visible_incoming_calls
from crm.services.incoming import (
    BadNotice,
    dismiss_incoming_call,
    note_incoming_call,
    people_of,
    take_notice,
    take_number,
)
from crm.services.recordings import consent_said, is_kept_back, needs_consent
from foundation.journal.machine import Refused
from foundation.knowledge.panels import draw_helping
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import html, parts
from foundation.ui.forms import text_area
from foundation.ui.phones import LONGEST, e164
from foundation.ui.submissions import submit_once
from foundation.ui.webhooks import TurnedAway, read_signed

NOTE = "crm.note_incomingcall"
STATES = {"waiting": "soon", "noted": "done", "dismissed": "plain"}


# ---------------------------------------------------------------- the telephone system


@csrf_exempt
@login_not_required
@require_POST
def hook(request: HttpRequest) -> HttpResponse:
    """A signed, dated notice of a call. The same one again answers 200 and does nothing."""
    keys = settings.TELEPHONE_KEYS
    if not keys:
        raise Http404
    try:
        message_id, body = read_signed(request, keys)
    except TurnedAway as refusal:
        return refusal.answer
    try:
        notice = json.loads(body)
        if not isinstance(notice, dict):
            raise BadNotice("the body must be a JSON object")
        taken = take_notice(message_id, notice)
    except (BadNotice, ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, BadNotice) else "the body is not JSON"
        return JsonResponse({"error": said}, status=400)
    return JsonResponse({"taken": taken is not None})


# ---------------------------------------------------------------- people


@login_not_required
@require_safe
@never_cache
def ringing(request: HttpRequest) -> HttpResponse:
    """The call that rings at the reader's telephone, asked by open pages every few seconds; 204 for none.

    `X-Ringing: off` says that there is no need to ask again.
    """
    user = request.user
    if not user.is_authenticated:
        return HttpResponse(status=204, headers={"X-Ringing": "off"})
    pk = ringing_for(user)
    if pk is None:
        return HttpResponse(status=204)
    rows = IncomingCall.objects.select_related("customer__owner", "contact")
    call = rows.filter(pk=pk, status=IncomingCall.Status.WAITING).first()
    if call is None or not user.has_perm("crm.view_incomingcall"):
        return HttpResponse(status=204)
    context = {
        "call": call,
        "is_mine": visible_incoming_calls(user).filter(pk=call.pk).exists(),
        "sees_customer": call.customer_id is not None and sees_customer(user, call.customer_id),
    }
    return render(request, "crm/calls/ringing.html", context)


class IncomingCallList(ListPage):
    """Calls that reached us, those that wait for a note first."""

    model = IncomingCall
    title = gettext_lazy("Incoming calls")
    permission = "crm.view_incomingcall"
    ordering = ("-began_at", "-pk")
    has_search = False
    columns = (
        Column("who", gettext_lazy("Caller"), lambda one, page: html.link(one.customer.name if one.customer else str(one), one.get_absolute_url()),
               place="title", plain=lambda one, page: one.customer.name if one.customer else str(one)),
        Column("phone", gettext_lazy("Phone"), lambda one, page: html.phone(e164(one.phone), one.shown_number) if one.phone else one.phone_typed,
               place="fact", plain=lambda one, page: one.shown_number),
        Column("contact", gettext_lazy("Contact"), lambda one, page: one.contact.name if one.contact else "–"),
        Column("began", gettext_lazy("Began"), lambda one, page: html.when(one.began_at), sort="began_at", place="fact",
               plain=lambda one, page: one.began_at),
        Column("status", gettext_lazy("Status"), lambda one, page: html.badge(one.get_status_display(), STATES[one.status], quiet=True),
               sort="status", place="fact", plain=lambda one, page: one.get_status_display()),
        Column("missed", gettext_lazy("Answered"), lambda one, page: html.badge(_("nobody answered"), "late", quiet=True) if one.is_missed else "",
               plain=lambda one, page: _("nobody answered") if one.is_missed else ""),
        Column("owner", gettext_lazy("Colleague"), lambda one, page: str(one.owner or "–"), sort="owner__name"),
    )  # fmt: skip
    tabs = (
        Tab("waiting", gettext_lazy("To be noted"), lambda rows, request: rows.filter(status="waiting")),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user)),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> QuerySet[IncomingCall]:
        return visible_incoming_calls(user)

    def queryset(self) -> QuerySet[IncomingCall]:
        return (
            super()
            .queryset()
            .select_related("customer", "contact", "owner")
            .defer("customer__search", "contact__search")
        )

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm(NOTE):
            return []
        return [parts.Action(_("Type a number"), reverse("crm:incoming-number"), icon="phone", style="primary")]


class NumberForm(forms.Form):
    """A number as the display of the telephone shows it."""

    number = LineField(
        label=gettext_lazy("Number"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "autofocus": True}),
        help_text=gettext_lazy("In any writing: with country code, or as it is dialled in the customer's country."),
    )


@login_required
@permission_required(NOTE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def by_number(request: HttpRequest) -> HttpResponse:
    """Who is calling? One customer opens at once; of several, one is chosen; a stranger can be noted too."""
    typed = request.POST.get("number") or request.GET.get("number")
    form = NumberForm({"number": typed} if typed is not None else None)
    people: list[Contact] = []
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        found = people_of(number)
        seen = set(visible_contacts(request.user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
        people = [one for one in found if one.pk in seen]
        if request.method == "POST":
            asked = request.POST.get("contact", "")
            chosen = next((one for one in people if str(one.pk) == asked), people[0] if len(people) == 1 else None)
            return redirect(take_number(number, actor=request.user, contact=chosen).get_absolute_url())
    context = {"title": _("Incoming call"), "form": form, "people": people, "typed": typed or "",
               "crumbs": [parts.Crumb(_("Incoming calls"), reverse("crm:incoming-calls"))]}  # fmt: skip
    return render(request, "crm/calls/number.html", context, status=422 if form.errors else 200)


class NoteForm(Following, AsksConsent):
    """What was said, in as few entries as can be."""

    content = text_area(gettext_lazy("What was said"), rows=4)
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    number = LineField(
        label=gettext_lazy("Customer's number"), max_length=24, help_text=gettext_lazy("For instance C-00042.")
    )
    field_order = ("content", "contact", "number", *FOLLOWING, *ASKED)

    def __init__(self, data: Any = None, *, call: IncomingCall, user: Any) -> None:
        super().__init__(data, initial={"contact": call.contact_id})
        self.call, self.user = call, user
        if call.customer_id:
            del self.fields["number"]
            people: Any = self.fields["contact"]
            people.queryset = Contact.objects.filter(customer=call.customer_id, left_at=None)
        else:
            del self.fields["contact"]
            self.initial["number"] = self._known_by_now()
        self.say_planned()
        self.ask_consent(bool(call.recording_url) and not call.consent_how and needs_consent())

    def _known_by_now(self) -> str:
        """Whoever was entered under this number since it rang."""
        found = {one.customer_id for one in people_of(self.call.phone_typed)}
        customers = list(visible_customers(self.user).filter(pk__in=found)[:2]) if found else []
        return customers[0].number if len(customers) == 1 else ""

    def customer_of(self) -> Customer | None:
        return self.call.customer

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        self.found = visible_customers(self.user).filter(number__iexact=number).first()
        if self.found is None:
            raise forms.ValidationError(_("You know no customer of this number."))
        return number

    def clean(self) -> dict[str, Any]:
        """With the consent to the recording, where one is kept and nobody has told of it."""
        values = super().clean() or {}
        values["recording"] = self.consent_given(values, is_recorded=True)
        return values

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "number"}
        customer: Customer = self.call.customer or self.found  # type: ignore[assignment]
        return {**values, "customer": customer}


def _find(request: HttpRequest, pk: int) -> IncomingCall:
    rows = visible_incoming_calls(request.user).select_related("customer__owner", "contact", "owner", "service_record")
    try:
        call = rows.filter(pk=pk).first()
    except OverflowError:
        call = None
    if call is None:
        raise Http404
    return call


@login_required
@permission_required("crm.view_incomingcall", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def incoming_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Who called, and what was said."""
    call = _find(request, pk)
    may_note = call.status == IncomingCall.Status.WAITING and request.user.has_perm(NOTE)
    form = NoteForm(request.POST if request.method == "POST" else None, call=call, user=request.user)
    status = 200
    if request.method == "POST":
        if not request.user.has_perm(NOTE):
            raise Http404
        status = 422
        if form.is_valid():
            try:
                done = note_incoming_call(call.pk, actor=request.user, **form.values())
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = 409
            else:
                messages.success(request, _("The call is noted."))
                place = done.customer if done.customer and sees_customer(request.user, done.customer.pk) else done
                return redirect(place.get_absolute_url())
    opens = call.customer_id is not None and sees_customer(request.user, call.customer_id)
    context = {"title": _("Incoming call"), "call": call, "sees_customer": opens, "form": form, "helps": draw_helping(call, request.user), "may_note": may_note or form.is_bound,
               "is_kept_back": is_kept_back(call), "consent": consent_said(call),
               "badge": html.badge(call.get_status_display(), STATES[call.status]),
               "phone": html.phone(e164(call.phone), call.shown_number) if call.phone else call.phone_typed,
               "crumbs": [parts.Crumb(_("Incoming calls"), reverse("crm:incoming-calls"))]}  # fmt: skip
    return render(request, "crm/calls/incoming.html", context, status=status)


@login_required
@permission_required(NOTE, raise_exception=True)
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing to note."""
    call = _find(request, pk)
    try:
        dismiss_incoming_call(call.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(call.get_absolute_url())
    messages.success(request, _("Nothing is noted of this call."))
    return redirect(reverse("crm:incoming-calls"))
