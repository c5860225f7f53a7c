"""All addresses."""

from django.contrib import admin
from django.urls import include, path, register_converter

from cases.converters import NumberConverter
from ua_tracker import health

register_converter(NumberConverter, "number")

handler404 = "cases.views.not_found"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("appeals.urls")),
    path("", include("cases.urls")),  # last: it also catches every other spelling of a case's number
]
