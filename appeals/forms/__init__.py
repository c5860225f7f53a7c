"""What readers and supporters fill in."""

from appeals.forms.letters import OwnWordsForm, ReaderForm
from appeals.forms.packs import PackForm
from appeals.forms.reports import ReportForm
from appeals.forms.subscriptions import SubscribeForm

__all__ = ["OwnWordsForm", "PackForm", "ReaderForm", "ReportForm", "SubscribeForm"]
