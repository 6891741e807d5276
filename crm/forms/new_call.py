"""Planning one call without coming from a customer's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.forms.calls import _usable
from crm.forms.fields import LineField, local_time_field
from crm.forms.visits import MOST_CUSTOMERS
from crm.models import Customer, Questionnaire
from crm.selectors import callers, visible_customers
from foundation.accounts.picking import ColleagueField


class NewCallForm(forms.Form):
    """Whom to call, when, and what about."""

    customer: Any = forms.ModelChoiceField(Customer.objects.none(), label=_("Customer"), empty_label=_("Please choose"))
    questionnaire: Any = forms.ModelChoiceField(
        Questionnaire.objects.none(), label=_("Questionnaire"), empty_label=None
    )
    owner = ColleagueField(label=_("Caller"), required=False)
    due_at = local_time_field(label=_("To be made at"), help_text=_("In your own time zone."))
    reason = LineField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, actor: Any, customer: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rows = visible_customers(actor).active()  # type: ignore[attr-defined]
        chosen = str((data or {}).get("customer") or (customer.pk if customer else ""))
        is_chosen = chosen.isascii() and chosen.isdigit() and len(chosen) < 18
        fields: Any = self.fields
        fields["customer"].queryset = rows.filter(pk=chosen) if is_chosen else rows.order_by("name")[:MOST_CUSTOMERS]
        fields["questionnaire"].queryset = _usable()
        fields["owner"].queryset = callers()
        if not actor.has_perm("crm.plan_call"):
            fields["owner"].queryset = callers().filter(pk=actor.pk)
            fields["owner"].required, fields["owner"].empty_label = True, None
        self.initial.setdefault("owner", actor.pk)
        if self.initial.get("due_at") is None:
            self.initial["due_at"] = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
