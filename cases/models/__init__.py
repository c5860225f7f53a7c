from cases.models.case import Case, Person, Topic
from cases.models.notice import LetterText, NoticeText, UrgentAction
from cases.models.officials import ContactChannel, CountryAdvice, Official, Salutation
from cases.models.targets import Addressee, Target

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
