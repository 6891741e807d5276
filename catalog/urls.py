"""Addresses of the catalogue."""

from django.urls import path

from catalog.views import editing, finder, prices, products, restocks, stock

app_name = "catalog"
product_page = products.ProductPage()
restock_page = restocks.RestockPage()

urlpatterns = [
    path("products/", products.ProductList.as_view(), name="products"),
    path("products/new/", editing.product_new, name="product-new"),
    path("products/find/", finder.find, name="finder"),
    path("products/<int:pk>/edit/", editing.product_edit, name="product-edit"),
    path("products/<int:pk>/packs/", editing.product_packs, name="product-packs"),
    path("products/<int:pk>/pictures/", editing.product_pictures, name="product-pictures"),
    path("products/pictures/<int:pk>/", editing.picture, name="picture"),
    path("products/pictures/<int:pk>/small/", editing.picture_small, name="picture-small"),
    path("products/<int:pk>/prices/new/", prices.price_new, name="price-new"),
    path("products/<int:pk>/stock/move/", stock.stock_move, name="stock-move"),
    path("products/<int:pk>/stock/minimum/", stock.stock_minimum, name="stock-minimum"),
    path("products/<int:pk>/stock/expect/", stock.restock_new, name="restock-new"),
    path("prices/", prices.PriceRows.as_view(), name="prices"),
    path("prices/<int:pk>/edit/", prices.price_edit, name="price-edit"),
    path("prices/<int:pk>/end/", prices.price_end, name="price-end"),
    path("stock/", stock.StockRows.as_view(), name="stock"),
    path("stock/movements/", stock.MovementRows.as_view(), name="movements"),
    path("restocks/", restocks.RestockRows.as_view(), name="restocks"),
    *product_page.urls("products/"),
    *restock_page.urls("restocks/"),
]
