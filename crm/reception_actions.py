"""The services behind the buttons of receptions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm import services
from crm.forms.receptions import CancelReceptionForm, ChangeReceptionForm, EndForm, MoveForm, WhyForm
from crm.models import Reception
from crm.services.receptions import may_lead
from foundation.journal.machine import actions

RIGHT = "crm.hold_reception"


def register() -> None:
    """Called once, when the apps are ready."""
    for name, service, form, done in (
        ("arrive", services.arrive, None, _("Welcome: the steps can be ticked.")),
        ("finish", services.finish_reception, EndForm, _("The outcome is kept.")),
        ("miss", services.miss_reception, WhyForm, _("Noted: nobody came.")),
        ("cancel", services.cancel_reception, CancelReceptionForm, _("The reception is cancelled.")),
    ):
        actions.register(Reception, name, service=service, form=form, wants_context=form is not None, done=done)
    actions.add(
        Reception,
        "reschedule",
        label=_("Move to another time"),
        service=services.reschedule_reception,
        permission=RIGHT,
        form=MoveForm,
        wants_context=True,
        available=lambda one, user: one.status == Reception.Status.PLANNED and may_lead(one, user),
        done=_("The reception is moved."),
    )
    actions.add(
        Reception,
        "change",
        label=_("Change what it is about"),
        service=services.change_reception,
        permission=RIGHT,
        form=ChangeReceptionForm,
        wants_context=True,
        available=lambda one, user: one.status == Reception.Status.PLANNED and may_lead(one, user),
        done=_("Saved."),
    )
