#!/usr/bin/env python
"""The command line of the Urgent Action Tracker."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ua_tracker.settings")
    try:
        from django.conf import settings

        settings.INSTALLED_APPS  # noqa: B018 -- loads the settings now, so that a mistake in them is one sentence
    except ImproperlyConfigured as error:
        sys.exit(f"Not configured: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
