"""Remember what a person decided about a value, and take it back with its change set."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from contacts.models import ChangeSet
from validation.actions.checking import check_contacts
from validation.models import Decision, Finding
from validation.rules.decided import decided_value


@dataclass(frozen=True)
class Verdict:
    """One decision: about this problem of this contact's value. `kind` is a Decision.Kind."""

    contact_id: int
    code: str
    value: str
    kind: str


@transaction.atomic
def decide(
    *, verdicts: Sequence[Verdict], actor: User | None, change_set: ChangeSet, recheck: bool = True
) -> int:
    """This will store decisions by (code, value), so that no later check brings them back.

    `recheck=False` is for callers that change the contacts afterwards, which checks them anyway.
    """
    Decision.objects.bulk_create(
        [
            Decision(
                contact_id=verdict.contact_id,
                code=verdict.code,
                value=decided_value(verdict.value),
                kind=verdict.kind,
                actor=actor,
                change_set=change_set,
            )
            for verdict in verdicts
        ],
        update_conflicts=True,
        unique_fields=["contact", "code", "value"],
        update_fields=["kind", "actor", "change_set"],
        batch_size=500,
    )
    contacts = sorted({verdict.contact_id for verdict in verdicts})
    if recheck:
        check_contacts(contact_ids=contacts)
    return len(verdicts)


@transaction.atomic
def withdraw_decisions(*, change_set: ChangeSet) -> int:
    """This will forget the decisions of a change set and look at their contacts again."""
    rows = Decision.objects.filter(change_set=change_set)
    contacts = sorted(set(rows.values_list("contact_id", flat=True)))
    if not contacts:
        return 0
    rows.delete()
    Finding.objects.filter(contact_id__in=contacts, decided=True).update(decided=False)
    check_contacts(contact_ids=contacts)
    return len(contacts)
