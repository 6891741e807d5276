"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

from config.health import health
from foundation.lists.views import home

urlpatterns = [
    path("health", health, name="health"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("", home, name="home"),
    path("", include("foundation.journal.urls")),
    path("", include("foundation.lists.urls")),
    path("", include("foundation.sla.urls")),
    path("ui/", include("foundation.ui.urls")),
    path("", include("catalog.urls")),
    path("", include("orders.urls")),
    path("", include("portal.urls")),
]

handler400 = "foundation.ui.errors.bad_request"
handler403 = "foundation.ui.errors.permission_denied"
handler404 = "foundation.ui.errors.page_not_found"
handler500 = "foundation.ui.errors.server_error"
