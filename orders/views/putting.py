"""On which quote? A draft of one's own, or a new one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors import visible_products
from crm.models import Inquiry
from crm.selectors import visible_customers, visible_inquiries
from foundation.ui import formats, html, parts
from orders.models import Quote
from orders.putting import ASKED
from orders.selectors import visible_quotes
from orders.views.editing import asked_for

MOST_DRAFTS = 10


@permission_required("orders.add_quote", raise_exception=True)
@require_safe
def quote_put(request: HttpRequest) -> HttpResponse:
    """Offer this person's drafts, those of the customer alone where one is named, and a new quote."""
    product = get_object_or_404(visible_products(request.user), pk=asked_for(request, "product") or 0)
    inquiry = None
    if key := asked_for(request, "inquiry"):
        inquiry = get_object_or_404(visible_inquiries(request.user), pk=key)
    wanted = asked_for(request, "customer") or (inquiry.customer_id if inquiry else None)
    customer = get_object_or_404(visible_customers(request.user), pk=wanted) if wanted else None
    line = {name: value for name in ASKED if (value := request.GET.get(name, ""))}
    drafts = visible_quotes(request.user).filter(status=Quote.Status.DRAFT).select_related("customer")
    drafts = drafts.filter(Q(owner=request.user) | Q(created_by=request.user)).order_by("-pk")
    if customer is not None:
        drafts = drafts.filter(customer=customer)
    may_change = request.user.has_perm("orders.change_quote")
    context = {
        "title": _("Put %(product)s on a quote") % {"product": product.sku},
        "name": product.name_in(get_language() or "en"),
        "customer": customer,
        "new_url": f"{reverse('orders:quote-new')}?{urlencode({**line, **_for(customer, inquiry)})}",
        "drafts": [
            {
                "number": quote.reference,
                "url": f"{reverse('orders:quote-edit', args=[quote.pk])}?{urlencode(line)}#lines",
                "customer": quote.customer.name,
                "total": formats.money(quote.total, quote.currency),
                "when": html.when(quote.created_at),
            }
            for quote in (drafts[:MOST_DRAFTS] if may_change else [])
        ],
        "crumbs": [
            parts.Crumb(_("Products"), reverse("catalog:products")),
            parts.Crumb(product.sku, product.get_absolute_url()),
        ],
    }
    return render(request, "orders/put.html", context)


def _for(customer: object, inquiry: Inquiry | None) -> dict[str, str]:
    found = {"customer": str(customer.pk)} if customer is not None else {}  # type: ignore[attr-defined]
    return {**found, **({"inquiry": str(inquiry.pk)} if inquiry is not None else {})}
