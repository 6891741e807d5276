"""Changes to the catalogue."""

from catalog.services.pictures import add_pictures, change_pictures
from catalog.services.prices import add_price, change_price, end_price
from catalog.services.products import save_packs, save_product
from catalog.services.restocks import arrive_restock, cancel_restock, change_restock, expect_restock
from catalog.services.stock import count_stock, move_stock, set_minimum

__all__ = [
    "add_pictures",
    "add_price",
    "arrive_restock",
    "cancel_restock",
    "change_pictures",
    "change_price",
    "change_restock",
    "count_stock",
    "end_price",
    "expect_restock",
    "move_stock",
    "save_packs",
    "save_product",
    "set_minimum",
]
