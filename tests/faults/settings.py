"""The product's own settings, with stylesheets and scripts as they lie in the repository.

`CLOCK_HOURS` sets the clock of a process wrong, as a machine's may be.
"""

import os
import time

from onboarding.settings import *  # noqa: F403 - nothing else differs
from onboarding.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True

if hours := os.environ.get("CLOCK_HOURS"):
    from datetime import UTC, datetime

    from django.utils import timezone

    def wrong_now() -> datetime:
        """This will give the time of a clock that is hours off."""
        return datetime.fromtimestamp(time.time() + 3600 * int(hours), tz=UTC)

    timezone.now = wrong_now
