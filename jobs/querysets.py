"""Selections of jobs."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from jobs.rules.state import OPEN, JobState


class JobQuerySet(models.QuerySet["Job"]):  # type: ignore[name-defined]
    """Named lists of jobs."""

    def open(self) -> Self:
        """This will keep jobs that wait or run."""
        return self.filter(state__in=OPEN)

    def claimable(self, now: datetime) -> Self:
        """This will keep jobs that wait, or whose worker stopped without a word."""
        return self.filter(
            Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING),
            Q(lease_until=None) | Q(lease_until__lt=now),
        )

    def newest_first(self) -> Self:
        """This will put the newest job first."""
        return self.order_by("-created_at", "pk")
