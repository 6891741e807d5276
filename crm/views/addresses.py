"""The places of a customer: the form follows the country."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import services
from crm.forms.addresses import RESHAPE, AddressForm
from crm.selectors import visible_addresses, visible_customers
from crm.views.forms import FormPage
from foundation.ui import postal


class AddressPage(FormPage):
    """The form of an address; asked for another country, it comes back in that country's shape with what was typed."""

    country = ""

    def first_values(self) -> dict[str, Any]:
        """What the form starts with."""
        raise NotImplementedError

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return AddressForm(data, files, country=self.country, initial=self.first_values())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Another shape, or the address is kept."""
        if RESHAPE not in request.POST:
            return super().post(request, **kwargs)
        typed: dict[str, Any] = {
            name: request.POST.get(name, "") for name in AddressForm.base_fields if name in request.POST
        }
        typed["is_default"] = "is_default" in request.POST
        known = {**self.first_values(), **typed}
        country = str(known["country"])
        known |= dict.fromkeys(set(postal.PARTS) - set(postal.form_of(country).parts), "")
        return self.show(AddressForm(country=country, initial=known))


class NewAddress(AddressPage):
    """A place more."""

    permission = "crm.add_address"
    title = gettext_lazy("New address")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user), pk=pk)
        self.country = self.object.country

    def first_values(self) -> dict[str, Any]:
        return {"country": self.object.country, "recipient": self.object.name}

    def save(self, form: Any) -> HttpResponse:
        services.add_address(self.object.pk, actor=self.request.user, **form.values())
        return self.saved(self.object, _("The address is added."))


class EditAddress(AddressPage):
    """Change a place."""

    permission = "crm.change_address"
    title = gettext_lazy("Edit address")

    def load(self, pk: int) -> None:
        self.address = get_object_or_404(visible_addresses(self.request.user).select_related("customer"), pk=pk)
        self.object = self.address.customer
        self.country = self.address.country

    def first_values(self) -> dict[str, Any]:
        return AddressForm.values_of(self.address)

    def save(self, form: Any) -> HttpResponse:
        services.update_address(self.address.pk, actor=self.request.user, **form.values())
        return self.saved(self.object, _("Saved."))
