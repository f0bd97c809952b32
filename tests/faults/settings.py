"""The product's own settings, with stylesheets and scripts as they lie in the repository."""

from onboarding.settings import *  # noqa: F403 - nothing else differs
from onboarding.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
