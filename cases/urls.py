"""Addresses of cases."""

from django.urls import path, re_path

from cases import views

app_name = "cases"


urlpatterns = [
    path("", views.case_list, name="list"),
    path("cases/", views.case_list, name="index"),
    path("cases/<number:number>/", views.detail, name="detail"),
    path("cases/<number:number>/<int:sequence>/", views.notice, name="notice"),
    # Any other way to write the number, with whatever follows it. Last, so that it never hides an address above.
    re_path(
        r"^cases/(?P<spelling>(?i:(?:ua|au)[-:. ]?)?0*[1-9]\d{0,3}[-/. ]\d{2,4})(?P<rest>/.*)?$",
        views.other_spelling,
        name="other-spelling",
    ),
    path("about/", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
]
