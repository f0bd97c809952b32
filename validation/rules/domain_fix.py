"""Which domain was meant: the customer's own, a large provider's, or one with another ending."""

from dataclasses import dataclass

from validation.rules.account import Around, Delivery
from validation.rules.anchors import Anchors
from validation.rules.domains import (
    Domain,
    is_suffix,
    look_at,
    near_providers,
    near_tlds,
    with_com,
)
from validation.rules.found import Severity
from validation.rules.lists import PROVIDERS, family_names
from validation.rules.names import spellings
from validation.rules.near import slips

LONG_STEM = 10
LONG_NAME = 8
ENOUGH = 2
CLEARLY_MORE = 5
_DOUBLE_ENDINGS = ("co.uk", "com.br", "com.au", "com.mx", "co.jp", "com.ar", "co.nz", "co.za",
                   "com.tr", "co.in", "co.kr", "com.co", "com.sg", "com.hk")  # fmt: skip
_SECONDS = ("co", "com", "org", "net", "gov", "ac", "edu", "gob", "sch", "or", "ltd", "me")
_LANDS = ("uk", "br", "au", "mx", "nz", "za", "jp", "in", "tr", "ar", "kr", "il", "pl", "sg", "hk")
_FLAT_ENDINGS = {ending.replace(".", ""): ending for ending in _DOUBLE_ENDINGS}
# By what the name alone says (see domains.Domain.meant_by): how sure a provider was meant when the
# typed domain takes no mail, has only a server, was never asked about, or takes mail.
_PROVIDER_SURE = {
    "listed": (0.98, 0.97, 0.96, 0.93),
    "ending": (0.98, 0.97, 0.96, 0.93),
    "coined": (0.98, 0.96, 0.9, 0.86),
    "doubled": (0.97, 0.95, 0.85, 0.7),
    "far": (0.93, 0.9, 0.75, 0.0),
    "letters": (0.8, 0.6, 0.5, 0.0),
    "smaller": (0.85, 0.7, 0.0, 0.0),
    "lost_com": (0.95, 0.9, 0.8, 0.6),
    "generic": (0.93, 0.9, 0.8, 0.6),
    "country": (0.9, 0.7, 0.0, 0.0),
    "word": (0.8, 0.6, 0.0, 0.0),
}


# The same for one slip from a domain that many customers use.
_BUSY_SURE = {Delivery.UNDELIVERABLE: 0.93, Delivery.RISKY: 0.85}
_LESS_SURE = frozenset({"word", "country", "smaller", "letters"})


@dataclass(frozen=True, slots=True)
class Fix:
    """Another domain, the code and rule that say so, why, and how sure."""

    domain: str
    code: str
    rule: str
    words: tuple[str, ...]
    confidence: float
    severity: str = Severity.ERROR


def fix_domain(domain: Domain, key: str, anchors: Anchors, around: Around) -> Fix | None:
    """This will find the domain that was meant, or nothing when the typed one may be right.

    `key` is the address itself, so that it does not speak for its own domain.
    """
    if domain.name in around.allowed_domains or domain.registrable in around.own_domains:
        return None
    if domain.free or domain.fault in {"syntax", "reserved", "no_ending"}:
        return None
    return (
        _own_domain(domain, key, anchors, around)
        or _provider(domain, key, anchors, around)
        or _busy(domain, key, anchors, around)
        or _named(domain, key, anchors, around)
        or _swapped_second(domain, anchors, around)
        or _turned_ending(domain, around)
        or _ending(domain, around)
    )


def _state(domain: Domain, around: Around) -> str:
    return Delivery.UNDELIVERABLE if domain.fault else around.verdict_of(domain.name)


def _own_domain(domain: Domain, key: str, anchors: Anchors, around: Around) -> Fix | None:
    """This will compare with the customer's other domains; the best supported one wins."""
    found = [
        fix
        for name in anchors.names()
        if name != domain.registrable
        and (fix := _compare(domain, key, look_at(name), anchors, around)) is not None
    ]
    return max(found, key=lambda fix: (anchors.weight(fix.domain), fix.domain), default=None)


def _compare(
    domain: Domain, key: str, anchor: Domain, anchors: Anchors, around: Around
) -> Fix | None:
    how = likeness(domain, anchor)
    if not how or around.verdict_of(anchor.name) == Delivery.UNDELIVERABLE:
        return None
    mine = anchors.weight(domain.registrable, without=key)
    theirs = anchors.weight(anchor.registrable, without=key)
    state = _state(domain, around)
    sure = _sureness(state, how, mine, theirs)
    if state == Delivery.DELIVERABLE and not _may_be_slip(domain, anchor, how, around):
        return None
    if theirs < ENOUGH and state in {Delivery.NEVER_ASKED, Delivery.UNKNOWN}:
        # One against one: only the customer's name can tell which of the two is the slip.
        known = anchors.is_in_name(anchor) and not anchors.is_in_name(domain)
        sure = 0.7 if known and not mine else 0.0
    if not sure:
        return None
    code = "wrong_tld" if how == "ending" else "domain_typo_company"
    name = _with_subdomain(domain, anchor)
    severity = Severity.WARNING if state == Delivery.DELIVERABLE else Severity.ERROR
    words = _why(domain, anchor, anchors, key, state)
    return Fix(name, code, f"anchor_{how}", words, sure, severity)


def likeness(domain: Domain, anchor: Domain) -> str:
    """This will say how two domains are alike: by stem ("ending"), "slip", "hyphen", "slips"."""
    if domain.stem == anchor.stem:
        return "ending"
    one, two = domain.registrable, anchor.registrable
    if _without_signs(domain.name) == _without_signs(two) or _same_sound(domain, anchor):
        return "hyphen"
    distance = slips(one, two, 2)
    if distance == 1:
        return "slip"
    long = min(len(domain.stem), len(anchor.stem)) >= LONG_STEM
    return "slips" if distance == 2 and long else ""  # noqa: PLR2004 - two slips


def _without_signs(name: str) -> str:
    return name.replace("-", "").replace(".", "")


def _same_sound(domain: Domain, anchor: Domain) -> bool:
    """This will say whether names differ by how an umlaut or accent is written: müller, mueller."""
    if domain.suffix != anchor.suffix or "xn--" not in domain.stem + anchor.stem:
        return False
    return bool(spellings(domain.stem) & spellings(anchor.stem))


def _sureness(state: str, how: str, mine: int, theirs: int) -> float:
    """This will say how sure we are, by what DNS says of the typed domain and who has which."""
    close, enough = how != "slips", theirs >= ENOUGH
    if not theirs or mine > theirs:
        return 0.0
    if state == Delivery.UNDELIVERABLE:
        return 0.98 if close else 0.9
    if mine == theirs or (mine and state != Delivery.RISKY):
        return 0.0
    if state == Delivery.RISKY:
        return (0.96 if enough else 0.9) if close else 0.8
    return (0.75 if enough else 0.0) if state == Delivery.DELIVERABLE else 0.85 * close


def _may_be_slip(domain: Domain, anchor: Domain, how: str, around: Around) -> bool:
    """This will say whether a domain that takes mail may still be a slip of the customer's.

    Firms own several endings and sister firms differ by a number or a hyphen: only an ending one
    slip away, or a letter, at a domain that no other customer has.
    """
    if around.accounts_at.get(domain.name, 1) > 1:
        return False
    if how == "ending":
        return slips(domain.suffix, anchor.suffix) == 1
    digits = [sign for sign in domain.stem if sign.isdigit()]
    return how == "slip" and digits == [sign for sign in anchor.stem if sign.isdigit()]


def _with_subdomain(domain: Domain, anchor: Domain) -> str:
    """This will put the anchor in the place of the registrable part, below which it stays."""
    if _without_signs(domain.name) == _without_signs(anchor.registrable):
        return anchor.registrable
    return domain.name.removesuffix(domain.registrable) + anchor.registrable


def _why(domain: Domain, anchor: Domain, anchors: Anchors, key: str, state: str) -> tuple[str, ...]:
    words = [f"{domain.name} is close to {anchor.registrable}, which is the customer's:"]
    others = len(anchors.keys.get(anchor.registrable, frozenset()) - {key})
    if others:
        words.append(f"{others} other {'address is' if others == 1 else 'addresses are'} there.")
    if anchors.website == anchor.registrable:
        words.append("The website is there.")
    if not others and anchors.website != anchor.registrable:
        words.append("Other customers of the group are there.")
    return (words[0] + " " + " ".join(words[1:]), *_said(domain, state))


def _said(domain: Domain, state: str) -> tuple[str, ...]:
    if domain.fault == "unknown_tld":
        return (f"There is no ending .{domain.tld}.",)
    if state == Delivery.UNDELIVERABLE:
        return (f"{domain.name} takes no mail.",)
    if state == Delivery.RISKY:
        return (f"{domain.name} has no mail server.",)
    if state == Delivery.DELIVERABLE:
        return (f"{domain.name} takes mail, so it may be right.",)
    return ()


def named_like(domain: Domain, stems: tuple[str, ...]) -> str:
    """This will give the domain that the customer's name makes, one slip from the typed one."""
    stem = domain.stem
    for made in stems:
        one, two = stem.replace("-", ""), made.replace("-", "")
        if (
            len(two) >= LONG_NAME
            and one != two
            and slips(one, two) == 1
            and ("-" in made) == ("-" in stem)
        ):
            return f"{made}.{domain.suffix}"
    return ""


def _named(domain: Domain, key: str, anchors: Anchors, around: Around) -> Fix | None:
    """This will compare with the customer's name, when the domain takes no mail of its own."""
    state = _state(domain, around)
    meant = named_like(domain, anchors.stems) if domain.can_exist else ""
    if not meant or state not in {Delivery.UNDELIVERABLE, Delivery.RISKY}:
        return None
    verdict = around.verdict_of(meant)
    if anchors.weight(domain.registrable, without=key) or verdict == Delivery.UNDELIVERABLE:
        return None
    words = (f"{domain.name} is one slip away from the customer's name: {meant}.",)
    sure = 0.9 if verdict == Delivery.DELIVERABLE else 0.7
    return Fix(meant, "domain_typo_company", "firm_name", words + _said(domain, state), sure)


def _provider(domain: Domain, key: str, anchors: Anchors, around: Around) -> Fix | None:
    if not domain.meant:
        return None
    meant, is_clear = _likeliest(domain, around)
    state = _state(domain, around)
    column = {Delivery.UNDELIVERABLE: 0, Delivery.RISKY: 1, Delivery.DELIVERABLE: 3}.get(
        Delivery(state), 2
    )
    sure = _PROVIDER_SURE[domain.meant_by][column]
    at_home = anchors.weight(domain.registrable, without=key) or anchors.is_in_name(domain)
    is_doubtful = state != Delivery.UNDELIVERABLE or domain.meant_by in _LESS_SURE
    if not sure or (at_home and is_doubtful and not domain.fault):
        return None
    same_stem = _is_same_name(domain, look_at(meant))
    words = (f"{domain.name} is one slip away from {meant}, a large provider.",)
    return Fix(
        meant,
        "wrong_tld" if same_stem else "domain_typo_wellknown",
        f"provider_{domain.meant_by}",
        words + _said(domain, state),
        sure if is_clear else min(sure, 0.8),
    )


def _likeliest(domain: Domain, around: Around) -> tuple[str, bool]:
    """This will give the provider that was meant, and whether no other is as near: yahoo.com.vr.

    Of several the one that most customers here use is the likeliest.
    """
    rivals = near_providers(domain.name)
    kind = PROVIDERS.get(domain.meant, "")
    near = [name for name in rivals if PROVIDERS[name] == kind]
    if domain.meant not in near or len(near) == 1:
        return domain.meant, True
    used = sorted((around.busy.get(name, 0) for name in near), reverse=True)
    if not used[0]:
        return domain.meant, False
    best = max(near, key=lambda name: (around.busy.get(name, 0), name))
    return best, used[0] >= CLEARLY_MORE * max(used[1], 1)


def _busy(domain: Domain, key: str, anchors: Anchors, around: Around) -> Fix | None:
    """This will compare with the domains of this base that many customers use: its providers.

    They differ by country, and no list has them all. A domain that is at home at the customer, or
    that others have too, is no slip; nor is one that takes mail.
    """
    state = _state(domain, around)
    sure = _BUSY_SURE.get(Delivery(state), 0.0)
    if not sure or around.accounts_at.get(domain.name, 1) > 1 or domain.stem in family_names():
        return None
    if anchors.weight(domain.registrable, without=key) or anchors.is_in_name(domain):
        return None
    near = [name for name in around.near_busy.near(domain.name) if name[0] == domain.name[0]]
    near = [name for name in near if around.verdict_of(name) != Delivery.UNDELIVERABLE]
    best = max(near, key=lambda name: around.busy[name], default="")
    if not best or best in around.own_domains:
        return None
    words = (
        f"{domain.name} is one slip away from {best}, where {around.busy[best]:,} customers are.",
    )
    code = "wrong_tld" if _is_same_name(domain, look_at(best)) else "domain_typo_wellknown"
    return Fix(best, code, "busy_domain", words + _said(domain, state), sure)


def _is_same_name(domain: Domain, meant: Domain) -> bool:
    """This will say whether only the ending differs: yahoo.con.mx, but not poczta.onte.pl."""
    return domain.name.partition(".")[0] == meant.stem


def _double_endings(name: str) -> list[str]:
    """This will give names with an ending of two parts one slip away: acme.co.um, acme.org.ku."""
    head, _, tail = name.rpartition(".")
    head, _, second = head.rpartition(".")
    if not head:
        return []
    near = [end for end in _DOUBLE_ENDINGS if slips(f"{second}.{tail}", end) == 1]
    near += [f"{second}.{land}" for land in _LANDS if slips(tail, land) == 1]
    return [f"{head}.{end}" for end in dict.fromkeys(near) if is_suffix(end)]


def _swapped_second(domain: Domain, anchors: Anchors, around: Around) -> Fix | None:
    """This will put right the second part of an ending that the land has not: co.br, con.mx."""
    head, _, tld = domain.name.rpartition(".")
    head, _, second = head.rpartition(".")
    if not head or domain.suffix != tld or domain.stem != second:
        return None
    other = {"co": "com", "com": "co"}.get(second, "")
    near = [other] if other else [part for part in _SECONDS if slips(second, part) == 1]
    meant = [f"{head}.{part}.{tld}" for part in near if is_suffix(f"{part}.{tld}")]
    meant.sort(key=lambda name: (-anchors.weight(name), -around.accounts_at.get(name, 0)))
    state = _state(domain, around)
    takes_mail = {Delivery.DELIVERABLE, Delivery.RISKY} if other else {Delivery.DELIVERABLE}
    if not meant or state in takes_mail or not (other or state):
        return None
    words = (f"In .{tld} there is no ending .{second}.{tld}.",)
    only = len(meant) == 1 or anchors.weight(meant[0]) > 0
    sure = (0.93 if state == Delivery.UNDELIVERABLE else 0.8) if only else 0.7
    return Fix(meant[0], "wrong_tld", "second_part", words + _said(domain, state), sure)


def _turned_ending(domain: Domain, around: Around) -> Fix | None:
    """This will turn an ending written the wrong way round: acme.mx.com, acme.uk.co."""
    head, _, tld = domain.name.rpartition(".")
    head, _, land = head.rpartition(".")
    meant = f"{head}.{tld}.{land}"
    if not head or domain.tld not in {"com", "co"} or not is_suffix(f"{tld}.{land}"):
        return None
    if _state(domain, around) == Delivery.DELIVERABLE:
        return None
    alive = around.verdict_of(meant) == Delivery.DELIVERABLE
    words = (f"The ending of {domain.name} is written the wrong way round.",)
    return Fix(meant, "wrong_tld", "turned", words, 0.9 if alive else 0.8)


def _lost_com(domain: Domain, around: Around) -> Fix | None:
    """This will put .com for .co, .cm or .om, where the typed domain is dead and that one lives."""
    meant = with_com(domain)
    dead = around.verdict_of(domain.name) == Delivery.UNDELIVERABLE
    if not meant or not dead or around.verdict_of(meant) != Delivery.DELIVERABLE:
        return None
    words = (f"{domain.name} takes no mail, {meant} does.",)
    return Fix(meant, "wrong_tld", "lost_com", words, 0.85)


def _ending(domain: Domain, around: Around) -> Fix | None:
    """This will put a common ending in the place of one that does not exist."""
    if domain.fault != "unknown_tld":
        return _lost_com(domain, around)
    head = domain.name.removesuffix(domain.tld)
    flat = _FLAT_ENDINGS.get(domain.tld)
    endings = [flat] if flat else near_tlds(domain.tld)
    names = [head + ending for ending in endings if look_at(head + ending).is_well_formed]
    names = _double_endings(domain.name) + names
    names = [name for name in names if around.verdict_of(name) != Delivery.UNDELIVERABLE]
    words = (f"There is no ending .{domain.tld}.",)
    if not names:
        return Fix("", "wrong_tld", "unknown_ending", words, 0.95)
    takes_mail = [name for name in names if around.verdict_of(name) == Delivery.DELIVERABLE]
    best = (takes_mail or names)[0]
    sure = (0.96 if len(takes_mail) == 1 else 0.85) if len(names) == 1 or takes_mail else 0.7
    return Fix(best, "wrong_tld", "unknown_ending", words, sure)
