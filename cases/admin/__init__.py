"""The desk of the staff: cases, notices and the directory, in Django's own admin."""

from django.conf import settings
from django.contrib import admin

from cases.admin.cases import CaseAdmin, TopicAdmin
from cases.admin.notices import UrgentActionAdmin
from cases.admin.officials import CountryAdviceAdmin, OfficialAdmin

admin.site.site_header = admin.site.site_title = settings.SITE_NAME

__all__ = ["CaseAdmin", "CountryAdviceAdmin", "OfficialAdmin", "TopicAdmin", "UrgentActionAdmin"]
