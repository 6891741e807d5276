"""A product and what it has of its family's attributes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Attribute, AttributeOption, Pack, Price, Product, ProductValue, StockMovement, Unit
from foundation.journal.machine import Refused
from foundation.journal.services import record


@transaction.atomic
def save_product(product: Product, *, actor: Any, values: Mapping[Attribute, Any] | None = None) -> Product:
    """Keep a new or changed product, and remember which fields and attributes changed.

    `values` holds what the product has of its family's attributes; None leaves them as they are, but takes away those of
    another family. Raises Refused for another unit once there are movements of stock, which are counted in it.
    """
    is_new = product.pk is None
    before = None if is_new else Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    changed = _changed(before, product) if before is not None else []
    if "unit_id" in changed and StockMovement.objects.filter(product=product).exists():
        raise Refused(_("The stock is counted in the old unit, so it stays."), reason="input", field="unit")
    product.save()
    attributes = _keep_values(product, values)
    if is_new or changed or attributes:
        code = "product.created" if is_new else "product.updated"
        record(
            code,
            product,
            actor=actor,
            facts={"fields": changed, "attributes": attributes} if attributes else {"fields": changed},
        )
    return product


def _changed(before: Product, product: Product) -> list[str]:
    names = [f.attname for f in Product._meta.concrete_fields if f.attname not in ("search", "updated_at")]
    return [name for name in names if getattr(before, name) != getattr(product, name)]


def _keep_values(product: Product, values: Mapping[Attribute, Any] | None) -> list[str]:
    """Write the values that differ; answers the codes of their attributes."""
    strangers = ProductValue.objects.filter(product=product).exclude(attribute__family=product.family_id)
    changed = list(strangers.values_list("attribute__code", flat=True))
    if changed:
        strangers.delete()
    if values is None:
        return changed
    known = {row.attribute_id: row for row in ProductValue.objects.filter(product=product).select_related("option")}
    for attribute, value in values.items():
        if attribute.family_id != product.family_id:
            raise ValueError(f"{attribute.code} is no attribute of this family")
        row, fresh = known.get(attribute.pk), value_row(product, attribute, value)
        if row is not None and fresh is not None and row.value == fresh.value:
            continue
        if row is None and fresh is None:
            continue
        if row is not None:
            row.delete()
        if fresh is not None:
            fresh.save(force_insert=True)
        changed.append(attribute.code)
    return list(dict.fromkeys(changed))


def value_row(product: Product, attribute: Attribute, value: Any) -> ProductValue | None:
    """The row of a value, None for an empty one. Raises ValueError for a value of another kind than the attribute's."""
    if value is None or value == "":
        return None
    kind, row = attribute.kind, ProductValue(product=product, attribute=attribute)
    if kind == Attribute.Kind.NUMBER and isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        row.number = Decimal(value).quantize(Decimal("0.0001"))
    elif kind == Attribute.Kind.CHOICE and isinstance(value, AttributeOption) and value.attribute_id == attribute.pk:
        row.option = value
    elif kind == Attribute.Kind.TRUTH and isinstance(value, bool):
        row.truth = value
    elif kind == Attribute.Kind.TEXT and isinstance(value, str):
        row.text = value.strip()
    else:
        raise ValueError(f"{value!r} is no {kind} for {attribute.code}")
    return row


@transaction.atomic
def save_packs(product_pk: int, packs: Mapping[Unit, Decimal | None], *, actor: Any) -> Product:
    """What each pack holds of the product's unit; None for a pack that is not used. Units that are not named stay."""
    product = Product.objects.select_for_update(of=("self",)).get(pk=product_pk)
    known = {pack.unit_id: pack for pack in product.packs.all()}
    changed = []
    for unit, quantity in packs.items():
        pack = known.get(unit.pk)
        if quantity == (pack.quantity if pack is not None else None):
            continue
        changed.append(unit.code)
        if pack is None and quantity is not None:
            Pack.objects.create(product=product, unit=unit, quantity=quantity)
        elif pack is not None and quantity is None:
            if Price.objects.filter(product=product, unit=unit).exists():
                raise Refused(
                    _("There are prices per “%(unit)s”: this pack stays.") % {"unit": unit}, field=f"pack_{unit.pk}"
                )
            pack.delete()
        elif pack is not None and quantity is not None:
            pack.quantity = quantity
            pack.save(update_fields=["quantity"])
    if changed:
        record("product.packed", product, actor=actor, facts={"packs": ", ".join(changed)})
    return product
