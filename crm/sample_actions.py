"""The services behind the buttons of samples and technical requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.forms import samples as forms
from crm.forms import technical as drawing_forms
from crm.models import Sample, TechnicalRequest
from crm.services import drawings, samples, technical
from foundation.journal.machine import actions

# name of the transition, service, form, what is said then
Step = tuple[str, Callable[..., Any], Any, Any]


def register() -> None:
    """Called once, when the apps are ready."""
    steps: list[Step] = [
        ("send", samples.send_sample, forms.SendForm, _("Sent: the customer hears of it.")),
        ("prepare", samples.prepare_sample, None, _("The samples are ready.")),
        ("receive", samples.receive_sample, forms.ReceiveForm, _("The receipt is noted.")),
        ("approve", samples.approve_sample, forms.ApproveForm, _("The approval is noted.")),
        ("reject", samples.reject_sample, forms.RejectForm, _("The rejection is noted.")),
        ("cancel", samples.cancel_sample, forms.WhyForm, _("The sample is cancelled.")),
    ]
    for name, service, form, done in steps:
        actions.register(Sample, name, service=service, form=form, wants_context=form is not None, done=done)
    _register_more()
    steps = [
        ("take", technical.take_request, None, _("It is yours.")),
        ("answer", technical.answer_question, drawing_forms.AnswerForm, _("Answered: the clock runs again.")),
        ("draw", drawings.submit_drawings, drawing_forms.DrawForm, _("Submitted: a second person releases it.")),
        ("issue", drawings.submit_drawings, drawing_forms.DrawForm, _("Submitted: it may go to the customer.")),
        ("release", drawings.release_drawings, drawing_forms.ReleaseForm, _("Released: it may go to the customer.")),
        ("send", drawings.send_drawings, drawing_forms.SendForm, _("The drawings are on their way.")),
        ("approve", drawings.approve_drawings, drawing_forms.ApproveForm, _("The approval is noted.")),
        ("ask_changes", drawings.ask_changes, drawing_forms.ChangesForm, _("The technical team draws it anew.")),
        ("ask", technical.ask_back, drawing_forms.AskForm, _("Asked: the clock stands still.")),
        ("send_back", drawings.return_drawings, drawing_forms.ReturnForm, _("Returned to the one who drew it.")),
        ("finish", technical.finish_request, None, _("Done.")),
        ("abandon", technical.abandon_request, drawing_forms.AbandonForm, _("The request is closed.")),
    ]
    for name, service, form, done in steps:
        actions.register(TechnicalRequest, name, service=service, form=form, wants_context=form is not None, done=done)
    _register_technical()


def _is_with_customer(sample: Sample, user: Any) -> bool:
    return sample.status in Sample.WITH_CUSTOMER


def _register_more() -> None:
    actions.add(
        Sample,
        "ask",
        label=_("Ask for the decision"),
        service=samples.ask_decision,
        permission="crm.decide_sample",
        available=_is_with_customer,
        done=_("The customer is asked, with a page to answer on."),
    )
    actions.add(
        Sample,
        "follow-up",
        label=_("Spoken to, not decided"),
        service=samples.note_follow_up,
        permission="crm.decide_sample",
        form=forms.FollowUpForm,
        wants_context=True,
        available=_is_with_customer,
        done=_("Noted; you are reminded to ask again."),
    )
    actions.add(
        Sample,
        "again",
        label=_("Request new samples"),
        service=samples.request_again,
        permission="crm.add_sample",
        form=forms.AgainForm,
        wants_context=True,
        primary=True,
        available=lambda one, user: one.status == Sample.Status.REJECTED,
        done=_("New samples are requested instead."),
    )


def _register_technical() -> None:
    actions.add(
        TechnicalRequest,
        "assign",
        label=_("Hand over"),
        service=technical.assign_request,
        permission=technical.DRAW,
        form=drawing_forms.AssignForm,
        wants_context=True,
        available=lambda one, user: one.status in TechnicalRequest.TO_DRAW,
        done=_("The request is handed over."),
    )
    actions.add(
        TechnicalRequest,
        "remind",
        label=_("Ask again"),
        service=drawings.ask_approval,
        permission="crm.send_technicalrequest",
        available=lambda one, user: one.status == TechnicalRequest.Status.SENT,
        done=_("The customer is asked again."),
    )
