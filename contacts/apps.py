from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Customers and the people at them; the only place where contact data changes."""

    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """This will let likely duplicates follow what changes."""
        from contacts import receivers  # noqa: F401, PLC0415 - connects on import, needs the models
