"""What appeals do when cases announce something, and what goes with a row."""

from typing import Any

from django.core.files.storage import default_storage
from django.db.models.signals import post_delete
from django.dispatch import receiver

from appeals import packs, printing
from appeals.models import LetterFile, Pack
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
    packs.forget(notice.case)


@receiver(signals.closed)
def forget_letters_of_case(case: Case, **kwargs: Any) -> None:
    printing.forget(case)
    packs.forget(case)


@receiver(post_delete, sender=LetterFile)
@receiver(post_delete, sender=Pack)
def delete_stored_file(instance: LetterFile | Pack, **kwargs: Any) -> None:
    """No file stays in the storage that no row knows, whatever deleted the row."""
    if instance.path:
        default_storage.delete(instance.path)
