from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Staff pages that show rows of several apps."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Desk"

    def ready(self) -> None:
        """This will register the admin classes, which lie in a package of their own."""
        from desk.admin import contacts, customers, records  # noqa: F401, PLC0415 - need the models
