"""What a report about a message means, and what it changes: in any order, any number of times.

Reports come late, early, twice and shuffled. So a state only goes up, and of each moment the
earliest counts: whatever the order, the end is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from delivery.rules.outcomes import enhanced_code, speaks_against_address
from delivery.rules.states import MessageState

# Programs that check links open them at once; people need longer.
SCANNER_SECONDS = 10
# Outcomes that staff can play in the local outbox: what is reported, and the facts with it.
PLAYS: dict[str, tuple[str, str, dict[str, str]]] = {
    "delivered": ("Delivered", "delivered", {}),
    "opened": ("Open", "opened", {}),
    "clicked": ("Click", "clicked", {}),
    "bounced": (
        "Hard bounce",
        "bounced",
        {"reject_reason": "bounced", "reason": "550 5.1.1 No such mailbox"},
    ),
    "full": (
        "Mailbox full",
        "bounced",
        {"reject_reason": "other", "reason": "552 5.2.2 Mailbox full"},
    ),
    "complained": ("Complaint", "complained", {}),
    "scanned": ("Scanner opens every link", "clicked", {"user_agent": "Link scanner"}),
}
ROBOTS = ("bot", "crawl", "spider", "scan", "preview", "proofpoint", "barracuda", "mimecast")


class Report(StrEnum):
    """What was reported, in the words of all providers."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    DEFERRED = "deferred"
    BOUNCED = "bounced"  # for good: there is no such mailbox
    RETURNED = "returned"  # came back for another reason: full, blocked, too big
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OTHER = "other"


PROVIDER_WORDS = {
    "queued": Report.ACCEPTED,
    "sent": Report.ACCEPTED,
    "delivered": Report.DELIVERED,
    "opened": Report.OPENED,
    "clicked": Report.CLICKED,
    "deferred": Report.DEFERRED,
    "complained": Report.COMPLAINED,
    "unsubscribed": Report.UNSUBSCRIBED,
}
BAD_ADDRESS = ("invalid", "bounced")
# Where providers say of a bounce that it need not last, and how.
SAID_IN = frozenset({"event", "type", "bouncetype", "bounce_type", "severity", "classification"})
SOFT = ("soft", "transient", "temporary")
# Full, blocked, too big: three in short order speak against an address, and each is forgotten.
HALF_LIFE_DAYS = 30.0
TOO_OFTEN = 2.25
LOOKED_BACK = timedelta(days=180)
RANK = {
    MessageState.ACCEPTED: 1,
    MessageState.DELIVERED: 2,
    MessageState.BOUNCED: 3,
    MessageState.COMPLAINED: 4,
}
# What each report proves, and the moments that it dates; being accepted is always among them.
RAISES = {
    Report.ACCEPTED: MessageState.ACCEPTED,
    Report.DELIVERED: MessageState.DELIVERED,
    Report.OPENED: MessageState.DELIVERED,
    Report.CLICKED: MessageState.DELIVERED,
    Report.BOUNCED: MessageState.BOUNCED,
    Report.RETURNED: MessageState.BOUNCED,
    Report.COMPLAINED: MessageState.COMPLAINED,
}
MOMENTS: dict[Report, tuple[str, ...]] = {
    Report.ACCEPTED: (),
    Report.DELIVERED: ("delivered_at",),
    Report.OPENED: ("opened_at",),
    Report.CLICKED: ("opened_at", "clicked_at"),
    Report.BOUNCED: ("bounced_at",),
    Report.RETURNED: ("bounced_at",),
    Report.COMPLAINED: (),
}


@dataclass(frozen=True)
class Standing:
    """What is known of a message; a state of rank 0 says that no server is known to have it."""

    state: str
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    opened_at: datetime | None = None
    clicked_at: datetime | None = None
    bounced_at: datetime | None = None


def report_of(kind: str, facts: Mapping[str, str]) -> Report:
    """This will give the report behind a provider's word and its reason."""
    if kind in ("bounced", "rejected", "failed"):
        code = enhanced_code(facts.get("mta_response", ""))
        if facts.get("soft") or (code and not speaks_against_address(code)):
            return Report.RETURNED
        bad = facts.get("reject_reason", "bounced") in BAD_ADDRESS
        return Report.BOUNCED if bad and kind != "failed" else Report.RETURNED
    return PROVIDER_WORDS.get(kind, Report.OTHER)


def says_soft(told: object) -> bool:
    """This will say whether a provider's own words call a bounce one that need not last."""
    if not isinstance(told, Mapping):
        return False
    pairs: Iterable[tuple[object, object]] = told.items()
    return any(
        says_soft(value)
        or (
            str(name).lower() in SAID_IN
            and isinstance(value, str)
            and any(word in value.lower() for word in SOFT)
        )
        for name, value in pairs
    )


def is_worn_out(ages: Iterable[timedelta]) -> bool:
    """This will say whether mail came back so often that the address is no good any more.

    Each time counts, and half as much after a month.
    """
    day = timedelta(days=1)
    weight: float = sum(0.5 ** ((age / day) / HALF_LIFE_DAYS) for age in ages)
    return weight >= TOO_OFTEN


def is_human(standing: Standing, at: datetime, facts: Mapping[str, str]) -> bool:
    """This will say whether a person opened or clicked, as far as one can tell from outside."""
    agent = facts.get("user_agent", "").lower()
    if any(word in agent for word in ROBOTS):
        return False
    if facts.get("played"):
        return True
    arrived = standing.delivered_at or standing.accepted_at
    return arrived is None or at - arrived >= timedelta(seconds=SCANNER_SECONDS)


def after(standing: Standing, report: Report, at: datetime) -> Standing:
    """This will give what is known once a report has come in."""
    if report not in RAISES:
        return standing
    moments = {
        name: _earlier(getattr(standing, name), at) for name in ("accepted_at", *MOMENTS[report])
    }
    state = RAISES[report]
    rises = RANK[state] > RANK.get(MessageState(standing.state), 0)
    return replace(standing, state=state.value if rises else standing.state, **moments)


def _earlier(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)
