"""Requests for customers of colleagues, and the manager's answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.models import OwnershipRequest
from crm.selectors import visible_requests
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import html, parts

STATES = {"open": "soon", "shared": "in-time", "handed": "in-time", "refused": "late"}


def _customer(one: OwnershipRequest, user: Any) -> str:
    """Whoever does not see the customer reads what they entered themselves."""
    is_asker = one.asker_id == user.pk and one.status in ("open", "refused")
    return (one.typed or _("A customer of a colleague's")) if is_asker else str(one.customer)


class RequestList(ListPage):
    """Who asked for a colleague's customer, the oldest that waits first."""

    model = OwnershipRequest
    title = gettext_lazy("Requests for customers")
    permission = "crm.view_ownershiprequest"
    ordering = ("-asked_at", "-pk")
    has_search = False
    columns = (
        Column("customer", gettext_lazy("Customer"),
               lambda one, page: html.link(_customer(one, page.request.user), one.get_absolute_url()), place="title",
               plain=lambda one, page: _customer(one, page.request.user)),
        Column("asker", gettext_lazy("Asked by"), lambda one, page: str(one.asker), place="fact"),
        Column("owner", gettext_lazy("Owner"), lambda one, page: str(one.customer.owner or "–"), place="fact"),
        Column("status", gettext_lazy("Status"), lambda one, page: html.badge(one.get_status_display(), STATES[one.status], quiet=True),
               place="end", plain=lambda one, page: one.get_status_display()),
        Column("asked", pgettext_lazy("column of requests", "Asked"), lambda one, page: html.when(one.asked_at), sort="asked_at",
               plain=lambda one, page: one.asked_at),
        Column("decided", gettext_lazy("Answered by"), lambda one, page: str(one.decided_by or ""), place="wide"),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("request", "Waiting"), lambda rows, request: rows.filter(status="open")),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("all",)

    def visible(self, user: Any) -> QuerySet[OwnershipRequest]:
        return visible_requests(user)

    def queryset(self) -> QuerySet[OwnershipRequest]:
        return super().queryset().select_related("customer__owner", "asker", "decided_by")


class RequestPage(RecordPage):
    """What was asked, and the answer."""

    model = OwnershipRequest
    namespace = "crm"
    name = "ownership-request"
    type_label = gettext_lazy("Request for a customer")
    list_label = gettext_lazy("Requests for customers")
    list_name = "ownership-requests"
    permission = "crm.view_ownershiprequest"
    takes_notes = False

    def visible(self, user: Any) -> QuerySet[OwnershipRequest]:
        return visible_requests(user).select_related("customer__owner", "asker", "decided_by")

    def title(self, obj: OwnershipRequest) -> str:
        return _customer(obj, getattr(obj, "reader", None) or obj.asker)

    def get_object(self, request: HttpRequest, pk: int) -> Any:
        found = super().get_object(request, pk)
        found.reader = request.user
        return found

    def facts(self, obj: OwnershipRequest, request: HttpRequest) -> list[parts.Fact]:
        found = [
            parts.Fact(_("Asked by"), str(obj.asker)),
            parts.Fact(_("Owner"), str(obj.customer.owner or "–")),
            parts.Fact(pgettext_lazy("column of requests", "Asked"), html.when(obj.asked_at)),
            parts.Fact(_("What was entered"), obj.typed),
        ]
        if request.user.has_perm("crm.answer_ownershiprequest"):
            link = html.link(str(obj.customer), obj.customer.get_absolute_url())
            found.insert(0, parts.Fact(_("Customer"), link))
        if obj.decided_at is not None:
            found += [
                parts.Fact(_("Answered by"), str(obj.decided_by or "–")),
                parts.Fact(_("Answer"), obj.reason or obj.get_status_display()),
            ]
        return found

    def sections(self, obj: OwnershipRequest, request: HttpRequest) -> list[object]:
        return [parts.Section(_("Why it is asked for"), obj.note)] if obj.note else []
