"""Products, units and prices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    label = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from catalog import actions, attribute_defaults, events, messages, panels  # noqa: F401
        from catalog.defaults import load_catalog
        from catalog.selectors import visible_products
        from foundation.accounts.defaults import register_defaults
        from foundation.lists.search import register_search

        register_defaults(15, "units, families and price types", load_catalog)
        register_defaults(16, "attributes, places of stock, catalogue policy", attribute_defaults.load)
        messages.register()
        actions.register()
        panels.register()
        register_search(
            "products",
            _("Products"),
            visible=lambda user: visible_products(user).select_related("family"),
            subtitle=lambda product: str(product.family or ""),
            icon="cube",
            permission="catalog.view_product",
            order=60,
            list_url_name="catalog:products",
        )
