"""Whether the address is this person's, the name spelt right, and the person still there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from validation.rules.account import Person
from validation.rules.departed import unmarked
from validation.rules.found import Found, Severity
from validation.rules.lists import BESIDE_ROLES, EAST_ASIAN_NAMES, PARTICLES
from validation.rules.matching import Match, Relation, compare
from validation.rules.names import Name, letters_of, name_of, parts_of, words_of
from validation.rules.roles import is_role
from validation.rules.spelling import Right, is_family, is_given, which_is_right

_DIGIT_BETWEEN = re.compile(r"\d[a-z]")  # fishing4life
SHORT_WORD = 4
SHORTEST_PAIR = 6


@dataclass(frozen=True, slots=True)
class Checked:
    """A contact with its name taken apart and compared with its address."""

    person: Person
    name: Name
    match: Match
    local: str
    domain: str = ""


def plain_name(person: Person) -> tuple[str, str, str]:
    """This will give first, middle and last name without marks such as ZZ or *gone*."""
    name = person.name
    bare = unmarked(name)
    if bare == name:
        return person.first_name, person.middle_name, person.last_name
    if len(bare.split()) == len(name.split()):
        parts = (person.first_name, person.middle_name, person.last_name)
        first, middle, last = map(unmarked, parts)
        return first, middle, last
    first, _, last = bare.rpartition(" ")
    return first, "", last


def checked(person: Person, local: str, domain: str = "") -> Checked:
    """This will compare a person's name with the part before the @."""
    name = name_of(*plain_name(person))
    return Checked(person, name, compare(local, name), local, domain)


def wondered(one: Checked) -> set[str]:
    """This will give the words of which it matters whether others in the base have such a name."""
    match = one.match
    if match.relation is Relation.EXPLAINED:
        return set()
    if match.relation is Relation.NEAR:
        is_known = is_given if match.is_first else is_family
        return {word for word in (match.word, match.typed) if not is_known(word)}
    parts = [*words_of(one.local), match.typed]
    letters = letters_of(one.local)
    words = {*parts, letters[1:], letters[:-1]} if len(parts) == 2 else set(parts)  # noqa: PLR2004
    return {
        word
        for word in words
        if len(word) >= SHORT_WORD and not (is_given(word) or is_family(word) or is_role(word))
    }


def misspelled(
    one: Checked, address: str, seen: frozenset[str], base: frozenset[str] = frozenset()
) -> Found | None:
    """This will say that name or address holds a slip, and which of the two where it can.

    `seen` are the names of colleagues, `base` words that are names elsewhere in the base.
    """
    match = one.match
    if match.relation is not Relation.NEAR:
        return None
    right = which_is_right(
        match.word, match.typed, is_first_name=match.is_first, seen=seen, base=base
    )
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
    words_of_firm = stem.split("-")
    if letters in "".join(words_of_firm) or "".join(words_of_firm) in letters:
        return None
    if any(len(part) >= SHORT_WORD and part in words_of_firm for part in parts_of(one.local)):
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


def _is_whole(letters: str, name: Name) -> bool:
    """This will say whether letters are first and family name, in either order."""
    return any(
        letters in (first + last, last + first) for first in name.forms for last in name.lasts
    )


def _other_first(one: Checked, seen: frozenset[str]) -> Found | None:
    """This will say that another first name stands beside the family name."""
    typed = one.match.typed
    # Many people from East Asia go by an English first name that no field has.
    if any(word in EAST_ASIAN_NAMES for word in one.name.lasts | set(one.name.first)):
        return None
    if len(typed) < SHORT_WORD - 1 or not is_given(typed, seen):
        return None
    words = f"{one.local} has the family name, but {typed.title()} is not {one.person.name}."
    return _found("name_email_mismatch", "other_first", 0.6, words)


def _other_initial(one: Checked, others: Sequence[Checked]) -> Found | None:
    """This will say that an initial is another's where colleagues' addresses have their own."""
    same = [other for other in others if _shape(other) == "flast" and other is not one]
    if len(one.match.typed) > 1 or len(same) < 2:  # noqa: PLR2004 - one colleague is no habit
        return None
    words = (
        f"{one.local} has the family name but another initial than {one.person.name};"
        f" {len(same)} colleagues' addresses have their own."
    )
    return _found("name_email_mismatch", "other_initial", 0.6, words)


def _strange_name(one: Checked, others: Sequence[Checked], seen: frozenset[str]) -> Found | None:
    parts = [part for part in words_of(one.local) if part not in PARTICLES]
    letters = letters_of(one.local)
    near = [other for other in others if other is not one and other.domain == one.domain]
    shapes = [_shape(other) for other in near]
    if len(parts) == 2 and not _DIGIT_BETWEEN.search(one.local):  # noqa: PLR2004 - first and last
        return _two_names(one, parts, shapes, seen)
    if len(parts) != 1 or any(sign.isdigit() for sign in one.local):
        return None
    telling = any(shape not in {"", "other"} for shape in shapes)
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("first", lambda: _is_other_first(one, letters, shapes, seen)),
        ("last", lambda: is_family(letters, seen)),
        ("flast", lambda: _is_other_flast(one, letters, seen)),
        ("firstl", lambda: _is_other_firstl(one, letters, seen)),
    )
    for shape, holds in checks:
        alike = shape in shapes
        fits = alike or not telling or (shape == "flast" and len(letters) >= SHORTEST_PAIR)
        if fits and len(letters) >= SHORT_WORD - alike and holds():
            words = f"{one.local} is a name, but nothing of {one.person.name}."
            if alike:
                words += " Colleagues' addresses are made of their own names."
            return _found("name_email_mismatch", f"other_{shape}", 0.6 if alike else 0.5, words)
    return None


def _two_names(
    one: Checked, parts: list[str], shapes: list[str], seen: frozenset[str]
) -> Found | None:
    """This will say that two words before the @ are another's name.

    Where colleagues' addresses are made of both their names no list has to know the words: with
    two such colleagues, or with one and one known word, or one who has an initial there too.
    """
    first, last = parts
    initial = len(first) == 1 and len(last) >= SHORT_WORD
    is_desk = any(is_role(part) or part in BESIDE_ROLES for part in parts)
    if initial:
        is_habit = "flast" in shapes and not is_desk
        if first in {word[0] for word in one.name.first} or not (is_habit or is_family(last, seen)):
            return None
    given = (_is_first(first, seen), _is_first(last, seen))
    family = (is_family(first, seen), is_family(last, seen))
    whole = (given[0] and family[1]) or (family[0] and given[1])
    alike = shapes.count("whole")
    if alike and min(map(len, parts)) >= SHORT_WORD - 1 and not is_desk:
        whole = whole or alike > 1 or any((*given, *family))
    if not initial and (not whole or len(first + last) < SHORTEST_PAIR - whole):
        return None
    words = f"{one.local} is another person's name, and nothing of {one.person.name}."
    rule = "other_initial_name" if initial else "other_name"
    return _found("name_email_mismatch", rule, 0.7, words)


def _is_first(word: str, seen: frozenset[str]) -> bool:
    """This will say whether a word is a first name, or two joined: jeanyves, annamaria."""
    if is_given(word, seen) or len(word) < SHORTEST_PAIR:
        return is_given(word, seen)
    ends = range(SHORT_WORD - 1, len(word) - SHORT_WORD + 2)
    return any(is_given(word[:at], seen) and is_given(word[at:], seen) for at in ends)


def _is_other_flast(one: Checked, letters: str, seen: frozenset[str]) -> bool:
    """This will say whether letters are an initial and a family name, neither this person's."""
    return letters[0] not in one.name.initials and (
        letters[1:] in EAST_ASIAN_NAMES
        if len(letters) <= SHORT_WORD
        else is_family(letters[1:], seen)
    )


def _is_other_first(one: Checked, letters: str, shapes: list[str], seen: frozenset[str]) -> bool:
    """This will say whether letters are a first name, which a family name may be as well."""
    if not one.name.first:
        return False
    return is_given(letters, seen) or (shapes.count("first") > 1 and is_family(letters, seen))


def _is_other_firstl(one: Checked, letters: str, seen: frozenset[str]) -> bool:
    """This will say whether letters are a first name and an initial; whose, a first name tells."""
    return bool(one.name.first) and len(letters) > SHORT_WORD and is_given(letters[:-1], seen)


def _shape(one: Checked) -> str:  # noqa: PLR0911 - one line a shape
    """This will say how an address is made of its person's name: first, last, flast, firstl."""
    letters = letters_of(one.local)
    if one.match.relation is not Relation.EXPLAINED or not letters:
        return ""
    if letters in one.name.lasts:
        return "last"
    if _is_whole(letters, one.name):
        return "whole"
    if letters in one.name.forms:
        return "first"
    if letters[0] in one.name.initials and letters[1:] in one.name.lasts:
        return "flast"
    if any(letters[:-1] in one.name.forms and letters[-1] == last[0] for last in one.name.last):
        return "firstl"
    return "other"


def _found(code: str, rule: str, confidence: float, words: str, *, suggestion: str = "") -> Found:
    return Found(code, rule, Severity.WARNING, confidence, words, suggestion)
