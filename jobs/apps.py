from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """One row for each piece of long work."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Jobs"

    def ready(self) -> None:
        """This will read every app's tasks, which register runners and Celery tasks by name."""
        autodiscover_modules("tasks")
