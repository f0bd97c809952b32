"""Rows that hold several people: which columns belong together, as `Contact 2` and `Email 2`."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from erp.rules.mapping import OF_PEOPLE, header_key, occurrences

_NAMES = frozenset({"full_name", "first_name", "last_name"})
_NUMBERED = re.compile(r"(?P<before>\D*?)(?P<n>\d{1,2})(?:st|nd|rd|th|er|eme)?(?P<after>\D*)")
_PERSON_WORDS = (
    "contactperson ansprechpartner ansprechperson kontaktperson contactpersoon personadecontacto"
    " interlocuteur referente contact kontakt contacto contato contatto person personne persona"
    " osoba pessoa kontaktosoba yhteyshenkilo attention"
)
_PERSON = tuple(_PERSON_WORDS.split())


def people(headers: Sequence[str], words: Mapping[str, str]) -> dict[int, tuple[str, int]]:
    """This will find the columns of the people of a wide row: by column, the field and whose.

    `words` says what heads of a list of people are called. Nothing is found when each row holds
    one person only.
    """
    keys = [header_key(header) for header in headers]
    return _numbered(keys, words) or _repeated(headers, keys, words)


def _numbered(keys: Sequence[str], words: Mapping[str, str]) -> dict[int, tuple[str, int]]:
    """This will find people by the numbers in heads; those without a number come first."""
    groups: dict[int, dict[str, int]] = defaultdict(dict)
    for at, key in enumerate(keys):
        found = _NUMBERED.fullmatch(key)
        if found and (name := _word(found["before"] + found["after"], words)):
            groups[int(found["n"])].setdefault(name, at)
    named = {n: group for n, group in groups.items() if group.keys() & _NAMES}
    used = {at for group in named.values() for at in group.values()}
    plain: dict[str, int] = {}
    for at, key in enumerate(keys):
        if at not in used and (name := _word(key, words)):
            plain.setdefault(name, at)
    first = bool(plain.keys() & (_NAMES | {"email"}))
    if len(named) + first < 2:  # noqa: PLR2004 - one person a row
        return {}
    told = {name for group in named.values() for name in group}
    before = {name for name in plain if name in _NAMES or name == "email"}
    shift = 1 if before & told else 0
    slots = {at: (name, 0) for name, at in plain.items()}
    for rank, n in enumerate(sorted(named)):
        slots |= {at: (name, rank + shift) for name, at in named[n].items()}
    return slots


def _repeated(
    headers: Sequence[str], keys: Sequence[str], words: Mapping[str, str]
) -> dict[int, tuple[str, int]]:
    """This will find people by equal heads: the second "Email" is that of the second "Contact"."""
    named = Counter(key for key in keys if _word(key, words) in _NAMES)
    most = max(named.values(), default=0)
    if named and most < 2:  # noqa: PLR2004 - one person a row
        return {}
    found = {}
    for at, (key, nth) in enumerate(zip(keys, occurrences(headers), strict=True)):
        name = _word(key, words)
        if name and (nth == 0 or name in _NAMES or name == "email" or nth < most):
            found[at] = (name, nth)
    return found if any(slot for _name, slot in found.values()) else {}


def _word(key: str, words: Mapping[str, str]) -> str:
    """This will give the field of a person that a head names: "person first name" too."""
    name = words.get(key, "")
    if not name or name not in OF_PEOPLE:
        rest = next((key.removeprefix(one) for one in _PERSON if key.startswith(one)), "")
        name = words.get(rest, "") if rest else ""
    return name if name in OF_PEOPLE else ""
