"""Questions about many reports, totals, letters and mails."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:  # named in the bases below, which the linter takes for plain strings
    from appeals.models.letters import LetterFile  # noqa: F401
    from appeals.models.reports import ActionReport, DailyTotal  # noqa: F401
    from appeals.models.subscriptions import OutgoingMail, Subscription  # noqa: F401
    from cases.models import Case, UrgentAction


class LetterFileQuerySet(models.QuerySet["LetterFile"]):
    def waiting(self, now: datetime.datetime) -> Self:
        """Wanted, and claimed by nobody or by a worker that did not come back."""
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), state="wanted")


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
