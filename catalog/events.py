"""The facts of the catalogue."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

PRODUCT_CREATED = event_type("product.created", _("Product %(number)s created"))
PRODUCT_UPDATED = event_type("product.updated", _("Product %(number)s changed"))
PRODUCT_PICTURED = event_type("product.pictured", _("%(count)s picture(s) added"))
PRODUCT_PICTURES_CHANGED = event_type("product.pictures_changed", _("Pictures changed"))
PRICE_ADDED = event_type(
    "price.added", _("Price added: %(amount)s %(currency)s / %(price_unit)s from %(from_on)s (%(price_list)s)")
)
PRICE_CHANGED = event_type(
    "price.changed", _("Price changed: %(amount)s %(currency)s / %(price_unit)s from %(from_on)s (%(price_list)s)")
)
PRICE_ENDED = event_type(
    "price.ended", _("Price %(amount)s %(currency)s / %(price_unit)s ends on %(ended_on)s (%(price_list)s)")
)
PRICE_WITHDRAWN = event_type(
    "price.withdrawn", _("Price %(amount)s %(currency)s / %(price_unit)s from %(from_on)s withdrawn (%(price_list)s)")
)
STOCK_RECEIVED = event_type("stock.received", _("Received: %(quantity)s %(unit)s, %(place)s. %(reference)s"))
STOCK_ISSUED = event_type("stock.issued", _("Issued: %(quantity)s %(unit)s, %(place)s. %(reference)s"))
STOCK_CORRECTED = event_type("stock.corrected", _("Stock corrected: %(quantity)s %(unit)s, %(place)s"))
STOCK_MINIMUM_SET = event_type("stock.minimum_set", _("Minimum stock: %(minimum)s %(unit)s"))
STOCK_FELL_SHORT = event_type("stock.fell_short", _("Below the minimum: %(on_hand)s of %(minimum)s %(unit)s on hand"))
RESTOCK_EXPECTED = event_type(
    "restock.expected", _("Restock %(number)s expected: %(quantity)s %(unit)s on %(expected_on)s")
)
RESTOCK_CHANGED = event_type(
    "restock.changed", _("Restock %(number)s: %(quantity)s %(unit)s on %(expected_on)s, was %(before_on)s")
)
RESTOCK_ARRIVED = event_type("restock.arrived", _("Restock %(number)s arrived: %(arrived_quantity)s %(unit)s"))
RESTOCK_CANCELLED = event_type("restock.cancelled", _("Restock %(number)s called off"))
PRODUCT_PACKED = event_type("product.packed", _("Packs changed: %(packs)s"))
