"""What we may send: chosen by the customer, behind the link in a message; declined by mail programs with one click."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crm.models import Contact
from crm.services import update_contact
from foundation.notifications.manners.kinds import kind_label, kind_of
from foundation.notifications.manners.links import PURPOSE
from foundation.notifications.manners.wish_form import WishForm
from foundation.notifications.manners.wishes import declined_by, is_unwanted
from foundation.notifications.models import Message, OptOut
from foundation.notifications.services.wishes import decline_like, set_wishes, take_back_like
from portal.reading import closed, opened, public, read_as
from portal.throttle import customer_page


class PreferencesForm(WishForm):
    """With the channel and the language that a contact of ours prefers."""

    preferred_channel = forms.ChoiceField(
        label=gettext_lazy("How we reach you best"), choices=Contact.Channel.choices, required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False)

    def __init__(self, data: Any = None, *, contact: Contact | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if contact is None:
            del self.fields["preferred_channel"], self.fields["language"]
        else:
            self.fields["preferred_channel"].initial = contact.preferred_channel
            self.fields["language"].initial = contact.spoken_language


def _open(request: HttpRequest, raw: str) -> Message | None:
    found = opened(PURPOSE, raw, Message, Message.objects.all())
    if found is None:
        return None
    message = found[1]
    read_as(request, message.language, message.time_zone)
    return message


def _contact_of(message: Message) -> Contact | None:
    sort, _colon, number = message.recipient_key.partition(":")
    if sort != "contact" or not number.isdigit():
        return None
    return Contact.objects.select_related("customer").filter(pk=int(number)).first()


@customer_page
def preferences(request: HttpRequest, raw: str) -> HttpResponse:
    """The choices. Looking at them changes nothing, whoever looks: programs follow every link of a mail."""
    message = _open(request, raw)
    if message is None:
        return closed(request)
    contact = _contact_of(message)
    declined = set(declined_by([message.recipient_key]).get(message.recipient_key, {}))
    form = PreferencesForm(request.POST if request.method == "POST" else None, declined=declined, contact=contact)
    if form.is_bound and form.is_valid():
        _save(message, contact, form)
        messages.success(request, _("Saved. Thank you for telling us."))
        return redirect("portal:wishes", raw=raw)
    kind = kind_of(message.kind)
    context = {
        "form": form,
        "raw": raw,
        "kind": kind_label(message.kind),
        "is_declined": is_unwanted(declined, kind, message.channel),
    }
    return public(request, "portal/wishes.html", context, status=422 if form.is_bound else 200)


def _save(message: Message, contact: Contact | None, form: PreferencesForm) -> None:
    set_wishes(
        message.recipient_key,
        form.unwanted(),
        customer_id=message.customer_id,
        how=OptOut.How.PAGE,
        subject=contact.customer if contact else message.subject or message,
    )
    if contact is not None:
        chosen = {
            name: form.cleaned_data[name] for name in ("preferred_channel", "language") if form.cleaned_data[name]
        }
        if chosen.get("language") == contact.spoken_language:
            del chosen["language"]
        update_contact(contact.pk, actor=None, **chosen)


@csrf_exempt
@login_not_required
def stop(request: HttpRequest, raw: str) -> HttpResponse:
    """RFC 8058: the mail program posts here, without a session or a form of ours; asking twice is the same as once.

    A person who opens the address in a browser gets the choices. No limit by address: all readers of one mail provider
    come from the same few.
    """
    if request.method != "POST":
        return redirect("portal:wishes", raw=raw)
    message = _open(request, raw)
    if message is None:
        return closed(request)
    decline_like(message, how=OptOut.How.LINK)
    return public(request, "portal/wishes_stopped.html", {"raw": raw, "kind": kind_label(message.kind)})


@customer_page
@require_POST
def stop_here(request: HttpRequest, raw: str) -> HttpResponse:
    """The button on the page: no more of this kind, or, pressed again, undone."""
    message = _open(request, raw)
    if message is None:
        return closed(request)
    if request.POST.get("undo"):
        take_back_like(message, how=OptOut.How.PAGE)
        messages.success(request, _("Undone: you will hear from us as before."))
    else:
        decline_like(message, how=OptOut.How.PAGE)
        messages.success(request, _("We will not send you this any more."))
    return redirect("portal:wishes", raw=raw)
