"""Addresses of quotes, orders, payments and trade documents."""

from django.urls import path

from orders.views import documents, orders, payments, putting, quotes

app_name = "orders"
quote_page = quotes.QuotePage()
order_page = orders.OrderPage()
payment_page = payments.PaymentPage()
document_page = documents.DocumentPage()

urlpatterns = [
    path("quotes/", quotes.QuoteList.as_view(), name="quotes"),
    path("quotes/new/", quotes.quote_new, name="quote-new"),
    path("quotes/put/", putting.quote_put, name="quote-put"),
    path("quotes/<int:pk>/edit/", quotes.quote_edit, name="quote-edit"),
    path("quotes/<int:pk>/pdf/", quotes.quote_pdf, name="quote-pdf"),
    *quote_page.urls("quotes/"),
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/new/", orders.order_new, name="order-new"),
    path("orders/<int:pk>/edit/", orders.order_edit, name="order-edit"),
    *order_page.urls("orders/"),
    path("payments/", payments.PaymentList.as_view(), name="payments"),
    *payment_page.urls("payments/"),
    path("documents/", documents.DocumentList.as_view(), name="documents"),
    *document_page.urls("documents/"),
]
