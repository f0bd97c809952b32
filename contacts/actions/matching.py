"""Find customers and contacts that may be one, and remember what people say of them.

Only rows that share a key are compared (contacts.rules.blocking), so the work grows with the base
and not with its square. Each chunk writes its keys first and then looks who has the same ones.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from contacts.actions.bulk import insert_values, update_rows
from contacts.actions.gathering import firms, people
from contacts.models import Contact, Customer, Duplicate, MatchKey
from contacts.rules.blocking import MOST_SHARING, firm_keys, near_keys, person_keys
from contacts.rules.likeness import Firm, Likeness, Person, compare_firms, compare_people
from contacts.rules.words import Entity, PairState
from core.audit import record

Pair = tuple[int, int]
PART = 400
KEYED = ("key", "contact_id", "customer_id")
STORED = ("score", "certain", "reasons")


@dataclass(frozen=True)
class Matched:
    """What a look at some rows found: pairs now open among them, and how many are new."""

    pairs: int = 0
    new: int = 0

    def __add__(self, other: "Matched") -> "Matched":
        return Matched(self.pairs + other.pairs, self.new + other.new)


@transaction.atomic
def match_customers(*, ids: Collection[int]) -> Matched:
    """This will compare customers with those that share a key, and store the likely pairs."""
    own = firms(ids)
    _rekey(Entity.CUSTOMER, ids, {key: firm_keys(firm) for key, firm in own.items()})
    pairs = _sharing(Entity.CUSTOMER, own)
    known: dict[int, Firm] = own | firms(_others(pairs, own))
    found = {
        pair: compare_firms(known[pair[0]], known[pair[1]])
        for pair in pairs
        if pair[0] in known and pair[1] in known
    }
    return _store(Entity.CUSTOMER, ids, found)


@transaction.atomic
def match_contacts(*, ids: Collection[int]) -> Matched:
    """This will compare contacts with their colleagues, and with others that share a key."""
    own = people(ids)
    _rekey(Entity.CONTACT, ids, {key: person_keys(person) for key, person in own.items()})
    pairs = _sharing(Entity.CONTACT, own)
    known: dict[int, Person] = own | people(_others(pairs, own))
    at = {person.customer for person in own.values() if person.customer}
    colleagues = people(Contact.objects.filter(customer__in=at).values_list("pk", flat=True))
    known |= colleagues
    pairs |= _colleagues(colleagues.values(), set(own))
    found = {
        pair: compare_people(known[pair[0]], known[pair[1]])
        for pair in pairs
        if pair[0] in known and pair[1] in known
    }
    return _store(Entity.CONTACT, ids, found)


@transaction.atomic
def keep_apart(*, pair: Duplicate, actor: User | None) -> bool:
    """This will remember that two rows are two; false when that was said before."""
    changed = Duplicate.objects.filter(pk=pair.pk, state=PairState.OPEN).update(
        state=PairState.APART, decided_by=actor, decided_at=timezone.now()
    )
    if changed:
        _note("kept apart", pair, actor)
    return bool(changed)


@transaction.atomic
def rejoin(*, pair: Duplicate, actor: User | None) -> bool:
    """This will put a pair back among those to look at; false when it is there."""
    changed = Duplicate.objects.filter(pk=pair.pk, state=PairState.APART).update(
        state=PairState.OPEN, decided_by=None, decided_at=None
    )
    if changed:
        _note("reopened", pair, actor)
    return bool(changed)


@transaction.atomic
def pair_of(*, entity: Entity, one: int, other: int) -> Duplicate:
    """This will give the pair of two rows, also of two that nobody proposed."""
    first, second = sorted((one, other))
    names = {f"{entity}_id": first, f"other_{entity}_id": second}
    found = Duplicate.objects.filter(**names).first()
    if found is not None:
        return found
    if entity is Entity.CONTACT:
        known: Any = people([first, second])
        like = compare_people(known[first], known[second])
    else:
        known = firms([first, second])
        like = compare_firms(known[first], known[second])
    return Duplicate.objects.create(entity=entity, **names, **_values(like))


def _note(verb: str, pair: Duplicate, actor: User | None) -> None:
    facts = {"first": pair.ids[0], "second": pair.ids[1]}
    record(actor=actor, verb=verb, entity=f"{pair.entity} pair", entity_id=pair.pk, facts=facts)


def _rekey(entity: Entity, ids: Collection[int], keys: dict[int, set[int]]) -> None:
    """This will write the keys of rows anew; a row that is gone or merged has none."""
    MatchKey.objects.filter(**{f"{entity}__in": list(ids)}).delete()
    rows: list[tuple[int, int | None, int | None]] = []
    for row, found in keys.items():
        owner = (row, None) if entity is Entity.CONTACT else (None, row)
        rows += [(key, *owner) for key in sorted(found)]
    insert_values(MatchKey, KEYED, rows)


def _sharing(entity: Entity, own: Collection[int]) -> set[Pair]:
    """This will give pairs that share a key, one of `own` at least in each."""
    name = f"{entity}_id"
    mine = MatchKey.objects.filter(**{f"{entity}__in": list(own)})
    keys = sorted(set(mine.values_list("key", flat=True)))
    blocks: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(keys), PART):
        rows = MatchKey.objects.filter(key__in=keys[start : start + PART])
        rows = rows.filter(**{f"{name}__isnull": False})
        shared = rows.values("key").annotate(n=Count("pk")).filter(n__gte=2, n__lte=MOST_SHARING)
        wanted = list(shared.order_by().values_list("key", flat=True))
        for key, row in rows.filter(key__in=wanted).values_list("key", name):
            blocks[key].append(row)
    chosen = set(own)
    return {
        (min(pair), max(pair))
        for block in blocks.values()
        for pair in combinations(sorted(set(block)), 2)
        if not chosen.isdisjoint(pair)
    }


def _colleagues(persons: Iterable[Person], chosen: set[int]) -> set[Pair]:
    """This will give pairs at one customer that have a name, an address or a phone in common."""
    blocks: dict[tuple[int | None, str, str], list[int]] = defaultdict(list)
    for person in persons:
        for key in near_keys(person):
            blocks[person.customer, *key].append(person.key)
    return {
        (min(pair), max(pair))
        for block in blocks.values()
        if 1 < len(block) <= MOST_SHARING
        for pair in combinations(block, 2)
        if not chosen.isdisjoint(pair)
    }


def _others(pairs: Iterable[Pair], own: Collection[int]) -> set[int]:
    return {key for pair in pairs for key in pair} - set(own)


def _store(entity: Entity, ids: Collection[int], found: dict[Pair, Likeness]) -> Matched:
    """This will bring the pairs of some rows in step; what a person decided stays."""
    likely = {pair: like for pair, like in found.items() if like.is_likely}
    either = Q(**{f"{entity}__in": list(ids)}) | Q(**{f"other_{entity}__in": list(ids)})
    known = {pair.ids: pair for pair in Duplicate.objects.filter(either, entity=entity)}
    changed, gone = [], []
    for key, pair in known.items():
        like = likely.get(key)
        if like is None:
            gone += [pair.pk] if pair.state == PairState.OPEN else []
        elif _differs(pair, like):
            for name, value in _values(like).items():
                setattr(pair, name, value)
            changed.append(pair)
    update_rows(Duplicate, changed, STORED)
    Duplicate.objects.filter(pk__in=gone).delete()
    new = [pair for pair in sorted(likely) if pair not in known]
    apart = _apart_by_others(entity, new)
    rows = [
        (entity.value, *pair, *_values(likely[pair]).values()) for pair in new if pair not in apart
    ]
    insert_values(Duplicate, ("entity", f"{entity}_id", f"other_{entity}_id", *STORED), rows)
    return Matched(len(likely) - len(apart), len(rows))


def _differs(pair: Duplicate, like: Likeness) -> bool:
    return any(getattr(pair, name) != value for name, value in _values(like).items())


def _values(like: Likeness) -> dict[str, Any]:
    reasons = [[reason.words, reason.tone.value] for reason in like.reasons]
    return {"score": like.score, "certain": like.certain, "reasons": reasons}


def _apart_by_others(entity: Entity, pairs: Sequence[Pair]) -> set[Pair]:
    """This will give pairs whose merged parts were called two by a person."""
    keys = {key for pair in pairs for key in pair}
    model: Any = Contact if entity is Entity.CONTACT else Customer
    into = dict(model.everyone.filter(merged_into__in=keys).values_list("pk", "merged_into_id"))
    if not into:
        return set()
    either = Q(**{f"{entity}__in": list(into)}) | Q(**{f"other_{entity}__in": list(into)})
    said = Duplicate.objects.filter(either, entity=entity, state=PairState.APART)
    apart = {tuple(sorted(into.get(key, key) for key in pair.ids)) for pair in said}
    return {pair for pair in pairs if pair in apart}
