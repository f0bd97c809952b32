"""Selections of jobs."""

from datetime import datetime
from typing import Self
from uuid import UUID

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

    def in_state(self, state: str) -> Self:
        """This will keep jobs in one state; without one, all of them."""
        return self.filter(state=state) if state else self.all()

    def older_than(self, created_at: datetime, job_id: UUID) -> Self:
        """This will keep jobs that come after that one in the newest-first order."""
        return self.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__gt=job_id))

    def newest_first(self) -> Self:
        """This will put the newest job first."""
        return self.order_by("-created_at", "pk")
