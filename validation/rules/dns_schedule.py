"""What is kept of a domain after it was asked about, and when to ask again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from validation.rules.account import Delivery
from validation.rules.dns import DnsCode, Outcome

# How long an answer is believed, by how often in a row it came; the last one stays.
_BELIEVED: dict[DnsCode, tuple[timedelta, ...]] = {
    DnsCode.MX: (timedelta(days=30),),
    DnsCode.NULL_MX_MIXED: (timedelta(days=30),),
    DnsCode.MX_UNUSABLE: (timedelta(days=1), timedelta(days=7)),
    DnsCode.NO_DOMAIN: (*[timedelta(days=1)] * 3, timedelta(days=30)),
    DnsCode.SYNTAX: (timedelta(days=180),),
    DnsCode.RESERVED: (timedelta(days=180),),
    DnsCode.UNKNOWN_TLD: (timedelta(days=180),),
}
_BELIEVED_ELSE = (timedelta(days=7),)
_TRY_AGAIN = (
    timedelta(minutes=15),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=3),
)
LOOP_AGAIN = timedelta(days=1)
SLOW_AGAIN = timedelta(seconds=10)
DEAD_AGAIN = timedelta(days=30)
DEAD_AFTER = timedelta(days=7)
DEAD_TRIES = 5
BROKEN_AFTER = timedelta(days=2)
BROKEN_TRIES = 3
# Domains asked about in one night are not all due in one night again.
JITTER = 0.2


@dataclass(frozen=True)
class Memory:
    """What is stored of a domain.

    `failures` counts how often in a row it came out badly in the same way; `failing_since` is
    set only while DNS itself fails.
    """

    verdict: str = ""
    code: str = ""
    last_error: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    due_at: datetime | None = None
    first_ok_at: datetime | None = None


def remember(memory: Memory, outcome: Outcome, *, now: datetime, luck: float = 0.0) -> Memory:
    """This will give what to store after an outcome. `luck` between -1 and 1 spreads the dates.

    A failure of DNS keeps the last verdict. One answer that we did not wait for is no failure
    yet; the second in a row counts as a time-out.
    """
    if outcome.code == DnsCode.SLOW:
        if memory.last_error != DnsCode.SLOW:
            return replace(memory, last_error=DnsCode.SLOW.value, due_at=now + SLOW_AGAIN)
        outcome = replace(outcome, code=DnsCode.TIMEOUT)
    if outcome.verdict == Delivery.UNKNOWN:
        return _failed(memory, outcome.code, now, luck)
    return _settled(memory, outcome, now, luck)


def _settled(memory: Memory, outcome: Outcome, now: datetime, luck: float) -> Memory:
    good = outcome.verdict == Delivery.DELIVERABLE
    same = memory.code == outcome.code and memory.failing_since is None
    times = memory.failures + 1 if same else 1
    steps = _BELIEVED.get(outcome.code, _BELIEVED_ELSE)
    return Memory(
        verdict=outcome.verdict.value,
        code=outcome.code.value,
        failures=0 if good else times,
        due_at=now + _spread(steps[min(times, len(steps)) - 1], luck),
        first_ok_at=memory.first_ok_at or (now if good else None),
    )


def _failed(memory: Memory, code: DnsCode, now: datetime, luck: float) -> Memory:
    since = memory.failing_since or now
    alike = (memory.last_error == DnsCode.LOOP) == (code == DnsCode.LOOP)
    tries = memory.failures + 1 if memory.failing_since and alike else 1
    if code == DnsCode.LOOP and tries >= BROKEN_TRIES and now - since >= BROKEN_AFTER:
        broken = Outcome(Delivery.UNDELIVERABLE, DnsCode.BROKEN)
        return _settled(replace(memory, failing_since=None), broken, now, luck)
    dead = tries >= DEAD_TRIES and now - since >= DEAD_AFTER
    if dead:
        wait = DEAD_AGAIN
    elif code == DnsCode.LOOP:
        wait = LOOP_AGAIN
    else:
        wait = _TRY_AGAIN[min(tries, len(_TRY_AGAIN)) - 1]
    verdict, kept_code = memory.verdict, memory.code
    if dead and verdict != Delivery.UNDELIVERABLE:
        verdict, kept_code = Delivery.UNKNOWN.value, DnsCode.DEAD.value
    elif verdict in ("", Delivery.UNKNOWN) and kept_code != DnsCode.DEAD:
        verdict, kept_code = Delivery.UNKNOWN.value, code.value
    return replace(
        memory,
        verdict=verdict,
        code=kept_code,
        last_error=code.value,
        failures=tries,
        failing_since=since,
        due_at=now + _spread(wait, luck),
    )


def _spread(wait: timedelta, luck: float) -> timedelta:
    return wait * (1 + JITTER * luck)
