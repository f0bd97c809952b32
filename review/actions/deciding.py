"""What staff decide about findings: each act is one change set that can be undone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from contacts.actions import undoing
from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.models import ChangeSet, Contact
from contacts.rules.normalise import repaired_email
from contacts.rules.words import ChangeKind
from core.audit import record
from review.actions.settling import reopen, settle, take_back
from review.models import Question
from review.rules.alike import split_name
from validation.actions.deciding import Verdict, decide, withdraw_decisions
from validation.models import Decision, Finding

Kind = Decision.Kind
CHUNK = 500


class NothingToDecideError(ValueError):
    """Somebody else was faster: the findings are no longer open."""


class NoAddressError(ValueError):
    """What was typed is no email address."""


class OvertakenError(ValueError):
    """A colleague changed the value in between; `now` is what stands there."""

    def __init__(self, now: str) -> None:
        """This will keep the value of now."""
        self.now = now
        super().__init__(now)


@dataclass
class Decided:
    """What a decision did."""

    change_set: ChangeSet
    count: int = 0
    left: int = 0
    contacts: list[int] = field(default_factory=list)


def accept(
    *,
    findings: Iterable[Finding],
    actor: User | None,
    label: str = "",
    into: ChangeSet | None = None,
) -> Decided:
    """This will put suggestions in place, one for each contact and field, the surest first.

    Findings without a suggestion, and those whose value has changed since, are left. `into` goes
    on with a change set, so that long work can be taken back as one. Raises NothingToDecideError
    when there is nothing to accept.
    """
    chosen = _surest(findings)
    if not chosen:
        raise NothingToDecideError
    with transaction.atomic():
        done = Decided(
            into
            or open_change_set(
                kind=ChangeKind.REVIEW if len(chosen) == 1 else ChangeKind.BULK,
                label=label or _label("Accepted", chosen),
                actor=actor,
            )
        )
        for start in range(0, len(chosen), CHUNK):
            _accept_chunk(chosen[start : start + CHUNK], actor, done)
    return done


def correct(
    *, contact: Contact, value: str, actor: User | None, seen: str, code: str = "corrected"
) -> Decided:
    """This will put a typed address in place of the one that was seen.

    Raises NoAddressError when nothing like an address was typed, OvertakenError when a
    colleague was faster. Whether the new address is any good is checked at once.
    """
    address = repaired_email(value)
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain or "@" in local:
        raise NoAddressError
    with transaction.atomic():
        change_set = open_change_set(
            kind=ChangeKind.REVIEW, label=f"Corrected the address of {contact}", actor=actor
        )
        _remember(_open_of(contact) or [], Kind.CORRECTED, actor, change_set)
        edit = Edit(contact.pk, "email", address, why=f"Corrected by hand ({code})", seen=seen)
        edited = edit_contacts(edits=[edit], change_set=change_set)
        if edited.overtaken:
            raise OvertakenError(Contact.objects.get(pk=contact.pk).email)
        settle(contact_ids=[contact.pk], fields=["email"])
    return Decided(change_set, count=len(edited.changes), contacts=[contact.pk])


def keep(
    *, findings: Iterable[Finding], actor: User | None, into: ChangeSet | None = None
) -> Decided:
    """This will say that values are right as they are; remembered until the value changes."""

    def close(rows: Sequence[Finding], _change_set: ChangeSet) -> None:
        settle(contact_ids=[row.contact_id for row in rows], fields={row.field for row in rows})

    return _without_change(findings, _Act(Kind.KEPT, "Kept as it is", actor, into), close)


def mark_unknown(
    *, findings: Iterable[Finding], actor: User | None, into: ChangeSet | None = None
) -> Decided:
    """This will say that values are wrong and the right ones not known: opens a question each."""

    def ask(rows: Sequence[Finding], change_set: ChangeSet) -> None:
        Question.objects.bulk_create(
            [
                Question(
                    contact_id=row.contact_id,
                    code=row.code,
                    field=row.field,
                    value=row.value,
                    suggestion=row.suggestion,
                    reason=row.evidence.partition("\n")[0][:250],
                    opened_by=actor,
                    change_set=change_set,
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )

    return _without_change(findings, _Act(Kind.UNKNOWN, "Right one not known", actor, into), ask)


def clear(
    *, findings: Iterable[Finding], actor: User | None, into: ChangeSet | None = None
) -> Decided:
    """This will empty the field: a placeholder is no address.

    A value that is no longer the one that was found is left.
    """

    def emptied(row: Finding) -> Edit:
        return Edit(row.contact_id, row.field, "", why="Cleared", seen=row.value)

    return _with_edit(findings, _Act(Kind.CLEARED, "Cleared", actor, into), emptied)


def mark_left(
    *, findings: Iterable[Finding], actor: User | None, into: ChangeSet | None = None
) -> Decided:
    """This will say that people have left the company: they become inactive."""

    def gone(row: Finding) -> Edit:
        return Edit(row.contact_id, "active", "false", why="Left the company")

    return _with_edit(findings, _Act(Kind.LEFT, "Left the company", actor, into), gone)


def undo(*, change_set: ChangeSet, actor: User | None) -> undoing.Undone:
    """This will take a decision back: values, what was remembered of them, questions, answers.

    Raises contacts.actions.undoing.AlreadyUndoneError.
    """
    undone = undoing.undo(change_set=change_set, actor=actor)
    with transaction.atomic():
        withdraw_decisions(change_set=change_set)
        take_back(change_set=change_set)
        reopen(change_set=change_set)
    return undone


def _accept_chunk(rows: Sequence[Finding], actor: User | None, done: Decided) -> None:
    _remember(rows, Kind.ACCEPTED, actor, done.change_set)
    edits = [edit for row in rows for edit in _edits_of(row)]
    edited = edit_contacts(edits=edits, change_set=done.change_set)
    late = {edit.row_id for edit in edited.overtaken}
    Decision.objects.filter(change_set=done.change_set, contact_id__in=late).delete()
    changed = {row.contact_id for row in rows} - late
    settle(contact_ids=changed, fields={row.field for row in rows})
    done.count += len(changed)
    done.left += len(late)
    done.contacts += sorted(changed)


def _edits_of(row: Finding) -> list[Edit]:
    """This will give the edits that put a suggestion in place; a name fills two fields."""
    why = row.evidence[:200]
    if row.field != "name":
        return [Edit(row.contact_id, row.field, row.suggestion, why=why, seen=row.value)]
    first, last = split_name(row.suggestion)
    return [
        Edit(row.contact_id, "first_name", first, why=why),
        Edit(row.contact_id, "last_name", last, why=why),
    ]


@dataclass(frozen=True)
class _Act:
    """What is decided about some rows, by whom, and the change set that it goes on with."""

    kind: Decision.Kind
    words: str
    actor: User | None
    into: ChangeSet | None

    def change_set_for(self, rows: Sequence[Finding]) -> ChangeSet:
        label = _label(self.words, rows)
        return self.into or open_change_set(kind=ChangeKind.REVIEW, label=label, actor=self.actor)


def _without_change(
    findings: Iterable[Finding], act: _Act, also: Callable[[Sequence[Finding], ChangeSet], None]
) -> Decided:
    rows = _still_open(findings)
    with transaction.atomic():
        change_set = act.change_set_for(rows)
        _remember(rows, act.kind, act.actor, change_set, recheck=True)
        also(rows, change_set)
        record(
            actor=act.actor,
            verb=str(act.kind),
            entity="finding",
            label=change_set.label,
            facts={"count": len(rows)},
        )
    return Decided(change_set, count=len(rows), contacts=[row.contact_id for row in rows])


def _with_edit(
    findings: Iterable[Finding], act: _Act, edit_of: Callable[[Finding], Edit]
) -> Decided:
    rows = _still_open(findings)
    with transaction.atomic():
        change_set = act.change_set_for(rows)
        _remember(rows, act.kind, act.actor, change_set)
        edited = edit_contacts(edits=[edit_of(row) for row in rows], change_set=change_set)
        late = {edit.row_id for edit in edited.overtaken}
        Decision.objects.filter(change_set=change_set, contact_id__in=late).delete()
        contacts = sorted({row.contact_id for row in rows} - late)
        settle(contact_ids=contacts)
    return Decided(change_set, count=len(edited.changes), left=len(late), contacts=contacts)


def _remember(
    rows: Sequence[Finding],
    kind: Decision.Kind,
    actor: User | None,
    change_set: ChangeSet,
    *,
    recheck: bool = False,
) -> None:
    decide(
        verdicts=[Verdict(row.contact_id, row.code, row.value, kind) for row in rows],
        actor=actor,
        change_set=change_set,
        recheck=recheck,
    )


def _surest(findings: Iterable[Finding]) -> list[Finding]:
    """This will keep one finding for each contact and field: the one that is most sure."""
    best: dict[tuple[int, str], Finding] = {}
    for row in findings:
        key = (row.contact_id, row.field)
        if row.suggestion and (key not in best or row.confidence > best[key].confidence):
            best[key] = row
    return list(best.values())


def _still_open(findings: Iterable[Finding]) -> list[Finding]:
    rows = [row for row in findings if not row.decided]
    if not rows:
        raise NothingToDecideError
    return rows


def _open_of(contact: Contact) -> list[Finding]:
    return list(Finding.objects.open().filter(contact=contact, field="email"))


def _label(words: str, rows: Sequence[Finding]) -> str:
    if len(rows) == 1:
        return f"{words}: {rows[0].contact}"
    return f"{words}: {len(rows):,} contacts"
