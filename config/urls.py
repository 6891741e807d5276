"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

from config.views import health, system
from foundation.accounts.views import admin_login
from foundation.lists.views import home

urlpatterns = [
    path("health", health, name="health"),
    path("system/", system, name="system"),
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
    path("account/", include("foundation.accounts.urls_sign_in")),
    path("", home, name="home"),
    # Rooms with a word of their own come first: one look at it spares all others the hundreds of patterns before them.
    path("ui/", include("foundation.ui.urls")),
    path("shipments/", include("logistics.urls")),
    path("after-sales/", include("aftersales.urls")),
    path("figures/", include("kpi.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.journal.urls")),
    path("", include("foundation.lists.urls")),
    path("", include("foundation.calendars.urls")),
    path("", include("foundation.knowledge.urls")),
    path("", include("foundation.mailroom.urls")),
    path("", include("foundation.notifications.urls")),
    path("", include("foundation.sla.urls")),
    path("", include("foundation.todos.urls")),
    path("", include("crm.urls")),
    path("", include("catalog.urls")),
    path("", include("orders.urls")),
    path("", include("portal.urls")),
]

handler400 = "foundation.ui.errors.bad_request"
handler403 = "foundation.ui.errors.permission_denied"
handler404 = "foundation.ui.errors.page_not_found"
handler429 = "foundation.ui.errors.too_many"
handler500 = "foundation.ui.errors.server_error"
