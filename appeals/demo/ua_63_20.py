"""UA 63/20, the real case: the facts, names and addresses of its notice of 29 October 2020, told in our own words."""

import datetime

from appeals.demo import embassies
from appeals.demo import ua_63_20_translations as translations
from appeals.demo import ua_63_20_words as words
from appeals.demo.shape import (
    DemoCase,
    DemoLetter,
    DemoNotice,
    DemoOfficial,
    DemoPerson,
    DemoReport,
    DemoText,
    in_words,
    prose,
)
from appeals.models import Channel
from appeals.models.reports import Source
from cases.models import ContactChannel, UrgentAction
from cases.numbers import Number

# Of the First UA the record has only the index and the year. Both dates are assumed: the family heard of a conviction
# in April 2020, and a first notice is usually open for 42 days.
FIRST_ISSUED_ON = datetime.date(2020, 4, 23)
FIRST_ACT_BY = FIRST_ISSUED_ON + datetime.timedelta(days=42)

SECOND_ISSUED_ON = datetime.date(2020, 10, 29)
SECOND_ACT_BY = datetime.date(2020, 12, 29)

ISSUED_DAYS_AGO = 15  # with moved dates: 46 of the Second UA's 61 days are left

Kind = ContactChannel.Kind

DIRECTOR = DemoOfficial(
    slug="director-wang-jiang",
    role="Director",
    name="Wang Jiang",
    institution="Prison Administration Bureau of Xinjiang Uyghur Autonomous Region",
    address=("No 380, Huanghe lu, Urumqi", "830000, Xinjiang Uyghur Autonomous Region"),
    country="CN",
    time_zone="Asia/Shanghai",  # the official one, two hours ahead of Urumqi's own
    salutations={
        "en": "Dear Director Wang,",
        "zh": "尊敬的王江局长：",
        "fr": "Monsieur le Directeur,",
        "es": "Señor Director:",
        "ru": "Уважаемый господин директор!",
        "kk": "Құрметті директор мырза!",
    },
    checked_on=SECOND_ISSUED_ON,
)

AMBASSADOR = DemoOfficial(
    slug="ambassador-cui-tiankai",
    role="Ambassador",
    name="Cui Tiankai",
    institution="Embassy of the People's Republic of China",
    address=("3505 International Place NW", "Washington DC 20008"),
    country="US",
    represents="CN",
    accredited_to="US",
    time_zone="America/New_York",
    office_hours="Mon–Fri 9:00–17:00",
    channels=(
        (Kind.PHONE, "+1 202 495 2266", ""),
        (Kind.FAX, "+1 202 495 2138", ""),
        (Kind.EMAIL, "chineseembassyspokesperson@gmail.com", "a free-mail address, as printed in the notice"),
        (Kind.HANDLE, "@ChineseEmbinUS", ""),
    ),
    salutations={
        "en": "Dear Ambassador,",
        "zh": "尊敬的崔天凯大使：",
        "fr": "Monsieur l’Ambassadeur,",
        "es": "Señor Embajador:",
        "ru": "Уважаемый господин посол!",
        "kk": "Құрметті елші мырза!",
    },
    checked_on=SECOND_ISSUED_ON,
)


def days_moved(today: datetime.date) -> int:
    """By how many days all dates of the case move so that the Second UA was issued a fortnight ago."""
    return (today - datetime.timedelta(days=ISSUED_DAYS_AGO) - SECOND_ISSUED_ON).days


def case(moved: int) -> DemoCase:
    """The case with every date of it `moved` days later; 0 keeps the dates that it had."""
    move = datetime.timedelta(days=moved)
    first = DemoNotice(
        headline="Kazakh poet not heard of since he was called to the police",
        index="ASA 17/2219/2020",
        issued_on=FIRST_ISSUED_ON + move,
        act_by=FIRST_ACT_BY + move,
        targets=((AMBASSADOR, "can pass your appeal on to the authorities in China"),),
        texts=(
            DemoText(
                language="en",
                summary=words.FIRST_SUMMARY,
                demands=(
                    "Say where Nagyz Muhammed is held and what he is accused of.",
                    "Let his family and a lawyer whom he chooses see him.",
                    "Protect him from torture and other ill-treatment.",
                ),
                additional_information=f"{words.FIRST_INFORMATION}\n\n{_remark(moved, FIRST_ISSUED_ON, FIRST_ACT_BY)}",
            ),
        ),
        letters=(
            DemoLetter(
                language="en",
                subject="Nagyz Muhammed, poet and writer",
                body=words.FIRST_LETTER,
                short_email=prose("""
                    I am writing about Nagyz Muhammed, a Kazakh poet and writer from Altay, of whom his family has had
                    no sure word since March 2018. Please help make known where he is and what he is accused of, and
                    see that his family and a lawyer can visit him and that nobody harms him.
                """),
                post_text="Where is Nagyz Muhammed? The Kazakh poet was called to the police in Altay in March 2018. "
                "His family has a right to know. #NagyzMuhammed",
                call_script="I am calling about Nagyz Muhammed, a Kazakh poet and writer from Altay. I ask the "
                "Ambassador to help make known where he is, and to see that he is safe.",
            ),
        ),
    )
    second = DemoNotice(
        kind=UrgentAction.Kind.UPDATE,
        headline="Kazakh writer missing since 2018 must stay in prison for life",
        index="ASA 17/3279/2020",
        issued_on=SECOND_ISSUED_ON + move,
        act_by=SECOND_ACT_BY + move,
        preferred_languages="zh, en",
        targets=(
            (DIRECTOR, "answers for the prisons of the region"),
            (AMBASSADOR, "can pass your appeal on to the authorities in China"),
        ),
        texts=(
            DemoText(
                language="en",
                summary=words.SECOND_SUMMARY,
                demands=words.SECOND_DEMANDS,
                additional_information="\n\n".join(
                    (words.SECOND_INFORMATION, _remark(moved, SECOND_ISSUED_ON, SECOND_ACT_BY))
                ),
            ),
            DemoText(
                language="zh",
                headline="自2018年起下落不明的哈萨克族作家被判无期徒刑",
                summary=words.SECOND_SUMMARY_ZH,
                demands=words.SECOND_DEMANDS_ZH,
                additional_information=f"{words.SECOND_INFORMATION_ZH}\n\n{_remark_zh(moved)}",
            ),
        ),
        letters=(
            DemoLetter(
                language="en",
                subject="Nagyz Muhammed, writer, sentenced to life imprisonment",
                body=words.SECOND_LETTER,
                short_email=words.SHORT_EMAIL,
                post_text=words.POST_TEXT,
                call_script=words.CALL_SCRIPT,
            ),
            DemoLetter(
                language="zh",
                subject="关于被判无期徒刑的作家 Nagyz Muhammed",
                body=words.SECOND_LETTER_ZH,
                short_email=words.SHORT_EMAIL_ZH,
                post_text=words.POST_TEXT_ZH,
            ),
            *translations.LETTERS,
        ),
    )
    return DemoCase(
        number=Number(63, 2020),
        country="CN",
        is_fictional=False,
        topics=(
            "torture",
            "incommunicado detention",
            "freedom of expression",
            "unfair trial",
            "journalists and writers",
        ),
        people=(
            DemoPerson(
                name="Nagyz Muhammed",
                pronouns="he/him",
                role="writer",
                consent="Named in the public notice of 29 October 2020",
            ),
        ),
        notices=(first, second),
        reports=(
            DemoReport(5, Channel.POST, 1, to=(1,), country="US"),
            DemoReport(9, Channel.EMAIL, 6, to=(1,), country="US"),
            DemoReport(1, Channel.POST, 1, to=(1, 2), country="DE", sequence=2),
            DemoReport(2, Channel.EMAIL, 1, to=(2,), country="US", sequence=2),
            DemoReport(4, Channel.POST, 30, to=(1,), country="GB", group="Class 10b, Example School", sequence=2),
            DemoReport(5, Channel.CALL, 1, to=(2,), country="US", sequence=2),
            DemoReport(6, Channel.POST, 12, to=(1, 2), country="US", source=Source.STAFF_ENTERED, sequence=2),
            DemoReport(8, Channel.FAX, 2, to=(2,), country="US", sequence=2),
            DemoReport(9, Channel.NETWORK, 7, to=(2,), country="FR", sequence=2),
            DemoReport(10, Channel.POST, 8, to=(1,), country="DE", sequence=2),
            DemoReport(12, Channel.POST, 3, sequence=2),
            # over the limit: waits for staff
            DemoReport(13, Channel.POST, 240, to=(1,), country="GB", group="Example Town Letter Week", sequence=2),
        ),
        notes=_notes(moved),
    )


def _remark(moved: int, issued_on: datetime.date, act_by: datetime.date) -> str:
    """The sentence by which the page is honest about what is not as it was."""
    if not moved:
        return "For this demonstration the totals of reported letters are invented."
    assumed = "as far as is assumed, " if issued_on == FIRST_ISSUED_ON else ""
    return (
        f"For this demonstration all dates on which the notices of this case were issued or ended are moved by "
        f"{moved:,} days ({assumed}this one was issued on {in_words(issued_on)} and ran until {in_words(act_by)}), and "
        "the totals of reported letters are invented."
    )


def _remark_zh(moved: int) -> str:
    if not moved:
        return "本页为演示，其中信件的统计数字是虚构的。"
    return (
        f"本页为演示：本案各份通告的发布日期和截止日期均移动了{moved}天"
        f"（本通告实际于{_in_chinese(SECOND_ISSUED_ON)}发布，{_in_chinese(SECOND_ACT_BY)}截止），信件的统计数字是虚构的。"
    )


def _in_chinese(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _notes(moved: int) -> str:
    dates = (
        f"All dates of its notices are moved by {moved:,} days for the demonstration: the Second UA was issued on "
        f"{in_words(SECOND_ISSUED_ON)} and ran until {in_words(SECOND_ACT_BY)}."
        if moved
        else "Its notices have their historical dates."
    )
    return (
        "Made by load_demo from the public notice of 29 October 2020, in our own words. "
        f"{dates} Of the First UA only the index and the year are known: its dates ({in_words(FIRST_ISSUED_ON)} to "
        f"{in_words(FIRST_ACT_BY)}), its officials and its text are assumed. Officials and addresses are those of "
        "October 2020: check them before anyone writes. Of the other embassies of China in the directory: "
        f"{embassies.CAVEAT}. All reports are invented."
    )
