from django.apps import AppConfig


class JobsConfig(AppConfig):
    """One row for each piece of long work."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Jobs"
