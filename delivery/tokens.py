"""The links that belong to one message: unsubscribe, "not the right person", those of other apps.

All are derived from the message they stand in; nothing is stored.
"""

import re
import uuid

from django.conf import settings
from django.urls import reverse

from core.links import is_genuine, signature

UNSUBSCRIBE = "unsubscribe"
WRONG_PERSON = "wrong-person"
SHAPE = re.compile(r"([0-9a-f]{32})-([0-9a-f]{40})", re.ASCII)


def make(purpose: str, message_id: uuid.UUID) -> str:
    """This will derive the token of a message."""
    return f"{message_id.hex}-{signature(_signed_text(purpose, message_id))}"


def read(purpose: str, token: str) -> uuid.UUID | None:
    """This will give the message a token was made for; nothing when it was not made by us."""
    parts = SHAPE.fullmatch(token)
    if parts is None:
        return None
    message_id = uuid.UUID(parts[1])
    return message_id if is_genuine(parts[2], _signed_text(purpose, message_id)) else None


def unsubscribe_url(message_id: uuid.UUID) -> str:
    """This will give the link that stops messages of the kind of this one."""
    return page_url("delivery:unsubscribe", make(UNSUBSCRIBE, message_id))


def wrong_person_url(message_id: uuid.UUID) -> str:
    """This will give the link that says a message reached the wrong person."""
    return page_url("delivery:wrong_person", make(WRONG_PERSON, message_id))


def example_url() -> str:
    """This will give where the links of previews and tests lead: a page that does nothing."""
    return page_url("delivery:example_link")


def page_url(name: str, *args: str) -> str:
    """This will give the full address of a page, as it stands in an email."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def _signed_text(purpose: str, message_id: uuid.UUID) -> str:
    return f"delivery:{purpose}:{message_id.hex}"
