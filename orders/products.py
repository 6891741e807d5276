"""What quotes put into the rooms of products, customers and inquiries: one click from a need to an offer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from crm.models import Customer, Inquiry
from foundation.ui import parts
from foundation.ui.panels import register_panel


def put_on_quote(*, product: Product, user: Any, query: str, **_context: Any) -> parts.Action | None:
    """In the finder: this product, in the wanted quantity, on a quote."""
    if not (user.has_perm("orders.add_quote") and product.is_active):
        return None
    return parts.Action(_("Put on a quote"), f"{reverse('orders:quote-put')}?{query}", icon="document-text")


def quote_button(*, subject: Any, user: Any, **_context: Any) -> parts.Action | None:
    """On a product's page."""
    if not isinstance(subject, Product):
        return None
    return put_on_quote(product=subject, user=user, query=urlencode({"product": subject.pk}))


def finder_button(*, subject: Any, user: Any, **_context: Any) -> parts.Action | None:
    """On a customer's or an inquiry's page: the finder, with their language and on their account."""
    if not isinstance(subject, Customer | Inquiry) or not user.has_perm("catalog.view_product"):
        return None
    asked = {"words": subject.language}
    if isinstance(subject, Customer):
        asked["customer"] = str(subject.pk)
    else:
        asked |= {"inquiry": str(subject.pk), **({"customer": str(subject.customer_id)} if subject.customer_id else {})}
    url = f"{reverse('catalog:finder')}?{urlencode(asked)}"
    return parts.Action(_("Find products"), url, icon="cube", name="find-products")


def register() -> None:
    """Called once, when the application starts."""
    register_panel("finder.links", put_on_quote, 10)
    register_panel("record.actions", quote_button, 10)
    register_panel("record.actions", finder_button, 80)
