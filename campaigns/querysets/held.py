"""Who is left out of a campaign: judged now while it is a draft, as stored once it has started."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from accounts.models import User
from campaigns.querysets.audience import contacts_of, judge_all, terms
from campaigns.rules.audience import WORDS, Reason, label
from contacts.models import Contact
from core.models import Configuration

if TYPE_CHECKING:
    from campaigns.models import Campaign

SHOWN = 200
CHUNK = 500
HEADERS = ("first_name", "last_name", "email", "account_number", "customer", "reason", "next_step")
Pair = tuple[int, Reason]
Held = tuple[Contact, Reason]


def pairs(campaign: "Campaign", user: User, now: datetime) -> Iterator[Pair]:
    """This will give each contact that is left out, as far as `user` may see it, and why."""
    if campaign.is_editable:
        contacts = contacts_of(campaign.audience, user)
        for judged in judge_all(contacts, terms(campaign.kind, now, sms_text=campaign.sms_text)):
            if judged.reason is not None:
                yield judged.row.pk, judged.reason
        return
    stored = campaign.left_out_contacts.order_by("contact_id")
    if not user.has_perm("contacts.view_all_contacts"):
        stored = stored.filter(contact__in=Contact.objects.visible_to(user))
    for contact_id, reason in stored.values_list("contact_id", "reason").iterator():
        yield contact_id, Reason(reason)


def counts(pairs: Iterable[Pair]) -> dict[Reason, int]:
    """This will count who is left out by reason, in the order of the reasons."""
    found = Counter(reason for _, reason in pairs)
    return {reason: found[reason] for reason in Reason if reason in found}


def first_rows(pairs: Iterable[Pair], wanted: Reason | None) -> list[Held]:
    """This will give the first of those who are left out, for one reason or for any."""
    rows = (pair for pair in pairs if wanted in (None, pair[1]))
    return list(_with_contacts(islice(rows, SHOWN)))


def as_cells(pairs: Iterable[Pair]) -> Iterator[tuple[str, ...]]:
    """This will give a table of everybody who is left out, headers first."""
    days = Configuration.load().pause_days
    yield HEADERS
    for contact, reason in _with_contacts(pairs):
        customer = contact.customer
        yield (
            contact.first_name,
            contact.last_name,
            contact.email,
            customer.account_number if customer else "",
            customer.name if customer else "",
            label(reason, days),
            WORDS[reason].step,
        )


def _with_contacts(pairs: Iterable[Pair]) -> Iterator[Held]:
    rest = iter(pairs)
    people = Contact.objects.select_related("customer")
    while some := list(islice(rest, CHUNK)):
        found = people.in_bulk([contact_id for contact_id, _ in some])
        yield from ((found[pk], reason) for pk, reason in some if pk in found)
