"""What others say of contacts: kept as proposals, accepted as change sets like every correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.changes import CONTACT_FIELDS, Edit, UnknownFieldError, edit_contacts
from contacts.actions.importing import add_contacts
from contacts.models import ChangeSet, Contact, Customer, Proposal
from contacts.rules.normalise import address_key
from contacts.rules.values import text_of
from contacts.rules.words import ProposalKind, ProposalState


@dataclass(frozen=True)
class Giver:
    """Who says something: the source, his name, a key that tells him apart, and by which page."""

    source: str
    name: str
    key: str
    via: str
    user: User | None = None


@dataclass(frozen=True)
class Said:
    """What was said: a kind, new values of the contact, and somebody to write to instead."""

    kind: ProposalKind
    values: Mapping[str, str] = field(default_factory=dict)
    person: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass
class Accepted:
    """What became of proposals: taken over, or left because their contact has changed since."""

    taken: list[Proposal] = field(default_factory=list)
    left: list[Proposal] = field(default_factory=list)


@transaction.atomic
def propose(
    *, said: Said, giver: Giver, contact: Contact | None, customer: Customer | None = None
) -> Proposal:
    """This will keep what somebody says of a contact, in place of what he said before.

    Changes of several fields that one person makes one after the other become one proposal.
    Raises UnknownFieldError for a field that people do not set.
    """
    for name in (*said.values, *said.person):
        if name not in CONTACT_FIELDS:
            raise UnknownFieldError(name)
    values, seen = dict(said.values), {}
    if contact is not None:
        customer = contact.customer
        former = _supersede_former(contact, giver)
        if former and said.kind == former.kind == ProposalKind.CHANGE:
            values = former.values | values
        seen = {name: text_of(getattr(contact, name)) for name in {"email", *values}}
    return Proposal.objects.create(
        customer=customer,
        contact=contact,
        kind=said.kind,
        values=values,
        seen=seen,
        person={name: text for name, text in said.person.items() if text},
        note=said.note[:500],
        source=giver.source,
        given_by=giver.name[:120],
        given_key=giver.key,
        via=giver.via[:120],
        user=giver.user,
    )


@transaction.atomic
def accept_proposals(
    *, proposals: Sequence[Proposal], change_set: ChangeSet, actor: User | None
) -> Accepted:
    """This will write what was proposed, as part of a change set.

    Proposals that somebody else decided, and those whose contact has changed since, are left.
    """
    done = Accepted()
    locked = Proposal.objects.select_for_update(of=("self",)).filter(
        pk__in=[row.pk for row in proposals]
    )
    for row in locked.select_related("contact__customer", "customer").order_by("pk"):
        if row.state != ProposalState.OPEN or not _still_stands(row):
            done.left.append(row)
            continue
        _decide([row.pk], ProposalState.ACCEPTED, actor, change_set)
        edits = _edits_of(row)
        if edits:
            edit_contacts(edits=edits, change_set=change_set)
        if row.person and not _is_known(row):
            add_contacts(rows=[(row.customer, row.person)], change_set=change_set)
        done.taken.append(row)
    return done


@transaction.atomic
def refuse_proposals(
    *, proposals: Sequence[Proposal], actor: User | None, change_set: ChangeSet | None = None
) -> int:
    """This will put open proposals aside and say how many."""
    return _decide([row.pk for row in proposals], ProposalState.REFUSED, actor, change_set)


@transaction.atomic
def settle_proposals(*, proposal_ids: Sequence[int]) -> int:
    """This will close open proposals about which nothing is left to decide."""
    return _decide(proposal_ids, ProposalState.SUPERSEDED, None, None)


@transaction.atomic
def reopen_proposals(*, change_set: ChangeSet) -> list[Proposal]:
    """This will open proposals again whose decision was taken back.

    Not those whose giver has said something else since.
    """
    opened = []
    decided = (ProposalState.ACCEPTED, ProposalState.REFUSED)
    for row in Proposal.objects.filter(change_set=change_set, state__in=decided).order_by("pk"):
        since = Proposal.objects.open().filter(
            contact=row.contact_id, source=row.source, given_key=row.given_key
        )
        if row.contact_id and since.exists():
            continue
        Proposal.objects.filter(pk=row.pk).update(
            state=ProposalState.OPEN, decided_at=None, decided_by=None, change_set=None
        )
        opened.append(row)
    return opened


def _supersede_former(contact: Contact, giver: Giver) -> Proposal | None:
    Contact.objects.select_for_update(of=("self",)).filter(pk=contact.pk).first()
    former: Proposal | None = (
        Proposal.objects.open()
        .filter(contact=contact, source=giver.source, given_key=giver.key)
        .first()
    )
    if former:
        _decide([former.pk], ProposalState.SUPERSEDED, None, None)
    return former


def _decide(
    keys: Sequence[int], state: ProposalState, actor: User | None, change_set: ChangeSet | None
) -> int:
    return (
        Proposal.objects.open()
        .filter(pk__in=keys)
        .update(state=state, decided_at=timezone.now(), decided_by=actor, change_set=change_set)
    )


def _still_stands(row: Proposal) -> bool:
    """This will say whether the values that the giver saw are still there, or his own are."""
    contact = row.contact
    if contact is None:
        return True
    now = {name: text_of(getattr(contact, name)) for name in row.seen}
    return all(now[name] in (was, row.values.get(name, was)) for name, was in row.seen.items())


def _edits_of(row: Proposal) -> list[Edit]:
    if row.contact_id is None:
        return []
    values = dict(row.values)
    if row.kind == ProposalKind.NO_EMAIL:
        values["email"] = ""
    elif row.kind == ProposalKind.LEFT:
        values["active"] = "false"
    why = f"{row.given_by or row.get_source_display()}: {row.via}"
    return [Edit(row.contact_id, name, text, why=why) for name, text in values.items()]


def _is_known(row: Proposal) -> bool:
    """This will say whether the named person is a contact of the customer already."""
    key = address_key(row.person.get("email", ""))
    same = Contact.objects.filter(customer=row.customer_id, address_key=key)
    return bool(key) and row.customer_id is not None and same.exists()
