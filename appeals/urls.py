"""Addresses of what supporters do."""

from django.urls import path, register_converter

from appeals.converters import KindConverter
from appeals.views import letters, own_words, packs, problems, reports, subscriptions, totals

app_name = "appeals"

register_converter(KindConverter, "kind")

CASE = "cases/<number:number>"
LETTER = f"{CASE}/letters/<slug:target>/<str:language>"

urlpatterns = [
    path(f"{LETTER}/", letters.letter, name="letter"),
    path(f"{LETTER}/letter.txt", letters.letter_text, name="letter-text"),
    path(f"{LETTER}/<kind:kind>", letters.letter_file, name="letter-file"),
    path(f"{LETTER}/own-words/", own_words.editor, name="own-words"),
    path(f"{LETTER}/own-words/<str:receipt>/", own_words.own_letter, name="own-letter"),
    path(f"{LETTER}/problem/<str:way>/", problems.problem, name="problem"),
    path("packs/", packs.choose, name="packs"),
    path("packs/<uuid:pk>/", packs.pack, name="pack"),
    path("packs/<uuid:pk>/file", packs.pack_file, name="pack-file"),
    path(f"{CASE}/report/", reports.report, name="report"),
    path(f"{CASE}/report/thanks/<str:receipt>/", reports.thanks, name="thanks"),
    path(f"{CASE}/report/undo/<str:receipt>/", reports.undo, name="undo"),
    path(f"{CASE}/totals/", totals.totals_page, name="totals"),
    path(f"{CASE}/totals.json", totals.totals_json, name="totals-json"),
    path(f"{CASE}/totals.csv", totals.totals_csv, name="totals-csv"),
    path("subscriptions/", subscriptions.subscribe, name="subscribe"),
    path("subscriptions/asked/", subscriptions.asked, name="asked"),
    path("subscriptions/confirm/<str:token>/", subscriptions.confirm, name="confirm"),
    path("subscriptions/leave/<str:token>/", subscriptions.leave, name="leave"),
]
