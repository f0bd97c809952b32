"""The Celery tasks of delivery; they carry no data, what is due stands in the rows."""

from celery import shared_task
from django.utils import timezone

from delivery.actions import feedback, guarding, retention, sending


@shared_task(name="delivery.pump")
def pump(chain: int = 0, **_unknown: object) -> None:
    """This will send one slice of what is due and call the next slice by name."""
    feedback.apply_waiting()
    sending.pump_slice(chain=chain)


@shared_task(name="delivery.apply_events")
def apply_events(**_unknown: object) -> None:
    """This will apply what the provider has reported."""
    feedback.apply_waiting()


@shared_task(name="delivery.forget_texts")
def forget_texts(**_unknown: object) -> None:
    """This will empty texts that have been kept long enough."""
    retention.forget_texts(now=timezone.now())
    retention.forget_bodies(now=timezone.now())
    guarding.forget_senders()
