"""What an answer of a mail server or of a provider means for the message: one table of codes.

RFC 5321 4.2 gives the first digit, RFC 3463 the enhanced code: 4.x.x may work later, 5.x.x will
not. What only says that the sender is wrong, or cannot be reached, is never held against the
recipient.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MOST_ATTEMPTS = 8
FIRST_WAIT = 10.0
LONGEST_WAIT = 30 * 60.0
LONGEST_ASKED = 60 * 60
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# Too many requests, timeout, early; and what a provider answers when it is in trouble itself.
HTTP_LATER = frozenset({408, 425, 429, 500, 503})
# A gateway lost the provider's answer, or it cannot be read: the mail may have been taken.
HTTP_LOST = frozenset({200, 201, 202, 502, 504})
HTTP_SENDER = frozenset({401, 402, 403, 404, 405})
SMTP_SENDER = frozenset({530, 534, 535, 538})
UNAVAILABLE = 421
PERMANENT = 500


class Result(StrEnum):
    """What became of one try to send."""

    ACCEPTED = "accepted"  # the server took it
    REFUSED = "refused"  # this recipient, for good
    LATER = "later"  # this recipient, not now
    UNREACHABLE = "unreachable"  # nothing was sent, and nothing can be sent at the moment
    SENDER = "sender"  # the server does not let us send: a person must look
    LOST = "lost"  # the answer was lost: sent or not, nobody knows


class Stage(StrEnum):
    """What the server was asked when it answered."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"


@dataclass(frozen=True)
class Outcome:
    """One try: its result, the code and the words of the answer, the id that the server gave."""

    result: Result
    code: str = ""
    words: str = ""
    provider_id: str = ""
    # How many seconds the server asked us to wait; 0 when it said nothing.
    wait: int = 0

    @property
    def is_bad_address(self) -> bool:
        """Whether the answer says that there is no such mailbox, not that it dislikes the mail."""
        if self.result is not Result.REFUSED:
            return False
        enhanced = enhanced_code(self.words)
        if enhanced:
            return speaks_against_address(enhanced)
        return self.code in {"550", "551", "553", "invalid", "bounced"}


def smtp_outcome(stage: Stage, code: int, words: str) -> Outcome:
    """This will judge a refusal of an SMTP server; 2xx and 354 are none and do not come here."""
    return Outcome(_smtp_result(stage, code), str(code), words[:500])


def http_outcome(status: int, words: str, retry_after: str = "") -> Outcome:
    """This will judge a provider's answer to a request that it did not carry out.

    `retry_after` is the header of that name; only its seconds count, up to an hour.
    """
    if status in HTTP_LATER:
        result = Result.UNREACHABLE
    elif status in HTTP_LOST:
        result = Result.LOST
    elif status in HTTP_SENDER:
        result = Result.SENDER
    else:
        result = Result.REFUSED
    asked = retry_after.strip()
    wait = min(int(asked), LONGEST_ASKED) if asked.isascii() and asked.isdecimal() else 0
    return Outcome(result, str(status), words[:500], wait=wait)


def enhanced_code(words: str) -> str:
    """This will give the enhanced code in the words of an answer: 5.1.1."""
    found = ENHANCED.search(words)
    return found[1] if found else ""


def speaks_against_address(enhanced: str) -> bool:
    """This will say whether an enhanced code means that there is no such mailbox."""
    return enhanced.startswith(("5.1.", "5.2.1"))


def is_given_up(attempts: int) -> bool:
    """This will say whether a message was tried often enough."""
    return attempts >= MOST_ATTEMPTS


def wait_before_next(attempts: int, luck: float) -> timedelta:
    """This will give how long to wait: twice as long each time, and up to half of it by luck.

    `luck` lies between 0 and 1; without it many messages would come back at the same moment.
    """
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** max(0, attempts - 1))
    return timedelta(seconds=longest * (0.5 + luck / 2))


def _smtp_result(stage: Stage, code: int) -> Result:
    if code in SMTP_SENDER:
        return Result.SENDER
    if code == UNAVAILABLE or stage is Stage.CONNECT:
        return Result.UNREACHABLE
    if code < PERMANENT:
        return Result.LATER
    return Result.SENDER if stage is Stage.SENDER else Result.REFUSED
