"""The demonstration data: made once, through the same verbs as real cases, and honest about what is not as it was."""

import datetime
import io
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from appeals import letters, pdf, pieces, totals
from appeals.demo import arabic_letter, good_news, spanish_letter, stopped, ua_63_20
from appeals.demo.shape import DemoCase
from appeals.models import ActionReport, DailyTotal, LetterFile
from cases import checks, embassies, plain_text
from cases.models import Case, CountryAdvice, LetterText, NoticeText, Official, Salutation, UrgentAction
from cases.models.case import Outcome

TODAY = datetime.date(2026, 11, 24)
SOURCE = Path(__file__).resolve().parents[3] / "shared" / "ua-documents" / "UA-63-20.txt"
FREE_MAIL_OF_THE_EMBASSY = "free-mail"  # printed in the notice; staff are warned, as they should be
LANGUAGES = ["zh", "en", "es", "fr", "kk", "ru"]  # of the Second UA's letters, the officials' preferred ones first
CAPITALS = ["London", "Paris", "Berlin", "Astana", "Madrid", "Moscow"]

pytestmark = pytest.mark.django_db


def load(*arguments: str, today: datetime.date = TODAY) -> str:
    out = io.StringIO()
    call_command("load_demo", f"--today={today}", *arguments, stdout=out)
    return out.getvalue()


def real_case() -> Case:
    return Case.objects.get(number=63, year=2020)


def second_ua() -> UrgentAction:
    return UrgentAction.objects.prefetched_for_letters().get(index="ASA 17/3279/2020")


def invented(number: int) -> Case:
    return Case.objects.get(number=number, is_fictional=True)


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for app in ("cases", "appeals")
        for model in apps.get_app_config(app).get_models()
    }


def state_of(case: Case) -> UrgentAction.State:
    return UrgentAction.objects.newest().get(case=case).state(noon(TODAY))


def counted_by_x(text: str) -> int:
    """Two for each sign outside of these ranges, such as Chinese ones (its weighting of 2018)."""
    light = (range(4352), range(8192, 8206), range(8208, 8224), range(8242, 8248))
    return sum(1 if any(ord(sign) in signs for signs in light) else 2 for sign in text)


def demo_cases() -> list[DemoCase]:
    modules = (spanish_letter, arabic_letter, good_news, stopped)
    return [ua_63_20.case(ua_63_20.days_moved(TODAY)), *(module.case(TODAY) for module in modules)]


def test_first_run_makes_the_real_case_and_four_invented_ones() -> None:
    load()

    assert {
        (case.number, case.year, str(case.country), case.is_fictional, state_of(case)) for case in Case.objects.all()
    } == {
        (63, 2020, "CN", False, UrgentAction.State.LIVE),
        (901, 2026, "BV", True, UrgentAction.State.ENDS_SOON),
        (902, 2026, "HM", True, UrgentAction.State.LIVE),
        (903, 2026, "TF", True, UrgentAction.State.CLOSED),
        (904, 2026, "AQ", True, UrgentAction.State.STOPPED),
    }


def test_advice_tells_where_writers_find_their_postage() -> None:
    load()

    assert set(
        CountryAdvice.objects.values_list("country", "days_by_post", "postal_operator", "postage_url", "checked_on")
    ) == {
        ("CN", 14, "", "", TODAY),
        ("US", 7, "USPS", "https://www.usps.com/", TODAY),
        ("GB", None, "Royal Mail", "https://www.royalmail.com/", TODAY),
        ("FR", None, "La Poste", "https://www.laposte.fr/", TODAY),
        ("DE", None, "Deutsche Post", "https://www.deutschepost.de/", TODAY),
        ("KZ", None, "Qazpost", "https://post.kz/", TODAY),
        ("ES", None, "Correos", "https://www.correos.es/", TODAY),
    }
    assert dict(CountryAdvice.objects.exclude(postage_url="").values_list("country", "postage_checked_on")) == (
        dict.fromkeys(("US", "GB", "FR", "DE", "KZ", "ES"), TODAY)
    )
    assert CountryAdvice.objects.get(country="CN").postage_checked_on is None
    assert set(CountryAdvice.objects.exclude(risk="").values_list("country", flat=True)) == {"CN", "US"}
    for advice in CountryAdvice.objects.all():
        advice.full_clean()


def test_second_run_changes_nothing_and_says_so() -> None:
    load()
    before = rows()

    said = load()

    assert rows() == before
    assert said.splitlines() == [
        "UA 63/20: is there already and stays as it is.",
        "UA 901/26: is there already and stays as it is.",
        "UA 902/26: is there already and stays as it is.",
        "UA 903/26: is there already and stays as it is.",
        "UA 904/26: is there already and stays as it is.",
        "Nothing was changed.",
    ]


def test_run_in_the_next_year_makes_no_second_set() -> None:
    load()
    before = rows()

    said = load(today=datetime.date(2027, 3, 1))

    assert rows() == before
    assert "Its newest notice keeps 9 November 2026 as its day of issue." in said


def test_what_staff_edited_survives_a_rerun() -> None:
    load()
    notice = second_ua()
    UrgentAction.objects.filter(pk=notice.pk).update(headline="Edited headline")
    LetterText.objects.filter(urgent_action=notice, language="en").update(body="Edited letter.")
    Salutation.objects.filter(official__slug="director-wang-jiang", language="zh").delete()
    Official.objects.filter(slug="director-wang-jiang").update(name="Successor")
    CountryAdvice.objects.filter(country="CN").update(risk="Edited advice.")
    CountryAdvice.objects.filter(country="GB").update(postal_operator="Edited operator")
    paris = Official.objects.filter(slug="embassy-of-china-paris")
    paris.update(name="Somebody", address="1 rue Nouvelle")
    Salutation.objects.filter(official__in=paris, language="fr").update(text="Madame l’Ambassadrice,")
    before = rows()

    load()

    assert rows() == before
    assert second_ua().headline == "Edited headline"
    assert LetterText.objects.get(urgent_action=notice, language="en").body == "Edited letter."
    assert Official.objects.get(slug="director-wang-jiang").name == "Successor"
    assert CountryAdvice.objects.get(country="CN").risk == "Edited advice."
    assert CountryAdvice.objects.get(country="GB").postal_operator == "Edited operator"
    assert (paris.get().name, paris.get().address) == ("Somebody", "1 rue Nouvelle")
    assert paris.get().salutations.get(language="fr").text == "Madame l’Ambassadrice,"


@pytest.mark.parametrize(
    "edited",
    [{"slug": "embassy-in-london"}, {"represents": "", "accredited_to": ""}],
    ids=["other short name", "no embassy any more"],
)
def test_embassy_that_staff_made_something_else_gets_no_double(edited: dict[str, str]) -> None:
    load()
    Official.objects.filter(slug="embassy-of-china-london").update(**edited)
    before = rows()

    load()

    assert rows() == before


def test_embassy_that_staff_entered_first_is_left_alone() -> None:
    Official.objects.create(
        slug="our-own", role="Ambassador", name="A. Name", country="FR", represents="CN", accredited_to="FR"
    )

    said = load()

    assert list(Official.objects.filter(represents="CN", accredited_to="FR").values_list("slug", flat=True)) == [
        "our-own"
    ]
    assert "Embassies of China: entered for London, Berlin, Astana, Madrid, Moscow (" in said


def test_case_that_staff_began_is_left_alone() -> None:
    Case.objects.create(number=63, year=2020, country="CN")

    said = load()

    assert not UrgentAction.objects.filter(case=real_case()).exists()
    assert "UA 63/20: is there already and stays as it is." in said


def test_case_that_cannot_be_published_leaves_nothing_behind_and_the_others_are_made() -> None:
    Official.objects.create(slug="director-wang-jiang", role="Director", name="Wang Jiang", country="CN")

    with pytest.raises(CommandError, match="UA 63/20 was not made"):
        load()

    assert sorted(Case.objects.values_list("number", flat=True)) == [901, 902, 903, 904]
    assert not Official.objects.filter(slug="ambassador-cui-tiankai").exists()
    assert totals.differences() == []


def test_interrupted_run_is_finished_by_the_next() -> None:
    load()
    complete = rows()
    case = invented(904)
    DailyTotal.objects.of_case(case).delete()
    ActionReport.objects.filter(urgent_action__case=case).delete()
    UrgentAction.objects.filter(case=case).delete()
    case.delete()

    said = load()

    assert "UA 904/26: made." in said
    assert "UA 63/20: is there already" in said
    assert rows() == complete
    assert totals.differences() == []


def test_dates_move_together_so_that_the_real_case_is_open() -> None:
    said = load()

    moved = datetime.timedelta(days=ua_63_20.days_moved(TODAY))
    assert list(real_case().notices.order_by("sequence").values_list("issued_on", "act_by")) == [
        (ua_63_20.FIRST_ISSUED_ON + moved, ua_63_20.FIRST_ACT_BY + moved),
        (datetime.date(2020, 10, 29) + moved, datetime.date(2020, 12, 29) + moved),
    ]
    assert second_ua().issued_on == TODAY - datetime.timedelta(days=15)
    assert second_ua().days_left(noon(TODAY)) == 46
    assert f"moved by {moved.days:,} days" in said
    assert "load_demo --historical-dates" in said


def test_moved_dates_are_admitted_on_the_page_and_in_the_notes() -> None:
    load()

    days = ua_63_20.days_moved(TODAY)
    assert f"moved by {days:,} days" in real_case().notes
    for text in NoticeText.objects.filter(urgent_action__case=real_case(), language="en"):
        assert f"moved by {days:,} days" in text.additional_paragraphs[-1]
    assert f"{days}天" in second_ua().texts.get(language="zh").additional_paragraphs[-1]


def test_historical_dates_are_exact() -> None:
    said = load("--historical-dates")

    first, second = real_case().notices.order_by("sequence")
    assert (first.index, first.issued_on, first.act_by) == (
        "ASA 17/2219/2020",
        datetime.date(2020, 4, 23),
        datetime.date(2020, 6, 4),
    )
    assert (second.index, second.issued_on, second.act_by) == (
        "ASA 17/3279/2020",
        datetime.date(2020, 10, 29),
        datetime.date(2020, 12, 29),
    )
    assert second.published_at == noon(datetime.date(2020, 10, 29))
    assert state_of(real_case()) == UrgentAction.State.PASSED
    assert state_of(invented(901)) == UrgentAction.State.ENDS_SOON
    assert "moved" not in said
    assert "moved" not in real_case().notes
    assert not NoticeText.objects.filter(additional_information__contains="moved by").exists()


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ([], ["--historical-dates"], datetime.date(2026, 11, 9)),
        (["--historical-dates"], [], datetime.date(2020, 10, 29)),
    ],
)
def test_other_kind_of_dates_leaves_the_case_that_is_there(
    before: list[str], after: list[str], kept: datetime.date
) -> None:
    load(*before)
    as_it_was = rows()

    said = load(*after)

    assert rows() == as_it_was
    assert second_ua().issued_on == kept
    assert f"keeps {kept.day} {kept:%B %Y} as its day of issue" in said


def test_chain_of_the_real_case_is_public() -> None:
    load()

    chain = UrgentAction.objects.public().filter(case=real_case()).order_by("sequence")
    assert [(str(notice), notice.kind, notice.is_newest()) for notice in chain] == [
        ("First UA 63/20", "first", False),
        ("Second UA 63/20", "update", True),
    ]
    assert chain[1].previous == chain[0]


def test_officials_have_all_channels_of_the_notice() -> None:
    load()

    director = Official.objects.get(slug="director-wang-jiang")
    assert letters.envelope_lines(second_ua().targets.get(official=director).addressee) == (
        "Director Wang Jiang",
        "Prison Administration Bureau of Xinjiang Uyghur Autonomous Region",
        "No 380, Huanghe lu, Urumqi",
        "830000, Xinjiang Uyghur Autonomous Region",
        "CHINA",
    )
    assert not director.channels.exists()
    ambassador = Official.objects.get(slug="ambassador-cui-tiankai")
    assert ambassador.address_lines == ["3505 International Place NW", "Washington DC 20008"]
    assert (str(ambassador.country), str(ambassador.represents), str(ambassador.accredited_to)) == ("US", "CN", "US")
    assert (ambassador.time_zone, ambassador.office_hours) == ("America/New_York", "Mon–Fri 9:00–17:00")
    assert (str(director.represents), director.time_zone, director.office_hours) == ("", "Asia/Shanghai", "")
    assert list(ambassador.channels.values_list("kind", "value")) == [
        ("phone", "+1 202 495 2266"),
        ("fax", "+1 202 495 2138"),
        ("email", "chineseembassyspokesperson@gmail.com"),
        ("handle", "@ChineseEmbinUS"),
    ]


@pytest.mark.parametrize("arguments", [[], ["--historical-dates"]], ids=["moved dates", "historical dates"])
def test_embassies_of_china_are_entered_without_holder_and_channels(arguments: list[str]) -> None:
    said = load(*arguments)

    found = Official.objects.filter(represents="CN").exclude(slug="ambassador-cui-tiankai")
    assert {
        (each.slug, each.address, str(each.country), str(each.accredited_to), each.time_zone) for each in found
    } == {
        ("embassy-of-china-london", "49-51 Portland Place\nLondon W1B 1JL", "GB", "GB", "Europe/London"),
        ("embassy-of-china-paris", "20 rue Monsieur\n75007 Paris", "FR", "FR", "Europe/Paris"),
        ("embassy-of-china-berlin", "Märkisches Ufer 54\n10179 Berlin", "DE", "DE", "Europe/Berlin"),
        ("embassy-of-china-astana", "37 Kabanbay Batyr Avenue\nAstana", "KZ", "KZ", "Asia/Almaty"),
        ("embassy-of-china-madrid", "Calle Arturo Soria 113\n28043 Madrid", "ES", "ES", "Europe/Madrid"),
        ("embassy-of-china-moscow", "ul. Druzhby 6\n119285 Moscow", "RU", "RU", "Europe/Moscow"),
    }
    for each in found:
        assert (each.role, each.name, each.institution) == (
            "Ambassador",
            "",
            "Embassy of the People's Republic of China",
        )
        assert (each.office_hours, each.address_checked_on) == ("", None)
        assert not each.channels.exists()
        assert not each.targets.exists()
        assert dict(each.salutations.values_list("language", "text")) == {
            "en": "Your Excellency,",
            "zh": "尊敬的大使阁下：",
            "fr": "Excellence,",
            "es": "Excelencia:",
            "ru": "Ваше Превосходительство!",
            "kk": "Құрметті Елші!",
        }
    caveat = "address as known in 2024, for the demonstration: check before anyone writes"
    assert f"Embassies of China: entered for {', '.join(CAPITALS)} ({caveat})." in said
    assert caveat in real_case().notes


@pytest.mark.parametrize("country", ["GB", "FR", "DE", "KZ", "ES", "RU"])
def test_embassy_in_the_writers_country_has_the_letter_in_every_language(country: str) -> None:
    load()
    notice = second_ua()

    director, embassy = embassies.officials_for(notice, country)

    assert director.official.slug == "director-wang-jiang"
    assert (str(embassy.official.represents), str(embassy.official.accredited_to)) == ("CN", country)
    assert notice.letter_languages(embassy) == LANGUAGES
    greetings = dict(embassy.official.salutations.values_list("language", "text"))
    for language in LANGUAGES:
        letter = letters.compose(notice, embassy, language)
        assert (letter.addressee[0], letter.salutation) == ("Ambassador", greetings[language])


def test_invented_cases_have_no_embassy_of_china() -> None:
    load()

    for case in Case.objects.filter(is_fictional=True):
        notice = UrgentAction.objects.prefetched_for_letters().filter(case=case).earliest("sequence")
        for country in ("US", "GB", "FR", "DE", "KZ", "ES", "RU"):
            written_to = embassies.officials_for(notice, country)
            assert [target for target in written_to if str(target.official.represents) == "CN"] == []


@pytest.mark.parametrize(
    ("number", "slug", "language", "salutation", "closing"),
    [
        (63, "director-wang-jiang", "en", "Dear Director Wang,", ("Yours sincerely,",)),
        (63, "director-wang-jiang", "zh", "尊敬的王江局长：", ("此致", "敬礼")),
        (
            63,
            "director-wang-jiang",
            "fr",
            "Monsieur le Directeur,",
            ("Veuillez agréer l’expression de ma haute considération.",),
        ),
        (63, "director-wang-jiang", "es", "Señor Director:", ("Atentamente,",)),
        (63, "director-wang-jiang", "ru", "Уважаемый господин директор!", ("С уважением,",)),
        (63, "director-wang-jiang", "kk", "Құрметті директор мырза!", ("Құрметпен,",)),
        (63, "ambassador-cui-tiankai", "en", "Dear Ambassador,", ("Yours sincerely,",)),
        (63, "ambassador-cui-tiankai", "zh", "尊敬的崔天凯大使：", ("此致", "敬礼")),
        (
            63,
            "ambassador-cui-tiankai",
            "fr",
            "Monsieur l’Ambassadeur,",
            ("Veuillez agréer l’expression de ma haute considération.",),
        ),
        (63, "ambassador-cui-tiankai", "es", "Señor Embajador:", ("Atentamente,",)),
        (63, "ambassador-cui-tiankai", "ru", "Уважаемый господин посол!", ("С уважением,",)),
        (63, "ambassador-cui-tiankai", "kk", "Құрметті елші мырза!", ("Құрметпен,",)),
        (901, "minister-tomas-arrebol", "es", "Señor Ministro:", ("Atentamente,",)),
        (901, "ambassador-elena-marisma", "es", "Señora Embajadora:", ("Atentamente,",)),
        (901, "minister-tomas-arrebol", "en", "Dear Minister,", ("Yours sincerely,",)),
        (
            902,
            "minister-karim-samrawan",
            "ar",
            "معالي السيد وزير الداخلية، تحية طيبة وبعد،",
            ("وتفضلوا بقبول فائق الاحترام،",),
        ),
        (
            902,
            "prosecutor-hala-yaqutan",
            "ar",
            "سعادة السيدة النائبة العامة، تحية طيبة وبعد،",
            ("وتفضلوا بقبول فائق الاحترام،",),
        ),
    ],
)
def test_letter_has_the_officials_own_greeting(
    number: int, slug: str, language: str, salutation: str, closing: tuple[str, ...]
) -> None:
    load()
    notice = UrgentAction.objects.newest().prefetched_for_letters().get(case__number=number)
    target = notice.targets.get(official__slug=slug)

    letter = letters.compose(notice, target, language)

    assert (letter.salutation, letter.closing) == (salutation, closing)
    assert "{" not in letter.as_text()
    assert len(letter.paragraphs) >= 4


def test_both_officials_of_the_real_case_have_every_language_the_preferred_ones_first() -> None:
    load()

    notice = second_ua()
    assert [notice.letter_languages(target) for target in notice.targets.all()] == [LANGUAGES, LANGUAGES]


def test_every_letter_has_a_greeting_for_each_of_its_officials() -> None:
    load()

    for notice in UrgentAction.objects.prefetched_for_letters().exclude(kind="stop"):
        written = sorted(letter.language for letter in notice.letters.all())
        for target in notice.targets.all():
            assert sorted(notice.letter_languages(target)) == written


def test_translations_are_no_longer_than_the_english_letter_and_say_what_it_says() -> None:
    load()

    found = {letter.language: letter for letter in second_ua().letters.all()}
    english = found["en"].body
    assert 230 <= len(english.split()) <= 280
    for language in ("es", "fr", "kk", "ru"):
        body = found[language].body
        assert len(body.split()) <= len(english.split())
        assert len(plain_text.paragraphs(body)) == len(plain_text.paragraphs(english))
    for letter in found.values():
        assert "Nagyz Muhammed" in letter.subject
        assert "Nagyz Muhammed" in letter.body
        assert re.findall(r"\d{4}", letter.body) == ["2020", "2018"]


def test_french_breaks_no_line_before_its_signs() -> None:
    load()

    french = LetterText.objects.get(language="fr")
    everything = f"{french.subject}\n{french.body}\n{french.short_email}\n{french.post_text}\n{french.call_script}"
    assert "«\u00a0séparatisme\u00a0»" in everything
    assert re.findall("« | [»:;!?]", everything) == []


def test_what_is_said_on_the_phone_suits_every_embassy() -> None:
    load()

    scripts = {letter.language: letter.call_script for letter in second_ua().letters.all() if letter.call_script}
    assert sorted(scripts) == ["en", "fr"]
    for script in scripts.values():
        assert "N-A-G-Y-Z" in script
        assert "Cui" not in script


@pytest.mark.parametrize("paper", list(LetterFile.Paper))
def test_letters_fit_one_page(paper: LetterFile.Paper) -> None:
    load()
    notice = second_ua()

    for target in (*notice.targets.all(), *embassies.officials_for(notice, "KZ")[1:]):
        for language in LANGUAGES:
            letter = letters.compose(notice, target, language, today=TODAY)
            try:
                printed = pdf.render([pieces.letter_sheet(letter, paper)])
            except OSError:
                pytest.skip("the system libraries that make PDFs are missing")
            assert (target.slug, language, printed.pages) == (target.slug, language, (1,))


def test_no_publish_check_blocks_and_only_the_embassys_address_warns() -> None:
    load()

    for notice in UrgentAction.objects.public().exclude(kind="stop"):
        assert notice.issued_on is not None
        found = {finding.code for finding in checks.run(notice, notice.issued_on)}
        assert found <= {FREE_MAIL_OF_THE_EMBASSY}


def test_texts_for_posts_and_mail_programs_keep_their_limits() -> None:
    load()

    for letter in LetterText.objects.all():
        assert 0 < counted_by_x(letter.post_text) <= 250  # the case's address, counted as 23, comes to it
        assert 0 < len(quote(letter.short_email, safe="")) < 1500
        assert "{" not in letter.short_email + letter.post_text + letter.call_script


def test_short_text_with_its_greeting_fits_the_address_that_opens_a_mail_program() -> None:
    """Some programs cut it off at 2,000 characters."""
    load()
    notice = second_ua()
    ambassador = notice.targets.get(official__slug="ambassador-cui-tiankai")

    for language in LANGUAGES:
        letter = letters.compose(notice, ambassador, language)
        text = notice.letter_text(ambassador, language)
        assert text is not None
        blocks = [letter.salutation, *plain_text.paragraphs(text.short_email), "\n".join(letter.closing)]
        body = "\n\n".join(blocks).replace("\n", "\r\n")
        link = f"mailto:chineseembassyspokesperson@gmail.com?subject={quote(letter.subject)}&body={quote(body)}"
        assert len(link) < 1900


def test_invented_cases_say_so_and_reach_nobody() -> None:
    load()

    for case in Case.objects.filter(is_fictional=True):
        notice = UrgentAction.objects.public().exclude(kind="stop").get(case=case)
        for text in notice.texts.all():
            assert text.summary.startswith(("Invented example", "Ejemplo inventado", "مثال مخترع"))
        for letter in notice.letters.all():
            assert letter.post_text.startswith(("(Invented example)", "(Ejemplo inventado)", "(مثال مخترع)"))
        for target in notice.targets.all():
            for channel in target.official.channels.all():
                if channel.kind == "email":
                    assert channel.value.endswith(".example")
                elif channel.kind in ("phone", "fax"):
                    assert channel.value.startswith("+44 20 7946 0")


def test_closed_case_has_good_news_and_stopped_case_a_reason() -> None:
    load()

    closed = invented(903)
    assert (closed.outcome, closed.outcome_on, closed.is_good_news) == (
        Outcome.RELEASED,
        datetime.date(2026, 11, 17),
        True,
    )
    assert closed.outcome_text
    stop = UrgentAction.objects.newest().get(case=invented(904))
    assert (stop.kind, stop.issued_on) == ("stop", datetime.date(2026, 11, 20))
    assert stop.reason


def test_name_that_is_kept_back_is_in_no_public_text() -> None:
    load()

    case = invented(904)
    name = case.people.get().name
    notice = UrgentAction.objects.prefetched_for_letters().get(case=case, kind="first")
    letter = letters.compose(notice, notice.targets.get(), "en")
    assert name not in letter.as_text()
    assert "a ferry worker" in letter.paragraphs[0]


def test_totals_equal_the_reports() -> None:
    load()

    assert totals.differences() == []
    found = totals.of_case(real_case())
    counted = ActionReport.objects.counted().filter(urgent_action__case=real_case())
    assert found.quantity == sum(counted.values_list("quantity", flat=True))
    assert found.held == 1
    assert found.countries == 4
    for case in Case.objects.all():
        assert totals.of_case(case).quantity > 0


def test_reports_lie_between_issue_and_today() -> None:
    load()

    for report in ActionReport.objects.select_related("urgent_action"):
        assert report.urgent_action.issued_on is not None
        assert report.urgent_action.issued_on <= report.day < TODAY


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 280, 280), ("é — «да»", 8), ("作家。#a", 8)],
    ids=["Latin", "Cyrillic", "Chinese"],
)
def test_posts_are_counted_as_x_counts_them(text: str, count: int) -> None:
    assert counted_by_x(text) == count


def test_every_day_that_is_loaded_on_works() -> None:
    """Also where the years of the cases differ."""
    load(today=datetime.date(2028, 1, 1))

    assert sorted(Case.objects.filter(is_fictional=True).values_list("number", "year")) == [
        (901, 2027),
        (902, 2027),
        (903, 2027),
        (904, 2027),
    ]


def test_wrong_date_is_refused() -> None:
    with pytest.raises(CommandError, match="tomorrow is not a date such as 2026-11-24"):
        call_command("load_demo", "--today=tomorrow")


def english_of_the_real_case() -> list[str]:
    found = []
    for notice in demo_cases()[0].notices:
        found.append(notice.headline)
        for text in notice.texts:
            if text.language == "en":
                found += [text.summary, *text.demands, text.additional_information]
        for letter in notice.letters:
            if letter.language == "en":
                found += [letter.subject, letter.body, letter.short_email, letter.post_text, letter.call_script]
    return found


@pytest.mark.skipif(not SOURCE.exists(), reason="the notice itself is not beside this project")
def test_no_sentence_of_the_notice_is_copied() -> None:
    """Facts, names and numbers carry over; eight words in a row never do."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[^\W_]+", text.lower().replace("’", "").replace("'", ""))
        return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}

    source = runs(plain_text.clean(SOURCE.read_text(encoding="utf-8")))

    assert source
    assert [sorted(runs(text) & source) for text in english_of_the_real_case() if runs(text) & source] == []


def test_no_existing_organisation_is_named() -> None:
    everything = "\n".join(english_of_the_real_case()).casefold()
    assert "amnesty" not in everything
