from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Staff decide what is right."""

    name = "review"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Review"

    def ready(self) -> None:
        """This will show in the menu how much waits."""
        from core.context import count_for  # noqa: PLC0415 - the apps are ready only now
        from core.keyset import bounded_count  # noqa: PLC0415 - likewise
        from review.querysets.queue import QueueFilter, queue  # noqa: PLC0415 - needs the models

        count_for("review:queue", lambda user: bounded_count(queue(QueueFilter(), user)))
