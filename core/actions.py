"""Writes to the configuration."""

from django.db import transaction

from core.audit import Actor, record
from core.models import Configuration


@transaction.atomic
def save_configuration(
    *, configuration: Configuration, actor: Actor, changed: list[str]
) -> Configuration:
    """This will store the configuration and note which fields changed."""
    configuration.pk = Configuration.ONLY
    configuration.save()
    record(
        actor=actor,
        verb="changed",
        entity="configuration",
        entity_id=configuration.pk,
        facts={"fields": changed},
    )
    return configuration
