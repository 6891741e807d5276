"""One page with one form: shown, refused with everything kept, or saved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from foundation.journal.machine import Refused
from foundation.ui import formats, parts
from foundation.ui.submissions import submit_once


def asked_key(request: HttpRequest, name: str) -> int | None:
    """The record that the address names (`?incoming=12`); None for none."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def asked_start(request: HttpRequest) -> datetime | None:
    """The beginning that the address names (`?start=2026-11-26T10:00`), by the reader's clock; None for none."""
    try:
        return datetime.fromisoformat(request.GET.get("start", "")[:16]).replace(tzinfo=None)
    except ValueError:
        return None


def now_said(form: forms.BaseForm) -> list[str]:
    """What the record says by now where the form says otherwise: saving it again would put that back."""
    found = [f"{one.label}: {_in_words(one)}" for one in form.visible_fields() if one.name in form.changed_data]
    return [gettext("The record says now: %(values)s.") % {"values": " · ".join(found)}] if found else []


def _in_words(bound: forms.BoundField) -> str:
    value, field = bound.initial, bound.field
    if value in (None, "", []):
        return "–"
    if isinstance(field, forms.BooleanField):
        return gettext("Yes") if value else gettext("No")
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=getattr(value, "pk", value)).first() or "–")  # type: ignore[union-attr]
    if isinstance(field, forms.ChoiceField):
        kept = {str(one) for one in (value if isinstance(value, list | tuple) else [value])}
        return ", ".join(str(label) for key, label in field.choices if str(key) in kept) or str(value)  # type: ignore[misc, union-attr]
    if isinstance(value, datetime):
        return formats.moment(value)
    return formats.day(value) if isinstance(value, date) else str(value)


@method_decorator(cast(Any, submit_once), name="dispatch")
class FormPage(View):
    """A form on a page of its own. `load()` fetches through the door of visibility, `save()` calls the service."""

    permission: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    lead: ClassVar[str | Promise] = ""
    submit: ClassVar[str | Promise] = _("Save")
    template_name: ClassVar[str] = "ui/form.html"
    object: Any = None

    def load(self, pk: int) -> None:
        """Set `self.object`, or raise Http404."""

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """The form, bound to `data` and files when they are given."""
        raise NotImplementedError

    def save(self, form: Any) -> HttpResponse:
        """Do it; Refused goes back to the form."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Right first, then visibility."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        if "pk" in kwargs:
            self.load(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form as it stands."""
        return self.show(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save, or show what is wrong beside what was typed."""
        form = self.make_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            return self.save(form)
        except Refused as refusal:
            message, is_stale = refusal.message, refusal.reason == "state"
            if is_stale:
                message = " ".join([message, *now_said(form)])
                form.data = form.data.copy()
                form.data["version"] = self.fresh_version()
            form.add_error(refusal.field if refusal.field in form.fields else None, message)
            return self.show(form, status=409 if is_stale else 422)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        """Draw the page."""
        back = self.object.get_absolute_url() if self.object is not None else ""
        context = {
            "form": form,
            "title": self.title,
            "lead": self.lead or str(self.object or ""),
            "submit": self.submit,
            "cancel_url": back or self.cancel_url(),
            "crumbs": [parts.Crumb(str(self.object), back)] if back else [],
            "action": self.request.get_full_path(),
            **self.more(form),
        }
        return render(self.request, self.template_name, context, status=status)

    def more(self, form: Any) -> dict[str, Any]:
        """What a template of its own needs besides."""
        return {}

    def fresh_version(self) -> object:
        """The version as it is now: who saves again after having been told has seen it."""
        return ""

    def cancel_url(self) -> str:
        """Where the form is left to when it belongs to no record."""
        return ""

    def saved(self, record: models.Model, message: str) -> HttpResponse:
        """Say so, and show the record."""
        messages.success(self.request, message)
        return redirect(record.get_absolute_url())  # type: ignore[attr-defined]
