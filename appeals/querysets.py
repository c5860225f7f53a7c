"""Questions about many reports, totals, letters and mails."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:  # named in the bases below, which the linter takes for plain strings
    from appeals.models.handovers import Handover  # noqa: F401
    from appeals.models.letters import LetterFile  # noqa: F401
    from appeals.models.packs import Pack  # noqa: F401
    from appeals.models.problems import ContactProblem  # noqa: F401
    from appeals.models.reports import ActionReport, DailyTotal  # noqa: F401
    from appeals.models.subscriptions import OutgoingMail, Subscription  # noqa: F401
    from cases.models import Case, UrgentAction


def _waiting(now: datetime.datetime) -> Q:
    """Wanted, and claimed by nobody or by a worker that did not come back."""
    return Q(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), state="wanted")


class LetterFileQuerySet(models.QuerySet["LetterFile"]):
    def waiting(self, now: datetime.datetime) -> Self:
        return self.filter(_waiting(now))


class PackQuerySet(models.QuerySet["Pack"]):
    def waiting(self, now: datetime.datetime) -> Self:
        return self.filter(_waiting(now))

    def lapsed(self, now: datetime.datetime) -> Self:
        return self.filter(wanted_at__lte=now - self.model.LIVES)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def waiting(self, now: datetime.datetime) -> Self:
        return self.filter(_waiting(now))


class ContactProblemQuerySet(models.QuerySet["ContactProblem"]):
    def open(self) -> Self:
        """Those that staff have not looked at."""
        return self.filter(is_settled=False)


class ActionReportQuerySet(models.QuerySet["ActionReport"]):
    def counted(self) -> Self:
        return self.filter(state="counted")

    def held(self) -> Self:
        return self.filter(state="held")


class DailyTotalQuerySet(models.QuerySet["DailyTotal"]):
    def of_case(self, case: "Case") -> Self:
        """The whole chain of notices."""
        return self.filter(urgent_action__case=case)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> Self:
        return self.filter(state="confirmed")

    def wanting(self, notice: "UrgentAction") -> Self:
        """Those whose scope `notice` falls into."""
        return self.filter(
            Q(scope="all")
            | Q(scope="case", case=notice.case_id)
            | Q(scope="country", country=notice.case.country)
            | Q(scope="topic", topic__in=notice.case.topics.all())
        )


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self, now: datetime.datetime) -> Self:
        """Due, and claimed by nobody or by a worker that died before it spoke to the mail server."""
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), state="waiting", due_at__lte=now)

    def left_while_handing_over(self, now: datetime.datetime) -> Self:
        return self.filter(state="handing_over", claimed_until__lt=now)
