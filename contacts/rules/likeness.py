"""How much two customers or two contacts look like one: evidence with weights, and words for it.

Each piece of evidence is worth so many bits: how much more often it is seen in a pair that is one
than in a pair that is two. They are added up from a start that says how rare duplicates are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from contacts.rules.firms import firm_words, fold
from contacts.rules.normalise import phone_key, postal_key

START = -8.0
LIKELY, CERTAIN = 65, 97
SHORTEST_PHONE = 7
NEAR, RATHER_NEAR = 92.0, 85.0
# What speaks against so strongly that a person has to look.
SERIOUS = -1.5

_HOUSE_NUMBER = re.compile(r"\d+[a-z]?")
_STREETS = {
    "street": "st", "strasse": "str", "strase": "str", "avenue": "ave", "av": "ave", "road": "rd",
    "boulevard": "blvd", "bvd": "blvd", "lane": "ln", "drive": "dr", "court": "ct", "place": "pl",
    "highway": "hwy", "parkway": "pkwy", "suite": "ste", "north": "n", "south": "s", "east": "e",
    "west": "w", "calle": "c", "via": "v", "rue": "r", "platz": "pl", "square": "sq",
}  # fmt: skip
# Short forms that are not the beginning of the name.
_SHORT = {
    short: full
    for full, shorts in {
        "william": "bill billy will", "robert": "bob bobby rob", "richard": "dick rick rich",
        "james": "jim jimmy", "john": "jack johnny", "margaret": "peggy meg maggie",
        "elizabeth": "liz beth betty lisa", "catherine": "kate kathy katie", "edward": "ted ned",
        "henry": "harry hank", "charles": "chuck charlie", "anthony": "tony", "joseph": "joe",
        "michael": "mike mick", "dorothy": "dot", "patricia": "trish patty", "susan": "sue suzy",
        "johannes": "hans", "josef": "sepp", "francisco": "paco pancho", "jose": "pepe",
        "alexander": "sasha alex sandro", "giuseppe": "beppe peppe", "theodore": "ted",
        "wilhelm": "willi", "friedrich": "fritz", "heinrich": "heinz", "ignacio": "nacho",
        "maria": "mia", "guillaume": "guy", "antonio": "toni", "dolores": "lola",
    }.items()
    for short in shorts.split()
}  # fmt: skip


class Tone(StrEnum):
    """Whether a reason speaks for one record or for two."""

    FOR = "ok"
    AGAINST = "warn"


@dataclass(frozen=True)
class Reason:
    """One piece of evidence in words."""

    words: str
    tone: Tone = Tone.FOR
    bits: float = 0.0


@dataclass(frozen=True)
class Likeness:
    """How much two records look like one, 0 to 100, whether that is beyond doubt, and why."""

    score: int
    certain: bool
    reasons: tuple[Reason, ...]

    @property
    def is_likely(self) -> bool:
        """Whether a person should look at the pair."""
        return self.score >= LIKELY


@dataclass(frozen=True)
class Firm:
    """A customer as it is compared."""

    key: int
    numbering: str = ""
    number: str = ""
    words: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    postal: str = ""
    country: str = ""
    phones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    parent: int | None = None
    is_house: bool = False


@dataclass(frozen=True)
class Person:
    """A contact as it is compared."""

    key: int
    customer: int | None = None
    numbering: str = ""
    first: str = ""
    middle: str = ""
    last: str = ""
    address: str = ""
    domain: str = ""
    is_role: bool = False
    is_free: bool = False
    phones: frozenset[str] = frozenset()
    mobile: str = ""
    alternate: str = ""
    born: str = ""
    postal: str = ""
    is_house: bool = False


def phones_of(*values: str) -> frozenset[str]:
    """This will give phone numbers for comparison; what is too short to be one is left out."""
    keys = (phone_key(value) for value in values)
    return frozenset(key for key in keys if len(key) >= SHORTEST_PHONE and len(set(key)) > 1)


def street_of(value: str) -> str:
    """This will give a street with its number, words in their usual short form."""
    text = fold(value).replace("strasse", "str").replace("straße", "str")
    words = [_STREETS.get(word, word) for word in text.split()]
    return " ".join(words)


def place_of(value: str) -> str:
    """This will give a postal code for comparison."""
    return postal_key(value)


def words_of(name: str) -> tuple[str, ...]:
    """This will give the words of a company's name for comparison."""
    return firm_words(name)


def compare_firms(one: Firm, other: Firm) -> Likeness:
    """This will weigh two customers."""
    if one.is_house != other.is_house:
        return Likeness(0, certain=False, reasons=())
    reasons = [
        *_firm_names(one, other),
        *_firm_places(one, other),
        *_shared("phone", one.phones, other.phones, 5.0, 0.0),
        *_shared("domain", one.domains, other.domains, 5.0, -2.0),
        *_firm_accounts(one, other),
    ]
    same_place = bool(one.postal) and one.postal == other.postal
    backed = bool(
        (one.street and one.street == other.street)
        or one.phones & other.phones
        or one.domains & other.domains
    )
    sure = one.words == other.words and bool(one.words) and same_place and backed
    return _sum(reasons, sure=sure)


def compare_people(one: Person, other: Person) -> Likeness:
    """This will weigh two contacts."""
    if one.is_house or other.is_house:
        return Likeness(0, certain=False, reasons=())
    named, name_reasons = _people_names(one, other)
    reasons = [
        *name_reasons,
        *_addresses(one, other),
        *_people_phones(one, other),
        *_people_ids(one, other),
        *_people_customers(one, other),
    ]
    together = one.customer == other.customer or None in (one.customer, other.customer)
    is_role = one.is_role or other.is_role
    same_mailbox = bool(one.address) and one.address == other.address and not is_role
    same_id = bool(one.alternate) and one.alternate == other.alternate
    return _sum(reasons, sure=named and together and (same_mailbox or same_id))


def is_short_form(short: str, full: str) -> bool:
    """This will say whether one given name is a short form of another: Bill, William."""
    if short == full or not short or not full:
        return False
    if len(short) > len(full):
        short, full = full, short
    begins = full.startswith(short) and len(short) >= 3  # noqa: PLR2004 - Jo is Joan and John
    return begins or _SHORT.get(short, short) == _SHORT.get(full, full)


def _sum(reasons: Sequence[Reason], *, sure: bool) -> Likeness:
    bits = START + sum(reason.bits for reason in reasons)
    score = max(1, min(99, round(100 / (1 + 2.0 ** -max(-60.0, min(60.0, bits))))))
    against = any(reason.bits <= SERIOUS for reason in reasons)
    ranked = tuple(sorted(reasons, key=lambda reason: -reason.bits))
    return Likeness(score, certain=sure and not against and score >= CERTAIN, reasons=ranked)


def _firm_names(one: Firm, other: Firm) -> Iterator[Reason]:
    if not one.words or not other.words:
        return
    here, there = " ".join(one.words), " ".join(other.words)
    if sorted(one.words) == sorted(other.words):
        long = len(one.words) > 1 or len(here) >= 5  # noqa: PLR2004 - "ABC" is common
        yield Reason("Same name, legal form and spelling aside", bits=7.0 if long else 5.0)
        return
    near = max(
        ratio(here, there), ratio(" ".join(sorted(one.words)), " ".join(sorted(other.words)))
    )
    short, wide = sorted((set(one.words), set(other.words)), key=len)
    if near >= NEAR or here.replace(" ", "") == there.replace(" ", ""):
        yield Reason("Names differ in a letter or two", bits=5.0)
    elif short < wide and (len(short) > 1 or len(next(iter(short))) >= 6):  # noqa: PLR2004 - a name of its own
        yield Reason("One name is the other with more words", bits=3.0)
    elif near >= RATHER_NEAR:
        yield Reason("Names look alike", bits=2.0)
    else:
        yield Reason("Different names", Tone.AGAINST, -7.0)


def _firm_places(one: Firm, other: Firm) -> Iterator[Reason]:
    if one.country and other.country and one.country != other.country:
        yield Reason("In different countries", Tone.AGAINST, -6.0)
        return
    same_code = bool(one.postal) and one.postal == other.postal
    if one.street and other.street:
        if one.street == other.street and (same_code or one.city == other.city):
            yield Reason("Same street and number", bits=5.0)
        elif same_code and _HOUSE_NUMBER.findall(one.street) != _HOUSE_NUMBER.findall(other.street):
            yield Reason("Another street or house number: perhaps a branch", Tone.AGAINST, -3.0)
    if same_code:
        yield Reason("Same zip", bits=3.0)
    elif one.postal and other.postal:
        yield Reason("Another zip: perhaps a branch", Tone.AGAINST, -3.0)
    elif one.city and one.city == other.city:
        yield Reason("Same city", bits=1.5)


def _firm_accounts(one: Firm, other: Firm) -> Iterator[Reason]:
    if one.parent == other.key or other.parent == one.key:
        yield Reason("One is a branch of the other", Tone.AGAINST, -15.0)
    elif one.parent is not None and one.parent == other.parent:
        yield Reason("Branches of one company", Tone.AGAINST, -15.0)
    if one.numbering == other.numbering:
        yield Reason("The same ERP has both", Tone.AGAINST, -1.0)
    elif one.number and one.number == other.number:
        yield Reason("Same account number in two systems", bits=3.0)


def _shared(
    what: str, here: frozenset[str], there: frozenset[str], same: float, different: float
) -> Iterator[Reason]:
    if here & there:
        yield Reason(f"Same {what}", bits=same)
    elif here and there and different:
        yield Reason(f"Different {what}s", Tone.AGAINST, different)


def _people_names(one: Person, other: Person) -> tuple[bool, list[Reason]]:
    """This will compare names; true when they are the same, or one is a short form."""
    if not (one.last or one.first) or not (other.last or other.first):
        return False, []
    if (one.first, one.last) in ((other.first, other.last), (other.last, other.first)):
        return bool(one.first and one.last), [Reason("Same name", bits=7.0)]
    if one.last == other.last and one.last:
        return _first_names(one.first, other.first)
    if one.first == other.first and one.first:
        return False, [_last_names(one.last, other.last)]
    if _typo(one.last, other.last) and _fit(one.first, other.first):
        return False, [Reason("Last names differ in a letter, first names fit", bits=2.0)]
    return False, [Reason("Different names", Tone.AGAINST, -8.0)]


def _fit(here: str, there: str) -> bool:
    """This will say whether one given name may stand for the other."""
    if not here or not there:
        return False
    one_letter = min(len(here), len(there)) == 1 and here[0] == there[0]
    return one_letter or is_short_form(here, there)


def _last_names(here: str, there: str) -> Reason:
    if not here or not there:
        return Reason("Same first name", bits=2.0)
    if _typo(here, there):
        return Reason("Last names differ in a letter", bits=4.0)
    if set(here.split()) & set(there.split()):
        return Reason("One last name is part of the other", bits=4.0)
    return Reason("Different last names", Tone.AGAINST, -5.0)


def _first_names(here: str, there: str) -> tuple[bool, list[Reason]]:
    if not here or not there:
        return False, [Reason("Same last name", bits=2.0)]
    short, full = sorted((here, there), key=lambda name: (len(name), name))
    if is_short_form(short, full):
        words = f"{short.title()} is a short form of {full.title()}"
        return True, [Reason(words, bits=6.0)]
    if len(short) == 1 and full.startswith(short):
        return False, [Reason("Same last name and first letter", bits=4.0)]
    if set(short.split()) & set(full.split()):
        return True, [Reason("Same last name, one first name more", bits=5.0)]
    if _typo(short, full):
        return False, [Reason("First names differ in a letter", bits=4.5)]
    return False, [Reason("Different first names", Tone.AGAINST, -7.0)]


def _addresses(one: Person, other: Person) -> Iterator[Reason]:
    if not one.address or not other.address:
        return
    if one.address == other.address:
        shared = one.is_role or other.is_role
        words = "Same shared mailbox" if shared else "Same email address"
        yield Reason(words, bits=3.0 if shared else 9.0)
    elif one.is_role != other.is_role:
        yield Reason("Different addresses; one is a shared mailbox", Tone.AGAINST, -0.5)
    elif one.domain == other.domain and _typo(
        one.address.partition("@")[0], other.address.partition("@")[0]
    ):
        yield Reason("Addresses differ in a letter", bits=4.0)
    elif one.domain == other.domain and not one.is_free:
        yield Reason("Different addresses at one company", Tone.AGAINST, -2.0)
    else:
        yield Reason("Different addresses", Tone.AGAINST, -1.0)


def _people_phones(one: Person, other: Person) -> Iterator[Reason]:
    if one.mobile and one.mobile == other.mobile:
        yield Reason("Same mobile phone", bits=5.0)
    elif one.phones & other.phones:
        yield Reason("Same phone", bits=3.0)


def _people_ids(one: Person, other: Person) -> Iterator[Reason]:
    if one.alternate and one.alternate == other.alternate:
        yield Reason("Same alternate ID", bits=8.0)
    if one.born and other.born:
        if one.born == other.born:
            yield Reason("Same birth date", bits=4.0)
        else:
            yield Reason("Different birth dates", Tone.AGAINST, -6.0)
    if one.middle and other.middle and one.middle[0] != other.middle[0]:
        yield Reason("Different middle names", Tone.AGAINST, -3.0)


def _people_customers(one: Person, other: Person) -> Iterator[Reason]:
    if one.customer is None or other.customer is None:
        if one.customer != other.customer:
            yield Reason("One of them has no customer yet", bits=0.0)
    elif one.customer == other.customer:
        yield Reason("Same customer", bits=4.0)
    elif one.numbering == other.numbering:
        yield Reason("At two accounts of the same ERP", Tone.AGAINST, -9.0)
    else:
        yield Reason("At different customers: look at those first", Tone.AGAINST, -2.0)


def _typo(here: str, there: str) -> bool:
    """This will say whether two words differ in one letter and are long enough for that to say."""
    long_enough = min(len(here), len(there)) >= 4  # noqa: PLR2004 - Tim and Tom are two
    both_digits = here.rstrip("0123456789") != here and there.rstrip("0123456789") != there
    return (
        long_enough
        and not both_digits
        and DamerauLevenshtein.distance(here, there, score_cutoff=1) == 1
    )
