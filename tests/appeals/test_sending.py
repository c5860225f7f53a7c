"""Ways to send a letter: the ones that its official has, each link meaning the same in every program."""

import datetime
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import time_machine
from django.test import Client

from appeals import sending
from appeals.letters import Letter
from cases import publishing, short_texts
from cases.models import ContactChannel, CountryAdvice, LetterText, Official, UrgentAction
from tests.factories import add_language, make_case, make_notice, make_official, today

LETTER = Letter(
    language="en",
    sender=(),
    date="",
    addressee=("Director Wang Jiang", "CHINA"),
    subject="Nagyz Muhammed & others?",
    salutation="Dear Director Wang,",
    paragraphs=("One paragraph.", "Two\nlines: 50% + é."),
    closing=("Yours sincerely,",),
    title="x",
    filename="x",
)
WHOLE = "Dear Director Wang,\n\nOne paragraph.\n\nTwo\nlines: 50% + é.\n\nYours sincerely,\n\n"
PAGE = "/cases/ua-63-20/letters/wang/en/"


def channel(kind: str, value: str, **fields: Any) -> ContactChannel:
    return ContactChannel(official=Official(**{"country": "US", **fields}), kind=kind, value=value)


def email(value: str = "office@example.org", letter: Letter = LETTER, short_email: str = "") -> sending.Email:
    return sending.by_email(channel("email", value), letter, LetterText(short_email=short_email))


def parts(link: str) -> dict[str, str]:
    """The parts of a link's query as any program reads them: a plus is a plus."""
    query = urlsplit(link).query
    assert "+" not in query
    return dict(parse_qsl(query, strict_parsing=True))


# --- Email ------------------------------------------------------------------------------------------------------------


def test_a_mail_link_has_its_line_ends_as_crlf_and_spaces_as_20() -> None:
    assert email().mailto == (
        "mailto:office@example.org?subject=Nagyz%20Muhammed%20%26%20others%3F"
        "&body=Dear%20Director%20Wang%2C%0D%0A%0D%0AOne%20paragraph.%0D%0A%0D%0ATwo%0D%0Alines%3A%2050%25%20%2B%20"
        "%C3%A9.%0D%0A%0D%0AYours%20sincerely%2C%0D%0A%0D%0A"
    )


def test_the_short_text_goes_before_the_whole_letter() -> None:
    short = email(short_email="Please release him.\r\n\r\nNow. ")

    assert short.text == "Dear Director Wang,\n\nPlease release him.\r\n\r\nNow.\n\nYours sincerely,\n"
    assert parts(short.mailto)["body"] == (
        "Dear Director Wang,\r\n\r\nPlease release him.\r\n\r\nNow.\r\n\r\nYours sincerely,\r\n\r\n"
    )


def test_every_program_is_given_the_same_parts() -> None:
    found = email()

    body = WHOLE.replace("\n", "\r\n")
    assert parts(found.mailto) == {"subject": LETTER.subject, "body": body}
    assert parts(found.gmail) == {
        "view": "cm",
        "fs": "1",
        "to": "office@example.org",
        "su": LETTER.subject,
        "body": body,
    }
    assert parts(found.outlook) == {"to": "office@example.org", "subject": LETTER.subject, "body": body}
    assert [urlsplit(link).netloc for link in (found.gmail, found.outlook)] == ["mail.google.com", "outlook.live.com"]


def test_an_empty_subject_is_left_out() -> None:
    assert email(letter=replace(LETTER, subject="")).mailto.startswith("mailto:office@example.org?body=Dear")
    assert sending.mail_link("office@example.org", "") == "mailto:office@example.org"


@pytest.mark.parametrize("hostile", ["a\r\nBcc: x@example.org", "a&bcc=x@example.org", "a?b", "a#b", "a%0Ab", "a b+c"])
def test_nothing_in_address_or_subject_adds_a_part(hostile: str) -> None:
    found = email(value=f"{hostile}@example.org", letter=replace(LETTER, subject=hostile))

    address = found.mailto.removeprefix("mailto:").partition("?")[0]
    assert unquote(address) == f"{hostile}@example.org"
    assert set(address) & set("&?#+ \r\n") == set()
    assert parts(found.mailto) == {"subject": hostile, "body": WHOLE.replace("\n", "\r\n")}
    for link, names in (
        (found.gmail, {"view", "fs", "to", "su", "body"}),
        (found.outlook, {"to", "subject", "body"}),
    ):
        assert (set(parts(link)), parts(link)["to"]) == (names, f"{hostile}@example.org")


@pytest.mark.parametrize("sign", ["a", "é", "国"])
def test_a_link_is_at_most_as_long_as_mail_programs_take(sign: str) -> None:
    """At the limit with its text, one sign more and without: it is copied by hand then."""
    empty = len(email(short_email="x").mailto) - 1
    most = (short_texts.LONGEST_MAIL_LINK - empty) // len(short_texts.in_mail_link(sign))

    fits, too_long = email(short_email=sign * most), email(short_email=sign * (most + 1))

    assert (fits.has_text_in_link, too_long.has_text_in_link) == (True, False)
    assert len(fits.mailto) <= short_texts.LONGEST_MAIL_LINK < len(fits.mailto) + len(short_texts.in_mail_link(sign))
    assert too_long.mailto == "mailto:office@example.org?subject=Nagyz%20Muhammed%20%26%20others%3F"
    assert ("body" in parts(too_long.gmail), "body" in parts(too_long.outlook)) == (False, False)
    assert sign * (most + 1) in too_long.text


# --- Phone ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "country", "link"),
    [
        ("+1 202 495 2266", "US", "tel:+12024952266"),
        ("+1 (202) 495-2266", "CN", "tel:+12024952266"),
        ("202.495.2266", "US", "tel:+12024952266"),
        ("011 86 991 123 4567", "US", "tel:+869911234567"),
        ("0991 123 4567", "CN", "tel:+869911234567"),  # of the office's country
        ("020 7299 4049", "GB", "tel:+442072994049"),
        ("+44 (0)20 7299 4049", "US", "tel:+442072994049"),
        ("ask at the desk", "US", ""),  # shown, but no link
        ("", "US", ""),
    ],
)
def test_a_number_is_dialled_the_same_from_anywhere(number: str, country: str, link: str) -> None:
    call = sending.by_phone(
        channel("phone", number, country=country), LetterText(), datetime.datetime.now(datetime.UTC)
    )

    assert (call.link, call.channel.link) == (link, link)


NOVEMBER = datetime.datetime(2026, 11, 25, 15, 5, tzinfo=datetime.UTC)
JULY = datetime.datetime(2026, 7, 25, 15, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("now", "country", "stated", "there"),
    [
        (NOVEMBER, "US", "America/New_York", "10:05"),
        (JULY, "US", "America/New_York", "11:05"),  # an hour later in summer
        (NOVEMBER, "GB", "", "3:05"),  # the only zone there is
        (JULY, "GB", "", "4:05"),
        (NOVEMBER, "US", "", ""),  # several
        (NOVEMBER, "XX", "", ""),
        (NOVEMBER, "GB", "Asia/Shanghai", "11:05"),
    ],
)
def test_who_calls_is_told_how_late_it_is_there(now: datetime.datetime, country: str, stated: str, there: str) -> None:
    office = channel("phone", "+1 202 495 2266", country=country, time_zone=stated, office_hours="9–5")

    call = sending.by_phone(office, LetterText(call_script=" Hello. "), now)

    assert (call.time_there[: len(there) or None], call.script, call.office_hours) == (there, "Hello.", "9–5")


# --- Network ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Release him!", "Release him! @China"),
        ("@China, release him!", "@China, release him!"),
        ("Release him, @china", "Release him, @china"),
        ("Release him, @ChinaEmbassy", "Release him, @ChinaEmbassy @China"),
    ],
)
def test_a_post_names_the_official_once(words: str, text: str) -> None:
    post = sending.by_network_post(channel("handle", "@China"), LetterText(post_text=words), "http://x.example/1/?a&b")

    assert post.text == f"{text} http://x.example/1/?a&b"
    assert post.length == len(text) + 1 + short_texts.LINK_IN_POST
    assert parts(post.intent) == {"text": text, "url": "http://x.example/1/?a&b"}


# --- Post -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pages", "grams"), [(0, 0), (1, 10), (2, 15), (5, 30)])
def test_a_letter_weighs_its_sheets_and_its_envelope(pages: int, grams: int) -> None:
    assert sending.by_post(LETTER, pages, None, None, today()).grams == grams


@pytest.mark.parametrize(
    ("checked_days_ago", "url", "is_shown"),
    [
        (0, "https://post.example/", True),
        (365, "https://post.example/", True),
        (366, "https://post.example/", False),
        (None, "https://post.example/", False),
        (0, "", False),
    ],
)
def test_a_page_with_prices_is_shown_for_a_year(checked_days_ago: int | None, url: str, is_shown: bool) -> None:
    checked_on = None if checked_days_ago is None else today() - datetime.timedelta(days=checked_days_ago)
    home = CountryAdvice(country="FR", postal_operator="La Poste", postage_url=url, postage_checked_on=checked_on)

    post = sending.by_post(LETTER, 1, CountryAdvice(country="CN", days_by_post=9), home, today())

    assert (post.postal_operator, post.postage_url) == (("La Poste", url) if is_shown else ("", ""))
    assert (post.days, post.lines) == (9, LETTER.addressee)


# --- The page ---------------------------------------------------------------------------------------------------------


def make_63(**texts: str) -> UrgentAction:
    """To a director with each kind of channel, and one of each that does not work."""
    notice = make_notice(make_case(number=63), officials=0)
    official = make_official(slug="wang", name="Wang Jiang", time_zone="America/New_York", office_hours="9–5")
    for kind, works, fails in (
        ("email", "works@example.org", "fails@example.org"),
        ("phone", "+1 202 495 2266", "+1 202 495 2267"),
        ("fax", "+1 202 495 2138", "+1 202 495 2139"),
        ("handle", "@ItWorks", "@ItFails"),
    ):
        ContactChannel.objects.create(official=official, kind=kind, value=works)
        ContactChannel.objects.create(official=official, kind=kind, value=fails, works=False)
    notice.targets.create(official=official)
    add_language(notice, "zh", "尊敬的王江局长：", "请释放{names}。")
    notice.letters.filter(language="en").update(post_text="Release him!", **texts)
    publishing.publish(notice, by=None, now=NOVEMBER - datetime.timedelta(days=1))
    return notice


def read(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


WORKING = ("office@example.org", "works@example.org", "+1 202 495 2266", "+1 202 495 2138", "@ItWorks")


@pytest.mark.django_db
def test_only_what_the_official_has_and_what_works_is_shown(client: Client) -> None:
    notice = make_63()
    page = read(client)

    assert [value in page for value in WORKING] == [True] * 5
    assert ("ails@" in page, "2267" in page, "2139" in page, "@ItFails" in page) == (False,) * 4
    assert [page.count(f'<h3 id="way-{number}">') for number in range(1, 7)] == [1, 1, 1, 1, 1, 0]

    notice.targets.get().official.channels.update(works=False)
    page = read(client)
    assert ("way-1" in page, "fax.pdf" in page, "mailto:office" in page, "x.com" in page) == (False,) * 4
    assert ("By post" in page, "Written by hand" in page) == (True, True)


@pytest.mark.django_db
def test_without_words_for_a_post_there_is_none(client: Client) -> None:
    make_63()

    assert ("https://x.com/intent/post?text=Release%20him%21%20%40ItWorks&amp;url=" in read(client)) is True
    assert ("x.com" in read(client, PAGE.replace("/en/", "/zh/"))) is False


@pytest.mark.django_db
@pytest.mark.parametrize("has_room", [True, False])
def test_a_text_that_no_link_holds_is_to_be_copied(client: Client, has_room: bool) -> None:
    make_63(body="word " * (20 if has_room else 400))
    page = read(client)

    assert ("The text is too long for a link: copy it from here into your mail." in page) is not has_room
    assert ("<details open><summary>Text to copy" in page) is not has_room
    assert ("&amp;body=Dear%20Director%20Wang" in page) is has_room


@pytest.mark.django_db
def test_a_number_that_nobody_can_dial_is_shown_without_a_link(client: Client) -> None:
    notice = make_63()
    notice.targets.get().official.channels.filter(value="+1 202 495 2266").update(value="ask at the desk")
    publishing.take_addresses_again(notice)

    for address in (PAGE, "/cases/ua-63-20/"):
        page = read(client, address)
        assert ("ask at the desk" in page, "tel:" in page) == (True, False)


@pytest.mark.django_db
def test_where_no_post_goes_the_address_is_not_offered(client: Client) -> None:
    make_63()
    advice = CountryAdvice.objects.create(country="CN", days_by_post=9, checked_on=today())
    assert ('<address class="copy"' in read(client), "/problem/post/" in read(client)) == (True, True)

    CountryAdvice.objects.filter(pk=advice.pk).update(post_suspended="Ask <b>the embassy</b>.")

    page = read(client)
    assert "No post is delivered there now.</strong> <bdi>Ask &lt;b&gt;the embassy&lt;/b&gt;.</bdi>" in page
    assert ('<address class="copy"' in page, "envelope-dl.pdf" in page, "/problem/post/" in page) == (False,) * 3


@pytest.mark.django_db
def test_paper_and_postage_go_with_where_the_reader_is(client: Client) -> None:
    make_63()
    for country, operator in (("FR", "La Poste"), ("US", "USPS")):
        url = f"https://post.example/{country}"
        CountryAdvice.objects.create(
            country=country, checked_on=today(), postal_operator=operator, postage_url=url, postage_checked_on=today()
        )

    nowhere, france, states = (read(client, f"{PAGE}{query}") for query in ("", "?from=FR", "?from=US"))

    assert [("La Poste" in page, "USPS" in page) for page in (nowhere, france, states)] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert [page.count("?paper=a4") + page.count("&amp;paper=a4") for page in (nowhere, france, states)] == [0, 0, 1]
    assert [page.count("paper=letter") for page in (nowhere, france, states)] == [1, 1, 0]


@pytest.mark.django_db
def test_what_the_address_says_wrongly_counts_as_nothing(client: Client) -> None:
    make_63()

    plain = read(client)
    assert plain == read(client, f"{PAGE}?from=XX&paper=tabloid&with=zz")
    assert plain != read(client, f"{PAGE}?from=FR")
    for query in ("?from=fr", "?from=", "?paper=A4", "?with=english", "?from=%00", "?from=FRA"):
        assert read(client, f"{PAGE}{query}") == plain


@pytest.mark.django_db
@time_machine.travel(NOVEMBER, tick=False)
def test_the_page_works_in_arabic(client: Client) -> None:
    make_63()

    page = read(client, f"/ar{PAGE}?from=US")

    assert '<html lang="ar" dir="rtl">' in page
    assert [value in page for value in WORKING] == [True] * 5
    assert 'href="/ar/cases/ua-63-20/letters/wang/en/fax.pdf?from=US"' in page
    assert "http%3A%2F%2Ftestserver%2Fcases%2Fua-63-20%2F" in page  # passed on without the reader's language
    assert "It is 10:05 AM there now." in read(client)
