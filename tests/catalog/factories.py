"""Products with attributes, prices and stock for tests, made as the application makes them."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog import services
from catalog.attribute_defaults import load as load_attributes
from catalog.days import company_today
from catalog.defaults import load_catalog
from catalog.models import Attribute, Family, Pack, Price, PriceList, Product, StockMovement, StockPlace, Unit
from foundation.accounts.roles import load_roles

_numbers = itertools.count(1)


def prepare() -> None:
    """Units, families, attributes, places and roles, as `load_defaults` makes them."""
    load_catalog()
    load_attributes()
    load_roles()


def make_floor(sku: str = "", *, price: str | None = "8.45", stock: str | None = None, **values: Any) -> Product:
    """An SPC floor; `values` are attributes by code, a choice by its option's code."""
    number = next(_numbers)
    name = values.pop("name", f"SPC plank {number}")
    product = Product(
        sku=sku or f"SPC-{number}",
        name=name,
        name_zh_hans=values.pop("name_zh_hans", "SPC 石塑地板"),
        family=Family.objects.get(code=values.pop("family", "spc")),
        unit=Unit.objects.get(code="m2"),
    )
    attributes = {one.code: one for one in Attribute.objects.filter(family=product.family)}
    given = {"thickness": Decimal(5), "wear_layer": Decimal("0.5"), "use_class": "33", **values}
    services.save_product(
        product, actor=None, values={attributes[code]: _typed(attributes[code], value) for code, value in given.items()}
    )
    Pack.objects.create(product=product, unit=Unit.objects.get(code="box"), quantity=Decimal("2.2"))
    if price is not None:
        make_price(product, price)
    if stock is not None:
        receive(product, stock)
    return product


def _typed(attribute: Attribute, value: Any) -> Any:
    return attribute.options.get(code=value) if attribute.kind == Attribute.Kind.CHOICE and value else value


def make_price(product: Product, amount: str, *, since: dt.date | None = None, **values: Any) -> Price:
    """A list price in dollars per the product's own unit."""
    given: dict[str, Any] = {"currency": "USD", "unit": product.unit, **values}
    price_list = PriceList.objects.get(code=given.pop("price_list", "list"))
    return services.add_price(
        product.pk,
        actor=None,
        price_list=price_list,
        amount=Decimal(amount),
        valid_from=since or company_today() - dt.timedelta(days=30),
        **given,
    )


def place(code: str = "main") -> StockPlace:
    """A place of stock."""
    return StockPlace.objects.get(code=code)


def receive(product: Product, quantity: str, *, at: str = "main", actor: Any = None) -> StockMovement:
    """Goods came."""
    return services.move_stock(product, actor=actor, place=place(at), kind="receipt", quantity=Decimal(quantity))


def picture(name: str = "oak.png", colour: str = "peru", size: tuple[int, int] = (640, 480)) -> SimpleUploadedFile:
    """A plain picture, as somebody would upload it."""
    out = BytesIO()
    kind = "JPEG" if name.endswith("jpg") else "PNG"
    Image.new("RGB", size, colour).save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())
