"""Put right what is no address: one slip at a time, the likeliest first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from validation.rules.domains import is_suffix, look_at
from validation.rules.lists import FREE_MAIL, PROVIDERS

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_AT_NAMES = (
    "at|ät|arroba|arobase|arrobas|chiocciola|ape?n?staartje|snabel-?a|alfakr[øo]ll|kr[øo]llalfa"
    "|ma[łl]pa|zavin[áa][čc]|kukac|miukumauku|klammeraffe|coada de maimuta"
)
_AT_WORD = re.compile(
    rf"\s*[(\[{{<]\s*(?:{_AT_NAMES}|@)\s*[)\]}}>]\s*"
    rf"|\s+(?:{_AT_NAMES}|bei|chez|presso)\s+|_at_|\s*%40\s*|\s*&#64;\s*",
    re.IGNORECASE,
)
_DOT_WORD = re.compile(
    r"\s*[(\[{<]\s*(?:dot|punkt|point|punto|ponto|punt|kropka|tečka|pont)\s*[)\]}>]\s*"
    r"|\s+(?:dot|punkt|point|punto|ponto|punt|kropka|tečka|pont)\s+|_dot_",
    re.IGNORECASE,
)
_STRAY_IN_DOMAIN = re.compile(r"\s*[,;:/\\'`\u00b4·]\s*|\.?\s+\.?")
_TYPED_FOR_AT = ('"', "#", "£", "€", "§", "à", "ò", "&", "!", "q", "2", "Q", "ł", "'", "v", "V")
_DIVIDES = ".,;:/_-|\\ "
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d$")  # its last digit is no slip of the @
_LETTERS_FOR_AT = frozenset("q2QvV'")
_GENERIC = ("co.uk", "com.au", "com.br", "com.mx", "com.ar", "co.nz", "co.za", "com.tr",
            "com", "net", "org", "info", "edu", "gov", "biz")  # fmt: skip
FLAT_ENDINGS = tuple(f".{end.replace('.', '')}" for end in _GENERIC if "." in end)
_ENDINGS = (*_GENERIC, "de", "fr", "it", "es", "nl", "ch", "at", "be", "us", "eu", "pl", "se", "dk")
_WEB = re.compile(r"(?:(?:^|(?<=@))(?:https?:/{0,2}|www\.))+|^(?:mailto:|e-?mail:?)", re.IGNORECASE)
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired address, the rule that made it, why, and how sure."""

    address: str
    rule: str
    words: str
    confidence: float


def repair(text: str, known: Sequence[str], stems: Sequence[str] = ()) -> Repair | None:
    """This will repair a text that is no address, or give nothing when no single slip explains it.

    `known` are domains that belong to the customer, `stems` what a domain made of its name would
    begin with; some slips can only be told with them.
    """
    known = (*known, *_named_behind(text, stems))
    for attempt in _ATTEMPTS:
        fixed = attempt(text, known)
        if fixed is not None:
            return fixed
    return None


def _at_spelled(text: str, _known: Sequence[str]) -> Repair | None:
    fixed = _DOT_WORD.sub(".", _AT_WORD.sub("@", text)).replace(" ", "")
    if fixed == text.replace(" ", "") or not _is_good(fixed):
        return None
    return Repair(fixed, "at_spelled", f"The @ or the dot is spelled out: {text!r}.", 0.97)


def _at_twice(text: str, _known: Sequence[str]) -> Repair | None:
    fixed = re.sub(r"@(?:\s*@)+", "@", text)
    if fixed == text or not _is_good(fixed):
        return None
    return Repair(fixed, "two_at", "The @ stands there twice.", 0.98)


def _dots(text: str, _known: Sequence[str]) -> Repair | None:
    fixed = text.strip(".")
    fixed = re.sub(r"\.*@\.*", "@", re.sub(r"\.{2,}", ".", fixed))
    if fixed == text or not _is_good(fixed):
        return None
    local_changed = fixed.partition("@")[0] != text.partition("@")[0]
    words = "A dot too many before the @." if local_changed else "A dot too many in the domain."
    return Repair(fixed, "dots", words, 0.9 if local_changed else 0.98)


def _sign_for_dot(text: str, known: Sequence[str]) -> Repair | None:
    local, at, domain = text.partition("@")
    if not at or "@" in domain:
        return None
    fixed = f"{local.strip()}@{_STRAY_IN_DOMAIN.sub('.', domain.strip())}"
    if fixed == text or not _is_good(fixed):
        return None
    name = fixed.partition("@")[2].lower()
    sure = 0.98 if name in known or name in FREE_MAIL else 0.96
    return Repair(fixed, "sign_for_dot", f"Another sign stands for a dot: {text!r}.", sure)


def _lost_dot(text: str, known: Sequence[str]) -> Repair | None:
    """This will put the dot before the ending back: parker-huffcom, gmailcom."""
    local, at, domain = text.strip().partition("@")
    domain = domain.lower()
    if not at or not _LOCAL.fullmatch(local):
        return None
    for name in (*known, *PROVIDERS):
        if name != domain and name.replace(".", "") == domain.replace(".", ""):
            return Repair(f"{local}@{name}", "lost_dot", f"A dot is missing in {domain}.", 0.97)
    if "." in domain and not domain.endswith(FLAT_ENDINGS):
        return None
    for ending in _ENDINGS:
        flat = ending.replace(".", "")
        fixed = f"{domain.removesuffix(flat).rstrip('.')}.{ending}"
        if domain.endswith(flat) and len(domain) > len(flat) + 1 and look_at(fixed).is_well_formed:
            sure = 0.96 if "." in domain else 0.85 if ending in _GENERIC else 0.5
            words = f"A dot is missing before the ending of {domain}."
            return Repair(f"{local}@{fixed}", "lost_dot", words, sure)
    return None


def _lost_ending(text: str, known: Sequence[str]) -> Repair | None:
    """This will put the ending back: john@gmail, john@acme where acme.com is the customer's."""
    local, at, domain = text.strip().partition("@")
    domain = domain.lower().rstrip(".")
    if not at or "." in domain or not _LOCAL.fullmatch(local) or not domain:
        return None
    meant = [name for name in known if name.partition(".")[0] == domain]
    sure = 0.93
    if not meant:
        meant = [name for name in PROVIDERS if name.partition(".")[0] == domain]
        endings = {name.rpartition(".")[2] for name in known}
        here = [name for name in meant if name.rpartition(".")[2] in endings]
        sure = 0.9 if len(meant) == 1 or (meant and PROVIDERS[meant[0]] == "coined") else 0.6
        meant = meant if meant[:1] == [f"{domain}.com"] and sure > 0.6 else here or meant  # noqa: PLR2004 - as above
    if not meant:
        return None
    words = f"The ending is missing; {meant[0]} is meant."
    return Repair(f"{local}@{meant[0]}", "lost_ending", words, sure)


def _known_behind(text: str, known: Sequence[str]) -> Repair | None:
    """This will find the customer's domain or a provider behind a lost or mistyped @."""
    bare = text.strip()
    low = bare.lower()
    if "@" in low:
        return None
    for name in sorted((*known, *PROVIDERS), key=len, reverse=True):
        head = bare[: -len(name)] if low.endswith(name) else ""
        if not head or not (head[-1].isalnum() or head[-1] in "\"'#£€§!&" + _DIVIDES):
            continue
        if name not in known and name not in _BEHIND and not head[-1].isdigit():
            continue
        own = name in known
        fixed = _without_sign(head)
        if fixed and _is_good(f"{fixed}@{name}"):
            words = f"Something else was typed for the @ before {name}."
            sure = (
                0.6 if fixed[-1].isdigit() else 0.93 if own else 0.8 if head[-1].isalnum() else 0.9
            )
            return Repair(f"{fixed}@{name}", "sign_for_at", words, sure)
        divided = head[-1] in _DIVIDES
        head = head.rstrip(_DIVIDES)
        if _LOCAL.fullmatch(head) and len(head) >= SHORTEST_NAME - own and not _is_host(head):
            words = f"The @ is missing before {name}."
            sure = (0.93 if own else 0.85) - 0.1 * divided
            return Repair(f"{head}@{name}", "lost_at", words, sure)
    return None


def _is_host(head: str) -> bool:
    """This will say whether a text before a domain makes a web address of it: www, mail, https."""
    return re.fullmatch(r"(?:https?|www\d?|mail|smtp|shop|web|portal)", head.lower()) is not None


def _named_behind(text: str, stems: Sequence[str]) -> list[str]:
    """This will find a domain made of the customer's name at the end of a text without @."""
    low = text.strip().lower()
    if "@" in low:
        return []
    found = (low[at:] for stem in stems if (at := low.rfind(stem)) > 0)
    return [name for name in found if look_at(name).can_exist]


def _without_sign(head: str) -> str:
    """This will drop the sign that was typed for the @, if the text before ends with one."""
    for sign in _TYPED_FOR_AT:
        if head.endswith(sign) and len(head) > len(sign) + 1:
            return "" if sign.isdigit() and _YEAR.search(head) else head.removesuffix(sign)
    # On many keyboards the key of the @ gives a letter that no address has: ä, ł, ö.
    return head[:-1] if not head[-1].isascii() and head[:-1].isascii() else ""


def _sign_for_at(text: str, _known: Sequence[str]) -> Repair | None:
    """This will read a sign that no address holds as the @: john"acme.com."""
    if "@" in text:
        return None
    for sign in _TYPED_FOR_AT:
        if sign in _LETTERS_FOR_AT or text.count(sign) != 1:
            continue
        fixed = text.replace(sign, "@").replace(" ", "")
        if _is_good(fixed):
            words = f"{sign} was typed for the @."
            return Repair(fixed, "sign_for_at", words, 0.9)
    return None


def _sign_behind_at(text: str, _known: Sequence[str]) -> Repair | None:
    fixed = re.sub(r"@[^\w@]+(?=\w)", "@", text)
    if fixed == text or not _is_good(fixed):
        return None
    return Repair(fixed, "sign_behind_at", f"A stray sign stands behind the @: {text!r}.", 0.93)


def _sign_in_local(text: str, _known: Sequence[str]) -> Repair | None:
    """This will read a comma before the @ as the dot that it stands for: anna,berg@acme.com."""
    local, at, domain = text.strip().partition("@")
    fixed = f"{re.sub(r'[,;]', '.', local)}@{domain}"
    if not at or fixed == text.strip() or not _is_good(fixed):
        return None
    words = f"Another sign stands for a dot before the @: {text!r}."
    return Repair(fixed, "sign_in_local", words, 0.85)


def _underscore(text: str, known: Sequence[str]) -> Repair | None:
    """This will put a hyphen for an underscore, which no domain has."""
    local, at, domain = text.strip().partition("@")
    fixed = f"{local}@{domain.replace('_', '-')}"
    if not at or "_" not in domain or not _is_good(fixed):
        return None
    sure = 0.95 if domain.replace("_", "-").lower() in known else 0.7
    return Repair(fixed, "underscore", f"No domain has an underscore: {domain}.", sure)


def _web_prefix(text: str, _known: Sequence[str]) -> Repair | None:
    fixed = _WEB.sub("", text.strip())
    if fixed == text.strip() or not _is_good(fixed):
        return None
    return Repair(fixed, "web_prefix", f"It starts like a web address: {text!r}.", 0.93)


def _is_good(address: str) -> bool:
    """This will say whether a text is an address at a domain that can be."""
    local, at, domain = address.partition("@")
    if not at or not _LOCAL.fullmatch(local):
        return False
    looked = look_at(domain)
    return looked.is_well_formed or (looked.fault == "unknown_tld" and not is_suffix(looked.tld))


_BEHIND = frozenset(
    name for name in PROVIDERS if PROVIDERS[name] == "coined" or len(name) > 2 * SHORTEST_NAME + 1
)
_ATTEMPTS: tuple[Callable[[str, Sequence[str]], Repair | None], ...] = (
    _at_spelled,
    _at_twice,
    _dots,
    _known_behind,
    _lost_ending,
    _lost_dot,
    _sign_for_dot,
    _sign_in_local,
    _underscore,
    _sign_for_at,
    _sign_behind_at,
    _web_prefix,
)
