"""The project's own settings, on data that goes with the run."""

import os
import tempfile
from pathlib import Path

_DATA = tempfile.TemporaryDirectory(prefix="ua-tests-")
os.environ["EMBEDDED"] = "on"
os.environ["SECRET_KEY"] = "only-for-tests-" * 4
os.environ["DATA_DIR"] = _DATA.name
os.environ["SITE_URL"] = "http://testserver"
for _name in ("EMAIL_URL", "DEBUG", "REMINDER_DAYS", "HOLD_REPORTS_OVER", "STATIC_ROOT"):
    os.environ.pop(_name, None)  # what a developer has set for make run is not for the tests

from ua_tracker.settings import *  # noqa: E402, F403
from ua_tracker.settings import CACHES, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
Path(STATIC_ROOT).mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES["default"]["KEY_PREFIX"] = f"ua-tests-{os.getpid()}"
# The worker's queue is not read in these tests: what a message would do, they do themselves.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and transactions then behave as they do in make run.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_DATA.name) / "test.sqlite3")}
