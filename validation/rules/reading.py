"""Read the field: find the address in what was typed, and say what had to be put right."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from validation.rules.domains import is_suffix, look_at
from validation.rules.repairs import FLAT_ENDINGS, Repair, repair
from validation.rules.roles import is_role

LONGEST_READ = 1_000
LONGEST_ADDRESS = 254
LONGEST_LOCAL = 64

# The letters of an ordinary address (RFC 5321 dot-atoms); everything else takes the slow way.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
# An address inside other text. Signs that often divide addresses do not belong to it here.
# Marks on Indic, Thai, Lao, Burmese and Khmer letters are no letters to Python.
_MARKS = "\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u1000-\u109f\u1780-\u17d3"
_LOCAL = rf"[\w{_MARKS}!$%&'+=?^`~-]+"
_INSIDE = re.compile(
    rf"(?<![\w.@+-])(?P<local>{_LOCAL}(?:\.{_LOCAL}){{0,20}})@"
    rf"(?P<domain>[\w{_MARKS}-]+(?:\.[\w{_MARKS}-]+){{1,10}})(?![\w@]|\.[\w.])"
)
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_PLAIN_SIGNS = {"\u2018\u2019\u00b4": "'", "\u201c\u201d": '"', "\uff20\ufe6b": "@", "\u2022": " ",
                "\u2010\u2011\u2013\u2014": "-"}  # fmt: skip
_QUOTES = str.maketrans({sign: plain for signs, plain in _PLAIN_SIGNS.items() for sign in signs})
_WEB_PREFIX = re.compile(r"(?:^|@)www\.", re.IGNORECASE)
# A comma or the like inside an address, with nothing else around it.
_SIGN_INSIDE = re.compile(
    r"[\w.+'-]+[,;][\w.+'-]+@[\w.-]+|[\w.+'-]+@[\w-]+(?:\.[\w-]+)*[,;:\s](?:[a-z]{2,3})",
    re.IGNORECASE,
)
_SECONDS = frozenset({"co", "com", "org", "net", "gov", "ac"})
_AROUND = "'\"`<>()[]{}"
_WARNING = re.compile(
    r"\b(old|alt|ancien|viejo|vecchi\w|oud|do not|don'?t|nicht|bounce\w*|invalid|wrong|bad|left)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was put right: the code it reports under, its rule, why, and how sure."""

    code: str
    rule: str
    words: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a field. `address` is empty when nothing like an address was."""

    text: str
    address: str = ""
    others: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    local: str = field(init=False, default="", compare=False)
    typed_domain: str = field(init=False, default="", compare=False)

    def __post_init__(self) -> None:
        """This will part the address at the @, in small letters, once: every check reads it."""
        local, _, domain = self.address.lower().rpartition("@")
        object.__setattr__(self, "local", local)
        object.__setattr__(self, "typed_domain", domain)


def read(value: str, known: Sequence[str] = (), stems: Sequence[str] = ()) -> Reading:
    """This will find the address in a field.

    `known` are domains that belong to the customer, `stems` what one made of its name begins with.
    A field that holds an ordinary address and nothing else is done at once.
    """
    if len(value) <= LONGEST_ADDRESS and _PLAIN.fullmatch(value) and not _is_disguised(value):
        return Reading(value, value)
    return _read(value[:LONGEST_READ], tuple(known), tuple(stems))


def _is_disguised(value: str) -> bool:
    """This will find what makes no address of a well-formed one: www. before it, .couk behind."""
    low = value.lower()
    return ("www." in low and _WEB_PREFIX.search(low) is not None) or low.endswith(FLAT_ENDINGS)


def addresses_in(text: str) -> list[str]:
    """This will give the addresses that stand in a text, each once, in order."""
    found: dict[str, str] = {}
    for match in _INSIDE.finditer(text[: 4 * LONGEST_READ]):
        local = match["local"].strip("'`=")
        if local and look_at(match["domain"]).can_exist:
            address = f"{local}@{match['domain']}"
            found.setdefault(address.lower(), address)
    return list(found.values())


@lru_cache(maxsize=10_000)
def _read(  # noqa: PLR0911 - one line a kind of field
    value: str, known: tuple[str, ...], stems: tuple[str, ...]
) -> Reading:
    text, seen = _cleaned(value)
    if not text:
        return Reading("")
    steps = [seen] if seen else []
    if _PLAIN.fullmatch(text) and not _is_disguised(text):
        return Reading(text, text, steps=tuple(steps))
    joined = _joined(text)
    if joined:
        words = f"Blanks inside the address: {text!r}."
        return Reading(text, joined, steps=(Step("whitespace", "blank_inside", words, 0.97),))
    fixed = repair(text, known, stems) if _is_disguised(text) or _is_one_spoilt(text) else None
    if fixed is not None:
        return _repaired(text, fixed, steps)
    found = _spelled(text)
    if len(found) > 1:
        words = f"The field holds {len(found)} addresses: {', '.join(found)}."
        step = Step("multiple_addresses", "several", words, 0.9)
        return Reading(text, found[0], tuple(found[1:]), (step,))
    if found:
        return _wrapped(text, found[0], steps)
    return _repaired(text, repair(text, known, stems), steps)


def _is_one_spoilt(text: str) -> bool:
    """This will say whether a text is one address with a sign in it that stands for a dot.

    A word before a comma may also be a remark: only what could be a name counts.
    """
    if not _SIGN_INSIDE.fullmatch(text):
        return False
    local, _, domain = text.partition("@")
    head = re.split("[,;]", local)[0]
    if head != local:
        return head.isalpha() and not is_role(head)
    *_rest, second, land = re.split(r"[,;:.\s]", domain.lower())
    return second in _SECONDS and is_suffix(f"{second}.{land}")


def _cleaned(value: str) -> tuple[str, Step | None]:
    """This will drop invisible signs and outer blanks, and say so; letters get their usual form."""
    visible = _INVISIBLE.sub("", value)
    if not visible.isascii():
        visible = unicodedata.normalize("NFC", visible)  # é in two signs, as some systems write it
    text = visible.strip()
    around = len(text) != len(value) if value.isascii() else _is_padded(value)
    folded = unicodedata.normalize("NFKC", text.translate(_QUOTES)).strip()
    if folded != text and folded.isascii():
        words = f"Signs that only look like plain ones: {text[:80]!r}."
        return folded, Step("syntax", "lookalike_signs", words, 0.97)
    if not around:
        return text, None
    what = (
        "Invisible signs in it." if _INVISIBLE.search(value) else "Blanks stand around the address."
    )
    return text, Step("whitespace", "blank_outside", what, 0.99)


def _is_padded(value: str) -> bool:
    """This will say whether blanks or invisible signs stand in or around a text."""
    return value != value.strip() or _INVISIBLE.search(value) is not None


def _joined(text: str) -> str:
    """This will give the address without the blanks inside it, if they are all that is wrong."""
    parts = text.split()
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return ""
    open_ends = all(one[-1] in "._-@" or two[0] in "._-@" for one, two in pairwise(parts))
    if not open_ends and any(_is_whole(part) for part in parts):
        return ""
    joined = "".join(parts)
    if not _PLAIN.fullmatch(joined) or not look_at(joined.rpartition("@")[2]).can_exist:
        return ""
    return joined


def _is_whole(part: str) -> bool:
    match = _INSIDE.fullmatch(part)
    return match is not None and look_at(match["domain"]).can_exist


def _spelled(text: str) -> list[str]:
    """This will give the whole addresses inside a text, each once, in order."""
    found: dict[str, str] = {}
    for match in _INSIDE.finditer(text):
        local = match["local"].strip("'`=")
        if local and "_" not in match["domain"]:
            address = f"{local}@{match['domain']}"
            found.setdefault(address.lower(), address)
    return list(found.values())


def _wrapped(text: str, address: str, steps: list[Step]) -> Reading:
    """This will read an address that stands inside other text."""
    rest = re.sub(re.escape(address), " ", text, flags=re.IGNORECASE).strip()
    if not rest:
        return Reading(text, address, steps=tuple(steps))
    if rest in {".", "..", "..."} and text.endswith("."):
        step = Step("syntax", "dot_at_end", "A dot stands behind the address.", 0.98)
    elif _one_word_before(text, address):
        words = f"A blank inside: {text!r} may be one address or a word and an address."
        step = Step("whitespace", "word_before", words, 0.6)
    else:
        sure = 0.6 if _WARNING.search(rest) else 0.98
        shown = rest.strip(_AROUND + " ") or rest
        step = Step("wrapper_text", "text_around", f"Other text around it: {shown[:80]!r}.", sure)
    if step.code == "wrapper_text":
        steps = []
    return Reading(text, address, steps=(*steps, step))


def _one_word_before(text: str, address: str) -> bool:
    head = text[: -len(address)].strip() if text.lower().endswith(address.lower()) else ""
    words = head.split()
    return bool(words) and all(word.isalnum() and word.islower() for word in words)


def _repaired(text: str, fixed: Repair | None, steps: list[Step]) -> Reading:
    """This will read what is no address at all, put right if one slip explains it."""
    if fixed is None:
        return Reading(text, steps=tuple(steps))
    step = Step("syntax", fixed.rule, fixed.words, fixed.confidence)
    return Reading(text, fixed.address, steps=(*steps, step))
