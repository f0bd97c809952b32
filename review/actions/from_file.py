"""Corrections that staff collected in a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.models import ChangeSet, Contact, Source, SourceRecord
from contacts.rules.normalise import repaired_email
from contacts.rules.words import ChangeKind, Entity
from validation.actions.deciding import Verdict, decide
from validation.models import Decision, Finding

CHUNK = 500


@dataclass(frozen=True)
class Correction:
    """One row of the file: which contact, and the right address."""

    row: int
    contact_id: str
    new_email: str


@dataclass
class Corrected:
    """What became of the file."""

    change_set: ChangeSet | None = None
    corrected: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)


def correct_from_file(*, source: Source, corrections: Sequence[Correction]) -> Corrected:
    """This will set the addresses of a source's contacts, found by the id that the file uses.

    An id is the contact's own id in the ERP's file, or `file:row:column` where there is none.
    """
    done = Corrected()
    wanted = _found(source, corrections, done)
    if not wanted:
        return done
    with transaction.atomic():
        done.change_set = open_change_set(
            kind=ChangeKind.BULK, label="Corrections from a file", actor=None, source=source
        )
        rows = sorted(wanted.items())
        for start in range(0, len(rows), CHUNK):
            _correct(dict(rows[start : start + CHUNK]), done)
    return done


def _found(source: Source, corrections: Sequence[Correction], done: Corrected) -> dict[int, str]:
    by_id = _contacts_by_id(source, [item.contact_id for item in corrections])
    wanted: dict[int, str] = {}
    for item in corrections:
        address = repaired_email(item.new_email)
        contact_id = by_id.get(item.contact_id)
        if contact_id is None:
            done.errors.append((item.row, f"No contact {item.contact_id!r} in this source."))
        elif "@" not in address:
            done.errors.append((item.row, f"{item.new_email!r} is no email address."))
        else:
            wanted[contact_id] = address
    return wanted


def _contacts_by_id(source: Source, ids: Sequence[str]) -> dict[str, int]:
    records = SourceRecord.objects.filter(source=source, entity=Entity.CONTACT)
    found: dict[str, int] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = records.filter(Q(own_id__in=part) | Q(origin__in=part), contact__isnull=False)
        for own_id, origin, contact_id in rows.values_list("own_id", "origin", "contact_id"):
            for name in (own_id, origin):
                if name and contact_id:
                    found[name] = contact_id
    return found


def _correct(wanted: dict[int, str], done: Corrected) -> None:
    change_set = done.change_set
    if change_set is None:
        return
    findings = Finding.objects.open().filter(contact_id__in=wanted, field="email")
    decide(
        verdicts=[
            Verdict(row.contact_id, row.code, row.value, Decision.Kind.CORRECTED)
            for row in findings
        ],
        actor=None,
        change_set=change_set,
        recheck=False,
    )
    edits = [
        Edit(contact_id, "email", address, why="Corrected from a file")
        for contact_id, address in wanted.items()
    ]
    edited = edit_contacts(edits=edits, change_set=change_set)
    done.corrected += len(edited.changes)
    known = Contact.objects.filter(pk__in=wanted).count()
    done.unchanged += known - len(edited.changes)
