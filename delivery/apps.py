from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The outbox: rendering, sending, and what the provider reports back."""

    name = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Delivery"

    def ready(self) -> None:
        """This will listen to what the provider reports."""
        from delivery import receivers  # noqa: F401, PLC0415 - connects on import, needs the models
