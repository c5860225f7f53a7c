"""What can be decided about a notice, each on a page of its own: it says what will happen, then asks."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import publishing
from cases.admin import decision_forms as forms
from cases.models import UrgentAction
from cases.models.case import Outcome

Words = str | Promise


@dataclass(frozen=True)
class Done:
    """What was decided, and which notice to show next."""

    message: str
    notice: UrgentAction
    is_new: bool = False


class Decision(ABC):
    """One of the pages. `act` may raise publishing.NotReady and publishing.NotPossible."""

    name: ClassVar[str]  # in the address of the page
    tool: ClassVar[Words]  # on the change page of the notice
    title: ClassVar[Words]
    button: ClassVar[Words]
    form: ClassVar[type[forms.DecisionForm]] = forms.DecisionForm
    is_grave: ClassVar[bool] = False
    shows_findings: ClassVar[bool] = False
    refuses_findings: ClassVar[bool] = False  # the verb itself refuses while one blocks
    shows_changes: ClassVar[bool] = False

    @abstractmethod
    def is_offered(self, notice: UrgentAction, newest: UrgentAction | None) -> bool:
        """Whether it makes sense where `newest` is the newest public notice of the case, if there is one."""

    @abstractmethod
    def consequences(self, notice: UrgentAction) -> list[str]:
        """What will happen, a sentence each, said before anybody decides."""

    @abstractmethod
    def act(self, notice: UrgentAction, by: AbstractBaseUser | None, data: dict[str, Any]) -> Done:
        """Call the verb."""


class Publish(Decision):
    name = "publish"
    tool = gettext_lazy("Publish…")
    title = gettext_lazy("Publish this notice")
    button = gettext_lazy("Publish now")
    shows_findings = True
    refuses_findings = True

    def is_offered(self, notice: UrgentAction, newest: UrgentAction | None) -> bool:
        return notice.status not in (UrgentAction.Status.PUBLISHED, UrgentAction.Status.WITHDRAWN)

    def consequences(self, notice: UrgentAction) -> list[str]:
        return [
            _("The notice and its checked texts and letters can be read by everybody, at once."),
            _("It becomes what readers act on; an older notice of the case then points to it."),
            _("The addresses and greetings are taken from the directory as they stand now."),
            _("Sequence, kind and case can no longer be changed, and the notice can no longer be deleted."),
        ]

    def act(self, notice: UrgentAction, by: AbstractBaseUser | None, data: dict[str, Any]) -> Done:
        if notice.is_public:
            return Done(_("This notice was public already."), notice)
        publishing.publish(notice, by)
        return Done(_("Published."), notice)


class Stop(Decision):
    name = "stop"
    tool = gettext_lazy("Stop action…")
    title = gettext_lazy("Stop this action")
    button = gettext_lazy("Stop the action now")
    form = forms.StopForm
    is_grave = True

    def is_offered(self, notice: UrgentAction, newest: UrgentAction | None) -> bool:
        return newest is not None and newest.kind != UrgentAction.Kind.STOP

    def consequences(self, notice: UrgentAction) -> list[str]:
        return [
            _("Everyone is asked to write no more, on every page and in every format, at once."),
            _("Letters can no longer be downloaded. No further reminder is sent."),
            _("A stop action becomes the newest notice of the case. It needs no approval and cannot be undone here."),
            _("What was done before can still be reported, and is counted."),
        ]

    def act(self, notice: UrgentAction, by: AbstractBaseUser | None, data: dict[str, Any]) -> Done:
        before = UrgentAction.objects.newest().filter(case=notice.case).first()
        stop = publishing.stop(notice.case, by, data["reason"])
        if stop == before:
            return Done(_("This action was stopped already."), stop)
        return Done(_("The action is stopped."), stop, is_new=True)


class Close(Decision):
    name = "close"
    tool = gettext_lazy("Close case…")
    title = gettext_lazy("Close the case")
    button = gettext_lazy("Record the outcome")
    form = forms.CloseForm

    def is_offered(self, notice: UrgentAction, newest: UrgentAction | None) -> bool:
        return newest is not None

    def consequences(self, notice: UrgentAction) -> list[str]:
        if notice.case.is_closed:
            return [_("The case is closed already. What you record here replaces the outcome that is shown.")]
        return [
            _("The page of the case says how it ended, from now on."),
            _("No further letter is asked for, and no further reminder is sent."),
        ]

    def act(self, notice: UrgentAction, by: AbstractBaseUser | None, data: dict[str, Any]) -> Done:
        publishing.close(notice.case, Outcome(data["outcome"]), data["on"], data["text"])
        return Done(_("The outcome is recorded and the case is closed."), notice)


class Withdraw(Decision):
    name = "withdraw"
    tool = gettext_lazy("Withdraw…")
    title = gettext_lazy("Withdraw this notice")
    button = gettext_lazy("Withdraw it for good")
    form = forms.NumberForm
    is_grave = True

    def is_offered(self, notice: UrgentAction, newest: UrgentAction | None) -> bool:
        return notice.status != UrgentAction.Status.WITHDRAWN

    def consequences(self, notice: UrgentAction) -> list[str]:
        return [
            _("The notice disappears from every page, file and feed, at once and for good."),
            _("It cannot be published again. Where only readers should stop writing, use “Stop action” instead."),
            _("An older public notice of the case becomes what readers act on."),
        ]

    def act(self, notice: UrgentAction, by: AbstractBaseUser | None, data: dict[str, Any]) -> Done:
        publishing.withdraw(notice)
        return Done(_("Withdrawn."), notice)


class TakeAddresses(Decision):
    name = "addresses"
    tool = gettext_lazy("Take addresses from the directory again")
    title = gettext_lazy("Take addresses from the directory again")
    button = gettext_lazy("Take the addresses of the directory")
    shows_findings = True
    shows_changes = True

    def is_offered(self, notice: UrgentAction, newest: UrgentAction | None) -> bool:
        return notice.is_public and notice.kind != UrgentAction.Kind.STOP

    def consequences(self, notice: UrgentAction) -> list[str]:
        return [
            _("Letters of this notice use the addresses and greetings that the directory has now."),
            _("Letters that were printed or sent before stay as they are."),
        ]

    def act(self, notice: UrgentAction, by: AbstractBaseUser | None, data: dict[str, Any]) -> Done:
        if not notice.is_public:
            raise publishing.NotPossible(_("A notice that is not public follows the directory by itself."))
        publishing.take_addresses_again(notice)
        return Done(_("The addresses are those of the directory now."), notice)


DECISIONS: tuple[Decision, ...] = (Publish(), Stop(), Close(), Withdraw(), TakeAddresses())
