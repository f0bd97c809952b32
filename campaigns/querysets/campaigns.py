"""Selections of campaigns, templates and those who were left out."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count

from campaigns.rules.audience import Reason
from campaigns.rules.states import CampaignState

if TYPE_CHECKING:
    from campaigns.models import Campaign, LeftOut, Template  # noqa: F401 - for the type only


class TemplateQuerySet(models.QuerySet["Template"]):
    """Named lists of templates."""

    def of_kind(self, kind: str) -> Self:
        """This will keep the templates of one kind of message."""
        return self.filter(kind=kind)

    def by_name(self) -> Self:
        """This will put templates in the order of kind and name."""
        return self.order_by("kind", "name", "pk")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Named lists of campaigns."""

    def newest_first(self) -> Self:
        """This will put the newest campaign first."""
        return self.order_by("-created_at", "-pk")

    def under_way(self) -> Self:
        """This will keep campaigns whose messages are being prepared or sent."""
        return self.filter(
            state__in=[CampaignState.PREPARING, CampaignState.SENDING, CampaignState.PAUSED]
        )

    def due(self, now: datetime) -> Self:
        """This will keep campaigns whose set time has come."""
        return self.filter(state=CampaignState.SCHEDULED, start_at__lte=now)

    def started(self) -> Self:
        """This will leave out what is still a draft, waits for its time, or never started."""
        return self.filter(started_at__isnull=False)


class LeftOutQuerySet(models.QuerySet["LeftOut"]):
    """Named lists of contacts that a campaign did not write to."""

    def counts(self) -> dict[Reason, int]:
        """This will count them by reason, in the order of the reasons."""
        rows = self.order_by().values_list("reason").annotate(n=Count("pk"))
        found = {str(reason): int(n) for reason, n in rows}
        return {reason: found[reason] for reason in Reason if reason in found}
