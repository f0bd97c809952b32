from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The customer's own pages."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Customer portal"

    def ready(self) -> None:
        """This will fill the portal's merge fields, and listen to contacts."""
        from portal import receivers  # noqa: F401, PLC0415 - connects on import, needs the models
        from portal.merge import register_fields  # noqa: PLC0415 - needs the models
        from portal.tokens import invitation_url, page_url  # noqa: PLC0415 - likewise

        register_fields(url_of=invitation_url, page_url=page_url)
