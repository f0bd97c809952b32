"""Signatures of links that are derived and never stored: an HMAC with a key that can be changed.

Fallback keys let the key be changed without killing links that are on their way.
"""

import hashlib
import hmac

from django.conf import settings

LENGTH = 40


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
