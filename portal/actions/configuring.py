"""Writes to the *Customer Portal* tab of the configuration."""

from collections.abc import Sequence

from django.db import transaction

from core.audit import Actor, record
from portal.models import PortalConfiguration


@transaction.atomic
def save_portal_configuration(
    *, configuration: PortalConfiguration, actor: Actor, changed: Sequence[str]
) -> PortalConfiguration:
    """This will store the configuration and note which fields changed."""
    configuration.pk = PortalConfiguration.ONLY
    configuration.save()
    record(
        actor=actor,
        verb="changed",
        entity="portal configuration",
        entity_id=configuration.pk,
        facts={"fields": list(changed)},
    )
    return configuration
