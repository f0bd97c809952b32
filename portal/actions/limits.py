"""How often the public pages may be used. Counted in the database, so that Redis may be lost."""

from datetime import datetime, timedelta

from django.utils import timezone

from contacts.rules.normalise import address_key
from core.ratelimit import Limit, give_back, take, used, window_of

HOUR = timedelta(hours=1)

TRIES_OF_NETWORK = Limit("portal.try.network", 10, HOUR)
TRIES_OF_VISITOR = Limit("portal.try.visitor", 3, HOUR)
TRIES_AT_ACCOUNT = Limit("portal.try.account", 5, timedelta(days=1))
TRIES_OF_ALL = Limit("portal.try.all", 200, HOUR)
MAILS = Limit("portal.mail", 3, HOUR)
ASKS = Limit("portal.ask", 5, HOUR)
SIGN_INS = Limit("portal.sign_in", 60, HOUR)
POSTS = Limit("portal.post", 240, HOUR)


class TooManyTriesError(Exception):
    """A limit is reached; `again_at` is when its window ends."""

    def __init__(self, again_at: datetime) -> None:
        """This will keep when it may be tried again."""
        super().__init__()
        self.again_at = again_at


def count_or_refuse(limit: Limit, subject: str) -> None:
    """This will count one use, or raise TooManyTriesError."""
    if not take(limit, subject):
        raise TooManyTriesError(window_of(timezone.now(), limit.every) + limit.every)


def may_mail(kind: str, address: str) -> bool:
    """This will count one mail that a visitor causes; false when the address has had enough."""
    return take(MAILS, f"{kind}:{address_key(address)}")


def tries_left(visitor: str) -> int:
    """This will give how often a visitor may still try to find an account in this hour."""
    return max(0, TRIES_OF_VISITOR.count - used(TRIES_OF_VISITOR, visitor))


def start_try(*, network: str, visitor: str, account_key: str) -> None:
    """This will count a try as if it failed; `forgive_try` takes that back.

    Counting first leaves nothing to win by sending many tries at once. A try that one limit
    refuses is not counted by the next, so that one visitor cannot use up everybody's tries.
    """
    for limit, subject in _tries(network, visitor, account_key):
        count_or_refuse(limit, subject)


def forgive_try(*, network: str, visitor: str, account_key: str) -> None:
    """This will take a try back that did not fail."""
    for limit, subject in _tries(network, visitor, account_key):
        give_back(limit, subject)


def start_sign_in(network: str) -> None:
    """This will count a sign-in as if it failed; raises TooManyTriesError.

    Tries at one username are counted by django-axes; this one stops somebody who goes through
    many usernames.
    """
    count_or_refuse(SIGN_INS, network)


def forgive_sign_in(network: str) -> None:
    """This will take a sign-in back that did not fail."""
    give_back(SIGN_INS, network)


def _tries(network: str, visitor: str, account_key: str) -> tuple[tuple[Limit, str], ...]:
    return (
        (TRIES_OF_NETWORK, network),
        (TRIES_OF_VISITOR, visitor),
        (TRIES_AT_ACCOUNT, account_key),
        (TRIES_OF_ALL, ""),
    )
