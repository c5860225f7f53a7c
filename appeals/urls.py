"""Addresses of what supporters do."""

from django.urls import path

from appeals import views

app_name = "appeals"

CASE = "cases/<number:number>"
LETTER = f"{CASE}/letters/<slug:target>/<str:language>"

urlpatterns = [
    path(f"{LETTER}/", views.letter, name="letter"),
    path(f"{LETTER}/letter.pdf", views.letter_pdf, name="letter-pdf"),
    path(f"{LETTER}/letter.txt", views.letter_text, name="letter-text"),
    path(f"{CASE}/report/", views.report, name="report"),
    path(f"{CASE}/report/thanks/<str:receipt>/", views.thanks, name="thanks"),
    path(f"{CASE}/report/undo/<str:receipt>/", views.undo, name="undo"),
    path(f"{CASE}/totals/", views.totals_page, name="totals"),
    path(f"{CASE}/totals.json", views.totals_json, name="totals-json"),
    path(f"{CASE}/totals.csv", views.totals_csv, name="totals-csv"),
    path("subscriptions/", views.subscribe, name="subscribe"),
    path("subscriptions/asked/", views.asked, name="asked"),
    path("subscriptions/confirm/<str:token>/", views.confirm, name="confirm"),
    path("subscriptions/leave/<str:token>/", views.leave, name="leave"),
]
