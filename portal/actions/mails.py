"""The portal's own mails. Each goes through the outbox; nothing is sent in a request."""

from collections.abc import Callable

from django.db import transaction

from contacts.models import Contact
from delivery.actions.outbox import enqueue_single
from delivery.rules.states import Purpose
from delivery.rules.texts import Text
from jobs.queue import nudge


def mail(
    *, kind: str, address: str, text: Text, contact: Contact | None = None, username: str = ""
) -> None:
    """This will put one mail into the outbox. `username` fills the field of that name."""
    enqueue_single(
        purpose=Purpose.ACCOUNT,
        kind=kind,
        address=address,
        subject=text.subject,
        body=text.body,
        contact=contact,
        values={"Username": username} if username else None,
    )


def at_equal_cost(write: Callable[[], None], *, really: bool) -> None:
    """This will do some writing, and take it back unless it is really meant.

    Somebody who asks for a person we do not know waits as long as for one we know.
    """
    with transaction.atomic():
        write()
        if not really:
            transaction.set_rollback(True)
    if not really:
        nudge("delivery.pump")
