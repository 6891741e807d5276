"""Planning one call: from the calendar, where no customer is chosen yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import services
from crm.forms.new_call import NewCallForm
from crm.models import Customer
from crm.selectors import visible_customers
from crm.views.forms import FormPage, asked_start
from foundation.ui.addresses import page_url


class NewCall(FormPage):
    """Plan a call; `?customer=` knows whom, `?start=` when."""

    permission = "crm.make_call"
    title = gettext_lazy("Plan a call")
    submit = gettext_lazy("Plan the call")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        customer = self._customer()
        initial = {"customer": customer.pk if customer else None, "due_at": asked_start(self.request)}
        return NewCallForm(data, actor=self.request.user, customer=customer, initial=initial)

    def _customer(self) -> Customer | None:
        asked = self.request.GET.get("customer", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
            return None
        return visible_customers(self.request.user).filter(pk=asked).first()

    def save(self, form: Any) -> HttpResponse:
        values = dict(form.cleaned_data)
        customer = values.pop("customer")
        call = services.plan_call(customer.pk, actor=self.request.user, **values)
        return self.saved(call, _("Call %(number)s is planned.") % {"number": call.number})

    def cancel_url(self) -> str:
        return page_url("crm:calls")
