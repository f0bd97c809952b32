from django.apps import AppConfig


class ErpConfig(AppConfig):
    """Files in from the ERP, corrections back to it."""

    name = "erp"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "ERP"

    def ready(self) -> None:
        """This will listen to contacts, and show in the menu how many corrections wait."""
        from core.context import count_for  # noqa: PLC0415 - apps are ready only now
        from erp import receivers  # noqa: F401, PLC0415 - connects on import, needs the models
        from erp.models import WriteBackLine  # noqa: PLC0415 - likewise

        count_for("erp:write_back", lambda _user: WriteBackLine.objects.to_send().count())
