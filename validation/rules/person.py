"""Whether the address is this person's, the name spelt right, and the person still there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from validation.rules.account import Person
from validation.rules.found import Found, Severity
from validation.rules.lists import departures
from validation.rules.names import (
    Match,
    Name,
    Relation,
    compare,
    letters_of,
    name_of,
    parts_of,
)
from validation.rules.spelling import Right, is_family, is_given, which_is_right

_MARKED = re.compile(r"^\W*(?:x{1,3}(?=[A-Z])|[xX]{2,3}[\s._-]+|[zZ]{2,3}(?=[\s._A-Z-])[\s._-]*)")
_MARK_AROUND = re.compile(r"[*(\[][^*)\]]*[*)\]]|\s+-\s+.*$|^[A-Z' ]+ - ")
SHORT_WORD = 4
SHORTEST_PAIR = 6


@dataclass(frozen=True, slots=True)
class Checked:
    """A contact with its name taken apart and compared with its address."""

    person: Person
    name: Name
    match: Match
    local: str


def departed(name: str, job_title: str, notes: str) -> str:
    """This will say why somebody has left, or nothing."""
    if _MARKED.match(name):
        return f"The name is marked as no longer in use: {name!r}."
    for said, what in (
        (_says_so(name, title=True), "The name says"),
        (_title_says_so(job_title), "The job title says"),
        (_says_so(notes, title=False), "The notes say"),
    ):
        if said:
            return f"{what}: {said!r}."
    return ""


def _says_so(text: str, *, title: bool) -> str:
    """This will give the words that say somebody has left, with a little around them."""
    anywhere, titles = departures()
    match = (titles if title else anywhere).search(text) if text else None
    if match is None:
        return ""
    start = max(match.start() - 20, 0)
    return text[start : start + 80].strip()


@lru_cache(maxsize=20_000)
def _title_says_so(job_title: str) -> str:
    return _says_so(job_title, title=True)


def plain_name(person: Person) -> tuple[str, str, str]:
    """This will give first, middle and last name without marks such as ZZ or *gone*."""
    return (
        _unmarked(person.first_name),
        _unmarked(person.middle_name),
        _unmarked(person.last_name),
    )


def _unmarked(part: str) -> str:
    if not part or (part.isalpha() and not _MARKED.match(part)):
        return part
    return _MARK_AROUND.sub("", _MARKED.sub("", part)).strip()


def checked(person: Person, local: str) -> Checked:
    """This will compare a person's name with the part before the @."""
    name = name_of(*plain_name(person))
    return Checked(person, name, compare(local, name), local)


def misspelled(one: Checked, address: str, seen: frozenset[str]) -> Found | None:
    """This will say that name or address holds a slip, and which of the two where it can."""
    match = one.match
    if match.relation is not Relation.NEAR:
        return None
    right = which_is_right(match.word, match.typed, is_first_name=match.is_first, seen=seen)
    words = f"The name has {match.word!r}, the address {match.typed!r}: one slip apart."
    if right is Right.FIRST:
        fixed = _in_address(address, match.typed, match.word)
        words += f" {match.word.title()} is the known spelling."
        if fixed:
            return _found("name_misspelled", "slip_in_address", 0.85, words, suggestion=fixed)
    if right is Right.SECOND:
        words += f" {match.typed.title()} is the known spelling."
        fixed = _in_name(one.person, match.word, match.typed)
        found = _found("name_misspelled", "slip_in_name", 0.85, words, suggestion=fixed)
        return replace(found, field="name", value=one.person.name)
    return _found("name_misspelled", "slip_unclear", 0.5, words + " Either may be right.")


def _in_address(address: str, typed: str, word: str) -> str:
    """This will put the right word in the place of the slip, before the @."""
    local, _, domain = address.rpartition("@")
    at = local.lower().rfind(typed)
    if at < 0 or local.lower().count(typed) != 1:
        return ""
    fixed = word.upper() if local.isupper() else word
    return f"{local[:at]}{fixed}{local[at + len(typed) :]}@{domain}"


def _in_name(person: Person, word: str, typed: str) -> str:
    """This will put the address's spelling into the name, keeping how it is written."""
    parts = person.name.split()
    for at, part in enumerate(parts):
        if part.lower() == word:
            parts[at] = typed.upper() if part.isupper() and len(part) > 1 else typed.capitalize()
            return " ".join(parts)
    return ""


def mismatched(
    one: Checked, others: Sequence[Checked], seen: frozenset[str], stem: str
) -> Found | None:
    """This will say that an address is somebody else's, when it names another and not this one.

    Needs more than silence: another contact whom the address fits, or words that are names.
    """
    relation = one.match.relation
    letters = letters_of(one.local)
    if relation not in {Relation.NONE, Relation.INITIAL} or len(letters) < SHORT_WORD - 1:
        return None
    if letters in stem.replace("-", "") or stem.replace("-", "") in letters:
        return None
    owner = next((other for other in others if _is_whole_match(one, other)), None)
    if owner is not None:
        words = (
            f"{one.local} fits {owner.person.name}, another contact here, not {one.person.name}."
        )
        return _found("name_email_mismatch", "other_contact", 0.8, words)
    if relation is Relation.INITIAL:
        return _other_first(one, seen) or _other_initial(one, others)
    return _strange_name(one, others, seen)


def _is_whole_match(one: Checked, other: Checked) -> bool:
    """This will say whether an address fits another contact by first and family name."""
    name = other.name
    if other.person.key == one.person.key or not name.first or not name.last:
        return False
    if name.words & one.name.words:
        return False
    letters, parts = letters_of(one.local), parts_of(one.local)
    if other.local == one.local:
        return False
    for first in name.forms:
        for last in name.lasts:
            if letters in {first + last, last + first, first[0] + last, first + last[0]}:
                return True
    return len(parts) == 1 and letters in name.forms and len(letters) >= SHORT_WORD


def _other_first(one: Checked, seen: frozenset[str]) -> Found | None:
    """This will say that another first name stands beside the family name."""
    typed = one.match.typed
    if len(typed) < SHORT_WORD - 1 or not is_given(typed, seen):
        return None
    words = f"{one.local} has the family name, but {typed.title()} is not {one.person.name}."
    return _found("name_email_mismatch", "other_first", 0.6, words)


def _other_initial(one: Checked, others: Sequence[Checked]) -> Found | None:
    """This will say that an initial is another's where colleagues' addresses have their own."""
    same = [other for other in others if _shape(other) == "flast" and other is not one]
    if len(same) < 2:  # noqa: PLR2004 - one colleague is no habit
        return None
    words = (
        f"{one.local} has the family name but another initial than {one.person.name};"
        f" {len(same)} colleagues' addresses have their own."
    )
    return _found("name_email_mismatch", "other_initial", 0.6, words)


def _strange_name(one: Checked, others: Sequence[Checked], seen: frozenset[str]) -> Found | None:
    parts = parts_of(one.local)
    letters = letters_of(one.local)
    shapes = [_shape(other) for other in others if other is not one]
    if len(parts) == 2:  # noqa: PLR2004 - first and last
        return _two_names(one, parts, seen)
    if len(parts) != 1 or any(sign.isdigit() for sign in one.local):
        return None
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("first", lambda: is_given(letters, seen)),
        ("last", lambda: is_family(letters, seen)),
        ("flast", lambda: _is_other_flast(one, letters, seen)),
        ("firstl", lambda: is_given(letters[:-1], seen) and len(letters) > SHORT_WORD),
    )
    for shape, holds in checks:
        alike = shape in shapes
        if (alike or not any(shapes)) and len(letters) >= SHORT_WORD and holds():
            words = f"{one.local} is a name, but nothing of {one.person.name}."
            if alike:
                words += " Colleagues' addresses are made of their own names."
            return _found("name_email_mismatch", f"other_{shape}", 0.6 if alike else 0.5, words)
    return None


def _two_names(one: Checked, parts: list[str], seen: frozenset[str]) -> Found | None:
    first, last = parts
    initial = len(first) == 1 and len(last) >= SHORT_WORD
    if initial and (first in one.name.initials or not is_family(last, seen)):
        return None
    whole = (is_given(first, seen) and is_family(last, seen)) or (
        is_family(first, seen) and is_given(last, seen)
    )
    if not initial and (not whole or len(first + last) < SHORTEST_PAIR):
        return None
    words = f"{one.local} is another person's name, and nothing of {one.person.name}."
    rule = "other_initial_name" if initial else "other_name"
    return _found("name_email_mismatch", rule, 0.7, words)


def _is_other_flast(one: Checked, letters: str, seen: frozenset[str]) -> bool:
    """This will say whether letters are an initial and a family name, neither this person's."""
    return (
        letters[0] not in one.name.initials
        and len(letters) > SHORT_WORD
        and is_family(letters[1:], seen)
    )


def _shape(one: Checked) -> str:
    """This will say how an address is made of its person's name: first, last, flast, firstl."""
    letters = letters_of(one.local)
    if one.match.relation is not Relation.EXPLAINED or not letters:
        return ""
    if letters in one.name.lasts:
        return "last"
    if letters in one.name.forms:
        return "first"
    if letters[0] in one.name.initials and letters[1:] in one.name.lasts:
        return "flast"
    if any(letters[:-1] in one.name.forms and letters[-1] == last[0] for last in one.name.last):
        return "firstl"
    return "other"


def _found(code: str, rule: str, confidence: float, words: str, *, suggestion: str = "") -> Found:
    return Found(code, rule, Severity.WARNING, confidence, words, suggestion)
