"""Products, units and prices."""

from catalog.models.products import Family, Price, PriceList, Product
from catalog.models.units import Pack, Unit

__all__ = ["Family", "Pack", "Price", "PriceList", "Product", "Unit"]
