"""What belongs to a notice: its texts, its targets, its sample letters."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, ForeignKey, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases import checks, short_texts
from cases.admin.fields import SAVE_FIRST, WIDGETS, OfficialField, SharedChoiceField, without_related_links
from cases.models import LetterText, NoticeText, Official, Target, UrgentAction

# What is counted while it is written, and how: see static/js/count.js.
COUNTED = {
    "short_email": {
        "data-count": "in-mail-link",
        "data-most": str(short_texts.LONGEST_MAIL_LINK - checks.ROOM_FOR_GREETING),
    },
    "post_text": {"data-count": "in-post", "data-most": str(short_texts.LONGEST_POST)},
}


class TextInline(admin.StackedInline):
    model = NoticeText
    extra = 1
    formfield_overrides = WIDGETS
    fields = [("language", "state"), "translated_headline", "summary", "demands", "additional_information"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[NoticeText]:
        return super().get_queryset(request).select_related("urgent_action__case")


class TargetForm(forms.ModelForm):
    """Once the address was taken, the target stays with its official: letters to another one need another target."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "official" in self.fields and self.instance.snapshot is not None:
            self.fields["official"].disabled = True
            self.fields["official"].help_text = _("As published. For another official add another target.")


class TargetInline(admin.StackedInline):
    model = Target
    form = TargetForm
    extra = 1
    formfield_overrides = WIDGETS
    fields = [("order", "is_copy"), "official", "why"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        return super().get_queryset(request).select_related("official")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "official":
            kwargs |= {"form_class": OfficialField, "queryset": Official.objects.all()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(
        self, request: HttpRequest, obj: UrgentAction | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        without_related_links(formset.form.base_fields.get("official"), add=True)
        return formset


class LetterInline(admin.StackedInline):
    model = LetterText
    extra = 1
    formfield_overrides = WIDGETS
    fields = [
        ("language", "state"),
        "target",
        "subject",
        "body",
        "closing",
        "short_email",
        "post_text",
        "call_script",
    ]

    class Media:
        js = ["js/count.js"]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in COUNTED:
            field.widget.attrs |= COUNTED[db_field.name]
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterText]:
        return super().get_queryset(request).select_related("urgent_action__case")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "target":
            kwargs |= {"form_class": SharedChoiceField, "queryset": Target.objects.none()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(
        self, request: HttpRequest, obj: UrgentAction | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        target = formset.form.base_fields.get("target")
        if isinstance(target, SharedChoiceField):
            target.queryset = Target.objects.filter(urgent_action=obj).select_related("official")
            target.empty_label = str(_("all officials of this notice"))
            target.help_text = f"{target.help_text}. {SAVE_FIRST}"
            without_related_links(target)
        return formset
