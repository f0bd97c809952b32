"""What was done to a contact last: who was faster, and which rows an undo brings back."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from contacts.models import Change, ChangeSet, Contact
from contacts.querysets import ChangeSetQuerySet
from contacts.rules.words import ChangeKind
from validation.models import Decision


def last_act_on(contact: Contact) -> ChangeSet | None:
    """This will give the newest change set that changed a contact or decided about it."""
    changed = Change.objects.filter(contact=contact).values("change_set")
    decided = Decision.objects.filter(contact=contact).values("change_set")
    rows = ChangeSet.objects.filter(Q(pk__in=changed) | Q(pk__in=decided), undone_at=None)
    return rows.select_related("actor").newest_first().first()


def only_contact_of(change_set: ChangeSet) -> int | None:
    """This will give the contact that a change set is about, if it is about one alone."""
    changed = Change.objects.filter(change_set=change_set).exclude(contact=None)
    decided = Decision.objects.filter(change_set=change_set)
    found = {
        *changed.values_list("contact_id", flat=True)[:2],
        *decided.values_list("contact_id", flat=True)[:2],
    }
    return found.pop() if len(found) == 1 else None


def decisions_of(user: User) -> ChangeSetQuerySet:
    """This will give the decisions that a person may take back: about contacts he may see."""
    hidden = Contact.everyone.exclude(pk__in=Contact.everyone.visible_to(user))
    others = Change.objects.filter(contact__in=hidden, change_set=OuterRef("pk"))
    decided = Decision.objects.filter(contact__in=hidden, change_set=OuterRef("pk"))
    rows = ChangeSet.objects.filter(kind__in=[ChangeKind.REVIEW, ChangeKind.BULK])
    if user.has_perm("contacts.view_all_contacts"):
        return rows
    return rows.exclude(Exists(others)).exclude(Exists(decided))
