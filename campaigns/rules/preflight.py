"""Will mailbox providers take bulk mail from this sender? Read from what its domain says in DNS.

Sources: RFC 7208 (SPF, 4.6.4: at most ten look-ups), RFC 6376 3.6.1 (DKIM keys), RFC 7489 6.1
(DMARC), and what Gmail, Yahoo and Outlook ask of bulk senders since 2024.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from validation.rules.dns import Question, RecordType, Reply, Said
from validation.rules.domains import look_at
from validation.rules.lists import FREE_MAIL

MOST_LOOKUPS = 10
# Length in bytes of a public RSA key of 1024 bits as it stands in DNS (SubjectPublicKeyInfo).
SHORTEST_KEY = 160
_TERM = re.compile(
    r"^[+?~-]?(include|a|mx|ptr|exists|redirect)(?:[:=]([^/]+))?(?:/.*)?$", re.IGNORECASE
)
_POLICY = re.compile(r"(?:^|;)\s*p\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)
_TESTING = re.compile(r"(?:^|;)\s*t\s*=[^;]*\by\b", re.IGNORECASE)
_KEY = re.compile(r"(?:^|;)\s*p\s*=\s*([^;]*)", re.IGNORECASE)


class Grade(StrEnum):
    """How one part of the sender stands."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"  # DNS did not answer, or it was not looked at


@dataclass(frozen=True)
class Check:
    """One part: what was found (`record`), and what to put into DNS where it is missing."""

    name: str
    grade: Grade
    sentence: str
    record: str = ""
    wanted: str = ""


@dataclass
class Known:
    """The answers of DNS so far; what is not among them is noted, to be asked next."""

    replies: Mapping[Question, Reply]
    missing: set[Question] = field(default_factory=set)

    def texts(self, name: str, start: str) -> list[str] | None:
        """This will give the TXT records that begin so; None while they are not known."""
        question = Question(name, RecordType.TXT)
        reply = self.replies.get(question)
        if reply is None:
            self.missing.add(question)
            return None
        if reply.said not in (Said.RECORDS, Said.NOTHING, Said.NO_NAME):
            return None
        return [text for text in reply.records if text.lower().startswith(start)]


def examine(
    domain: str, selector: str, replies: Mapping[Question, Reply]
) -> tuple[list[Check], set[Question]]:
    """This will grade a sender's domain, and give what DNS must still be asked for that.

    Call it again with the answers until nothing is missing; then the grades are final.
    """
    known = Known(replies)
    checks = [_own(domain), _spf(domain, known), _dkim(domain, selector, known)]
    checks.append(_dmarc(domain, known))
    return checks, known.missing


def worst(checks: list[Check]) -> Grade:
    """This will give the grade of the whole."""
    for grade in (Grade.BAD, Grade.WARN, Grade.UNKNOWN):
        if any(check.grade is grade for check in checks):
            return grade
    return Grade.GOOD


def _own(domain: str) -> Check:
    if domain in FREE_MAIL:
        sentence = "A free mailbox cannot send bulk mail: use an address of your own domain"
        return Check("Sender", Grade.BAD, sentence, domain)
    if not look_at(domain).can_exist:
        return Check("Sender", Grade.BAD, "This domain cannot exist: change the sender", domain)
    return Check("Sender", Grade.GOOD, "A domain of your own", domain)


def _spf(domain: str, known: Known) -> Check:
    found = known.texts(domain, "v=spf1")
    if found is None:
        return _no_answer("SPF")
    if not found:
        sentence = "No record names who may send for this domain. Add this one"
        wanted = f'{domain}.  TXT  "v=spf1 include:(your provider) ~all"'
        return Check("SPF", Grade.BAD, sentence, wanted=wanted)
    grade, sentence = _grade_of_spf(found, _lookups(domain, known, {domain}))
    return Check("SPF", grade, sentence, " | ".join(found))


def _grade_of_spf(found: list[str], lookups: int) -> tuple[Grade, str]:
    end = found[0].lower().split()[-1]
    if len(found) > 1:
        return Grade.BAD, f"{len(found)} records: providers then trust none. Keep one"
    if lookups > MOST_LOOKUPS:
        return Grade.BAD, f"It takes {lookups} look-ups, {MOST_LOOKUPS} are allowed: shorten it"
    if end in ("+all", "all"):
        return Grade.BAD, "It lets everybody send in your name"
    if end not in ("-all", "~all") and "redirect=" not in end:
        return Grade.WARN, "It does not end with ~all or -all, so it forbids nobody"
    return Grade.GOOD, "Names who may send"


def _lookups(domain: str, known: Known, seen: set[str]) -> int:
    """This will count the look-ups that a record costs, with those of what it includes."""
    count = 0
    for term in " ".join(known.texts(domain, "v=spf1") or [])[:2000].split()[1:]:
        match = _TERM.match(term)
        if match is None:
            continue
        count += 1
        kind, target = match[1].lower(), (match[2] or "").rstrip(".").lower()
        follows = kind in ("include", "redirect") and "%" not in target
        if follows and target and target not in seen and len(seen) <= MOST_LOOKUPS:
            seen.add(target)
            count += _lookups(target, known, seen)
    return count


def _dkim(domain: str, selector: str, known: Known) -> Check:
    if not selector:
        sentence = "Not looked at: enter the selector of your mail provider below"
        return Check("DKIM", Grade.UNKNOWN, sentence)
    name = f"{selector}._domainkey.{domain}"
    found = known.texts(name, "")
    if found is None:
        return _no_answer("DKIM")
    texts = [text for text in found if _KEY.search(text)]
    if not texts:
        wanted = f"{name}.  (the record that your provider shows)"
        return Check("DKIM", Grade.BAD, "No key found: mail is not signed", wanted=wanted)
    grade, sentence = _grade_of_key(texts[0])
    return Check("DKIM", grade, sentence, name)


def _grade_of_key(text: str) -> tuple[Grade, str]:
    match = _KEY.search(text)
    key = match[1].strip() if match else ""
    if not key:
        return Grade.BAD, "This key was taken back: ask for a new one"
    if "k=ed25519" not in text.replace(" ", "").lower() and _bytes(key) < SHORTEST_KEY:
        return Grade.BAD, "The key is shorter than 1024 bits"
    if _TESTING.search(text):
        return Grade.WARN, "The key is marked as a test (t=y)"
    return Grade.GOOD, "Mail is signed with this key"


def _bytes(key: str) -> int:
    try:
        return len(base64.b64decode("".join(key.split()), validate=True))
    except (binascii.Error, ValueError):
        return 0


def _dmarc(domain: str, known: Known) -> Check:
    whole = look_at(domain).registrable or domain
    for name in dict.fromkeys((domain, whole)):
        found = known.texts(f"_dmarc.{name}", "v=dmarc1")
        if found is None:
            return _no_answer("DMARC")
        if found:
            break
    else:
        sentence = "Large mailbox providers refuse bulk mail without one. Add this record"
        wanted = f'_dmarc.{whole}.  TXT  "v=DMARC1; p=none; rua=mailto:postmaster@{whole}"'
        return Check("DMARC", Grade.BAD, sentence, wanted=wanted)
    policy = _POLICY.search(found[0])
    if len(found) > 1 or policy is None:
        sentence = "It cannot be read: one record with p=none, p=quarantine or p=reject is needed"
        return Check("DMARC", Grade.BAD, sentence, " | ".join(found))
    return Check("DMARC", Grade.GOOD, f"Policy {policy[1].lower()}", found[0])


def _no_answer(name: str) -> Check:
    return Check(name, Grade.UNKNOWN, "DNS did not answer; it is asked again by itself")
