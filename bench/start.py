"""How long it takes to start."""

import statistics
import sys
from collections.abc import Iterator

from bench import site
from bench.table import Line

TIMES = 3

# The least that a Django project can be.
_EMPTY_PROJECT = """
import django
from django.conf import settings
from django.core.management import call_command
settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"], USE_TZ=True)
django.setup()
call_command("check")
"""


def measure() -> Iterator[Line]:
    """The first start makes the database, the demo cases and the static files, which the other parts use."""
    empty = statistics.median(site.seconds_of([sys.executable, "-c", _EMPTY_PROJECT]) for _ in range(TIMES))
    check = statistics.median(site.seconds_of(site.manage("check")) for _ in range(TIMES))
    yield Line("manage.py check", check, "the same of an empty Django project", empty, "s")
    first = site.seconds_to_line(site.manage("serve"), "Ready:")
    yield Line("serve to “Ready:”, first start", first, "manage.py check", check, "s")
    second = site.seconds_to_line(site.manage("serve"), "Ready:")
    yield Line("serve to “Ready:”, second start", second, "first start", first, "s")
