"""The WSGI entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")

application = get_wsgi_application()

from onboarding.checks import refuse_unsafe_start  # noqa: E402 - needs the settings

refuse_unsafe_start()
