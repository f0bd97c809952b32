"""The product's settings, with the packages beside it where they can be imported."""

from importlib.util import find_spec

from onboarding.settings import *  # noqa: F403 - nothing else differs
from onboarding.settings import INSTALLED_APPS

INSTALLED_APPS += [name for name in ("post_office", "mailer") if find_spec(name)]
POST_OFFICE = {
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    "BATCH_SIZE": 500,
    "LOG_LEVEL": 0,
    "THREADS_PER_PROCESS": 1,
}
MAILER_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
ANYMAIL_PROVIDER = "sendgrid"
ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
USES_LOCAL_OUTBOX = False
# A sender of a benchmark works to its end, whatever the mode.
SLICE_SECONDS = 600.0
