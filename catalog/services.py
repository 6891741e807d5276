"""Changes to the catalogue."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from catalog.models import Product
from foundation.journal.services import record


@transaction.atomic
def save_product(product: Product, *, actor: Any) -> Product:
    """Keep a new or changed product, and remember which fields changed."""
    is_new = product.pk is None
    changed = [] if is_new else _changed(product)
    product.save()
    if is_new or changed:
        code = "product.created" if is_new else "product.updated"
        record(code, product, actor=actor, facts={"fields": changed})
    return product


def _changed(product: Product) -> list[str]:
    before = Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    names = [f.attname for f in Product._meta.concrete_fields if f.attname not in ("search", "updated_at")]
    return [name for name in names if getattr(before, name) != getattr(product, name)]
