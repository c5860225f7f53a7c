"""The desk: what staff can do to cases and notices, and what is refused."""

import datetime
from typing import Any

import pytest
from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from cases.models import (
    Case,
    ContactChannel,
    LetterText,
    NoticeText,
    Official,
    Person,
    Salutation,
    Target,
    Topic,
    UrgentAction,
)
from tests.factories import make_case, make_notice, make_official, make_published, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("desk"))
    return client


def make_user(client: Client, *permissions: str) -> User:
    """Signed in staff who may do only this."""
    user = User.objects.create_user("narrow", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return user


def page(model: type, row: Any = None, name: str = "change") -> str:
    return reverse(f"admin:cases_{model.__name__.lower()}_{name}", args=[row.pk] if row is not None else [])


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send if the form on the page were sent as it is, but for `changes`."""
    found: list[forms.BaseForm] = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        found += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in found:
        for field in form:
            value = field.value()
            if isinstance(field.field, forms.BooleanField):
                if value:
                    data[field.html_name] = "on"
            elif value is not None:
                data[field.html_name] = value
    return data | changes


def choices(response: Any, prefix: str, name: str) -> list[str]:
    """The values that the select `name` offers in the first form of the inline."""
    formset = next(i.formset for i in response.context["inline_admin_formsets"] if i.formset.prefix == prefix)
    return [str(value) for value, _label in formset.forms[0].fields[name].choices if str(value)]


def queries(client: Client, address: str) -> int:
    client.get(address)  # what is kept for the length of the process is kept now
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


# --- Writing ---


def test_case_is_added_with_its_people(desk: Client) -> None:
    topic = Topic.objects.create(name="Writers", slug="writers")
    response = desk.get(page(Case, name="add"))
    data = filled(response, number=63, year=2020, country="CN", topics=[topic.pk])
    data |= {"people-0-name": "Nagyz Muhammed", "people-0-may_be_named": "on", "people-0-consent": "family"}
    desk.post(page(Case, name="add"), data)
    case = Case.objects.get()
    assert (str(case), list(case.topics.all())) == ("UA 63/20", [topic])
    assert [(person.name, person.may_be_named) for person in case.people.all()] == [("Nagyz Muhammed", True)]


def test_person_is_not_named_without_consent(desk: Client) -> None:
    data = filled(desk.get(page(Case, name="add")), number=63, year=2020, country="CN")
    data |= {"people-0-name": "Nagyz Muhammed", "people-0-may_be_named": "on"}
    response = desk.post(page(Case, name="add"), data)
    assert "Say who agreed to the name being public" in response.content.decode()
    assert not Case.objects.exists()


def test_number_that_no_address_can_hold_is_refused(desk: Client) -> None:
    data = filled(desk.get(page(Case, name="add")), number=10_000, year=2020, country="CN")
    response = desk.post(page(Case, name="add"), data)
    assert "From 1 to 9999." in response.content.decode()
    assert not Case.objects.exists()


def test_case_lists_its_notices_in_order_and_offers_the_next(desk: Client) -> None:
    case = make_case(number=63)
    first = make_published(case, preferred_languages="zh, en")
    second = make_notice(case, sequence=2, kind="update", previous=first)
    response = desk.get(page(Case, case))
    assert [(link.notice, link.state, bool(link.site)) for link in response.context["chain"]] == [
        (first, "open", True),
        (second, "", False),
    ]
    add = desk.get(response.context["next_notice"])
    initial = add.context["adminform"].form.initial
    assert initial["case"] == str(case.pk)
    assert (initial["sequence"], initial["kind"], initial["previous"]) == ("3", "update", str(second.pk))


def test_outcome_is_not_typed_into_the_case(desk: Client) -> None:
    case = make_case()
    desk.post(page(Case, case), filled(desk.get(page(Case, case)), outcome="released"))
    case.refresh_from_db()
    assert case.outcome == ""


def test_unnaming_a_person_is_saved_and_says_where_the_name_still_stands(desk: Client) -> None:
    case = make_case()
    make_published(case, headline="Nagyz Muhammed in prison")
    data = filled(desk.get(page(Case, case)))
    del data["people-0-may_be_named"]
    response = desk.post(page(Case, case), data, follow=True)
    assert not Person.objects.get().may_be_named
    assert any("is not to be named in public" in str(message) for message in response.context["messages"])


def test_empty_index_is_unknown(desk: Client) -> None:
    for number in (1, 2):
        data = filled(desk.get(page(UrgentAction, name="add")), case=make_case(number=number).pk, index=" ")
        assert desk.post(page(UrgentAction, name="add"), data).status_code == 302
    assert list(UrgentAction.objects.values_list("index", flat=True)) == [None, None]


def test_notice_is_written_with_text_target_and_letter(desk: Client) -> None:
    case, official = make_case(), make_official()
    data = filled(desk.get(page(UrgentAction, name="add")), case=case.pk, headline="Life imprisonment")
    data |= {"issued_on": today().isoformat(), "act_by": (today() + datetime.timedelta(days=30)).isoformat()}
    data |= {"texts-0-language": "en", "texts-0-state": "checked", "texts-0-summary": "He was sentenced."}
    data |= {"targets-0-official": official.pk, "targets-0-why": "can order his release"}
    data |= {"letters-0-language": "en", "letters-0-state": "checked", "letters-0-body": "Please release {them}."}
    assert desk.post(page(UrgentAction, name="add"), data).status_code == 302
    notice = UrgentAction.objects.get()
    assert [text.summary for text in notice.texts.all()] == ["He was sentenced."]
    assert [(target.official, target.why) for target in notice.targets.all()] == [(official, "can order his release")]
    assert [letter.body for letter in notice.letters.all()] == ["Please release {them}."]


def test_letter_can_only_be_for_a_target_of_its_notice(desk: Client) -> None:
    notice, other = make_notice(officials=2), make_notice()
    response = desk.get(page(UrgentAction, notice))
    own = [str(target.pk) for target in notice.targets.all()]
    assert choices(response, "letters", "target") == own
    strange = filled(response) | {"letters-0-target": other.targets.get().pk}
    response = desk.post(page(UrgentAction, notice), strange)
    assert "Select a valid choice" in response.content.decode()
    assert LetterText.objects.get(urgent_action=notice).target is None


def test_previous_notice_is_of_the_same_case_and_earlier(desk: Client) -> None:
    case = make_case()
    first, second = make_notice(case), make_notice(case, sequence=2)
    other = make_notice()
    for previous in (second, other):
        response = desk.post(
            page(UrgentAction, first), filled(desk.get(page(UrgentAction, first)), previous=previous.pk)
        )
        assert response.context["adminform"].form.errors["previous"]
    desk.post(page(UrgentAction, second), filled(desk.get(page(UrgentAction, second)), previous=first.pk))
    second.refresh_from_db()
    assert second.previous == first


# --- What is public stays right ---


def test_case_sequence_and_kind_of_a_public_notice_stay(desk: Client) -> None:
    notice = make_published()
    response = desk.get(page(UrgentAction, notice))
    data = filled(response, case=make_case().pk, sequence=7, kind="stop", headline="A better headline")
    assert desk.post(page(UrgentAction, notice), data).status_code == 302
    changed = UrgentAction.objects.get()
    assert (changed.case, changed.sequence, changed.kind) == (notice.case, 1, "first")
    assert changed.headline == "A better headline"
    assert changed.is_public


def test_change_that_the_checks_refuse_leaves_a_public_notice_as_it_was(desk: Client) -> None:
    notice = make_published()
    Person.objects.create(case=notice.case, name="Aigul Bek", role="his sister")
    response = desk.get(page(UrgentAction, notice))
    data = filled(response, headline="Another headline") | {"texts-0-summary": "Aigul Bek saw him."}
    response = desk.post(page(UrgentAction, notice), data)
    assert "Aigul Bek is not to be named in public, but is in a text." in response.content.decode()
    assert "Aigul Bek saw him." in response.content.decode()  # what was typed is not lost
    assert NoticeText.objects.get().summary == "He was sentenced to life imprisonment."
    assert UrgentAction.objects.get().headline == notice.headline
    assert not LogEntry.objects.exists()


def test_typing_error_in_a_notice_whose_date_has_passed_can_be_corrected(desk: Client) -> None:
    notice = make_published(act_by=today() - datetime.timedelta(days=1))
    desk.post(page(UrgentAction, notice), filled(desk.get(page(UrgentAction, notice)), headline="Corrected"))
    assert UrgentAction.objects.get().headline == "Corrected"


def test_public_notice_cannot_lose_its_deadline(desk: Client) -> None:
    notice = make_published()
    response = desk.post(page(UrgentAction, notice), filled(desk.get(page(UrgentAction, notice)), act_by=""))
    assert response.context["adminform"].form.errors["act_by"]
    assert UrgentAction.objects.get().act_by == notice.act_by


def test_official_who_is_added_to_a_public_notice_is_frozen_like_the_others(desk: Client) -> None:
    notice, official = make_published(), make_official(name="New Holder")
    data = filled(desk.get(page(UrgentAction, notice)))
    data |= {"targets-1-official": official.pk, "targets-1-order": 2}
    desk.post(page(UrgentAction, notice), data)
    Official.objects.filter(pk=official.pk).update(name="Later Holder")
    assert Target.objects.get(official=official).addressee.name == "New Holder"


def test_published_address_stays_with_its_official(desk: Client) -> None:
    notice, other = make_published(), make_official()
    target = notice.targets.get()
    data = filled(desk.get(page(UrgentAction, notice))) | {"targets-0-official": other.pk}
    desk.post(page(UrgentAction, notice), data)
    assert Target.objects.get().official == target.official


def test_public_notice_is_not_deleted(desk: Client) -> None:
    notice = make_published()
    assert desk.post(page(UrgentAction, notice, "delete"), {"post": "yes"}).status_code == 403
    desk.post(
        page(UrgentAction, name="changelist"),
        {"action": "delete_selected", "_selected_action": [notice.pk], "post": "yes"},
    )
    assert UrgentAction.objects.get() == notice


def test_withdrawn_notice_is_not_deleted(desk: Client) -> None:
    notice = make_published()
    UrgentAction.objects.update(status="withdrawn")
    assert desk.post(page(UrgentAction, notice, "delete"), {"post": "yes"}).status_code == 403


def test_draft_is_deleted(desk: Client) -> None:
    notice = make_notice()
    desk.post(page(UrgentAction, notice, "delete"), {"post": "yes"})
    assert not UrgentAction.objects.exists()


def test_only_a_public_notice_is_viewed_on_the_site(desk: Client) -> None:
    draft, public = make_notice(), make_published()
    assert draft.get_absolute_url() not in desk.get(page(UrgentAction, draft)).content.decode()
    assert public.get_absolute_url() in desk.get(page(UrgentAction, public)).content.decode()


# --- The panel ---


def test_panel_says_what_is_in_the_way(desk: Client) -> None:
    notice = make_notice(headline="")
    Salutation.objects.all().delete()
    panel = desk.get(page(UrgentAction, notice)).context["panel"]
    official = notice.targets.get().official
    assert [(line.blocks, line.message, line.link) for line in panel["lines"]] == [
        (True, "The notice has no headline.", page(UrgentAction, notice) + "#id_headline"),
        (True, f"{official}: no greeting.", page(Official, official)),
    ]


def test_panel_says_where_the_directory_has_changed(desk: Client) -> None:
    notice = make_published()
    assert desk.get(page(UrgentAction, notice)).context["panel"]["changes"] == []
    Official.objects.update(name="New Holder")
    changes = desk.get(page(UrgentAction, notice)).context["panel"]["changes"]
    assert [change.directory[0] for change in changes] == ["Director New Holder"]


# --- Decisions ---


def test_publish(desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    notice = make_notice()
    response = desk.get(page(UrgentAction, notice, "publish"))
    assert "Publish now" in response.content.decode()
    notice.refresh_from_db()
    assert notice.status == "draft"  # looking decides nothing
    response = desk.post(page(UrgentAction, notice, "publish"))
    assert response.headers["Location"] == page(UrgentAction, notice)
    notice.refresh_from_db()
    assert notice.is_public
    assert notice.published_by is not None
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Publish this notice: Published."]


def test_notice_that_is_not_ready_stays_a_draft(desk: Client) -> None:
    notice = make_notice(headline="")
    response = desk.get(page(UrgentAction, notice, "publish"))
    assert "The notice has no headline." in response.content.decode()
    assert "Publish now" not in response.content.decode()
    response = desk.post(page(UrgentAction, notice, "publish"))
    assert [str(message) for message in response.context["messages"]] == [
        "Nothing was changed. The notice has no headline."
    ]
    notice.refresh_from_db()
    assert notice.status == "draft"
    assert not LogEntry.objects.exists()


def test_stop(desk: Client) -> None:
    notice = make_published(make_case(number=63))
    desk.post(page(UrgentAction, notice, "stop"), {"number": "UA 63.20", "reason": "He is free."})
    stop = UrgentAction.objects.get(kind="stop")
    assert (stop.case, stop.status, stop.reason) == (notice.case, "published", "He is free.")
    assert LogEntry.objects.count() == 2


def test_stop_with_a_wrong_number_stops_nothing(desk: Client) -> None:
    notice = make_published(make_case(number=63))
    response = desk.post(page(UrgentAction, notice, "stop"), {"number": "64/20", "reason": "He is free."})
    assert "This is not the number of this case. It is 63/20." in response.content.decode()
    assert "He is free." in response.content.decode()
    assert not UrgentAction.objects.filter(kind="stop").exists()


def test_stop_whose_reason_names_someone_kept_back_stops_nothing(desk: Client) -> None:
    notice = make_published(make_case(number=63))
    Person.objects.create(case=notice.case, name="Aigul Bek")
    response = desk.post(page(UrgentAction, notice, "stop"), {"number": "63/20", "reason": "aigul bek asked us to."})
    assert response.context["form"].errors == {"reason": ["Aigul Bek is not to be named in public, but is in a text."]}
    assert not UrgentAction.objects.filter(kind="stop").exists()


def test_case_that_was_never_public_cannot_be_stopped(desk: Client) -> None:
    notice = make_notice(make_case(number=63))
    response = desk.post(page(UrgentAction, notice, "stop"), {"number": "63/20"})
    assert "nothing to stop" in response.content.decode()
    assert UrgentAction.objects.get().status == "draft"


def test_close(desk: Client) -> None:
    notice = make_published()
    data = {"outcome": "released", "on": "2020-11-30", "text": "He is with his family."}
    desk.post(page(UrgentAction, notice, "close"), data)
    case = Case.objects.get()
    assert (case.is_closed, case.outcome, case.outcome_on) == (True, "released", datetime.date(2020, 11, 30))


@pytest.mark.parametrize("wrong", [{"outcome": ""}, {"on": ""}, {"on": "2999-01-01"}, {"text": "Aigul Bek too."}])
def test_close_is_refused(desk: Client, wrong: dict[str, str]) -> None:
    notice = make_published()
    Person.objects.create(case=notice.case, name="Aigul Bek")
    data = {"outcome": "released", "on": "2020-11-30", "text": "He is with his family."} | wrong
    assert desk.post(page(UrgentAction, notice, "close"), data).context["form"].errors
    assert not Case.objects.get().is_closed


def test_withdraw(desk: Client) -> None:
    notice = make_published(make_case(number=63))
    desk.post(page(UrgentAction, notice, "withdraw"), {"number": "63"})
    assert UrgentAction.objects.get().status == "published"
    desk.post(page(UrgentAction, notice, "withdraw"), {"number": "63/20"})
    assert UrgentAction.objects.get().status == "withdrawn"


def test_addresses_are_taken_from_the_directory_again(desk: Client) -> None:
    notice = make_published()
    Official.objects.update(name="New Holder")
    assert "Director New Holder" in desk.get(page(UrgentAction, notice, "addresses")).content.decode()
    assert Target.objects.get().addressee.name != "New Holder"
    desk.post(page(UrgentAction, notice, "addresses"))
    assert Target.objects.get().addressee.name == "New Holder"


def test_addresses_without_a_greeting_are_not_taken(desk: Client) -> None:
    notice = make_published()
    Salutation.objects.all().delete()
    response = desk.post(page(UrgentAction, notice, "addresses"))
    assert "no greeting" in response.content.decode()
    assert Target.objects.get().addressee.salutations == {"en": "Dear Director Wang,"}


@pytest.mark.parametrize("decision", ["publish", "stop", "close", "withdraw", "addresses"])
def test_deciding_takes_the_permission_to_change(client: Client, decision: str) -> None:
    notice = make_notice()
    make_user(client, "view_urgentaction")
    assert client.get(page(UrgentAction, notice)).status_code == 200
    assert page(UrgentAction, notice, decision) not in client.get(page(UrgentAction, notice)).content.decode()
    assert client.get(page(UrgentAction, notice, decision)).status_code == 403
    assert client.post(page(UrgentAction, notice, decision)).status_code == 403
    client.logout()
    assert client.post(page(UrgentAction, notice, decision)).status_code == 302
    notice.refresh_from_db()
    assert notice.status == "draft"


def test_editor_of_notices_alone_may_decide(client: Client) -> None:
    notice = make_notice()
    make_user(client, "change_urgentaction", "view_urgentaction")
    client.post(page(UrgentAction, notice, "publish"))
    notice.refresh_from_db()
    assert notice.is_public


def test_several_are_published_and_each_refusal_is_told(desk: Client) -> None:
    ready, not_ready, public = make_notice(), make_notice(headline=""), make_published()
    response = desk.post(
        page(UrgentAction, name="changelist"),
        {"action": "publish_chosen", "_selected_action": [ready.pk, not_ready.pk, public.pk]},
        follow=True,
    )
    assert [str(message) for message in response.context["messages"]] == [
        f"{ready} is published.",
        f"{not_ready} is not published. The notice has no headline.",
        f"{public} was public already.",
    ]
    assert set(UrgentAction.objects.public()) == {ready, public}


def test_publishing_from_the_list_takes_the_permission(client: Client) -> None:
    notice = make_notice()
    make_user(client, "view_urgentaction")
    client.post(page(UrgentAction, name="changelist"), {"action": "publish_chosen", "_selected_action": [notice.pk]})
    assert UrgentAction.objects.get().status == "draft"


# --- The directory ---


@pytest.mark.parametrize("words", ["Wang Jiang", "jiang wang", "director jiang"])
def test_official_is_found_by_either_order_of_the_name(desk: Client, words: str) -> None:
    official = make_official(name="Wang Jiang")
    make_official(name="Cui Tiankai", role="Ambassador")
    assert list(desk.get(page(Official, name="changelist"), {"q": words}).context["cl"].queryset) == [official]


def test_short_name_is_made_where_no_script_made_it(desk: Client) -> None:
    for _again in range(2):
        data = filled(desk.get(page(Official, name="add")), role="Director", name="Wang Jiang", country="CN")
        assert desk.post(page(Official, name="add"), data).status_code == 302
    assert set(Official.objects.values_list("slug", flat=True)) == {"director-wang-jiang", "director-wang-jiang-2"}


def test_short_name_that_is_part_of_an_address_stays(desk: Client) -> None:
    official = make_published().targets.get().official
    desk.post(page(Official, official), filled(desk.get(page(Official, official)), slug="other"))
    assert Official.objects.get().slug == official.slug


def test_official_of_a_notice_is_not_deleted(desk: Client) -> None:
    official = make_notice().targets.get().official
    desk.post(page(Official, official, "delete"), {"post": "yes"})
    assert Official.objects.get() == official


def test_number_of_a_new_official_is_kept_as_it_is_dialled_from_anywhere(desk: Client) -> None:
    data = filled(desk.get(page(Official, name="add")), role="Ambassador", name="Cui Tiankai", country="US")
    wrong = data | {"channels-0-kind": "phone", "channels-0-value": "12"}
    response = desk.post(page(Official, name="add"), wrong)
    assert "Write the number with its country code: +1 202 495 2266." in response.content.decode()
    assert not Official.objects.exists()
    desk.post(page(Official, name="add"), data | {"channels-0-kind": "phone", "channels-0-value": "202 495 2266"})
    assert list(ContactChannel.objects.values_list("kind", "value")) == [("phone", "+1 202-495-2266")]


@pytest.mark.parametrize("words", ["63/20", "UA 63.20", "ua-63-20"])
def test_case_and_notice_are_found_by_any_spelling_of_the_number(desk: Client, words: str) -> None:
    notice = make_notice(make_case(number=63))
    make_notice(make_case(number=64))
    assert list(desk.get(page(Case, name="changelist"), {"q": words}).context["cl"].queryset) == [notice.case]
    assert list(desk.get(page(UrgentAction, name="changelist"), {"q": words}).context["cl"].queryset) == [notice]


# --- One row costs as much as three ---


@pytest.mark.parametrize("model", [Case, UrgentAction, Official, Topic])
def test_list_asks_as_often_for_three_rows_as_for_one(desk: Client, model: type) -> None:
    make_published()
    Topic.objects.create(name="One", slug="one")
    once = queries(desk, page(model, name="changelist"))
    for number in range(2):
        make_published(officials=2)
        Topic.objects.create(name=f"More {number}", slug=f"more-{number}")
    assert queries(desk, page(model, name="changelist")) == once


def test_notice_asks_as_often_with_three_of_each_as_with_one(desk: Client) -> None:
    few, many = make_published(), make_published(officials=3)
    for language in ("zh", "fr"):
        NoticeText.objects.create(urgent_action=many, language=language, summary="…")
        LetterText.objects.create(urgent_action=many, language=language, body="…", target=many.targets.first())
    Official.objects.update(name="New Holder")
    assert queries(desk, page(UrgentAction, many)) == queries(desk, page(UrgentAction, few))


def test_case_asks_as_often_with_three_of_each_as_with_one(desk: Client) -> None:
    few, many = make_case(), make_case()
    make_published(few)
    for sequence in (1, 2, 3):
        make_published(many, sequence=sequence)
        Person.objects.create(case=many, name="Someone else")
    assert queries(desk, page(Case, many)) == queries(desk, page(Case, few))


def test_official_asks_as_often_with_three_of_each_as_with_one(desk: Client) -> None:
    few, many = make_official(), make_official()
    for language in ("zh", "fr"):
        Salutation.objects.create(official=many, language=language, text="…")
    for number in ("+1 202 495 2266", "+1 202 495 2277"):
        ContactChannel.objects.create(official=many, kind="phone", value=number)
    assert queries(desk, page(Official, many)) == queries(desk, page(Official, few))
