"""Files made of letters, and addresses that did not work."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from appeals import contacts, tasks
from appeals.admin.access import ReadOnly
from appeals.models import ContactProblem, LetterFile, Pack
from appeals.models.problems import Way
from ua_tracker.celery import delay_on_commit


@admin.register(LetterFile)
class LetterFileAdmin(ReadOnly):
    actions = ["make_again"]
    list_display = ["urgent_action", "official", "language", "kind", "state", "error", "size", "wanted_at", "made_at"]
    list_filter = ["state", "kind", "language"]
    list_select_related = ["urgent_action__case", "official"]

    @admin.action(description=gettext_lazy("Make again"), permissions=["change"])
    def make_again(self, request: HttpRequest, queryset: QuerySet[LetterFile]) -> None:
        """Not those that a worker has in hand."""
        now = timezone.now()
        asked = left = 0
        for file in queryset:
            free = LetterFile.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), pk=file.pk)
            if free.update(state=LetterFile.State.WANTED, attempts=0, claimed_until=None, error=""):
                delay_on_commit(tasks.make_letter, file.pk)
                self.log_change(request, file, _("To be made again"))
                asked += 1
            else:
                left += 1
        if asked:
            text = ngettext("%(number)s letter will be made again.", "%(number)s letters will be made again.", asked)
            messages.success(request, text % {"number": asked})
        if left:
            text = ngettext(
                "%(number)s letter is being made just now.", "%(number)s letters are being made just now.", left
            )
            messages.info(request, text % {"number": left})


@admin.register(Pack)
class PackAdmin(ReadOnly):
    """How the making goes. Who asked and for which group is nobody's business here."""

    list_display = ["wanted_at", "state", "form", "copies", "done", "steps", "size", "error"]
    list_filter = ["state", "form"]
    exclude = ["group", "letters", "content_hash", "path"]


@admin.register(ContactProblem)
class ContactProblemAdmin(ReadOnly):
    """What readers tried in vain. Settled when staff mended the directory, or found that all is well."""

    actions = ["settle", "stop_using"]
    list_display = ["what", "problem", "times", "first_on", "last_on", "is_settled", "directory"]
    list_filter = ["is_settled", "way", "problem"]
    list_select_related = ["official"]

    @admin.display(description=gettext_lazy("address"), ordering="official")
    def what(self, problem: ContactProblem) -> str:
        return str(problem)

    @admin.display(description=gettext_lazy("directory"))
    def directory(self, problem: ContactProblem) -> SafeString:
        address = reverse("admin:cases_official_change", args=[problem.official_id])
        return format_html('<a href="{}">{}</a>', address, problem.official)

    @admin.action(description=gettext_lazy("Looked at: all is well or mended"), permissions=["change"])
    def settle(self, request: HttpRequest, queryset: QuerySet[ContactProblem]) -> None:
        for problem in queryset.filter(is_settled=False):
            contacts.settle(problem)
            self.log_change(request, problem, _("Looked at"))

    @admin.action(description=gettext_lazy("Do not use these addresses any more"), permissions=["change"])
    def stop_using(self, request: HttpRequest, queryset: QuerySet[ContactProblem]) -> None:
        for problem in queryset:
            if problem.way == Way.POST:
                messages.warning(request, _("%s: a postal address is changed in the directory.") % problem.official)
            elif contacts.stop_using(problem):
                self.log_change(request, problem, _("Not used any more"))
                messages.success(request, _("%s is not shown any more.") % problem)
