"""What is wrong with one address by itself: how it is written, where it is, what DNS says."""

from collections.abc import Iterable

from validation.rules.account import Around, Delivery, Person, Proven
from validation.rules.codes import severity_of
from validation.rules.dns import REPORTED_AS
from validation.rules.domains import Domain
from validation.rules.found import Found, Severity
from validation.rules.reading import LONGEST_ADDRESS, LONGEST_LOCAL, Reading

_DNS_WORDS = {
    "no_domain": "{name} does not exist.",
    "no_mail_host": "{name} exists but has no server at all.",
    "mx_unusable": "The mail server that {name} names does not exist.",
    "null_mx": "{name} says of itself that it takes no mail.",
    "implicit_mx": "{name} has no mail server, only an address.",
    "implicit_mx_ipv6": "{name} has no mail server, only an IPv6 address.",
    "no_mx_spf_reject": "{name} has no mail server and says that it never sends: probably parked.",
    "reserved_domain": "{name} is not a domain of the internet.",
    "dns_broken": "The name {name} leads in a circle.",
    "dns_dead": "The name servers of {name} have not answered for a week.",
}
_DOMAIN_FAULTS = {
    "syntax": "{name} is no domain name.",
    "no_ending": "{name} has no ending such as .com.",
}


def written(reading: Reading, domain: Domain | None) -> list[Found]:
    """This will give what had to be put right in the field, and what cannot be an address."""
    found = [
        Found(step.code, step.rule, severity_of(step.code), step.confidence, step.words)
        for step in reading.steps
    ]
    if domain is None:
        return [_no_address(reading)]
    words = ""
    if domain.fault in _DOMAIN_FAULTS:
        words = _DOMAIN_FAULTS[domain.fault].format(name=domain.name)
    elif (length := _length(reading, domain)) > LONGEST_ADDRESS:
        words = f"The address has {length} letters; {LONGEST_ADDRESS} are the most."
    elif len(reading.local) > LONGEST_LOCAL:
        words = (
            f"The part before the @ has {len(reading.local)} letters; {LONGEST_LOCAL} are the most."
        )
    if words and not any(item.code == "syntax" for item in found):
        found.append(Found("syntax", domain.fault or "local", Severity.ERROR, 0.97, words))
    if not reading.local.isascii():
        found.append(_unusual_letters(reading))
    return found


def _length(reading: Reading, domain: Domain) -> int:
    """This will count the letters of an address as mail servers do: in bytes, with the A-label."""
    if reading.address.isascii():
        return len(reading.address)
    return len(reading.local.encode()) + 1 + len(domain.name)


def heard(domain: Domain, around: Around) -> Found | None:
    """This will give what DNS says against a domain; a failure to ask says nothing against it."""
    if domain.fault == "reserved":
        words = _DNS_WORDS["reserved_domain"].format(name=domain.name)
        return Found("dead_domain", "reserved_domain", Severity.ERROR, 0.98, words)
    said = around.heard.get(domain.name)
    code = REPORTED_AS.get(said.code, "") if said else ""
    if not said or not code or code in {"syntax", "wrong_tld"}:
        return None
    words = _DNS_WORDS.get(said.code, "{name} takes no mail.").format(name=domain.name)
    sure = 0.98 if said.verdict == Delivery.UNDELIVERABLE else 0.8
    return Found(code, said.code, severity_of(code), sure, words)


def on_lists(
    reading: Reading, domain: Domain, around: Around, rep_email: str, *, is_website: bool
) -> Iterable[Found]:
    """This will give what the company's own lists and public lists say of an address."""
    if domain.name in around.own_domains or domain.registrable in around.own_domains:
        words = f"{domain.name} is the company's own domain."
        yield Found("internal_address", "own_domain", Severity.ERROR, 0.99, words)
    elif rep_email and reading.address.lower() == rep_email.strip().lower():
        words = f"{reading.address} is the sales rep's own address."
        yield Found("internal_address", "sales_rep", Severity.ERROR, 0.99, words)
    if domain.disposable and not is_website and domain.name not in around.allowed_domains:
        words = f"{domain.name} is on the list of disposable mail."
        yield Found("disposable", "listed", Severity.WARNING, 0.9, words)


def proven(fact: Proven) -> Iterable[Found]:
    """This will give what sending has shown."""
    if fact.bounced:
        reason = f": {fact.bounce_reason}" if fact.bounce_reason else "."
        yield Found("bounced", "bounce", Severity.ERROR, 1.0, f"Mail came back{reason}")
    if fact.complained:
        words = "The reader reported our mail as spam."
        yield Found("complained", "complaint", Severity.ERROR, 1.0, words)


def names_of(person: Person) -> frozenset[str]:
    """This will give the words of a contact's name, lower case."""
    return frozenset(person.name.lower().replace(",", " ").split())


def _no_address(reading: Reading) -> Found:
    digits = sum(sign.isdigit() for sign in reading.text)
    if digits >= 6 and not any(sign.isalpha() for sign in reading.text):  # noqa: PLR2004 - a phone
        words = f"A telephone number stands there: {reading.text[:40]}."
    elif "@" not in reading.text:
        words = f"There is no @ in {reading.text[:80]!r}."
    else:
        words = f"{reading.text[:80]!r} cannot be read as an address."
    return Found("syntax", "unreadable", Severity.ERROR, 0.97, words)


def _unusual_letters(reading: Reading) -> Found:
    words = f"{reading.local} has letters beyond a-z before the @; many mail servers refuse them."
    return Found("needs_smtputf8", "local_part", Severity.WARNING, 0.9, words)
