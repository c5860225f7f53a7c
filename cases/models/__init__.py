from cases.models.case import Case, Person, Topic
from cases.models.notice import UrgentAction
from cases.models.officials import ContactChannel, CountryAdvice, Official, Salutation
from cases.models.targets import Addressee, Target
from cases.models.texts import LetterText, NoticeText

__all__ = [
    "Addressee",
    "Case",
    "ContactChannel",
    "CountryAdvice",
    "LetterText",
    "NoticeText",
    "Official",
    "Person",
    "Salutation",
    "Target",
    "Topic",
    "UrgentAction",
]
