"""All checks of one customer's contacts, in order: the field, the address, the people there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from validation.rules import address, placeholders
from validation.rules.account import (
    NOTHING_PROVEN,
    Account,
    Around,
    Delivery,
    Person,
    Place,
    Proven,
)
from validation.rules.anchors import Anchors, anchors_of, is_at_home
from validation.rules.departed import departed
from validation.rules.domain_fix import Fix, fix_domain
from validation.rules.domains import Domain, look_at, with_com
from validation.rules.duplicates import elsewhere, repeated, without_customer
from validation.rules.found import SURE, Found, Severity
from validation.rules.lookalikes import latin_twin
from validation.rules.matching import Relation, compare
from validation.rules.names import is_initials, name_of
from validation.rules.person import (
    Checked,
    checked,
    mismatched,
    misspelled,
    plain_name,
    wondered,
)
from validation.rules.reading import Reading, addresses_in, read
from validation.rules.roles import is_persons_name, is_role
from validation.rules.spelling import is_given

# What a proven address is no longer doubted for: it has shown that it is right.
_GUESSES = frozenset(
    {"domain_typo_wellknown", "domain_typo_company", "wrong_tld", "name_email_mismatch",
     "disposable", "placeholder", "no_mx_but_a", "dns_dead", "needs_smtputf8"}
)  # fmt: skip
_WHOLE_NAMES = frozenset({"other_contact", "other_name", "other_first"})
_SAFE_STEPS = frozenset({"whitespace", "wrapper_text", "syntax"})


# A word that stands beside two different names is a name: beside one it may be a desk's.
ENOUGH_NAMED = 2


@dataclass(slots=True)
class Outcome:
    """What the checks say of one contact.

    `ask` are the domains of which DNS should be asked, `wonder` the words of which it matters
    whether they are names in this base.
    """

    key: int
    email: str
    reading: Reading
    domain: Domain | None
    found: list[Found] = field(default_factory=list)
    role: bool = False
    free: bool = False
    proven: Proven = NOTHING_PROVEN
    verdict: str = ""
    ask: set[str] = field(default_factory=set)
    wonder: set[str] = field(default_factory=set)

    @property
    def mailbox(self) -> str:
        """The address as a key: one mailbox has one."""
        return mailbox_of(self.reading.address)


def mailbox_of(typed: str) -> str:
    """This will give the key under which two spellings of one address are the same."""
    local, _, name = typed.lower().rpartition("@")
    if name in {"gmail.com", "googlemail.com"}:
        return f"{local.partition('+')[0].replace('.', '')}@gmail.com"
    return f"{local}@{look_at(name).name}" if name else ""


def check(account: Account, around: Around) -> list[Outcome]:
    """This will check the contacts of one customer and give an outcome for each, in order."""
    outcomes, anchors = _read_all(account, around)
    repeated_at = repeated(outcomes)
    people = _people(account, outcomes)
    for person, outcome in zip(account.people, outcomes, strict=True):
        _check_one(person, outcome, account, anchors, around)
        if outcome.key in repeated_at and not _is_nobodys(outcome):
            outcome.found.append(repeated_at[outcome.key])
        if outcome.key in people and not _is_nobodys(outcome):
            _check_person(outcome, people, around)
        why = departed(person.name, person.job_title, person.notes)
        if why:
            outcome.found.append(Found("obsolete_person", "remark", Severity.ERROR, 0.95, why))
        _settle(outcome)
    return outcomes


def _read_all(account: Account, around: Around) -> tuple[list[Outcome], Anchors]:
    """This will read every field; what is no address is read again with the customer's domains."""
    readings = [read(person.email) for person in account.people]
    anchors = anchors_of(account, readings, around)
    known = tuple(anchors.names())
    outcomes = []
    for person, first in zip(account.people, readings, strict=True):
        reading = first
        if not first.address or (first.steps and first.steps[-1].code == "syntax"):
            reading = read(person.email, known, anchors.stems)
        elif first.others:
            reading = _own_first(first, person, account)
        domain = look_at(reading.typed_domain) if reading.address else None
        outcomes.append(Outcome(person.key, person.email, reading, domain))
    return outcomes, anchors


def _own_first(reading: Reading, person: Person, account: Account) -> Reading:
    """This will put the contact's own address first: by name, then none of a colleague's."""
    every = [reading.address, *reading.others]
    name = name_of(*plain_name(person))

    def fits(typed: str) -> bool:
        local = typed.rpartition("@")[0]
        return bool(name.first) and compare(local, name).relation is Relation.EXPLAINED

    mine = [typed for typed in every if fits(typed) and not is_role(typed.rpartition("@")[0])]
    others = {other.email.strip().lower() for other in account.people if other.key != person.key}
    names = [name_of(*plain_name(other)) for other in account.people if other.key != person.key]
    free = [
        typed
        for typed in every
        if typed.lower() not in others
        and not any(
            other.last and compare(typed.rpartition("@")[0], other).relation is Relation.EXPLAINED
            for other in names
        )
    ]
    desks = [typed for typed in free if is_role(typed.rpartition("@")[0])]
    chosen = (mine or desks or free or every)[0]
    sure = 0.93 if len(mine) == 1 else 0.7
    steps = tuple(replace(step, confidence=sure) for step in reading.steps)
    rest = tuple(typed for typed in every if typed != chosen)
    return replace(reading, address=chosen, others=rest, steps=steps)


def _people(account: Account, outcomes: Sequence[Outcome]) -> dict[int, Checked]:
    """This will compare names and addresses of contacts that are persons with their own mail."""
    found = {}
    firm = _firm_words(account)
    for person, outcome in zip(account.people, outcomes, strict=True):
        domain = outcome.domain
        if domain is None or domain.fault in {"syntax", "reserved"}:
            continue
        if is_role(outcome.reading.local) or not is_persons_name(person.name, firm):
            continue
        found[person.key] = checked(person, outcome.reading.local, domain.registrable)
    return found


def _check_one(
    person: Person, outcome: Outcome, account: Account, anchors: Anchors, around: Around
) -> None:
    reading, domain = outcome.reading, outcome.domain
    if not reading.text:
        outcome.found = [_missing(person, anchors, around)]
        return
    words = _why_nobodys(person, outcome, anchors, around)
    if words:
        outcome.found = [_placeholder(person, words, anchors, around)]
        return
    outcome.found = address.written(reading, domain)
    if domain is None:
        return
    outcome.role = is_role(reading.local) and not _is_own_name(reading.local, person, account)
    outcome.free = domain.free
    outcome.proven = person.proven
    outcome.verdict = around.verdict_of(domain.name)
    if domain.free and not outcome.verdict:
        outcome.verdict = Delivery.DELIVERABLE
    if domain.can_exist:
        outcome.ask.add(domain.name)
        if outcome.verdict == Delivery.UNDELIVERABLE and with_com(domain):
            outcome.ask.add(with_com(domain))
    _check_domain(person, outcome, account, anchors, around)
    outcome.found.extend(address.proven(outcome.proven))


def _is_own_name(local: str, person: Person, account: Account) -> bool:
    """This will say whether a desk's word is this person's own name or initials: dean, ap."""
    if not is_persons_name(person.name, _firm_words(account)):
        return False
    name = name_of(*plain_name(person))
    return is_initials(local, name) or (local in name.first and is_given(local))


def _firm_words(account: Account) -> frozenset[str]:
    return frozenset(account.name.lower().replace(",", " ").split())


def _why_nobodys(person: Person, outcome: Outcome, anchors: Anchors, around: Around) -> str:
    """This will say why there is no address in earnest, or nothing."""
    reading, domain = outcome.reading, outcome.domain
    if domain is None:
        name = name_of(*plain_name(person))

        def may_be_name(word: str) -> bool:
            in_name = bool(name.words) and compare(word, name).relation is not Relation.NONE
            return in_name or is_role(word) or any(word in stem for stem in anchors.stems)

        return placeholders.words_instead(reading.text, may_be_name=may_be_name)
    ours = domain.name in around.own_domains
    key = reading.address.lower()
    known = anchors.weight(domain.registrable, without=key) > 0 or anchors.is_in_name(domain)
    names = address.names_of(person)
    words = placeholders.nobodys_address(reading.local, domain, names, ours=ours, known=known)
    return words or ("" if ours else _at_many(person.places, reading.local))


def _check_domain(
    person: Person, outcome: Outcome, account: Account, anchors: Anchors, around: Around
) -> None:
    reading, domain = outcome.reading, outcome.domain
    if domain is None:
        return
    twin = latin_twin(reading.address)
    fix = None if twin else fix_domain(domain, reading.address.lower(), anchors, around)
    target = twin or reading.address
    if twin:
        words = f"{reading.address} holds letters that only look Latin; {twin} is plain."
        outcome.found.append(Found("homoglyph", "mixed_scripts", Severity.ERROR, 0.9, words))
    if fix is not None:
        outcome.found.append(_of_fix(fix))
        if fix.domain:
            target = f"{reading.address.rpartition('@')[0]}@{fix.domain}"
            outcome.ask.add(look_at(fix.domain).name)
    else:
        said = address.heard(domain, around)
        if said and domain.name not in around.allowed_domains:
            outcome.found.append(said)
        is_website = anchors.website == domain.registrable
        outcome.found.extend(
            address.on_lists(reading, domain, around, account.rep_email, is_website=is_website)
        )
        if not any(item.code == "internal_address" for item in outcome.found):
            outcome.found.extend(_shared(person, outcome, account, anchors))
    _suggest(outcome, target)


def _shared(
    person: Person, outcome: Outcome, account: Account, anchors: Anchors
) -> Iterable[Found]:
    """This will say where else the address stands."""
    if not person.places or outcome.domain is None:
        return
    at_home = is_at_home(outcome.domain, anchors, outcome.reading.address.lower())
    yield from elsewhere(person.places, account, at_home=at_home)
    yield from without_customer(person.places, account, person.key)


def _of_fix(fix: Fix) -> Found:
    return Found(fix.code, fix.rule, fix.severity, fix.confidence, "\n".join(fix.words))


def _suggest(outcome: Outcome, target: str) -> None:
    """This will offer the address that all repairs together give, as sure as the least sure."""
    repairs = [item for item in outcome.found if _is_repair(item)]
    if not repairs or target == outcome.email:
        return
    if not look_at(target.rpartition("@")[2]).is_well_formed:
        return
    sure = min(item.confidence for item in repairs)
    outcome.found = [
        replace(item, suggestion=target, confidence=sure) if _is_repair(item) else item
        for item in outcome.found
    ]


def _is_repair(item: Found) -> bool:
    return item.code in _REPAIRS and item.rule not in {"unreadable", "local", "unknown_ending_only"}


_REPAIRS = frozenset(
    {"syntax", "whitespace", "wrapper_text", "multiple_addresses", "homoglyph",
     "domain_typo_wellknown", "domain_typo_company", "wrong_tld"}
)  # fmt: skip


def _check_person(outcome: Outcome, people: dict[int, Checked], around: Around) -> None:
    one, domain = people[outcome.key], outcome.domain
    if one.match.relation is Relation.EXPLAINED or domain is None or domain.disposable:
        return
    outcome.wonder = wondered(one)
    base = frozenset(word for word in outcome.wonder if around.named.get(word, 0) >= ENOUGH_NAMED)
    codes = {item.code for item in outcome.found}
    best = next((item.suggestion for item in outcome.found if item.suggestion), "")
    target = best or outcome.reading.address
    others = list(people.values())
    seen = frozenset(word for other in others if other is not one for word in other.name.words)
    wrong = misspelled(one, target, seen, base)
    if wrong is None and "internal_address" not in codes:
        wrong = mismatched(one, others, seen | base, domain.stem)
        # At a provider the part before the @ is anybody's choice: only a whole name tells.
        if wrong is not None and domain.free and wrong.rule not in _WHOLE_NAMES:
            return
    if wrong is None:
        return
    outcome.found.append(wrong)
    if wrong.suggestion and wrong.field == "email":
        outcome.found = [
            replace(item, suggestion=wrong.suggestion, confidence=min(item.confidence, 0.85))
            if item.suggestion and item.field == "email"
            else item
            for item in outcome.found
        ]


def _missing(person: Person, anchors: Anchors, around: Around) -> Found:
    found = Found("missing", "blank", Severity.ERROR, 1.0, "The field is empty.")
    return _with_found_elsewhere(found, person, anchors, around)


def _placeholder(person: Person, words: str, anchors: Anchors, around: Around) -> Found:
    found = Found("placeholder", "placeholder", Severity.ERROR, 0.95, words)
    return _with_found_elsewhere(found, person, anchors, around)


def _with_found_elsewhere(found: Found, person: Person, anchors: Anchors, around: Around) -> Found:
    """This will offer the one address that stands in the notes or among the phone numbers."""
    places = (*person.phones, person.job_title, person.last_name, person.first_name, person.notes)
    text = "\n".join(place for place in places if "@" in place)
    typed = [one for one in addresses_in(text) if not _is_ours(one, around)] if text else []
    if len(typed) != 1:
        return found
    local, _, name = typed[0].rpartition("@")
    fits = compare(local, name_of(*plain_name(person))).relation is Relation.EXPLAINED
    known = look_at(name).free or anchors.weight(look_at(name).registrable) > 0
    sure = 0.96 if known and fits else 0.9 if known or fits else 0.8
    words = f"{found.evidence}\n{typed[0]} stands in another field of the contact."
    return replace(
        found, rule=f"{found.rule}_found", suggestion=typed[0], confidence=sure, evidence=words
    )


def _is_ours(typed: str, around: Around) -> bool:
    return look_at(typed.rpartition("@")[2]).name in around.own_domains


def _at_many(places: Sequence[Place], local: str) -> str:
    """This will say why an address is a placeholder by the number of accounts that have it."""
    groups = {place.group for place in places}
    if len(groups) < placeholders.MANY_ACCOUNTS or is_role(local):
        return ""
    names = {place.contact.lower() for place in places if place.contact}
    fitting = sum(
        compare(local, name_of(name, "", "")).relation is not Relation.NONE for name in names
    )
    return placeholders.everybodys_address(len(groups), len(names), fitting)


def _is_nobodys(outcome: Outcome) -> bool:
    return any(item.code in {"missing", "placeholder"} for item in outcome.found)


def _settle(outcome: Outcome) -> None:
    """This will drop doubts about a proven address, and keep one finding for each code."""
    if outcome.proven.confirmed:
        outcome.found = [item for item in outcome.found if item.code not in _GUESSES]
    best: dict[str, Found] = {}
    for item in outcome.found:
        if item.code not in best or item.confidence > best[item.code].confidence:
            best[item.code] = item
    codes = set(best)
    alone = codes <= _SAFE_STEPS
    outcome.found = [
        replace(item, auto=bool(item.suggestion) and alone and item.confidence >= SURE)
        for item in best.values()
    ]
