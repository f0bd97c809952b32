from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    """The funnel, its trend, and what needs attention."""

    name = "adoption"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Adoption"
