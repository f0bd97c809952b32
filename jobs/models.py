"""One row for each piece of long work."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from core.choices import choices_of
from jobs.querysets import JobQuerySet
from jobs.rules.state import OPEN, JobState, percent


class Job(models.Model):
    """Long work: what it is called, where it stands, how far it got."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=choices_of(JobState), default=JobState.QUEUED.value
    )
    singleton = models.CharField(max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=250, blank=True)
    error = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    token = models.UUIDField(
        null=True, editable=False, help_text="Of the worker that has it now; nobody else may write."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["singleton"],
                name="jobs_one_open_of_a_kind",
                condition=models.Q(state__in=[state.value for state in OPEN])
                & ~models.Q(singleton=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_until"], name="jobs_state_lease"),
            models.Index(fields=["-created_at"], name="jobs_created"),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def percent(self) -> int:
        """Progress in whole percent."""
        return percent(self.done, self.total)

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN
