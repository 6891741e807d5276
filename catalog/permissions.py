"""What each role may do with products and prices."""

SEE = [
    "catalog.view_product",
    "catalog.view_family",
    "catalog.view_unit",
    "catalog.view_pack",
    "catalog.view_price",
    "catalog.view_pricelist",
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

ROLE_PERMISSIONS = {"*": SEE, "order desk": KEEP, "technical": KEEP, "manager": KEEP}
