"""Addresses of samples and technical requests."""

from django.urls import path

from crm.views import samples, technical

urlpatterns = [
    path("samples/", samples.SampleList.as_view(), name="samples"),
    path("samples/new/", samples.NewSample.as_view(), name="sample-new"),
    path("samples/<int:pk>/edit/", samples.EditSample.as_view(), name="sample-edit"),
    path("samples/<int:pk>/slip/", samples.slip, name="sample-slip"),
    *samples.SamplePage().urls("samples/"),
    path("technical/", technical.TechnicalList.as_view(), name="technical-requests"),
    path("technical/new/", technical.NewTechnical.as_view(), name="technical-request-new"),
    path("technical/<int:pk>/edit/", technical.EditTechnical.as_view(), name="technical-request-edit"),
    *technical.TechnicalPage().urls("technical/"),
]
