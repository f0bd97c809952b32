from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class OnboardingConfig(AppConfig):
    """The project: settings, table of contents, start commands."""

    name = "onboarding"
    verbose_name = "Onboarding"

    def ready(self) -> None:
        """This will register the system checks and keep the roles in step with their table."""
        from onboarding import checks  # noqa: F401, PLC0415 - registers on import, needs the apps

        # Django sends this once for each app with models; by the last one all rights exist.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(_sync_roles, sender=last)


def _sync_roles(**_kwargs: object) -> None:
    from accounts.actions import sync_roles  # noqa: PLC0415 - models are ready only now

    sync_roles()
