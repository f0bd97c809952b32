"""The words of column heads, and the columns that were given to a field."""

from functools import lru_cache

from contacts.rules.words import Entity
from erp.rules import synonyms
from erp.rules.fields import FIELDS
from erp.rules.mapping import Column
from erp.rules.wording import meanings

BY_NAME = "Column name"
Taken = set[tuple[str, int]]
_TABLES = {
    Entity.CUSTOMER: synonyms.CUSTOMER,
    Entity.CONTACT: synonyms.CONTACT,
    Entity.INVOICE: synonyms.INVOICE,
}


def word_of(header: str, words: dict[str, str]) -> str:
    """This will give the field that a head names, in one of the ways in which it can be read."""
    return next((words[key] for key in meanings(header) if key in words), "")


def take(header: str, path: str, taken: Taken, confidence: float, reason: str) -> Column:
    """This will take a field for a head, if no other head has it."""
    if (path, 0) in taken:
        return Column(header)
    taken.add((path, 0))
    return Column(header, path, 0, "", confidence, reason)


@lru_cache(maxsize=4)
def words_of(entity: Entity) -> dict[str, str]:
    """This will give the words of an entity, each with its field; the first of two wins."""
    found: dict[str, str] = {}
    for name, words in _TABLES[entity].items():
        if f"{entity.value}.{name}" in FIELDS:
            for word in words.split():
                found.setdefault(word, name)
    return found


def is_known_word(key: str) -> bool:
    """This will say whether a head of that name is known in any list."""
    return any(key in words_of(entity) for entity in Entity)
