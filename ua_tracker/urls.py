"""All addresses."""

from django.contrib import admin
from django.urls import include, path

from ua_tracker import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("cases.urls")),
    path("", include("appeals.urls")),
]
