"""Two customers side by side, field by field; the merges that were made, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from crm import services
from crm.forms.ownership import OtherForm
from crm.models import Customer, CustomerMerge
from crm.selectors import visible_customers, visible_merges
from crm.services.merging import CHOSEN
from crm.services.moving import count_all
from crm.views.forms import FormPage
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.forms import ReasonForm
from foundation.ui.places import zone_name


@dataclass(frozen=True)
class Choice:
    """One field of both; `differs` where there is something to choose, `suggested` which side is offered."""

    name: str
    label: str
    here: str
    there: str
    differs: bool
    takes_other: bool


def shown(customer: Customer, name: str) -> str:
    """A field as people read it."""
    if name == "country":
        return customer.country_label
    if name == "language":
        return customer.language_label
    if name == "time_zone":
        return zone_name(customer.time_zone)
    if name == "next_step" and customer.next_step_on:
        return f"{customer.next_step} · {formats.day(customer.next_step_on)}".strip(" ·")
    display = getattr(customer, f"get_{name}_display", None)
    value = display() if display is not None else getattr(customer, name)
    return str(value) if value not in (None, "") else ""


def choices(winner: Customer, loser: Customer, taken: set[str] | None = None) -> list[Choice]:
    """All fields, side by side; what the winner lacks is offered from the other."""
    found = []
    for name in CHOSEN:
        here, there = shown(winner, name), shown(loser, name)
        takes = name in taken if taken is not None else not here and bool(there)
        label = str(Customer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        found.append(Choice(name, label[:1].upper() + label[1:], here, there, here != there, takes))
    return found


def merge_page(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Which two, then what stays of each; `?with=` names the other, `?swap=1` lets the other one stay."""
    asked = request.GET.get("with", "")
    rows = visible_customers(request.user).active().select_related("owner").exclude(pk=customer.pk)
    is_key = asked.isascii() and asked.isdigit() and len(asked) < 18
    other = rows.filter(pk=asked).first() if is_key else None
    if other is None:
        gone = Customer.objects.filter(pk=asked, merged_into=customer.pk).first() if is_key else None
        if gone is not None:  # an old page, or a colleague was faster
            messages.info(request, _("%(loser)s is a part of %(winner)s now.") % {"loser": gone, "winner": customer})
            return redirect(customer.get_absolute_url())
        return _which(request, customer, rows)
    winner, loser = (other, customer) if request.GET.get("swap") else (customer, other)
    return _side_by_side(request, winner, loser, customer)


def _which(request: HttpRequest, customer: Customer, rows: QuerySet[Customer]) -> HttpResponse:
    form = OtherForm(request.POST if request.method == "POST" else None, instance=customer, actor=request.user)
    if request.method == "POST" and form.is_valid():
        found = rows.filter(number__iexact=form.cleaned_data["number"]).first()
        if found is not None:
            return redirect(f"{customer.get_absolute_url()}do/merge/?with={found.pk}")
        form.add_error("number", _("You know no other customer of this number."))
    context = {
        "form": form,
        "title": _("Merge with another customer"),
        "lead": str(customer),
        "submit": _("Compare"),
        "cancel_url": customer.get_absolute_url(),
        "crumbs": [parts.Crumb(str(customer), customer.get_absolute_url())],
        "action": request.get_full_path(),
    }
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)


def _side_by_side(request: HttpRequest, winner: Customer, loser: Customer, customer: Customer) -> HttpResponse:
    error, status, taken = "", 200, None
    if request.method == "POST":
        taken = {name for name in CHOSEN if request.POST.get(name) == "other"}
        try:
            services.merge_customers(
                winner.pk,
                loser.pk,
                actor=request.user,
                take=taken,
                versions=(_version(request, "version"), _version(request, "other_version")),
                reason=request.POST.get("reason", "")[:500],
            )
        except Refused as refusal:
            error, status = refusal.message, 409
            fresh = dict(Customer.objects.filter(pk__in=[winner.pk, loser.pk]).values_list("pk", "version"))
            winner.version, loser.version = fresh[winner.pk], fresh[loser.pk]
        else:
            said = _("%(loser)s is a part of %(winner)s now.") % {"loser": loser, "winner": winner}
            messages.success(request, said)
            return redirect(winner.get_absolute_url())
    context = {
        "winner": winner,
        "loser": loser,
        "choices": choices(winner, loser, taken),
        "moving": _moving(loser),
        "error": error,
        "title": _("Merge two customers"),
        "crumbs": [parts.Crumb(str(customer), customer.get_absolute_url())],
        "cancel_url": customer.get_absolute_url(),
        "swap_url": _swapped(request, customer, winner, loser),
        "action": request.get_full_path(),
    }
    return render(request, "crm/merge.html", context, status=status)


def _version(request: HttpRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _swapped(request: HttpRequest, customer: Customer, winner: Customer, loser: Customer) -> str:
    other = loser if customer.pk == winner.pk else winner
    swap = "" if request.GET.get("swap") else "&swap=1"
    return f"{customer.get_absolute_url()}do/merge/?with={other.pk}{swap}"


def _moving(loser: Customer) -> list[str]:
    """What goes along, in words."""
    return [f"{formats.number(count)} × {label}" for label, count in count_all(loser.pk)]


class MergeList(ListPage):
    """What was merged, the latest first."""

    model = CustomerMerge
    title = gettext_lazy("Merges")
    permission = "crm.view_customermerge"
    ordering = ("-merged_at", "-pk")
    has_search = False
    columns = (
        Column("loser", gettext_lazy("Was merged"),
               lambda one, page: html.link(f"{one.loser.number} · {one.loser.name}", one.get_absolute_url()), place="title",
               plain=lambda one, page: f"{one.loser.number} {one.loser.name}"),
        Column("winner", gettext_lazy("Stays"), lambda one, page: html.link(one.winner.name, one.winner.get_absolute_url()), place="fact",
               plain=lambda one, page: f"{one.winner.number} {one.winner.name}"),
        Column("by", gettext_lazy("Merged by"), lambda one, page: str(one.merged_by or ""), place="fact"),
        Column("when", pgettext_lazy("column of merges", "Merged"), lambda one, page: html.when(one.merged_at), sort="merged_at",
               plain=lambda one, page: one.merged_at),
        Column("undone", gettext_lazy("Undone"), lambda one, page: html.when(one.undone_at) if one.undone_at else "", place="end",
               plain=lambda one, page: one.undone_at or ""),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[CustomerMerge]:
        return visible_merges(user)

    def queryset(self) -> QuerySet[CustomerMerge]:
        rows = super().queryset().defer("moved", "flags", "winner_before", "winner_after", "loser_before")
        return rows.select_related("winner", "loser", "merged_by")


class UndoMerge(FormPage):
    """What a merge did, and the way back while it is open."""

    permission = "crm.view_customermerge"
    title = gettext_lazy("Merge of two customers")
    submit = gettext_lazy("Undo the merge")

    def load(self, pk: int) -> None:
        rows = visible_merges(self.request.user).select_related("winner", "loser", "merged_by", "undone_by")
        self.merge = get_object_or_404(rows, pk=pk)
        who = {
            "loser": f"{self.merge.loser.number} {self.merge.loser}",
            "winner": f"{self.merge.winner.number} {self.merge.winner}",
        }
        self.lead = _("%(loser)s became a part of %(winner)s.") % who  # type: ignore[misc]

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return ReasonForm(data)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        can = self.merge.can_be_undone and self.request.user.has_perm("crm.merge_customers")
        context = {
            "form": form,
            "title": self.title,
            "lead": self.lead,
            "submit": self.submit,
            "danger": True,
            "cancel_url": page_url("crm:merges"),
            "crumbs": [parts.Crumb(_("Merges"), page_url("crm:merges"))],
            "action": self.request.get_full_path(),
            "merge": self.merge,
            "until": self.merge.undo_until,
            "can_undo": can,
        }
        return render(self.request, "crm/merge_undo.html", context, status=status)

    def save(self, form: Any) -> HttpResponse:
        merge = services.undo_merge(self.merge.pk, actor=self.request.user, reason=form.cleaned_data["reason"])
        count = len(merge.not_undone)
        if count:
            said = ngettext("%(count)s thing could not be undone: ", "%(count)s things could not be undone: ", count)
            messages.warning(self.request, said % {"count": count} + " ".join(merge.not_undone))
        return self.saved(merge.loser, _("The merge is undone."))


__all__ = ["MergeList", "UndoMerge", "merge_page"]
