from django.apps import AppConfig


class ValidationConfig(AppConfig):
    """Is this address any good? An engine without an opinion on what to do."""

    name = "validation"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Checks"

    def ready(self) -> None:
        """This will follow what changes in contacts and customers."""
        from validation import receivers  # noqa: F401, PLC0415 - its models are ready only now
