"""The verbs behind the buttons of a restock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from catalog.forms.stock import ArriveForm, RestockForm
from catalog.models import Restock
from catalog.services import restocks
from foundation.journal.machine import actions
from foundation.ui.forms import ReasonForm


def register() -> None:
    """Called once, when the apps are ready."""
    actions.register(Restock, "arrive", service=restocks.arrive_restock, form=ArriveForm, wants_context=True)
    actions.add(
        Restock,
        "change",
        label=_("Another day or quantity"),
        service=restocks.change_restock,
        permission="catalog.change_restock",
        form=RestockForm,
        available=lambda restock, user: restock.status == Restock.Status.EXPECTED,
        wants_context=True,
    )
    actions.register(Restock, "cancel", service=restocks.cancel_restock, form=ReasonForm, wants_context=True)
