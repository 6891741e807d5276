"""What a contact wants to hear, entered for them by a colleague; addresses that are tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.people import recipient_of_contact
from crm.selectors import visible_contacts
from crm.views.forms import FormPage
from foundation.journal.machine import Refused
from foundation.notifications.manners.kinds import kind_label
from foundation.notifications.manners.leaving import if_written_now
from foundation.notifications.manners.wish_form import WishForm
from foundation.notifications.manners.wishes import declined_by
from foundation.notifications.models import OptOut
from foundation.notifications.services import addresses
from foundation.notifications.services.wishes import set_wishes


class ContactWishes(FormPage):
    """Kinds of messages by channels: what is ticked is wanted."""

    permission = "crm.change_contact"
    title = gettext_lazy("What this person wants to hear")

    def load(self, pk: int) -> None:
        self.contact = get_object_or_404(visible_contacts(self.request.user).select_related("customer"), pk=pk)
        self.object = self.contact.customer
        person = recipient_of_contact(self.contact)
        service = f"{kind_label('order')}: {if_written_now(person, 'order', 'email')}"
        self.lead = f"{self.contact.name} · {service}"  # type: ignore[misc]
        self.key = f"contact:{pk}"

    def make_form(self, data: Any = None, files: Any = None) -> WishForm:
        declined = set(declined_by([self.key]).get(self.key, {}))
        return WishForm(data, declined=declined, person=recipient_of_contact(self.contact))

    def save(self, form: Any) -> HttpResponse:
        set_wishes(
            self.key,
            form.unwanted(),
            customer_id=self.object.pk,
            how=OptOut.How.COLLEAGUE,
            subject=self.object,
            actor=self.request.user,
        )
        return self.saved(self.object, _("Saved."))


@require_POST
@permission_required("crm.change_contact", raise_exception=True)
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send to an address of this contact again although earlier messages came back."""
    contact = get_object_or_404(visible_contacts(request.user).select_related("customer"), pk=pk)
    person = recipient_of_contact(contact)
    channel = "sms" if request.POST.get("channel") == "sms" else "email"
    address = request.POST.get("address", "")[:254]
    known = {"sms": [person.phone], "email": [person.email, person.other_email]}[channel]
    try:
        if address not in known:
            raise Refused(_("This is no address of that person."))
        addresses.try_again(channel, address, actor=request.user, subject=contact.customer)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Messages go to this address again."))
    return redirect(contact.get_absolute_url())
