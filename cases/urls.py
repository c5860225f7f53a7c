"""Addresses of cases."""

from django.urls import path, re_path, register_converter

from cases import views
from cases.numbers import Number, parse

app_name = "cases"


class NumberConverter:
    """The number of a case in an address, in its one canonical spelling: ua-63-20."""

    regex = r"ua-[1-9]\d{0,3}-\d\d"

    def to_python(self, value: str) -> Number:
        number = parse(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: Number) -> str:
        return value.slug


register_converter(NumberConverter, "number")

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
