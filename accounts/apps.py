from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in: staff and portal users, and their roles."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "People and roles"
