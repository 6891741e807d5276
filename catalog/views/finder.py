"""The finder: a need is told, products answer, the best first. The address is the state."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.alternatives import shortage_of
from catalog.finding import Found, Need, find_products
from catalog.forms.finder import FinderForm
from catalog.selectors import unit_symbol, visible_products
from catalog.views.editing import crumbs_of
from catalog.views.sections import money_text, shortage_words
from foundation.ui import html
from foundation.ui.panels import panels_for

# Of the first few that are short, alternatives are named: each costs queries.
MOST_WITH_ALTERNATIVES = 3
# What the address carries for others (the customer, the inquiry) and the finder hands on.
CARRIED = ("customer", "inquiry", "quote")


@require_safe
@permission_required("catalog.view_product", raise_exception=True)
def find(request: HttpRequest) -> HttpResponse:
    """Ask and answer on one page."""
    form = FinderForm(request.GET)
    carried = {name: value for name in CARRIED if (value := request.GET.get(name, "")) and value.isdigit()}
    language = request.GET.get("words") or get_language() or "en"
    found: list[dict[str, Any]] = []
    is_asked = form.is_asked()
    if form.is_valid() and is_asked:
        need = form.need()
        answers = find_products(visible_products(request.user), need)
        left = MOST_WITH_ALTERNATIVES
        for one in answers:
            wants_more = need.quantity is not None and one.quantity is not None and one.stock.lacks(one.quantity)
            found.append(_row(request, one, need, carried, language, with_alternatives=wants_more and left > 0))
            left -= wants_more
    context = {
        "title": _("Find by need"),
        "form": form,
        "carried": carried,
        "found": found,
        "is_asked": is_asked,
        "language": language,
        "html_language": html.HTML_LANG.get(language, language),
        "crumbs": crumbs_of(),
    }
    return render(request, "catalog/finder.html", context)


def _row(
    request: HttpRequest, one: Found, need: Need, carried: dict[str, str], language: str, *, with_alternatives: bool
) -> dict[str, Any]:
    product = one.product
    with override(language):
        specification = product.specification_in(language)
    unit = need.budget_unit or product.unit
    shortage = None
    if with_alternatives and one.quantity is not None:
        found = shortage_of(visible_products(request.user), product, one.quantity)
        shortage = shortage_words(found) if found is not None else None
    wanted = {"product": str(product.pk), "currency": need.currency, **carried}
    if need.price_list:
        wanted["price_list"] = str(need.price_list)
    if need.quantity is not None and need.unit is not None:
        wanted |= {"quantity": f"{need.quantity.normalize():f}", "unit": need.unit.code}
    return {
        "product": product,
        "name": product.name_in(language),
        "specification": specification,
        "url": product.get_absolute_url(),
        "picture": one.picture,
        "fits": not one.misses,
        "price": f"{money_text(one.price, need.currency)} / {unit_symbol(unit.code)}" if one.price is not None else "",
        "reasons": [html.badge(reason.text, reason.state, quiet=True) for reason in one.reasons],
        "shortage": shortage,
        "links": panels_for("finder.links", product=product, user=request.user, query=urlencode(wanted)),
    }
