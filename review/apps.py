from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Staff decide what is right."""

    name = "review"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Review"

    def ready(self) -> None:
        """This will listen to contacts, answer a link of messages, and count in the menu."""
        from core.context import count_for  # noqa: PLC0415 - the apps are ready only now
        from core.keyset import bounded_count  # noqa: PLC0415 - likewise
        from delivery.merge import register_page  # noqa: PLC0415 - likewise
        from review import receivers  # noqa: F401, PLC0415 - connects on import
        from review.querysets.queue import QueueFilter, queue  # noqa: PLC0415 - needs the models
        from review.tokens import confirm_url  # noqa: PLC0415 - likewise

        register_page("ConfirmEmailLink", confirm_url)
        count_for("review:queue", lambda user: bounded_count(queue(QueueFilter(), user)))
