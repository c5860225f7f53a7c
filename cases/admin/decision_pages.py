"""The pages on which decisions are made, and the list action that publishes several notices."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import publishing
from cases.admin import panel
from cases.admin.decisions import DECISIONS, Decision, Done
from cases.models import UrgentAction


def _user(request: HttpRequest) -> AbstractBaseUser | None:
    return request.user if request.user.is_authenticated else None


class DecisionPages(admin.ModelAdmin):
    """A ModelAdmin of UrgentAction with one page for each decision."""

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:pk>/{decision.name}/",
                self.admin_site.admin_view(partial(self.decide, decision=decision)),
                name=f"cases_urgentaction_{decision.name}",
            )
            for decision in DECISIONS
        ]
        return [*pages, *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int, decision: Decision) -> HttpResponse:
        """Show what will happen; on POST let it happen, or say why not and keep what was typed."""
        if not UrgentAction.objects.filter(pk=pk).exists():
            return HttpResponseRedirect(reverse("admin:cases_urgentaction_changelist"))
        notice = panel.loaded(pk)
        if not self.has_change_permission(request, notice):
            raise PermissionDenied
        form = decision.form(notice, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            done = self._done(request, notice, decision, form.cleaned_data)
            if done is not None:
                messages.success(request, done.message)
                return HttpResponseRedirect(reverse("admin:cases_urgentaction_change", args=[done.notice.pk]))
            notice = panel.loaded(pk)
        found = panel.findings(notice) if decision.shows_findings else []
        context = {
            **self.admin_site.each_context(request),
            "title": decision.title,
            "subtitle": str(notice),
            "opts": self.opts,
            "notice": notice,
            "decision": decision,
            "consequences": decision.consequences(notice),
            "lines": panel.lines(notice, found),
            "blocking": sum(finding.blocks for finding in found),
            "changes": panel.changes(notice) if decision.shows_changes else [],
            "form": form,
        }
        return TemplateResponse(request, "admin/cases/decision.html", context)

    def _done(
        self, request: HttpRequest, notice: UrgentAction, decision: Decision, data: dict[str, Any]
    ) -> Done | None:
        try:
            done = decision.act(notice, _user(request), data)
        except publishing.NotReady as refusal:
            messages.error(request, _("Nothing was changed. %(findings)s") % {"findings": refusal})
            return None
        except publishing.NotPossible as refusal:
            messages.error(request, _("Nothing was changed. %(reason)s") % {"reason": refusal})
            return None
        self.log_change(request, notice, f"{decision.title}: {done.message}")
        if done.is_new:
            self.log_addition(request, done.notice, f"{decision.title}: {done.message}")
        return done

    def tools(self, request: HttpRequest, notice: UrgentAction) -> list[tuple[str, str]]:
        """Label and address of the decisions that make sense for `notice`."""
        if not self.has_change_permission(request, notice):
            return []
        newest = UrgentAction.objects.newest().filter(case=notice.case_id).first()
        return [
            (str(decision.tool), reverse(f"admin:cases_urgentaction_{decision.name}", args=[notice.pk]))
            for decision in DECISIONS
            if decision.is_offered(notice, newest)
        ]

    @admin.action(description=gettext_lazy("Publish the chosen notices"), permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[UrgentAction]) -> None:
        """Each by itself, the older first: one that is refused keeps no other back."""
        for notice in queryset.select_related("case").order_by("case__year", "case__number", "sequence"):
            if notice.is_public:
                messages.info(request, _("%s was public already.") % notice)
                continue
            try:
                publishing.publish(notice, _user(request))
            except (publishing.NotReady, publishing.NotPossible) as refusal:
                messages.error(
                    request, _("%(notice)s is not published. %(reason)s") % {"notice": notice, "reason": refusal}
                )
            else:
                self.log_change(request, notice, _("Published."))
                messages.success(request, _("%s is published.") % notice)
