"""One settings file; every choice comes from the environment, and the defaults are safe to try.

Without `REDIS_URL` the product runs embedded: one process serves the pages and does the work.
With it, web, worker and beat are processes of their own. Nothing else differs.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import schedule
from csp.constants import NONE, SELF

from onboarding import env

# Lets classes such as ModelAdmin[Contact] name what they are for.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / "var")

REDIS_URL = env.text("REDIS_URL")
EMBEDDED = not REDIS_URL
DEBUG = False

SECRET_KEY = env.kept_secret("SECRET_KEY", DATA_DIR)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
LINK_KEY = env.kept_secret("LINK_KEY", DATA_DIR)
LINK_KEY_FALLBACKS = env.words("LINK_KEY_FALLBACKS")

# Shown beside each sender, so that an old one is seen.
VERSION = env.text("VERSION", "0.1.0")

PORT = env.whole_number("PORT", 8000)
BASE_URL = env.text("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
# Loopback always may ask: that is where health checks come from, and links are made of BASE_URL.
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [*(env.words("ALLOWED_HOSTS") or [urlsplit(BASE_URL).hostname or ""]), *LOOPBACK]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
HTTPS = BASE_URL.startswith("https://")

DNS_SERVER = env.host_and_port("DNS_SERVER")
DNS_QUERIES_PER_SECOND = env.whole_number("DNS_QUERIES_PER_SECOND", 50 if EMBEDDED else 300)
OWN_DOMAINS = env.words("OWN_DOMAINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "anymail",
    "core",
    "accounts",
    "jobs",
    "contacts",
    "validation",
    "delivery",
    "review",
    "erp",
    "portal",
    "campaigns",
    "adoption",
    "desk",
    # Last, so that its post-migrate work sees every app's permissions.
    "onboarding",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "onboarding.urls"
WSGI_APPLICATION = "onboarding.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.shell",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    """This will read `DATABASE_URL`; without it, SQLite in the data folder."""
    config: dict[str, Any] = env.read.db_url(
        "DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'onboarding.sqlite3'}"
    )
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            " PRAGMA cache_size=-20000;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if EMBEDDED
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "adoption:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "email", "password"]

SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    },
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT") or DATA_DIR / "static")
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "onboarding.uploads.LimitedFileUploadHandler",
]
# How large a file may be that is imported, and what reading it may take.
MAX_IMPORT_BYTES = env.whole_number("MAX_IMPORT_MB", 200) * 1024 * 1024
MAX_IMPORT_ROWS = env.whole_number("MAX_IMPORT_ROWS", 1_000_000)
MAX_IMPORT_COLUMNS = env.whole_number("MAX_IMPORT_COLUMNS", 500)
MAX_IMPORT_CELL = env.whole_number("MAX_IMPORT_CELL", 131_072)
MAX_IMPORT_UNPACKED = env.whole_number("MAX_IMPORT_UNPACKED_MB", 1_000) * 1024 * 1024
MAX_IMPORT_MEMORY = env.whole_number("MAX_IMPORT_MEMORY_MB", 1_400) * 1024 * 1024
MAX_IMPORT_SECONDS = env.whole_number("MAX_IMPORT_SECONDS", 100)
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Mail. Without EMAIL_URL or an Anymail provider it stays in the local outbox, for staff to read.
EMAIL_TIMEOUT = env.whole_number("EMAIL_TIMEOUT", 30)
ANYMAIL_PROVIDER = env.text("ANYMAIL_PROVIDER")
ANYMAIL = env.anymail(ANYMAIL_PROVIDER)
if ANYMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{ANYMAIL_PROVIDER}.EmailBackend"
elif env.text("EMAIL_URL"):
    vars().update(env.read.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "delivery.mailer.email.LocalOutboxBackend"
USES_LOCAL_OUTBOX = EMAIL_BACKEND == "delivery.mailer.email.LocalOutboxBackend"

# Text messages: outbox, console, file or http; without one they are not offered. A gateway gets
# what SMS_FIELDS and SMS_HEADERS say, as JSON with {to}, {text}, {id} and {sender} in it.
SMS_BACKEND = env.text("SMS_BACKEND", "outbox" if USES_LOCAL_OUTBOX else "").lower()
SMS_URL = env.text("SMS_URL")
SMS_FORMAT = env.text("SMS_FORMAT", "form").lower()
SMS_FIELDS = env.json_object("SMS_FIELDS", {"to": "{to}", "text": "{text}", "from": "{sender}"})
SMS_HEADERS = env.json_object("SMS_HEADERS", {})
SMS_SENDER = env.text("SMS_SENDER")
SMS_ID_FIELD = env.text("SMS_ID_FIELD")
# Where the gateway reports answers such as STOP: user:password, and the names of two fields.
SMS_ANSWERS_SECRET = env.text("SMS_ANSWERS_SECRET")
SMS_ANSWERS_FIELDS = env.words("SMS_ANSWERS_FIELDS") or ["from", "text"]

# Celery carries nudges without data; what is due stands in the database.
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.05}
    if EMBEDDED
    else {"visibility_timeout": 600, "socket_timeout": 5, "socket_connect_timeout": 5}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = None if EMBEDDED else 240
CELERY_TASK_TIME_LIMIT = None if EMBEDDED else 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = TIME_ZONE
# How often the schedule looks for what is due, should every nudge have been lost.
SWEEP_SECONDS = env.whole_number("SWEEP_SECONDS", 15)
# A worker that has given no sign for so long counts as dead, and its work goes to another one.
LEASE_SECONDS = env.whole_number("LEASE_SECONDS", 40)
CELERY_BEAT_SCHEDULE = {
    "jobs that stopped": {"task": "jobs.sweep", "schedule": schedule(SWEEP_SECONDS)},
    "campaigns that are due": {"task": "campaigns.tick", "schedule": schedule(SWEEP_SECONDS)},
    "the sender's domain": {"task": "campaigns.check_sender", "schedule": schedule(3600)},
    "mail that is due": {"task": "delivery.pump", "schedule": schedule(SWEEP_SECONDS)},
    "texts kept long enough": {"task": "delivery.forget_texts", "schedule": schedule(3600)},
    "domains that are due": {"task": "validation.resolve_due", "schedule": schedule(300)},
    "questions that are due": {"task": "review.tick", "schedule": schedule(300)},
    "the day's counts": {"task": "adoption.count", "schedule": schedule(900)},
}
# How long one task may work before it hands the thread on to the next.
SLICE_SECONDS = 0.5 if EMBEDDED else 20.0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # The local broker has no host to name, and says so each time.
    "loggers": {"kombu.connection": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# Files in the admin: cells are made harmless, change sets are the log, uploads wait in the
# data folder.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.MediaStorage"
