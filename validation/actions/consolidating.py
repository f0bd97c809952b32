"""Findings follow contacts that became one, or are two again."""

from collections.abc import Mapping

from django.db import transaction

from validation.actions.checking import check_contacts
from validation.models import Finding


@transaction.atomic
def follow_merge(*, into: Mapping[int, int]) -> None:
    """This will drop the findings of merged contacts and check those that stay."""
    Finding.objects.filter(contact__in=into).delete()
    check_contacts(contact_ids=sorted(set(into.values())))


@transaction.atomic
def follow_parting(*, into: Mapping[int, int]) -> None:
    """This will check contacts that are two again."""
    check_contacts(contact_ids=sorted({*into, *into.values()}))
