"""The facts of the catalogue."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

PRODUCT_CREATED = event_type("product.created", _("Product %(number)s created"))
PRODUCT_UPDATED = event_type("product.updated", _("Product %(number)s changed"))
