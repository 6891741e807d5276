"""The verbs behind the buttons of a ticket's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales import forms
from aftersales.models import Ticket
from aftersales.services import callbacks, tickets
from crm.models import Call
from foundation.journal.machine import actions
from foundation.ui.forms import ReasonForm


def _in_hand(ticket: Ticket, user: object) -> bool:
    return ticket.is_open and ticket.status not in (Ticket.Status.RECEIVED, Ticket.Status.RESOLVED)


def register() -> None:
    """Put the services behind the buttons, in the order in which they are shown."""
    actions.add(
        Call,
        "ticket",
        label=_("Open a ticket"),
        service=callbacks.ticket_of_call,
        permission="aftersales.add_ticket",
        available=callbacks.is_ticket_wanted,
        primary=True,
        done=_("A ticket is opened."),
    )
    actions.register(Ticket, "acknowledge", service=tickets.acknowledge_ticket)
    actions.add(
        Ticket,
        "propose",
        label=_("Propose a solution"),
        service=tickets.propose_solution,
        permission="aftersales.propose_solution",
        form=forms.ProposeForm,
        available=lambda ticket, user: ticket.status in (Ticket.Status.ACKNOWLEDGED, Ticket.Status.INVESTIGATING),
        primary=True,
        wants_context=True,
    )
    actions.register(Ticket, "investigate", service=tickets.investigate_ticket)
    actions.register(Ticket, "accept", service=tickets.accept_solution, form=forms.AcceptForm, wants_context=True)
    actions.register(Ticket, "reject", service=tickets.reject_solution, form=forms.RejectForm, wants_context=True)
    actions.add(
        Ticket,
        "resolve",
        label=_("Resolve with sign-off"),
        service=tickets.resolve_ticket,
        permission="aftersales.work_ticket",
        form=forms.ResolveForm,
        available=lambda ticket, user: ticket.status == Ticket.Status.ACCEPTED,
        primary=True,
        wants_context=True,
    )
    actions.register(Ticket, "close", service=tickets.close_ticket)
    _register_sides()
    actions.register(Ticket, "reopen", service=tickets.reopen_ticket, form=ReasonForm, wants_context=True)
    actions.register(Ticket, "cancel", service=tickets.cancel_ticket, form=ReasonForm, wants_context=True)


def _register_sides() -> None:
    """What may be done along the way, without a step forward."""
    actions.add(
        Ticket,
        "wait",
        label=_("Wait for the customer"),
        service=tickets.wait_for_customer,
        permission="aftersales.work_ticket",
        form=forms.WaitForm,
        available=lambda ticket, user: _in_hand(ticket, user) and ticket.waiting_since is None,
        wants_context=True,
    )
    actions.add(
        Ticket,
        "reply",
        label=_("Customer answered"),
        service=tickets.customer_replied,
        permission="aftersales.work_ticket",
        form=forms.ReplyForm,
        available=lambda ticket, user: ticket.is_open and ticket.waiting_since is not None,
        primary=True,
        wants_context=True,
    )
    actions.add(
        Ticket,
        "reassign",
        label=_("Hand over"),
        service=tickets.reassign_ticket,
        permission="aftersales.work_ticket",
        form=forms.ReassignForm,
        available=lambda ticket, user: ticket.is_open,
        wants_context=True,
    )
    actions.add(
        Ticket,
        "prioritise",
        label=_("Change the priority"),
        service=tickets.prioritise_ticket,
        permission="aftersales.work_ticket",
        form=forms.PriorityForm,
        available=lambda ticket, user: ticket.is_open,
        wants_context=True,
    )
