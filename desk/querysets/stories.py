"""Changes, messages, invitations and facts as lines of a story, newest first."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts.actions.merging import MERGED
from contacts.models import AddressFact, Change, Contact, Customer
from contacts.rules.words import ChangeKind
from delivery.models import Message
from delivery.rules.states import MessageState
from desk.rules.story import Line, change_text, kept_text, newest_first, value_words
from portal.models import Invitation, Membership

MOST_LINES = 14
READ = 40
UNDO_FOR = timedelta(days=30)


def of_contact(contact: Contact) -> list[Line]:
    """This will tell what happened to a contact."""
    changes = Change.objects.filter(contact__in=_with_merged(contact))
    messages = Message.objects.filter(contact=contact)
    lines = [
        *_changes(changes, whose=False),
        *_messages(messages, whose=False),
        *_portal(Q(contact=contact)),
        *_facts(contact),
    ]
    return newest_first(lines, MOST_LINES)


def of_customer(customer: Customer) -> list[Line]:
    """This will tell what happened to a customer and the people there."""
    own = Q(customer__in=_with_merged(customer))
    changes = Change.objects.filter(own | Q(contact__customer=customer))
    messages = Message.objects.filter(contact__customer=customer)
    lines = [
        *_changes(changes, whose=True),
        *_messages(messages, whose=True),
        *_portal(Q(contact__customer=customer)),
    ]
    return newest_first(lines, MOST_LINES)


def messages_to(contact: Contact) -> QuerySet[Message]:
    """This will give the messages to a contact, the newest first."""
    rows: QuerySet[Message] = Message.objects.filter(contact=contact)
    return rows.select_related("mailing__campaign").order_by("-created_at", "-pk")


def _with_merged(row: Contact | Customer) -> list[int]:
    """This will give a row and those that were merged into it: they have one history."""
    merged = type(row).everyone.filter(merged_into=row.pk)
    return [row.pk, *merged.values_list("pk", flat=True)]


def _changes(rows: QuerySet[Change], *, whose: bool) -> Iterator[Line]:
    since = timezone.now() - UNDO_FOR
    told: set[int] = set()
    came: dict[int, list[Change]] = defaultdict(list)
    found = rows.filter(undone=False).select_related("change_set__actor", "contact", "customer")
    for change in found.order_by("-pk")[:READ]:
        if not change.field and change.change_set.kind == ChangeKind.IMPORT:
            came[change.change_set_id].append(change)
            continue
        name = str(change.contact) if whose and change.contact_id else ""
        first = change.change_set_id not in told
        told.add(change.change_set_id)
        yield _change(change, name, since if first else None)
    yield from (_came(changes, whose=whose) for changes in came.values())


def _came(changes: list[Change], *, whose: bool) -> Line:
    """This will tell in one line who came with one import."""
    group = changes[0].change_set
    people = sum(change.contact_id is not None for change in changes)
    account = any(change.customer_id for change in changes)
    words = [
        "The account" if account else "",
        (f"{people:,} contact{'' if people == 1 else 's'}" if whose else "The contact")
        if people
        else "",
    ]
    who = " and ".join(word for word in words if word)
    label = f"{group.label[:1].lower()}{group.label[1:]}"
    return Line(group.created_at, f"{who} came with the {label}")


def _change(change: Change, name: str, since: datetime | None) -> Line:
    group = change.change_set
    by_import = group.kind == ChangeKind.IMPORT
    fresh = since is not None and not group.undone_at and group.created_at > since
    undo = group.pk if fresh and not by_import else None
    if change.field == MERGED:
        gone = change.contact or change.customer
        who = group.actor or "The program"
        return Line(group.created_at, f"{who} merged {gone} into {change.why}", undo=undo)
    if not change.field:
        return Line(group.created_at, group.label, undo=undo)
    if change.old == change.new:
        return Line(group.created_at, kept_text(change.field, name, str(group.actor or "")))
    return Line(
        group.created_at,
        change_text(change.field, name, str(group.actor or ""), by_import=by_import),
        old=value_words(change.old),
        new=value_words(change.new),
        undo=undo,
    )


def _messages(rows: QuerySet[Message], *, whose: bool) -> Iterator[Line]:
    found = rows.filter(accepted_at__isnull=False) | rows.filter(bounced_at__isnull=False)
    for message in found.select_related("mailing", "contact").order_by("-created_at")[:READ]:
        what = message.mailing.name if message.mailing else message.subject or message.kind
        to = f" to {message.contact}" if whose else ""
        if message.bounced_at:
            reason = f": {message.last_error}" if message.last_error else ""
            yield Line(message.bounced_at, f"{what}{to} bounced{reason}", "fail")
        elif message.accepted_at:
            done = "delivered" if message.state == MessageState.DELIVERED else "sent"
            yield Line(message.accepted_at, f"{what}{to} {done}")


def _portal(of: Q) -> Iterator[Line]:
    for row in Invitation.objects.filter(of).select_related("contact").order_by("-pk")[:READ]:
        if row.opened_at:
            yield Line(row.opened_at, f"{row.contact} opened the invitation")
        if row.revoked_at:
            yield Line(row.revoked_at, f"The invitation of {row.contact} was withdrawn")
    for member in Membership.objects.filter(of).select_related("contact", "user")[:READ]:
        yield Line(member.created_at, f"{member.contact or member.user} registered", "now")


def _facts(contact: Contact) -> Iterator[Line]:
    fact = AddressFact.objects.filter(address_key=contact.address_key or "-").first()
    if fact is None:
        return
    if fact.confirmed_at:
        origin = f" ({fact.confirmed_by})" if fact.confirmed_by else ""
        yield Line(fact.confirmed_at, f"The address was confirmed{origin}", "now")
    if fact.complained_at:
        yield Line(fact.complained_at, "A message was called spam", "fail")
    if fact.bounced_at:
        reason = f": {fact.bounce_reason}" if fact.bounce_reason else ""
        yield Line(fact.bounced_at, f"A message to this address bounced{reason}", "fail")
