"""What people say of a whole domain: it is right, or it is the company's own."""

from django.db import transaction

from accounts.models import User
from contacts.models import Contact
from core.actions import save_configuration
from core.models import Configuration
from validation.actions.checking import AT_ONCE, check_contacts, check_later

ALLOWED, OWN = "allowed_domains", "own_domains"


@transaction.atomic
def list_domain(*, name: str, field: str, on: bool, actor: User | None) -> bool:
    """This will put a domain on a list of the configuration, or take it off; says if it changed.

    `field` is ALLOWED (no check complains about it) or OWN (the company's own). Contacts at the
    domain are checked again: at once, or by a job when there are many.
    """
    Configuration.objects.select_for_update().filter(pk=Configuration.ONLY).first()
    configuration = Configuration.load()
    listed = getattr(configuration, field).split()
    without = [item for item in listed if item.lower().lstrip("@") != name]
    wanted = [*without, name] if on else without
    if wanted == listed or (on and len(without) < len(listed)):
        return False
    setattr(configuration, field, "\n".join(wanted))
    save_configuration(configuration=configuration, actor=actor, changed=[field])
    rows = Contact.objects.filter(email_domain=name).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(keys) > AT_ONCE:
        check_later(contact_ids=keys)
    elif keys:
        check_contacts(contact_ids=keys)
    return True
