"""Addresses of the catalogue."""

from django.urls import path

from catalog import views

app_name = "catalog"
product_page = views.ProductPage()

urlpatterns = [
    path("products/", views.ProductList.as_view(), name="products"),
    path("products/new/", views.product_new, name="product-new"),
    path("products/<int:pk>/edit/", views.product_edit, name="product-edit"),
    *product_page.urls("products/"),
]
