"""What DNS says of a domain, and where it stands on the board, in words for people."""

from dataclasses import dataclass
from enum import StrEnum

from validation.rules.account import Delivery
from validation.rules.dns import DnsCode
from validation.rules.domains import Domain

# Verdicts that say: there is no such domain. The other ones say: it is there, without mail.
GONE = (
    DnsCode.NO_DOMAIN,
    DnsCode.RESERVED,
    DnsCode.UNKNOWN_TLD,
    DnsCode.SYNTAX,
    DnsCode.BROKEN,
)


class DomainState(StrEnum):
    """The views of the board of domains."""

    ATTENTION = "attention"
    GONE = "gone"
    NO_MAIL = "no-mail"
    TYPO = "typo"
    NO_ANSWER = "no-answer"
    NEVER_ASKED = "never-asked"
    BOUNCING = "bouncing"
    FREE = "free"
    ALL = "all"


STATE_LABELS = {
    DomainState.ATTENTION: "Need attention",
    DomainState.GONE: "Does not exist",
    DomainState.NO_MAIL: "No mail",
    DomainState.TYPO: "Looks like a typo",
    DomainState.NO_ANSWER: "No answer",
    DomainState.NEVER_ASKED: "Not looked up",
    DomainState.BOUNCING: "Bounces",
    DomainState.FREE: "Free mailbox",
    DomainState.ALL: "All",
}

_WHY = {
    DnsCode.MX: "It names a mail server, and that has an address.",
    DnsCode.NULL_MX_MIXED: "It says that it takes no mail, and names a mail server all the same.",
    DnsCode.IMPLICIT_MX: "It names no mail server. Mail goes to the address of its website,"
    " which may not take it.",
    DnsCode.IMPLICIT_MX_IPV6: "It names no mail server, and its own address is IPv6 alone:"
    " few mail servers reach it.",
    DnsCode.NO_MX_SPF_REJECT: "It names no mail server and says that it never sends: probably"
    " a parked name.",
    DnsCode.NULL_MX: "It says itself that it takes no mail (null MX).",
    DnsCode.MX_UNUSABLE: "Its mail server does not exist, or has no address that can be reached.",
    DnsCode.NO_MAIL_HOST: "It exists, but has neither a mail server nor an address.",
    DnsCode.NO_DOMAIN: "There is no such domain.",
    DnsCode.SYNTAX: "It is no valid name of a domain.",
    DnsCode.RESERVED: "The name is kept for tests and inner networks; nobody can have mail there.",
    DnsCode.UNKNOWN_TLD: "No domain ends like this.",
    DnsCode.SERVFAIL: "Its name server reported a fault.",
    DnsCode.REFUSED: "Its name server refused to answer.",
    DnsCode.TIMEOUT: "Its name server did not answer in time.",
    DnsCode.LOOP: "Its entries lead in a circle.",
    DnsCode.SLOW: "The answer was not waited for.",
    DnsCode.DEAD: "Its name server has failed for more than a week.",
    DnsCode.BROKEN: "Its entries have led in a circle for days.",
}


_LABELS = {
    Delivery.DELIVERABLE: ("ok", "check", "Accepts mail"),
    Delivery.RISKY: ("warn", "alert", "No mail server of its own"),
    Delivery.UNDELIVERABLE: ("bad", "ban", "No mail at domain"),
    Delivery.UNKNOWN: ("warn", "clock", "No answer yet"),
    Delivery.NEVER_ASKED: ("", "minus", "Not looked up"),
}


@dataclass(frozen=True)
class Words:
    """A verdict as a pill (tone, icon, words) and why it is so."""

    tone: str
    icon: str
    label: str
    why: str


def words_of(verdict: str, code: str, last_error: str = "") -> Words:
    """This will put a verdict into words; trouble that keeps an older verdict is told with it."""
    why = _WHY.get(DnsCode(code), "") if code else ""
    label = _label(verdict, code)
    if last_error and last_error != code:
        why = f"{why} Last try: {_lower(_WHY[DnsCode(last_error)])}".strip()
    if not why:
        why = "DNS was not asked about it yet."
    return Words(*label, why)


def _label(verdict: str, code: str) -> tuple[str, str, str]:
    if verdict == Delivery.UNDELIVERABLE and code in GONE:
        return "bad", "x", "Does not exist"
    if code == DnsCode.DEAD:
        return "bad", "stop", "No answer for a week"
    return _LABELS[Delivery(verdict)]


def kind_of(domain: Domain, *, ours: bool, allowed: bool) -> str:
    """This will say what kind of domain it is, where that is not a company's like any other."""
    if ours:
        return "Your own domain"
    if allowed:
        return "On your list of right domains"
    if domain.free:
        return "Free mailbox"
    if domain.relay:
        return "Private relay"
    return "On the list of disposable mail" if domain.disposable else ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
