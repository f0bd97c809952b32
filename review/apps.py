from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Staff decide what is right."""

    name = "review"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Review"

    def ready(self) -> None:
        """This will show in the menu how much waits, and register the long work."""
        from core.context import count_for  # noqa: PLC0415 - the apps are ready only now
        from review import tasks  # noqa: F401, PLC0415 - registers its runner
        from review.querysets.queue import counts_by_code  # noqa: PLC0415 - needs the models

        count_for("review:queue", lambda user: sum(counts_by_code(user).values()))
