"""The price list, and a price entered, changed, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from catalog import services
from catalog.days import company_today
from catalog.filters import PriceFilter
from catalog.forms.prices import EndPriceForm, PriceForm
from catalog.models import Price
from catalog.selectors import unit_symbol, visible_products
from catalog.views.editing import crumbs_of, product_or_404
from catalog.views.sections import money_text, price_state
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.submissions import submit_once


def _valid_on(rows: Any, _request: HttpRequest) -> Any:
    return rows.valid_on(company_today())


def _coming(rows: Any, _request: HttpRequest) -> Any:
    return rows.coming(company_today())


def _ended(rows: Any, _request: HttpRequest) -> Any:
    return rows.ended(company_today())


class PriceRows(ListPage):
    """All prices: those in force, those to come, those that have ended."""

    model = Price
    title = pgettext_lazy("catalogue", "Prices")
    permission = "catalog.view_price"
    filterset_class = PriceFilter
    ordering = ("-valid_from", "-pk")
    columns = (
        Column(
            "sku",
            gettext_lazy("Article number"),
            lambda p, _page: html.link(p.product.sku, f"{p.product.get_absolute_url()}#prices", css="nr"),
            sort="product__sku",
            place="title",
            plain=lambda p, _page: p.product.sku,
        ),  # fmt: skip
        Column(
            "name",
            pgettext_lazy("product", "Name"),
            lambda p, _page: p.product.name_in(get_language() or "en"),
            sort="product__name",
        ),
        Column(
            "list",
            gettext_lazy("Price type"),
            lambda p, _page: str(p.price_list),
            sort="price_list__code",
            place="fact",
        ),
        Column(
            "from_quantity",
            gettext_lazy("From quantity"),
            lambda p, _page: formats.quantity(p.min_quantity) if p.min_quantity else "–",
            is_number=True,
            plain=lambda p, _page: p.min_quantity,
        ),  # fmt: skip
        Column(
            "amount",
            gettext_lazy("Price"),
            lambda p, _page: money_text(p.amount, p.currency),
            sort="amount",
            place="fact",
            is_number=True,
            plain=lambda p, _page: p.amount,
        ),  # fmt: skip
        Column("currency", gettext_lazy("Currency"), lambda p, _page: p.currency, sort="currency"),
        Column("unit", gettext_lazy("Unit"), lambda p, _page: unit_symbol(p.unit.code)),
        Column(
            "valid_from",
            gettext_lazy("Valid from"),
            lambda p, _page: html.day(p.valid_from),
            sort="valid_from",
            plain=lambda p, _page: p.valid_from,
        ),  # fmt: skip
        Column(
            "valid_until",
            gettext_lazy("Valid until"),
            lambda p, _page: html.day(p.valid_until),
            sort="valid_until",
            plain=lambda p, _page: p.valid_until or "",
        ),  # fmt: skip
        Column(
            "state",
            gettext_lazy("State"),
            lambda p, _page: price_state(p, company_today()),
            place="end",
            plain=lambda p, _page: "",
        ),  # fmt: skip
    )
    tabs = (
        Tab("in_force", pgettext_lazy("price", "In force"), _valid_on),
        Tab("coming", pgettext_lazy("price", "Coming"), _coming),
        Tab("ended", pgettext_lazy("price", "Ended"), _ended),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> Any:
        return Price.objects.all() if user.has_perm("catalog.view_price") else Price.objects.none()

    def queryset(self) -> Any:
        return self.visible(self.request.user).select_related("product", "price_list", "unit")

    def links(self) -> list[parts.Action]:
        return [parts.Action(_("Products"), reverse("catalog:products"), icon="cube")]


def _back(price_or_product: Any) -> str:
    return f"{price_or_product.get_absolute_url()}#prices"


@permission_required("catalog.add_price", raise_exception=True)
@submit_once
def price_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a price to a product."""
    product = product_or_404(request, pk)
    form = PriceForm(request.POST or None, product=product)
    context = {
        "form": form,
        "title": _("New price of %(product)s") % {"product": product.sku},
        "lead": product.name_in(get_language() or "en"),
        "cancel_url": _back(product),
        "crumbs": crumbs_of(product),
    }

    def save() -> None:
        services.add_price(product.pk, actor=request.user, **form.values())

    return _saved(request, form, context, save, _("Price saved."))


@permission_required("catalog.change_price", raise_exception=True)
@submit_once
def price_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a price that has not begun."""
    price = _price_or_404(request, pk)
    product = product_or_404(request, price.product_id)
    form = PriceForm(request.POST or None, product=product, price=price)
    context = {
        "form": form,
        "title": _("Change a price of %(product)s") % {"product": product.sku},
        "cancel_url": _back(product),
        "crumbs": crumbs_of(product),
    }

    def save() -> None:
        services.change_price(pk, actor=request.user, **form.values())

    return _saved(request, form, context, save, _("Price saved."))


@permission_required("catalog.change_price", raise_exception=True)
@submit_once
def price_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the last day of a price."""
    price = _price_or_404(request, pk)
    form = EndPriceForm(request.POST or None)
    words = {
        "amount": money_text(price.amount, price.currency),
        "unit": unit_symbol(price.unit.code),
        "list": price.price_list,
    }
    context = {
        "form": form,
        "title": pgettext("a price", "End a price"),
        "lead": f"{price.product.sku} · {_('%(list)s: %(amount)s / %(unit)s') % words}",
        "submit": pgettext("a price", "End"),
        "cancel_url": _back(price.product),
        "crumbs": crumbs_of(price.product),
    }

    def save() -> None:
        services.end_price(pk, actor=request.user, on=form.cleaned_data["on"])

    return _saved(request, form, context, save, _("The price has its last day."))


def _saved(request: HttpRequest, form: Any, context: dict[str, Any], save: Any, done: str) -> HttpResponse:
    if not form.is_bound:
        return render(request, "ui/form.html", context)
    if not form.is_valid():
        return render(request, "ui/form.html", context, status=422)
    try:
        save()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return render(request, "ui/form.html", context, status=409)
    messages.success(request, done)
    return redirect(context["cancel_url"])


def _price_or_404(request: HttpRequest, pk: int) -> Price:
    rows = Price.objects.filter(product__in=visible_products(request.user))
    return get_object_or_404(rows.select_related("product__unit", "price_list", "unit"), pk=pk)
