from appeals.models.handovers import Handover
from appeals.models.letters import LetterFile
from appeals.models.packs import Pack
from appeals.models.problems import ContactProblem
from appeals.models.replies import Reply
from appeals.models.reports import ActionReport, Channel, DailyTotal, TotalsSheet
from appeals.models.subscriptions import OutgoingMail, Subscription

__all__ = [
    "ActionReport",
    "Channel",
    "ContactProblem",
    "DailyTotal",
    "Handover",
    "LetterFile",
    "OutgoingMail",
    "Pack",
    "Reply",
    "Subscription",
    "TotalsSheet",
]
