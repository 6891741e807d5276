"""Products, units, prices, attributes, pictures and stock."""

from catalog.models.attributes import Attribute, AttributeOption, ProductValue
from catalog.models.pictures import ProductPicture
from catalog.models.policy import CataloguePolicy
from catalog.models.products import Family, Price, PriceList, Product
from catalog.models.stock import Restock, Stock, StockLevel, StockMovement, StockPlace
from catalog.models.units import Pack, Unit

__all__ = [
    "Attribute",
    "AttributeOption",
    "CataloguePolicy",
    "Family",
    "Pack",
    "Price",
    "PriceList",
    "Product",
    "ProductPicture",
    "ProductValue",
    "Restock",
    "Stock",
    "StockLevel",
    "StockMovement",
    "StockPlace",
    "Unit",
]
