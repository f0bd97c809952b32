"""Links of emails: derived ones that are never stored, and secrets that work once.

A derived token is `row-version-signature`: the row's id, its version and an HMAC over purpose, id
and version. The same row gives the same link each time and in each process; raising the version
revokes it. Fallback keys let the key be changed without killing links that are on their way.
"""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse

from core.links import Reference, read_token, token_of
from portal.models import Invitation

INVITATION = "invitation"


def make(purpose: str, row_id: int, version: int) -> str:
    """This will derive the token of a row."""
    return token_of(f"portal:{purpose}", row_id, version)


def read(purpose: str, token: str) -> Reference | None:
    """This will give the row a token was made for; nothing when it was not made by us."""
    return read_token(f"portal:{purpose}", token)


def new_secret() -> str:
    """This will give 32 random bytes as text; only their hash is ever stored."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """This will give what is stored of a secret; its 256 random bits need no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_token(invitation: Invitation) -> str:
    """This will derive the token of an invitation."""
    return make(INVITATION, invitation.pk, invitation.version)


def invitation_url(invitation: Invitation) -> str:
    """This will give the personal link of an invitation."""
    return page_url("portal:invitation", invitation_token(invitation))


def page_url(name: str, *args: str) -> str:
    """This will give the full address of a page, as it stands in an email."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"
