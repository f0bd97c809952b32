"""Several sources, one record: the numbers of merged customers, and whose word counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from contacts.actions.parties import standing_of
from contacts.models import Customer, Source, SourceRecord
from contacts.rules.precedence import Claim, Told, claim
from contacts.rules.words import Entity
from erp.rules.merging import FieldMerge, Result
from erp.rules.values import comparable

DISPUTED = (Result.TAKEN, Result.CONFLICT)
_NOT_WEIGHED = ("account", "parent")


def other_numbers(source: Source, customer_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """This will give, by customer, the numbers under which its merged ones are still known.

    Each with the key of the merged customer.
    """
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Customer.everyone.filter(merged_into__in=customer_ids, numbering=source.numbering)
    for into, number, key in rows.values_list("merged_into_id", "account_number", "pk"):
        found[into][number] = key
    return found


def number_as_told(own: str, others: Collection[str], base: str, told: str | None) -> str:
    """This will give our number of a customer as its source knows it: several mean the same one."""
    if told in others:
        return told or own
    return base if base in others and told != own else own


def weigh(
    *, source: Source, entity: Entity, rows: Sequence[tuple[int, list[FieldMerge]]]
) -> list[list[FieldMerge]]:
    """This will settle, by the settings of the sources, fields of which another one speaks too.

    `rows` has the key of each target and its fields. Whoever comes first prevails; what the
    settings leave open stays as it was.
    """
    disputed = {key for key, merged in rows if any(item.result in DISPUTED for item in merged)}
    told: dict[int, list[Told]] = defaultdict(list)
    if disputed and entity is not Entity.INVOICE:
        records = SourceRecord.objects.filter(entity=entity, **{f"{entity}__in": disputed})
        for record in records.exclude(source=source).select_related("source"):
            owner = record.contact_id if entity is Entity.CONTACT else record.customer_id
            values = {name: comparable(name, text) for name, text in record.base.items() if text}
            told[owner or 0].append(Told(standing_of(record.source), values))
    return [
        [_weighed(source, item, told[key]) for item in merged] if key in told else merged
        for key, merged in rows
    ]


def _weighed(source: Source, item: FieldMerge, others: Sequence[Told]) -> FieldMerge:
    if item.result not in DISPUTED or item.name in _NOT_WEIGHED:
        return item
    answer = claim(item.name, comparable(item.name, item.ours), standing_of(source), others)
    if answer is Claim.YIELDS:
        return replace(item, result=Result.KEPT)
    return replace(item, result=Result.TAKEN) if answer is Claim.PREVAILS else item
