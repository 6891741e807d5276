"""Products from files."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.conversion import content_of
from catalog.models import Family, Product, StockPlace, Unit
from catalog.selectors import all_units
from catalog.services.stock import count_stock
from foundation.imports.registry import UNCHANGED, UPDATED, Field, Kind, Rejected, Row, register_kind
from foundation.imports.upsert import Shelf
from foundation.journal.services import record_imported

PRODUCT_FIELDS = (
    Field("name", _("name"), is_required=True, max_length=200),
    Field("name_zh_hans", _("name in Simplified Chinese"), max_length=200),
    Field("name_zh_hant", _("name in Traditional Chinese"), max_length=200),
    Field("name_de", _("name in German"), max_length=200),
    Field("sku", _("article number"), max_length=60),
    Field("family", _("product family"), max_length=120),
    Field("brand", _("brand"), max_length=120),
    Field("hs_code", _("HS code"), max_length=16),
    Field("origin_country", _("country of origin"), "country"),
    Field("unit", _("unit"), max_length=12),
    Field("weight_kg", _("weight of one unit in kg"), "decimal", places=4, minimum=0),
    Field("specification", _("specification"), max_length=2000),
    Field("specification_de", _("specification in German"), max_length=2000),
    Field("specification_zh_hans", _("specification in Simplified Chinese"), max_length=2000),
    Field("specification_zh_hant", _("specification in Traditional Chinese"), max_length=2000),
    Field("description", _("description"), max_length=5000),
)
COUNT_FIELDS = (
    Field("sku", _("article number"), is_required=True, max_length=60),
    Field("place", _("place of stock"), max_length=40),
    Field("quantity", _("counted quantity"), "decimal", is_required=True, places=3, minimum=0),
    Field("unit", _("unit"), max_length=12),
    Field("reason", _("reason"), max_length=200),
    Field("reference", _("reference"), max_length=120),
)
PLAIN = {field.name for field in PRODUCT_FIELDS} - {"family", "unit"}
FALLBACK_UNIT = "pcs"


def unit_of(code: str) -> Unit:
    """The unit of that code, made when nobody has defined it."""
    code = code or FALLBACK_UNIT
    found = Unit.objects.filter(Q(code__iexact=code) | Q(symbol__iexact=code) | Q(name__iexact=code)).first()
    if found is not None:
        return found
    return Unit.objects.create(
        code=slugify(code)[:12] or "unit", name=code, symbol=code[:12], dimension=Unit.Dimension.COUNT, factor=1
    )


def family_of(name: str) -> Family | None:
    """The family of that name, made when nobody has defined it."""
    if not name:
        return None
    code = slugify(name, allow_unicode=True)[:40] or "other"
    return Family.objects.get_or_create(code=code, defaults={"name": name})[0]


def product_values(row: Row, units: dict[str, Unit], families: dict[str, Family | None]) -> dict[str, Any]:
    """What a row says of its product."""
    said = row.values.get("product", {})
    values = {name: value for name, value in said.items() if name in PLAIN}
    if "family" in said:
        if said["family"] not in families:
            families[said["family"]] = family_of(said["family"])
        values["family"] = families[said["family"]]
    if "unit" in said:
        if said["unit"] not in units:
            units[said["unit"]] = unit_of(said["unit"])
        values["unit"] = units[said["unit"]]
    return values


def _fill(shelf: Shelf, row: Row, units: dict[str, Unit], families: dict[str, Family | None], *, update: bool) -> str:
    ref = row.refs["product"]
    values = product_values(row, units, families)
    fresh: dict[str, Any] = {}
    if ref not in shelf.known:
        fresh = {"name": ref[:200], "sku": ref[:60]}
        if "unit" not in values:
            fresh["unit"] = units.get(FALLBACK_UNIT) or units.setdefault(FALLBACK_UNIT, unit_of(FALLBACK_UNIT))
    return shelf.put(ref, values, update=update, fresh=fresh)


def _distinct_skus(shelf: Shelf, source: str) -> None:
    """An article number that a new product would take from another gets a suffix."""
    wanted = {product.sku for product in shelf.new.values()}
    taken = set(Product.objects.filter(sku__in=wanted).values_list("sku", flat=True))
    for product in shelf.new.values():
        base, n = product.sku, 2
        while product.sku in taken:
            product.sku = f"{base[:54]}~{n}"
            n += 1
        taken.add(product.sku)


def shared_products(rows: list[Row], source: str) -> Shelf:
    """Products that rows of another kind name: made from the first row, never overwritten by a later one."""
    shelf = Shelf(Product, source, related=("unit", "family"))
    named = [row for row in rows if "product" in row.refs]
    shelf.fetch(row.refs["product"] for row in named)
    units: dict[str, Unit] = {}
    families: dict[str, Family | None] = {}
    for row in named:
        _fill(shelf, row, units, families, update=False)
    _distinct_skus(shelf, source)
    record_imported("product.created", shelf.save(), when=lambda one: None)
    return shelf


def load_products(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change products."""
    shelf = Shelf(Product, source, related=("unit", "family"))
    shelf.fetch(row.refs["product"] for row in rows)
    units: dict[str, Unit] = {}
    families: dict[str, Family | None] = {}
    outcomes: list[str | Rejected] = [_fill(shelf, row, units, families, update=True) for row in rows]
    changed = [shelf.known[ref] for ref in shelf.changed]
    record_imported("product.created", shelf.save(), when=lambda one: None)
    record_imported("product.updated", changed, when=lambda one: None)
    return outcomes


def load_counts(rows: list[Row], source: str) -> list[str | Rejected]:
    """Set places to what was counted there: a correction for each that differs."""
    said = [row.values.get("count", {}) for row in rows]
    found = Product.objects.filter(sku__in={one["sku"] for one in said}).select_related("unit")
    products = {one.sku: one for one in found.prefetch_related("packs__unit")}
    places = {one.code: one for one in StockPlace.objects.filter(is_active=True)}
    usual = next(iter(places.values()), None)
    return [_count(one, products, places, usual, source) for one in said]


def _count(
    said: dict[str, Any],
    products: dict[str, Product],
    places: dict[str, StockPlace],
    usual: StockPlace | None,
    source: str,
) -> str | Rejected:
    product = products.get(said["sku"])
    if product is None:
        return Rejected(_now("No article has the number “%(sku)s”.") % {"sku": said["sku"]})
    place = places.get(said["place"]) if said.get("place") else usual
    if place is None:
        return Rejected(_now("There is no place of stock “%(place)s”.") % {"place": said.get("place", "")})
    unit = all_units().get(said["unit"]) if said.get("unit") else product.unit
    content = content_of(product, unit) if unit is not None else None
    if content is None:
        return Rejected(_now("“%(unit)s” does not match the unit of this product.") % {"unit": said.get("unit", "")})
    movement = count_stock(
        product,
        actor=None,
        place=place,
        counted=said["quantity"] * content,
        reason=said.get("reason") or _now("Stock count"),
        reference=said.get("reference") or source,
    )
    return UNCHANGED if movement is None else UPDATED


COUNTS = Kind(
    code="stock_counts", label=_("Stock counts"), main="count", entities={"count": COUNT_FIELDS}, load=load_counts
)
register_kind(COUNTS)
PRODUCTS = Kind(
    code="products", label=_("Products"), main="product", entities={"product": PRODUCT_FIELDS}, load=load_products
)
register_kind(PRODUCTS)
