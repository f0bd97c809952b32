from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Configuration, audit trail and the small things every page needs."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Configuration"
