"""Write the day's figures down, so that charts never scan contacts."""

from datetime import datetime

from django.db import transaction

from adoption.models import DailyCount
from adoption.querysets import contact_statuses, customers_ready, funnel_counts
from adoption.rules.funnel import quality


@transaction.atomic
def count_day(*, now: datetime) -> dict[str, int]:
    """This will store today's funnel and data quality; counting again replaces the figures."""
    statuses = contact_statuses()
    score, ready, everybody = quality(statuses)
    figures = funnel_counts(now) | {
        "quality": score,
        "contacts_ready": ready,
        "contacts": everybody,
        "customers_ready": customers_ready(),
    }
    DailyCount.objects.bulk_create(
        [DailyCount(day=now.date(), name=name, value=value) for name, value in figures.items()],
        update_conflicts=True,
        unique_fields=["name", "day"],
        update_fields=["value"],
    )
    return figures
