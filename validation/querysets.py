"""Selections of findings, decisions and domains."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from validation.models import Decision, Finding, MailDomain  # noqa: F401 - for the type only


class FindingQuerySet(models.QuerySet["Finding"]):
    """Named lists of findings."""

    def open(self) -> Self:
        """This will keep findings that wait for a person; plain information does not."""
        return self.filter(decided=False).exclude(severity="info")

    def with_suggestion(self) -> Self:
        """This will keep findings that offer a value."""
        return self.exclude(suggestion="")

    def certain(self, confidence: float = 0.95) -> Self:
        """This will keep findings whose suggestion is at least that sure."""
        return self.with_suggestion().filter(confidence__gte=confidence)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Named lists of decisions."""

    def standing(self) -> Self:
        """This will keep decisions that say the value is right as it is."""
        return self.filter(kind="kept")


class MailDomainQuerySet(models.QuerySet["MailDomain"]):
    """Named lists of domains."""

    def due(self, now: datetime) -> Self:
        """This will keep domains to ask about now that nobody else is asking about."""
        return self.filter(
            Q(due_at=None) | Q(due_at__lte=now),
            Q(lease_until=None) | Q(lease_until__lt=now),
        )
