"""Saved filters of the contact list."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.querysets import SegmentQuerySet


class Segment(models.Model):
    """A saved filter: a view of the contact list, and an audience."""

    name = models.CharField(max_length=80)
    query = models.TextField(blank=True, help_text="The list's query string.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = SegmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="contacts_segment_name"),
        ]

    def __str__(self) -> str:
        return self.name
