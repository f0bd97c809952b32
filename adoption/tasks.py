"""The periodic task of adoption."""

from celery import shared_task
from django.utils import timezone

from adoption.actions import count_day


@shared_task(name="adoption.count")
def count(**_unknown: object) -> None:
    """This will write the day's figures down; running twice replaces them by the same."""
    count_day(now=timezone.now())
