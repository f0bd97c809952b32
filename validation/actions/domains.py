"""Ask DNS about the domains that are due, at a shared pace, and keep what it said."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from core.models import Configuration
from core.ratelimit import book
from validation.actions.checking import check_domains_changed
from validation.actions.hearing import note_server
from validation.models import MailDomain
from validation.resolver import Conversation, Server, examine
from validation.rules.account import Delivery
from validation.rules.dns import Outcome, findings_class
from validation.rules.dns_schedule import Memory, remember
from validation.rules.dns_server import Character

LINE = "dns"
# Domains asked about at the same time: few at first, more as answers come, fewer when they do not.
AT_ONCE, AT_FIRST, AT_LEAST = 100, 20, 8
ADAPT_EVERY = 0.5
LEASE = timedelta(minutes=10)
# How long one domain is waited for, and how far ahead packets are booked.
PATIENCE = 4.0
AHEAD = 0.1
TICK = 0.02
STORE = 200
TROUBLES_IN_A_ROW = 20
TRUSTED_FOR = timedelta(minutes=1)
STORED_FIELDS = (
    "verdict", "code", "mx", "provider", "checked_at", "due_at", "failures", "failing_since",
    "last_error", "lease_until", "first_ok_at",
)  # fmt: skip


@dataclass(frozen=True)
class Resolved:
    """What came of asking: domains that were due, asked about, and without an answer for now."""

    due: int = 0
    asked: int = 0
    temporary: int = 0
    trouble: str = ""

    def and_then(self, later: "Resolved") -> "Resolved":
        """This will add what came of asking again, about domains that became due meanwhile."""
        return Resolved(
            self.due + later.due,
            self.asked + later.asked,
            self.temporary + later.temporary,
            self.trouble or later.trouble,
        )


@dataclass
class _Run:
    """One call's work in progress."""

    server: Server
    talk: Conversation
    until: float
    patience: float
    left: int
    recheck: bool
    leases: dict[str, datetime] = field(default_factory=dict)
    waiting: dict[str, Outcome] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    booked_until: float = 0.0
    window: int = AT_FIRST
    adapt_at: float = 0.0
    trouble: str = ""

    @property
    def may_begin(self) -> bool:
        """Whether another domain may begin: it must have time to be answered."""
        return not self.trouble and self.left > 0 and monotonic() < self.until - self.patience


def resolve_due(
    *,
    server: Server | None,
    limit: int | None = None,
    seconds: float | None = None,
    recheck: bool = True,
) -> Resolved:
    """This will ask once about every domain that is due, as far as `limit` and `seconds` reach.

    Contacts of domains whose verdict changed are checked again, unless the caller does that.

    Without a server nothing is asked. A server that is silent, lies or knows nothing changes
    nothing: `trouble` is the sentence that says so, and all that was due stays due.
    """
    due = MailDomain.objects.due(timezone.now()).count()
    if server is None or not due:
        return Resolved(due=due)
    patience = PATIENCE if seconds is None else min(PATIENCE, seconds / 2)
    until = float("inf") if seconds is None else monotonic() + seconds
    character = _character(server, PATIENCE if seconds is None else seconds)
    if not character.is_trusted:
        trouble = character.sentence(server.label)
        note_server(name=server.label, trouble=trouble)
        return Resolved(due, temporary=due, trouble=trouble)
    with Conversation(server, private_counts=character == Character.REHEARSAL) as talk:
        left = due if limit is None else min(limit, due)
        run = _Run(server, talk, until, patience, left, recheck)
        _converse(run)
        _end(run)
    if run.trouble or run.asked:
        note_server(name=server.label, trouble=run.trouble)
    tried = due if run.trouble else run.asked
    return Resolved(due, run.asked, tried - run.answered, run.trouble)


def _character(server: Server, seconds: float, *, fresh: bool = False) -> Character:
    """This will examine a server, and trust it for a while when it may be trusted."""
    where = ",".join(f"{host}:{port}" for host, port in server.addresses)
    key = f"validation.dns.character:{server.named}:{where}"
    known = None if fresh else cache.get(key)
    if known is not None:
        return Character(known)
    book(LINE, units=4, per_second=settings.DNS_QUERIES_PER_SECOND, within=seconds)
    own = sorted(Configuration.load().own_domain_set())
    character = examine(server, own_domains=own, seconds=seconds)
    if character.is_trusted:
        cache.set(key, character.value, timeout=TRUSTED_FOR.total_seconds())
    else:
        cache.delete(key)
    return character


def _converse(run: _Run) -> None:
    """This will keep the conversation going until nothing is open or the time is over."""
    while monotonic() < run.until:
        if run.may_begin and run.talk.active <= run.window // 2:
            _begin(run)
        if not run.talk.active:
            break
        _give_places(run)
        _adapt(run)
        run.talk.work(min(TICK, run.until - monotonic()))
        run.waiting |= run.talk.take_finished()
        if len(run.waiting) >= STORE or _row_of_troubles(run.waiting):
            _store(run)
        if run.trouble:
            break


def _begin(run: _Run) -> None:
    """This will claim domains and begin to ask about them."""
    names = _claim(run, min(run.window - run.talk.active, run.left))
    run.left = run.left - len(names) if names else 0
    run.talk.ask(names)


def _claim(run: _Run, most: int) -> list[str]:
    """This will lease due domains so that nobody else asks about them; never asked ones first.

    The lease is the claim: the update takes only rows that are still free, and its odd
    microseconds tell which rows were won.
    """
    now = timezone.now()
    lease = now + LEASE + timedelta(microseconds=secrets.randbelow(60_000_000))
    free = MailDomain.objects.due(now)
    with transaction.atomic():
        rows = free.select_for_update(skip_locked=True)
        ids = list(rows.filter(due_at=None).order_by("pk").values_list("pk", flat=True)[:most])
        if len(ids) < most:
            asked = rows.exclude(due_at=None).order_by("due_at", "pk")
            ids += asked.values_list("pk", flat=True)[: most - len(ids)]
        free.filter(pk__in=ids).update(lease_until=lease)
        names = list(
            MailDomain.objects.filter(pk__in=ids, lease_until=lease).values_list("name", flat=True)
        )
    run.leases |= dict.fromkeys(names, lease)
    return names


def _give_places(run: _Run) -> None:
    """This will book places for packets that wait, a moment ahead and one after the other."""
    per_second = settings.DNS_QUERIES_PER_SECOND
    while run.talk.wanted > 0 and run.booked_until < monotonic() + AHEAD:
        units = min(run.talk.wanted, max(1, int(per_second * AHEAD)))
        within = min(run.until - monotonic(), PATIENCE)
        wait = book(LINE, units=units, per_second=per_second, within=max(within, 0))
        if wait is None:
            run.booked_until = monotonic() + AHEAD
            return
        run.talk.give_places(units, after=wait, apart=1 / per_second)
        run.booked_until = monotonic() + wait + units / per_second


def _adapt(run: _Run) -> None:
    """This will ask about fewer domains at once when the server does not keep up."""
    if monotonic() < run.adapt_at:
        return
    run.adapt_at = monotonic() + ADAPT_EVERY
    answered, late = run.talk.take_tally()
    if late * 3 > answered + late:
        run.window = max(AT_LEAST, run.window // 2)
    else:
        run.window = min(AT_ONCE, run.window + answered)


def _row_of_troubles(outcomes: Mapping[str, Outcome]) -> bool:
    """This will say whether so many in a row came to nothing that the server is to blame."""
    last = list(outcomes.values())[-TROUBLES_IN_A_ROW:]
    return len(last) == TROUBLES_IN_A_ROW and all(_is_trouble(outcome) for outcome in last)


def _is_trouble(outcome: Outcome) -> bool:
    return outcome.verdict == Delivery.UNKNOWN


def _end(run: _Run) -> None:
    """This will store what is known, note what was too slow, and give back the rest."""
    if not run.trouble:
        run.waiting |= run.talk.cut_short(run.patience / 2)
    _store(run)
    # Leases that are left belong to domains nobody answered for: they stay due.
    MailDomain.objects.filter(
        name__in=list(run.leases), lease_until__in=set(run.leases.values())
    ).update(lease_until=None)


def _store(run: _Run) -> None:
    """This will store outcomes, unless trouble in most of them turns out to be the server's.

    Then only good news is kept: no domain is blamed for a server that stopped answering.
    """
    outcomes, run.waiting = run.waiting, {}
    run.asked += len(outcomes)
    troubles = [name for name, outcome in outcomes.items() if _is_trouble(outcome)]
    if len(troubles) >= TROUBLES_IN_A_ROW and len(troubles) * 5 > len(outcomes):
        character = _character(run.server, run.patience, fresh=True)
        run.trouble = character.sentence(run.server.label)
    if run.trouble:
        good = (Delivery.DELIVERABLE, Delivery.RISKY)
        outcomes = {name: said for name, said in outcomes.items() if said.verdict in good}
    if outcomes:
        _keep(run, outcomes)
    run.answered += sum(not _is_trouble(outcome) for outcome in outcomes.values())
    for name in outcomes:
        run.leases.pop(name, None)


@transaction.atomic
def _keep(run: _Run, outcomes: Mapping[str, Outcome]) -> None:
    """This will store outcomes of domains still leased, and check contacts where it matters."""
    now = timezone.now()
    rows = list(
        MailDomain.objects.select_for_update()
        .filter(name__in=outcomes, lease_until__in=set(run.leases.values()))
        .order_by("pk")
    )
    changed = [row.name for row in rows if _apply(row, outcomes[row.name], now)]
    for row in rows:
        # Written by name; a key of its own would be a second thing to collide with.
        row.pk = None
    MailDomain.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=STORED_FIELDS,
        batch_size=STORE,
    )
    if changed and run.recheck:
        check_domains_changed(names=changed)


def _apply(row: MailDomain, outcome: Outcome, now: datetime) -> bool:
    """This will put an outcome into a row, and say whether findings see a difference."""
    before = findings_class(row.verdict, row.code)
    memory = Memory(
        verdict=row.verdict,
        code=row.code,
        last_error=row.last_error,
        failures=row.failures,
        failing_since=row.failing_since,
        due_at=row.due_at,
        first_ok_at=row.first_ok_at,
    )
    kept = remember(memory, outcome, now=now, luck=secrets.SystemRandom().uniform(-1, 1))
    for name, value in vars(kept).items():
        setattr(row, name, value)
    row.lease_until = None
    if not _is_trouble(outcome):
        row.checked_at = now
        row.mx = list(outcome.mx)
        row.provider = outcome.provider
    return findings_class(row.verdict, row.code) != before
