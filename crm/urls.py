"""Addresses of the stage before the sale."""

from django.urls import path

from crm.views import customers, inquiries, records, wishes

app_name = "crm"

urlpatterns = [
    path("customers/", customers.CustomerList.as_view(), name="customers"),
    path("customers/new/", customers.NewCustomer.as_view(), name="customer-new"),
    path("customers/<int:pk>/edit/", customers.EditCustomer.as_view(), name="customer-edit"),
    path("customers/<int:pk>/contacts/new/", customers.NewContact.as_view(), name="contact-new"),
    path("customers/<int:pk>/addresses/new/", customers.NewAddress.as_view(), name="address-new"),
    *customers.CustomerPage().urls("customers/"),
    path("contacts/<int:pk>/", customers.contact_page, name="contact"),
    path("contacts/<int:pk>/edit/", customers.EditContact.as_view(), name="contact-edit"),
    path("contacts/<int:pk>/wishes/", wishes.ContactWishes.as_view(), name="contact-wishes"),
    path("contacts/<int:pk>/try-again/", wishes.try_again, name="contact-try-again"),
    path("addresses/<int:pk>/edit/", customers.EditAddress.as_view(), name="address-edit"),
    path("records/<int:pk>/correct/", records.CorrectRecord.as_view(), name="record-correct"),
    path("inquiries/", inquiries.InquiryList.as_view(), name="inquiries"),
    path("inquiries/new/", inquiries.NewInquiry.as_view(), name="inquiry-new"),
    *inquiries.InquiryPage().urls("inquiries/"),
]
