"""Entering a customer or a contact: whoever may be known already is shown while it is typed, and asked about when it is saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import services
from crm.duplicates import Match, find_matches
from crm.forms.customers import ContactForm, NewCustomerForm
from crm.models import IncomingCall
from crm.selectors import visible_customers, visible_incoming_calls
from crm.views.duplicates import hint_context, typed_entry
from crm.views.forms import FormPage, asked_key
from foundation.journal.machine import Refused
from foundation.ui.addresses import page_url


class NewCustomer(FormPage):
    """A customer that we have just come to know; `?incoming=` names the call of a number that nobody knew."""

    permission = "crm.add_customer"
    title = gettext_lazy("New customer")
    template_name = "crm/customer_form.html"
    found: tuple[Match, ...] = ()

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        call = self._incoming()
        phone = {"contact_phone": call.shown_number} if call is not None else {}
        initial = {"owner": self.request.user.pk, "source": "phone", **phone}
        return NewCustomerForm(data, files, actor=self.request.user, initial=initial)

    def _incoming(self) -> IncomingCall | None:
        pk = asked_key(self.request, "incoming")
        if pk is None:
            return None
        return visible_incoming_calls(self.request.user).waiting().filter(pk=pk).first()

    def cancel_url(self) -> str:
        call = self._incoming()
        return call.get_absolute_url() if call is not None else page_url("crm:customers")

    def save(self, form: Any) -> HttpResponse:
        values = form.customer_values()
        values.setdefault("owner", self.request.user)
        likely = self._likely(form)
        reason = form.cleaned_data.get("duplicate_reason", "")
        if likely and not reason:
            form.ask_why()
            raise Refused(
                _("This customer may be known already, see below. Use the known one, or say why this is another."),
                reason="input",
                field="duplicate_reason",
            )
        customer = services.enter_customer(
            actor=self.request.user,
            apart_from=[(one.customer.pk, list(one.reasons)) for one in likely],
            duplicate_reason=reason if likely else "",
            **values,
        )
        return self.saved(self._incoming() or customer, _("The customer is created."))

    def _likely(self, form: Any) -> list[Match]:
        matches = find_matches(self.request.user, typed_entry(form.cleaned_data))
        self.found = tuple(matches)
        return [one for one in matches if one.is_likely]

    def more(self, form: Any) -> dict[str, Any]:
        return {"twins_of": "customer", "exclude": "", **hint_context(self.request, list(self.found))}


class NewContact(FormPage):
    """Somebody more at the customer."""

    permission = "crm.add_contact"
    title = gettext_lazy("New contact")
    template_name = "crm/customer_form.html"

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return ContactForm(data, files, customer=self.object)

    def save(self, form: Any) -> HttpResponse:
        services.add_contact(self.object.pk, actor=self.request.user, **form.values())
        return self.saved(self.object, _("The contact is added."))

    def more(self, form: Any) -> dict[str, Any]:
        return {"twins_of": "person", "exclude": self.object.pk}
