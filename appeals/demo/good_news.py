"""An invented case that was closed with good news: it asks for no letter and says what happened. Of several people."""

import datetime

from appeals.demo.shape import (
    DemoCase,
    DemoLetter,
    DemoNotice,
    DemoOfficial,
    DemoOutcome,
    DemoPerson,
    DemoReport,
    DemoText,
    prose,
)
from appeals.models import Channel
from cases.models import ContactChannel, Person
from cases.models.case import Outcome
from cases.numbers import Number

NUMBER = 903

GOVERNOR = DemoOfficial(
    slug="governor-ambrose-quillfeather",
    role="Governor",
    name="Ambrose Quillfeather",
    institution="Governor's Office (invented)",
    address=("0 Harbour Steps", "Port Lanternlight"),
    country="TF",
    channels=((ContactChannel.Kind.EMAIL, "governor@lanternlight.example", ""),),
    salutations={"en": "Dear Governor Quillfeather,"},
)

SUMMARY = prose("""
    Invented example: the people, places and officials in this case do not exist. Orla Fennimarsh and the choir that she
    leads were arrested in Port Lanternlight after they sang at a vigil for fishermen lost at sea. The singers went home
    the next day; their conductor was kept in the harbour prison without a charge.
""")

INFORMATION = prose("""
    The vigil had been announced a fortnight before and blocked no road. The police said that singing after nine needs a
    permit, but could not name the rule. Orla Fennimarsh was held in a cell without daylight.
""")

LETTER = prose("""
    I am writing about Orla Fennimarsh and the choir that she leads, who were arrested at a quiet vigil in Port
    Lanternlight. The singers have gone home, but their conductor is still in the harbour prison, and nobody has charged
    her with anything.

    To sing together in memory of the dead is a peaceful act, and nobody should lose their freedom over it. It also
    troubles me that she is kept in a cell without daylight.

    I respectfully ask you to see that Orla Fennimarsh is released at once, and that the choir may sing without fear.

    I look forward to your answer.
""")


def case(today: datetime.date) -> DemoCase:
    issued_on = today - datetime.timedelta(days=60)
    consent = "Invented people: nobody to ask"
    return DemoCase(
        number=Number(NUMBER, issued_on.year),
        country="TF",
        topics=("freedom of expression", "arbitrary detention"),
        people=(
            DemoPerson(name="Orla Fennimarsh", pronouns="she/her", role="conductor", consent=consent),
            DemoPerson(name="the Lantern Street Choir", role="choir", kind=Person.Kind.COMMUNITY, consent=consent),
        ),
        notices=(
            DemoNotice(
                headline="Conductor still held after a song at a vigil",
                issued_on=issued_on,
                act_by=issued_on + datetime.timedelta(days=42),
                preferred_languages="en",
                targets=((GOVERNOR, "can order her release"),),
                texts=(
                    DemoText(
                        language="en",
                        summary=SUMMARY,
                        demands=(
                            "Release Orla Fennimarsh at once.",
                            "Let the Lantern Street Choir sing without fear.",
                        ),
                        additional_information=INFORMATION,
                    ),
                ),
                letters=(
                    DemoLetter(
                        language="en",
                        subject="Orla Fennimarsh and the Lantern Street Choir",
                        body=LETTER,
                        short_email="I am writing about Orla Fennimarsh, who leads the Lantern Street Choir and is "
                        "held without a charge after a vigil. Please see that she is released at once.",
                        post_text="(Invented example) Conductor Orla Fennimarsh is in prison for a song at a vigil. "
                        "Please release her.",
                        call_script="I am calling about Orla Fennimarsh. I ask the Governor to see that she goes free.",
                    ),
                ),
            ),
        ),
        reports=(
            DemoReport(2, Channel.EMAIL, 5, to=(1,), country="IE"),
            DemoReport(10, Channel.POST, 18, to=(1,), country="FR"),
            DemoReport(25, Channel.POST, 7, to=(1,), country="NZ"),
        ),
        notes="An invented case, made by load_demo. Its reports are invented too.",
        ending=DemoOutcome(
            outcome=Outcome.RELEASED,
            on=today - datetime.timedelta(days=7),
            closed_on=today - datetime.timedelta(days=6),
            text=prose("""
                Orla Fennimarsh walked out of the harbour prison in the morning and was met by her choir. No charge was
                ever brought. Her family thanks everyone who wrote. No further letters are needed.

                This is an invented example.
            """),
        ),
    )
