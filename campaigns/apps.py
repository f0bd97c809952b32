from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """What is said, to whom, when."""

    name = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Campaigns"
