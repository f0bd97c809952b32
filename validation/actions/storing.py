"""Write what the checks say, and only what differs from what is stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from contacts.actions.facts import set_email_status
from contacts.rules.words import EmailStatus
from jobs.queue import nudge
from validation.actions.gathering import Gathered, Row
from validation.models import Decision, Finding, MailDomain
from validation.rules.codes import CODES, RULESET
from validation.rules.decided import decided_value
from validation.rules.engine import Outcome
from validation.rules.found import Found
from validation.rules.status import status_of

LONGEST = 1_000
BATCH = 500
FIELDS = ("rule", "severity", "confidence", "field", "value", "evidence", "suggestion", "auto",
          "ruleset", "decided")  # fmt: skip
_SETTLED = (Decision.Kind.KEPT, Decision.Kind.UNKNOWN, Decision.Kind.LEFT)

Decisions = Mapping[tuple[int, str], Mapping[str, str]]


def store(*, gathered: Gathered, outcomes: Sequence[Outcome]) -> None:
    """This will store findings, statuses and flags of a chunk, and domains to ask about."""
    decisions = _decisions([outcome.key for outcome in outcomes])
    _store_findings(outcomes, decisions)
    _store_statuses(gathered, outcomes, decisions)
    note_domains(names={name for outcome in outcomes for name in outcome.ask})


def note_domains(*, names: set[str]) -> int:
    """This will add domains that are not known yet, and have DNS asked about them."""
    known = set(MailDomain.objects.filter(name__in=names).values_list("name", flat=True))
    new = sorted(name for name in names - known if len(name) <= 253)  # noqa: PLR2004 - RFC 1035
    if new:
        MailDomain.objects.bulk_create(
            [MailDomain(name=name) for name in new], ignore_conflicts=True, batch_size=BATCH
        )
        nudge("validation.resolve_due")
    return len(new)


def _decisions(keys: Sequence[int]) -> Decisions:
    """This will give, by contact and code, the standing decisions about values."""
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    rows = Decision.objects.filter(contact__in=keys, kind__in=_SETTLED)
    for contact, code, value, kind in rows.values_list("contact_id", "code", "value", "kind"):
        found[(contact, code)][value] = kind
    return found


def _store_findings(outcomes: Sequence[Outcome], decisions: Decisions) -> None:
    keys = [outcome.key for outcome in outcomes]
    stored = {
        (row.contact_id, row.code): row
        for row in Finding.objects.filter(contact__in=keys, code__in=CODES)
    }
    write = []
    for outcome in outcomes:
        for item in outcome.found:
            row = _finding(outcome, item, decisions)
            old = stored.pop((outcome.key, item.code), None)
            if old is None or any(getattr(old, n) != getattr(row, n) for n in FIELDS):
                write.append(row)
    if stored:
        Finding.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()
    Finding.objects.bulk_create(
        write,
        update_conflicts=True,
        unique_fields=["contact", "code"],
        update_fields=FIELDS,
        batch_size=BATCH,
    )


def _finding(outcome: Outcome, item: Found, decisions: Decisions) -> Finding:
    value = (item.value or outcome.email)[:LONGEST]
    return Finding(
        contact_id=outcome.key,
        code=item.code,
        rule=item.rule[:40],
        severity=item.severity,
        confidence=item.confidence,
        field=item.field,
        value=value,
        evidence=item.evidence,
        suggestion=item.suggestion[:LONGEST],
        auto=item.auto,
        ruleset=RULESET,
        decided=decided_value(value) in decisions.get((outcome.key, item.code), {}),
    )


def _store_statuses(gathered: Gathered, outcomes: Sequence[Outcome], decisions: Decisions) -> None:
    statuses, roles, free = {}, [], []
    for outcome in outcomes:
        row, status = gathered.rows[outcome.key], _status(outcome, decisions)
        if _as_stored(row) == (status, outcome.role, outcome.free):
            continue
        statuses[outcome.key] = status
        if outcome.role:
            roles.append(outcome.key)
        if outcome.free:
            free.append(outcome.key)
    if statuses:
        set_email_status(statuses=statuses, roles=roles, freemails=free)


def _as_stored(row: Row) -> tuple[str, bool, bool]:
    return row.email_status, row.is_role_address, row.is_freemail


def _status(outcome: Outcome, decisions: Decisions) -> EmailStatus:
    kept, known_wrong = set(), False
    for item in outcome.found:
        told = decisions.get((outcome.key, item.code), {})
        kind = told.get(decided_value(item.value or outcome.email))
        if kind == Decision.Kind.KEPT:
            kept.add(item.code)
        known_wrong = known_wrong or (kind == Decision.Kind.UNKNOWN and item.field == "email")
    status = status_of(
        outcome.found,
        kept=frozenset(kept),
        verdict=outcome.verdict,
        proven=outcome.proven,
        text=outcome.reading.text,
    )
    can_be_sent = status in {EmailStatus.OK, EmailStatus.REVIEW, EmailStatus.UNKNOWN}
    return EmailStatus.INVALID if known_wrong and can_be_sent else status
