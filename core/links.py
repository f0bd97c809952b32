"""Signatures of links that are derived and never stored: an HMAC with a key that can be changed.

Fallback keys let the key be changed without killing links that are on their way.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings

LENGTH = 40
ROW = re.compile(r"([0-9]{1,18})-([0-9]{1,9})-([0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True)
class Reference:
    """The row that a token stands for, and the version of it: a higher one revokes the token."""

    row_id: int
    version: int


def token_of(purpose: str, row_id: int, version: int) -> str:
    """This will derive the token of a row; the same row gives the same one in each process."""
    return f"{row_id}-{version}-{signature(f'{purpose}:{row_id}:{version}')}"


def read_token(purpose: str, token: str) -> Reference | None:
    """This will give the row a token was made for; nothing when it was not made by us."""
    parts = ROW.fullmatch(token)
    if parts is None:
        return None
    row_id, version = int(parts[1]), int(parts[2])
    return (
        Reference(row_id, version)
        if is_genuine(parts[3], f"{purpose}:{row_id}:{version}")
        else None
    )


def signature(text: str) -> str:
    """This will sign what a link stands for; `text` must start with what the link is for."""
    return _signed(settings.LINK_KEY, text)


def is_genuine(given: str, text: str) -> bool:
    """This will say, in constant time, whether a signature is ours."""
    keys = (settings.LINK_KEY, *settings.LINK_KEY_FALLBACKS)
    genuine = [hmac.compare_digest(given.encode(), _signed(key, text).encode()) for key in keys]
    return any(genuine)


def _signed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:LENGTH]
