"""Questions about many cases and notices. Every public page, feed and file starts at `.public()`."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:  # named in the bases below, which the linter takes for plain strings
    from cases.models.case import Case, Topic  # noqa: F401
    from cases.models.notice import UrgentAction
    from cases.models.officials import Official  # noqa: F401
    from cases.models.texts import NoticeText  # noqa: F401
    from cases.numbers import Number


# The greetings of a published target are in its snapshot; only drafts look them up in the directory.
FOR_LETTERS = ("letters", "case__people", "targets", "targets__official__channels")


class UrgentActionQuerySet(models.QuerySet["UrgentAction"]):
    def public(self) -> Self:
        return self.filter(status="published")

    def withdrawn(self) -> Self:
        """Those that were public once."""
        return self.filter(status="withdrawn", published_at__isnull=False)

    def newest(self) -> Self:
        """Of each case the newest public notice: what its readers act on."""
        newer = self.model._default_manager.filter(
            case=OuterRef("case"), status="published", sequence__gt=OuterRef("sequence")
        )
        return self.public().filter(~Exists(newer))

    def accepting_letters(self) -> Self:
        """The newest notices of cases that are neither stopped nor closed, whatever their deadline."""
        return self.newest().exclude(kind="stop").filter(case__closed_at__isnull=True)

    def open_on(self, date: datetime.date) -> Self:
        """Those that ask readers to write while `date` is the date of the last place on Earth."""
        return self.accepting_letters().filter(act_by__gte=date)

    def prefetched_for_letters(self) -> Self:
        """With all that composing public letters and showing their officials asks for, in a fixed number of queries."""
        return self.select_related("case").prefetch_related(*FOR_LETTERS)

    def with_headlines(self) -> Self:
        """With the case and what `headline_in` asks for."""
        return self.select_related("case").prefetch_related("texts")

    def matching(self, words: str) -> Self:
        """Those whose headline, texts, topics or people who may be named contain all of `words`."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(headline__icontains=word)
                | Q(index__iexact=words)
                | Q(pk__in=self._with_text(word).values("pk"))
                | Q(pk__in=self._with_person(word).values("pk"))
                | Q(pk__in=self._with_topic(word).values("pk"))
            )
        return found

    # Each is a subquery of its own: joined, every further word would multiply people by topics.

    def _with_person(self, word: str) -> models.QuerySet["UrgentAction"]:
        return self.model._default_manager.filter(
            case__people__name__icontains=word,
            case__people__may_be_named=True,
            case__people__published_at__isnull=False,
        )

    def _with_topic(self, word: str) -> models.QuerySet["UrgentAction"]:
        return self.model._default_manager.filter(case__topics__name__icontains=word)

    def _with_text(self, word: str) -> models.QuerySet["UrgentAction"]:
        return self.model._default_manager.filter(
            Q(texts__translated_headline__icontains=word) | Q(texts__summary__icontains=word),
            texts__state="checked",
        )


class NoticeTextQuerySet(models.QuerySet["NoticeText"]):
    def public(self) -> Self:
        return self.filter(state="checked", urgent_action__status="published")


class OfficialQuerySet(models.QuerySet["Official"]):
    def embassies_of(self, country: str) -> Self:
        """Of that country, anywhere: one entry serves every case about it."""
        return self.filter(represents=country)

    def accredited_to(self, country: str) -> Self:
        return self.filter(accredited_to=country)


class TopicQuerySet(models.QuerySet["Topic"]):
    def public(self) -> Self:
        """Topics of public cases: one that only a draft has could tell of it."""
        return self.filter(cases__notices__status="published").distinct()


class CaseQuerySet(models.QuerySet["Case"]):
    def public(self) -> Self:
        """Cases with at least one published notice."""
        return self.filter(notices__status="published").distinct()

    def numbered(self, number: "Number") -> Self:
        return self.filter(number=number.number, year=number.year)
