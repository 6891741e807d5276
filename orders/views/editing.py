"""The page on which a quote or an order is entered: head, lines, and for quotes the live breakdown.

It works without scripts: “Add a line” and “Recalculate” post the form and show it again with everything typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from crm.models import Customer
from crm.selectors import visible_customers
from foundation.journal.machine import Refused
from foundation.ui import parts
from orders.forms.lines import LineFormSet, product_suggestions, with_one_more
from orders.putting import ASKED, give_hints

FIRST_LINES = 2
MOST_FOUND = 20


@dataclass
class Editor:
    """One such page. `save(form, formset)` calls the service; `preview(form, formset)` gives the breakdown's context."""

    request: HttpRequest
    form_class: Any
    customer: Customer
    title: str
    initial: dict[str, Any]
    lines: Sequence[dict[str, Any]]
    save: Callable[[Any, Any], Any]
    done: str
    cancel_url: str
    crumbs: list[parts.Crumb]
    preview: Callable[[Any, Any], dict[str, Any]] | None = None
    stored: Callable[[], dict[str, Any]] | None = None
    notes: list[str] = field(default_factory=list)

    def respond(self) -> HttpResponse:
        """Show the page, add a line, recalculate, or save."""
        post = self.request.POST
        if self.request.method != "POST":
            return self._show(*self._forms(), shown=self.stored() if self.stored else {})
        if "add_line" in post:
            form, formset = self._forms(with_one_more(post))
            silence(form, formset)
            return self._show(form, formset)
        form, formset = self._forms(post)
        if "stock_look" in post:
            return HttpResponse(self._hints(formset))
        if "recalculate" in post:
            return self._recalculate(form, formset)
        if not (form.is_valid() & formset.is_valid()):
            return self._show(form, formset, status=422)
        try:
            saved = self.save(form, formset)
        except Refused as refused:
            return self._refused(form, formset, refused)
        messages.success(self.request, self.done)
        return redirect(saved.get_absolute_url())

    def _forms(self, data: MultiValueDict[str, Any] | None = None) -> tuple[Any, Any]:
        form = self.form_class(data, customer=self.customer, initial=self.initial)
        rows = list(self.lines) or [{} for _n in range(FIRST_LINES)]
        formset = LineFormSet(data, initial=rows, prefix="lines")
        formset.extra = 0
        return form, formset

    def _recalculate(self, form: Any, formset: Any) -> HttpResponse:
        assert self.preview is not None
        shown = self.preview(form, formset)
        silence(form, formset)
        if self.request.headers.get("HX-Request"):
            drawn = render_to_string("orders/parts/breakdown.html", shown, self.request)
            return HttpResponse(drawn + self._hints(formset))
        return self._show(form, formset, shown=shown)

    def _hints(self, formset: Any) -> str:
        """What is short, as parts of the page that go to their places."""
        give_hints(self.request.user, formset.forms)
        return render_to_string("orders/parts/line_hints.html", {"formset": formset})

    def _refused(self, form: Any, formset: Any, refused: Refused) -> HttpResponse:
        name = refused.field if refused.field in form.fields else None
        form.add_error(name, refused.message)
        if refused.reason == "state" and "seen" in form.fields:
            form.data = form.data.copy()
            form.data["seen"] = self.initial.get("seen", "")
        return self._show(form, formset, status=409)

    def _show(self, form: Any, formset: Any, *, shown: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        give_hints(self.request.user, formset.forms)
        context = {
            "title": self.title,
            "form": form,
            "formset": formset,
            "groups": form.groups(),
            "products": product_suggestions(),
            "customer": self.customer,
            "cancel_url": self.cancel_url,
            "crumbs": self.crumbs,
            "has_breakdown": self.preview is not None,
            **(shown or {}),
        }
        return render(self.request, "orders/edit.html", context, status=status)


def silence(form: Any, formset: Any) -> None:
    """Show what was typed without complaints: nobody has pressed Save yet."""
    for one in [form, *formset.forms]:
        one._errors = ErrorDict()
        one.cleaned_data = {}
    formset._errors = [{} for _form in formset.forms]
    formset._non_form_errors = ErrorList()


def choose_customer(request: HttpRequest, *, title: str, crumbs: list[parts.Crumb]) -> HttpResponse:
    """Ask for which customer, when the address does not say it."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows = visible_customers(request.user).active()  # type: ignore[attr-defined]
    found = rows.search(text) if text else rows.order_by("-updated_at")
    hidden = [(name, value) for name in ASKED if (value := request.GET.get(name, ""))]
    context = {"title": title, "crumbs": crumbs, "q": text, "customers": found[:MOST_FOUND]}
    context |= {"hidden": hidden, "kept": urlencode(hidden)}
    return render(request, "orders/choose_customer.html", context)


def asked_for(request: HttpRequest, name: str) -> int | None:
    """A key in the address, or None."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
