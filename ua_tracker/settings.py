"""All configuration, read from the environment; `.env.example` lists every variable.

Two shapes. With `EMBEDDED=on` (what `make run` writes into `.env`) everything has a default: SQLite, a broker and
mail in folders under `DATA_DIR`. Without it nothing that matters has a default, and a missing variable stops the
start with one sentence.
"""

import logging
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()  # SECRET_KEY_FILE=/run/secrets/key works for every variable
env.read_env(BASE_DIR / ".env")


def _number(name: str, default: int) -> int:
    """A whole number, or one sentence that names the variable and not its value."""
    try:
        return int(env.int(name, default=default))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number such as {default}.") from None


EMBEDDED = env.bool("EMBEDDED", default=False)
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT = _number("PORT", 8000)

_missing = [
    name
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "SITE_URL")
    if not env.str(name, default="") and not (EMBEDDED and name != "SECRET_KEY")
]
if _missing:
    raise ImproperlyConfigured(
        f"{', '.join(_missing)} must be set. See .env.example, or start with `make run`, which needs none of them."
    )

SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters; it signs confirmation and leaving links.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
if urlsplit(SITE_URL).scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured("SITE_URL must be a whole address such as https://actions.example.org")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# What the public sees as the sender. No name or mark of an existing organisation belongs here by default.
SITE_NAME = env.str("SITE_NAME", default="Urgent Actions")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=f"contact@{urlsplit(SITE_URL).hostname}")

INSTALLED_APPS = [
    "ua_tracker",
    "cases",
    "appeals",
    "django_countries",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ua_tracker.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ua_tracker.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ua_tracker.urls"
WSGI_APPLICATION = "ua_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "html",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ua_tracker.context_processors.site",
            ],
        },
    },
    {
        # Subjects and text parts of mail: escaping would turn O'Brien into O&#x27;Brien.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "text",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]

# --- Data -----------------------------------------------------------------------------------------------------------

_ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
_default = f"sqlite:///{DATA_DIR / 'ua_tracker.sqlite3'}" if EMBEDDED else ""
try:
    with warnings.catch_warnings(action="ignore"):  # what is wrong is said below, in one sentence
        _database = env.db_url_config(env.str("DATABASE_URL", default="") or _default)
except (ValueError, ImproperlyConfigured):
    _database = {"ENGINE": ""}
if _database.get("ENGINE") not in _ENGINES or not _database.get("NAME"):
    raise ImproperlyConfigured(
        "DATABASE_URL is not the address of a database: it should look like postgres://user:password@host:5432/name"
    )
_database["CONN_MAX_AGE"] = 60
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Web, worker and timetable share one file: readers do not wait for a writer (WAL), and a transaction that will
    # write takes its lock at the start instead of failing in the middle.
    _database["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {"connect_timeout": 5}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in ("redis", "rediss", "unix"):
    raise ImproperlyConfigured("REDIS_URL is not the address of a Redis: it should look like redis://host:6379/0")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "ua"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "cache"}
}

STORAGES = {
    "default": {
        # Letter files. No address of its own: every file is handed out by a view that asks `.public()` first.
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- Work in the background -----------------------------------------------------------------------------------------

_QUEUE = DATA_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "global_keyprefix": "ua:",
        "visibility_timeout": 300,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        # A reader's request does not wait for a broker that is away: the sweep finds what it was to announce.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.2,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(_QUEUE),
        "data_folder_out": str(_QUEUE),
        "control_folder": str(_QUEUE / "control"),
        "polling_interval": 0.2,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_PUBLISH_RETRY = False  # a message is only a wake-up call; the sweep finds what it did not reach
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False  # mail on the console is no warning
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"

# --- Mail -----------------------------------------------------------------------------------------------------------

if env.str("EMAIL_URL", default=""):
    try:
        _mail = env.email_url("EMAIL_URL")
    except (ImproperlyConfigured, ValueError, KeyError):
        raise ImproperlyConfigured(
            "EMAIL_URL is not the address of a mail server: it should look like smtp+tls://user:password@host:587"
        ) from None
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
    EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
    EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
    EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
    EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH") or str(DATA_DIR / "mail")
else:
    EMAIL_BACKEND = "ua_tracker.mail.FolderAndConsole"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <{CONTACT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- What the work is tuned by ----------------------------------------------------------------------------------------

try:
    REMINDER_DAYS = tuple(env.list("REMINDER_DAYS", cast=int, default=[7, 2]))
except ValueError:
    raise ImproperlyConfigured("REMINDER_DAYS must be whole numbers such as 7,2.") from None
HOLD_REPORTS_OVER = _number("HOLD_REPORTS_OVER", 50)

# --- Languages of the pages (letters have their own, see cases/languages.py) -----------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "ua_tracker" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Safety -----------------------------------------------------------------------------------------------------------

_HTTPS = urlsplit(SITE_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine beside us, over plain HTTP
SECURE_HSTS_SECONDS = _number("HSTS_SECONDS", 31_536_000) if _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", default=False):  # only true when the proxy sets this header itself and strips others
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
# Whether HSTS covers other names below this host, and may be preloaded, is for the owner of the domain to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
FILE_UPLOAD_HANDLERS: list[str] = []  # no form takes a file, so none is written anywhere
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a notice with many targets, texts and letters is one large admin form

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")

# No request line, address or body is logged: who reads a case is nobody's business.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_addresses": {"()": "ua_tracker.logs.WithoutAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_addresses"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "celery.app.trace": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # its warnings are addresses that were not found
        "kombu.connection": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
