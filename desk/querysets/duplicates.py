"""What the pages about duplicates show: pairs, both sides field by field, and what moves along."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from contacts.models import Contact, Customer, Duplicate, Invoice, SourceRecord
from contacts.rules.choosing import JOINED, Side
from contacts.rules.values import text_of
from contacts.rules.words import Entity
from core.keyset import bounded_count
from delivery.models import Message, Suppression
from desk.rules.duplicates import ORDER, PairQuery, PairView, label_of, value_of
from erp.models import WriteBackLine
from portal.models import Invitation, Membership

Row = Contact | Customer
PAIR_SORTS = {"score": "score"}
SHOWN_CANDIDATES = 20


@dataclass(frozen=True)
class Half:
    """One side of a pair: the row, where it is, and which sources tell of it."""

    row: Any
    at: Customer | None = None
    sources: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    in_pairs: int = 1

    @property
    def told(self) -> str:
        """Which sources tell of it under which key, in words."""
        return ", ".join(self.keys) or "Added here"

    @property
    def origin(self) -> str:
        """Which sources tell of it, in words."""
        return ", ".join(self.sources) or "Added here"

    @property
    def in_pairs_words(self) -> str:
        """In how many pairs of the page it is."""
        return f"in {self.in_pairs} pairs"


@dataclass(frozen=True)
class Line:
    """A pair in the list."""

    pair: Duplicate
    one: Half
    other: Half
    good: list[str]
    bad: list[str]

    @property
    def halves(self) -> tuple[Half, Half]:
        """Both sides."""
        return self.one, self.other


@dataclass(frozen=True)
class Choice:
    """One field of the merge screen: both values, and which is proposed."""

    name: str
    label: str
    one: str
    other: str
    picked: str = ""
    both: str = ""
    is_code: bool = False

    @property
    def same(self) -> bool:
        """Whether there is nothing to choose."""
        return self.one == self.other

    @property
    def values(self) -> tuple[str, str]:
        """Both values."""
        return self.one, self.other

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Both values by the names of their sides."""
        return ("one", self.one), ("other", self.other)


@dataclass
class Moving:
    """What hangs on the two, and follows the one that stays."""

    messages: int = 0
    invitations: int = 0
    members: list[str] = field(default_factory=list)
    invoices: int = 0
    people: int = 0
    stops: list[Suppression] = field(default_factory=list)
    fixes: int = 0
    same_source: str = ""


def model_of(entity: Entity) -> Any:  # noqa: ANN401 - either table
    """This will give the table of a kind."""
    return Contact if entity is Entity.CONTACT else Customer


def pairs(query: PairQuery, user: User) -> QuerySet[Duplicate]:
    """This will give the pairs that a person may see and that match."""
    rows: Any = Duplicate.objects
    found = rows.apart(query.entity) if query.view is PairView.APART else rows.open(query.entity)
    if query.view is PairView.CERTAIN:
        found = found.filter(certain=True)
    if query.words:
        hits = model_of(query.entity).objects.search(query.words).values("pk")
        name = query.entity.value
        found = found.filter(Q(**{f"{name}__in": hits}) | Q(**{f"other_{name}__in": hits}))
    visible: QuerySet[Duplicate] = found.visible_to(user, query.entity)
    return visible


def counts(entity: Entity, user: User) -> dict[PairView, int]:
    """This will count the pairs of each view."""
    return {
        view: bounded_count(pairs(PairQuery(entity=entity, view=view), user)) for view in PairView
    }


def lines_of(found: Sequence[Duplicate], entity: Entity) -> list[Line]:
    """This will put the pairs of one page into words, in a fixed number of queries."""
    halves = _halves(entity, [key for pair in found for key in pair.ids])
    return [Line(pair, halves[pair.ids[0]], halves[pair.ids[1]], *_reasons(pair)) for pair in found]


def reasons_of(pair: Duplicate) -> list[tuple[str, str]]:
    """This will give what speaks for and against a pair: words and tone."""
    return [(str(words), str(tone)) for words, tone in pair.reasons]


def halves_of(pair: Duplicate) -> tuple[Half, Half]:
    """This will give both sides of one pair."""
    halves = _halves(Entity(pair.entity), pair.ids)
    return halves[pair.ids[0]], halves[pair.ids[1]]


def choices_of(
    entity: Entity, one: Row, other: Row, keep: int, sides: Mapping[str, Side]
) -> list[Choice]:
    """This will give the fields of the merge screen that one of the two has."""
    found = []
    for name in ORDER[entity]:
        here, there = text_of(getattr(one, name)), text_of(getattr(other, name))
        if not here and not there:
            continue
        side = sides.get(name, Side.KEEP)
        kept_is_one = keep == one.pk
        picked = "both" if side is Side.BOTH else ""
        picked = picked or ("one" if (side is Side.KEEP) == kept_is_one else "other")
        both = f"{here}\n{there}" if name in JOINED and here and there else ""
        found.append(
            Choice(
                name,
                label_of(name),
                value_of(name, here),
                value_of(name, there),
                picked,
                both,
                is_code=name in ("email", "website", "username"),
            )
        )
    return found


def moving_with(entity: Entity, keep: Row, gone: Row, sides: Mapping[str, Side]) -> Moving:
    """This will tell what follows the one that stays."""
    both = [keep.pk, gone.pk]
    moving = Moving(same_source=_same_source(entity, keep, gone))
    taken = [name for name, side in sides.items() if side is not Side.KEEP]
    if SourceRecord.objects.filter(entity=entity, **{entity.value: keep}).exists():
        moving.fixes = len(taken)
    waiting = WriteBackLine.objects.to_send().filter(**{entity.value: gone})
    moving.fixes += waiting.count()
    if isinstance(keep, Contact) and isinstance(gone, Contact):
        moving.messages = Message.objects.filter(contact__in=both).count()
        moving.invitations = Invitation.objects.filter(contact__in=both).count()
        members = Membership.objects.filter(contact__in=both).select_related("user")
        moving.members = [str(member.user) for member in members]
        keys = {keep.address_key, gone.address_key} - {""}
        moving.stops = list(Suppression.objects.filter(address_key__in=keys, lifted_at=None))
    else:
        moving.people = Contact.objects.filter(customer=gone.pk).count()
        moving.invoices = Invoice.objects.filter(customer=gone.pk).count()
        moving.members = [
            str(member.user)
            for member in Membership.objects.filter(customer__in=both).select_related("user")
        ]
    return moving


def candidates(entity: Entity, row: Row, words: str, user: User) -> list[Half]:
    """This will give whom a row may be merged with: by search, else those that look like it."""
    visible = model_of(entity).objects.visible_to(user).exclude(pk=row.pk)
    if words:
        keys = list(visible.search(words).order_by("pk").values_list("pk", flat=True)[:20])
    else:
        keys = _alike(entity, row, visible)
    halves = _halves(entity, keys)
    return [halves[key] for key in keys if key in halves]


def _alike(entity: Entity, row: Row, visible: Any) -> list[int]:  # noqa: ANN401 - either queryset
    name, other = entity.value, f"other_{entity.value}"
    found = Duplicate.objects.open(entity).filter(Q(**{name: row}) | Q(**{other: row}))
    keys = [
        next(key for key in pair.ids if key != row.pk)
        for pair in found.order_by("-score", "pk")[:SHOWN_CANDIDATES]
    ]
    if isinstance(row, Contact):
        same = Q(address_key=row.address_key) if row.address_key else Q(pk=None)
        at = Q(customer=row.customer_id) if row.customer_id else Q(pk=None)
        rows = visible.filter(same | at).order_by("last_name", "first_name", "pk")
        first = {one.pk for one in rows[:200] if row.address_key == one.address_key != ""}
        keys += [*sorted(first), *(one.pk for one in rows[:200])]
    seen = set(visible.filter(pk__in=keys).values_list("pk", flat=True))
    return [key for key in dict.fromkeys(keys) if key in seen][:SHOWN_CANDIDATES]


def place_of(pair: Duplicate, user: User) -> tuple[int, int, Duplicate | None]:
    """This will give where an open pair stands in the list, how many there are, and the next."""
    rows = pairs(PairQuery(entity=Entity(pair.entity)), user)
    before = Q(score__gt=pair.score) | Q(score=pair.score, pk__gt=pair.pk)
    after = Q(score__lt=pair.score) | Q(score=pair.score, pk__lt=pair.pk)
    following = rows.filter(after).order_by("-score", "-pk").first()
    return bounded_count(rows.filter(before)) + 1, bounded_count(rows), following


def _halves(entity: Entity, keys: Sequence[int]) -> dict[int, Half]:
    model = model_of(entity)
    rows = model.everyone.filter(pk__in=set(keys))
    if entity is Entity.CONTACT:
        rows = rows.select_related("customer")
    records = SourceRecord.objects.filter(entity=entity, **{f"{entity.value}__in": set(keys)})
    sources: dict[int, set[str]] = defaultdict(set)
    told: dict[int, set[str]] = defaultdict(set)
    columns = (f"{entity.value}_id", "source__name", "own_id")
    for key, name, own_id in records.values_list(*columns):
        sources[key].add(name)
        told[key].add(f"{name}, key {own_id}" if own_id else name)
    times = Counter(keys)
    return {
        row.pk: Half(
            row,
            row.customer if entity is Entity.CONTACT else None,
            tuple(sorted(sources[row.pk])),
            tuple(sorted(told[row.pk])),
            times[row.pk],
        )
        for row in rows
    }


def _reasons(pair: Duplicate) -> tuple[list[str], list[str]]:
    found = reasons_of(pair)
    return (
        [words for words, tone in found if tone == "ok"],
        [words for words, tone in found if tone != "ok"],
    )


def _same_source(entity: Entity, keep: Row, gone: Row) -> str:
    """This will name the source that has both."""
    records = SourceRecord.objects.filter(entity=entity)
    own = records.filter(**{entity.value: keep}).values("source")
    both = records.filter(source__in=own, **{entity.value: gone}).select_related("source").first()
    return str(both.source) if both else ""
