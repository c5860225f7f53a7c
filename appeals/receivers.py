"""What appeals do when cases announce something."""

from typing import Any

from django.dispatch import receiver

from appeals import printing
from cases import signals
from cases.models import Case, UrgentAction


@receiver(signals.published)
def make_letters(notice: UrgentAction, **kwargs: Any) -> None:
    newest = UrgentAction.objects.accepting_letters().prefetched_for_letters().filter(pk=notice.pk).first()
    if newest is not None:
        printing.ask_for_notice(newest)


@receiver(signals.stopped)
@receiver(signals.withdrawn)
def forget_letters_of_notice(notice: UrgentAction, **kwargs: Any) -> None:
    printing.forget(notice.case)


@receiver(signals.closed)
def forget_letters_of_case(case: Case, **kwargs: Any) -> None:
    printing.forget(case)
