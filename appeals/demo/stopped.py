"""An invented case that was stopped, about somebody who is not named in public."""

import datetime

from appeals.demo.shape import (
    DemoCase,
    DemoLetter,
    DemoNotice,
    DemoOfficial,
    DemoPerson,
    DemoReport,
    DemoStop,
    DemoText,
    prose,
)
from appeals.models import Channel
from cases.models import ContactChannel
from cases.numbers import Number

NUMBER = 904

WARDEN = DemoOfficial(
    slug="warden-sibylla-frostmere",
    role="Chief Warden",
    name="Sibylla Frostmere",
    institution="Wardens' House (invented)",
    address=("0 Glacier Row", "Icewick"),
    country="AQ",
    channels=((ContactChannel.Kind.EMAIL, "warden@icewick.example", ""),),
    salutations={"en": "Dear Chief Warden,"},
)

SUMMARY = prose("""
    Invented example: the people, places and officials in this case do not exist. A ferry worker in Icewick who spoke up
    about unpaid wages was threatened and then ordered to leave the town, where the whole family lives. The name is kept
    back at the family's wish.
""")

LETTER = prose("""
    I am writing about {names} in Icewick who spoke up about unpaid wages, was threatened, and was then ordered to leave
    the town.

    To ask for wages that are owed is nobody's crime. I am concerned that {they} and {their} family live in fear, and
    that the order was given without a hearing.

    I respectfully ask you to lift the order, and to protect {them} from further threats.

    I look forward to your answer.
""")


def case(today: datetime.date) -> DemoCase:
    issued_on = today - datetime.timedelta(days=24)
    return DemoCase(
        number=Number(NUMBER, issued_on.year),
        country="AQ",
        topics=("death threats", "unionists"),
        people=(DemoPerson(name="Teodor Brackwater", role="a ferry worker"),),
        notices=(
            DemoNotice(
                headline="Ferry worker threatened and told to leave",
                issued_on=issued_on,
                act_by=issued_on + datetime.timedelta(days=42),
                preferred_languages="en",
                targets=((WARDEN, "gave the order and can lift it"),),
                texts=(
                    DemoText(
                        language="en",
                        summary=SUMMARY,
                        demands=("Lift the order to leave Icewick.", "Protect the worker and the family from threats."),
                        additional_information="The ferry company had paid no wages since the spring.",
                    ),
                ),
                letters=(
                    DemoLetter(
                        language="en",
                        subject="Order against {names} in Icewick",
                        body=LETTER,
                        short_email="I am writing about a ferry worker in Icewick who was ordered to leave after "
                        "asking for unpaid wages. Please lift the order, and protect the family from threats.",
                        post_text="(Invented example) To ask for unpaid wages is no crime. Please lift the order "
                        "against the ferry worker of Icewick.",
                        call_script="I am calling about a ferry worker in Icewick who was told to leave. I ask the "
                        "Chief Warden to lift the order.",
                    ),
                ),
            ),
        ),
        reports=(
            DemoReport(3, Channel.EMAIL, 6, to=(1,), country="NO"),
            DemoReport(11, Channel.POST, 5, to=(1,), country="CL"),
        ),
        notes="An invented case, made by load_demo. Its reports are invented too.",
        ending=DemoStop(
            on=today - datetime.timedelta(days=4),
            reason="The family asks that nobody write for now. This is an invented example.",
        ),
    )
