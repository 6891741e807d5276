"""A page with a form and rows below it, which works without scripts; and the question for which customer it is."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.views import View

from crm.forms.lines import FIRST_ROWS, silence, with_one_more
from crm.models import Customer
from crm.selectors import visible_customers
from foundation.journal.machine import Refused
from foundation.ui import parts
from foundation.ui.addresses import page_url
from foundation.ui.submissions import submit_once

MOST_FOUND = 20


def asked_for(request: HttpRequest, name: str) -> int | None:
    """A key in the address, or None."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@method_decorator(cast(Any, submit_once), name="dispatch")
class RowFormPage(View):
    """Enter a record with its rows. A subclass says what is asked, what stands there at first, and how it is saved."""

    permission: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    list_label: ClassVar[str | Promise] = ""
    list_name: ClassVar[str] = ""
    form_class: ClassVar[Any] = None
    rows_class: ClassVar[Any] = None
    rows_title: ClassVar[str | Promise] = ""
    row_template: ClassVar[str] = ""
    most_rows: ClassVar[int] = 20
    customer: Customer
    object: Any = None

    # ------------------------------------------------------------ what a page overrides

    def load(self, pk: int) -> None:
        """Set `self.object` and `self.customer` by the door of visibility, or raise Http404."""

    def first_values(self) -> dict[str, Any]:
        """What the form begins with."""
        return {}

    def first_rows(self) -> list[dict[str, Any]]:
        """What the rows begin with."""
        return []

    def save(self, form: Any, rows: Any) -> Any:
        """Call the service and return the record; Refused goes back to the form."""
        raise NotImplementedError

    def done(self, record: Any) -> str:
        """What is said then."""
        return ""

    def more(self) -> dict[str, Any]:
        """More for the template."""
        return {}

    # ------------------------------------------------------------ the page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Right first, then whom it is for."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        if "pk" in kwargs:
            self.load(kwargs["pk"])
        else:
            key = asked_for(request, "customer")
            found = visible_customers(request.user).active().filter(pk=key).first() if key else None  # type: ignore[attr-defined]
            if found is None:
                return self._choose(request)
            self.customer = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form as it stands."""
        return self._show(*self._forms())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """One more row, or save; what is wrong stands beside what was typed."""
        if "add_line" in request.POST:
            form, rows = self._forms(with_one_more(request.POST, self.most_rows))
            silence(form, rows)
            return self._show(form, rows)
        form, rows = self._forms(request.POST)
        if not (form.is_valid() & rows.is_valid()):
            return self._show(form, rows, status=422)
        try:
            record = self.save(form, rows)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return self._show(form, rows, status=409 if refused.reason == "state" else 422)
        messages.success(request, self.done(record))
        return redirect(record.get_absolute_url())

    def _forms(self, data: Any = None) -> tuple[Any, Any]:
        files = self.request.FILES if data is not None else None
        form = self.form_class(data, files, customer=self.customer, initial=self.first_values())
        initial = self.first_rows() or [{} for _n in range(FIRST_ROWS)]
        rows = self.rows_class(data, initial=initial, prefix="lines")
        return form, rows

    def _show(self, form: Any, rows: Any, *, status: int = 200) -> HttpResponse:
        record, customer = self.object, self.customer
        back = record.get_absolute_url() if record is not None else customer.get_absolute_url()
        named = [str(record)] if record is not None else []
        crumbs = [parts.Crumb(self.list_label, page_url(self.list_name))]
        if record is not None:
            crumbs.append(parts.Crumb(str(record), back))
        context = {
            "title": self.title,
            "lead": " · ".join([*named, customer.name, customer.number, str(customer.language_label)]),
            "form": form,
            "formset": rows,
            "rows_title": self.rows_title,
            "row_template": self.row_template,
            "cancel_url": back,
            "crumbs": crumbs,
            **self.more(),
        }
        return render(self.request, "crm/samples/edit.html", context, status=status)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").replace("\0", "").strip()[:200]
        rows = visible_customers(request.user).active()  # type: ignore[attr-defined]
        found = rows.search(text) if text else rows.order_by("-updated_at")
        crumbs = [parts.Crumb(self.list_label, page_url(self.list_name))]
        context = {"title": self.title, "crumbs": crumbs, "q": text, "customers": found[:MOST_FOUND]}
        return render(request, "crm/samples/choose.html", context)
