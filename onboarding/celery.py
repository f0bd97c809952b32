"""The Celery app. Tasks are called by name only; what is due stands in the database."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")

app = Celery("onboarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_unsafe_start(**_kwargs: object) -> None:
    """This will end a worker or beat that production should not be started with."""
    from onboarding import checks  # noqa: PLC0415 - needs the settings, which need this module

    checks.refuse_unsafe_start()
