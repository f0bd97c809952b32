"""Make several contacts of one whose field holds the addresses of several people."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.importing import add_contacts
from contacts.models import Contact
from contacts.rules.normalise import address_key
from contacts.rules.words import ChangeKind
from review.actions.deciding import Decided, OvertakenError
from review.actions.settling import settle
from review.rules.splitting import Part
from validation.actions.deciding import Verdict, decide
from validation.models import Decision, Finding


@transaction.atomic
def split(
    *, contact: Contact, seen: str, own: str, others: Sequence[Part], actor: User | None
) -> Decided:
    """This will leave a contact its own address and add a colleague for each of the others.

    An address that a colleague has already adds nobody. Raises OvertakenError when the field is
    no longer the one that was seen.
    """
    new = [part for part in others if not _is_known(contact, part)]
    change_set = open_change_set(
        kind=ChangeKind.REVIEW, label=f"Split {contact} into {len(new) + 1} contacts", actor=actor
    )
    open_ones = Finding.objects.open().filter(contact=contact, field="email")
    decide(
        verdicts=[
            Verdict(contact.pk, row.code, row.value, Decision.Kind.CORRECTED) for row in open_ones
        ],
        actor=actor,
        change_set=change_set,
        recheck=False,
    )
    why = "The field held several addresses"
    edited = edit_contacts(
        edits=[Edit(contact.pk, "email", own, why=why, seen=seen)], change_set=change_set
    )
    if edited.overtaken:
        raise OvertakenError(Contact.objects.get(pk=contact.pk).email)
    added = add_contacts(
        rows=[
            (
                contact.customer,
                {
                    "email": part.address,
                    "first_name": part.first_name,
                    "last_name": part.last_name,
                    "organization": contact.organization,
                },
            )
            for part in new
        ],
        change_set=change_set,
    )
    settle(contact_ids=[contact.pk], fields=["email"])
    keys = [contact.pk, *(row.pk for row in added)]
    return Decided(change_set, count=len(keys), contacts=keys)


def _is_known(contact: Contact, part: Part) -> bool:
    """This will say whether somebody else at the customer has the address."""
    same = Contact.objects.filter(address_key=address_key(part.address))
    at_customer = same.filter(customer=contact.customer_id).exclude(pk=contact.pk)
    return contact.customer_id is not None and at_customer.exists()
