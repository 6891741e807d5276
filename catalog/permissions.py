"""What each role may do with products, prices and stock."""

SEE = [
    "catalog.view_product",
    "catalog.view_family",
    "catalog.view_unit",
    "catalog.view_pack",
    "catalog.view_price",
    "catalog.view_pricelist",
    "catalog.view_attribute",
    "catalog.view_stock",
    "catalog.view_stockmovement",
    "catalog.view_restock",
]
KEEP = [
    "catalog.add_product",
    "catalog.change_product",
    "catalog.add_pack",
    "catalog.change_pack",
    "catalog.delete_pack",
    "catalog.add_price",
    "catalog.change_price",
    "catalog.delete_price",
]
EXPECT = ["catalog.add_restock", "catalog.change_restock"]
MOVE = ["catalog.add_stockmovement", "catalog.change_stock", *EXPECT]

ROLE_PERMISSIONS = {
    "*": SEE,
    "order desk": [*KEEP, *MOVE],
    "technical": KEEP,
    "logistics": MOVE,
    "operations": MOVE,
    "manager": [*KEEP, *MOVE],
}
