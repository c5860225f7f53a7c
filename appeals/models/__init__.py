from appeals.models.letters import LetterFile
from appeals.models.replies import Reply
from appeals.models.reports import ActionReport, Channel, DailyTotal, TotalsSheet
from appeals.models.subscriptions import OutgoingMail, Subscription

__all__ = [
    "ActionReport",
    "Channel",
    "DailyTotal",
    "LetterFile",
    "OutgoingMail",
    "Reply",
    "Subscription",
    "TotalsSheet",
]
