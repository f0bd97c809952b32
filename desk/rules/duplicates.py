"""The list of likely duplicates as its query string says, and the words of the merge screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from contacts.rules.normalise import tidy
from contacts.rules.words import Entity
from desk.rules.story import field_words

LONGEST_WORDS = 100


class PairView(StrEnum):
    """Which pairs the list shows."""

    OPEN = "open"
    CERTAIN = "certain"
    APART = "apart"


VIEW_LABELS = {
    PairView.OPEN: "To decide",
    PairView.CERTAIN: "Certain",
    PairView.APART: "Not duplicates",
}
ASK = {Entity.CONTACT: "Are these one person?", Entity.CUSTOMER: "Are these one customer?"}
TWO = {Entity.CONTACT: "Two people", Entity.CUSTOMER: "Two customers"}
KINDS = {"customers": Entity.CUSTOMER, "contacts": Entity.CONTACT}
KIND_OF = {entity: kind for kind, entity in KINDS.items()}

# The fields of the merge screen in the order in which people read them.
ORDER: dict[Entity, tuple[str, ...]] = {
    Entity.CONTACT: (
        "salutation", "first_name", "middle_name", "last_name", "email", "job_title",
        "organization", "phone", "sms_number", "alternate_phone", "fax", "address1", "address2",
        "city", "state", "province", "postal_code", "country", "content_type", "birth_date",
        "alt_customer_id", "username", "active", "promote", "invite", "notes",
    ),
    Entity.CUSTOMER: (
        "name", "website", "email", "phone", "fax", "address1", "address2", "city", "state",
        "province", "postal_code", "country", "customer_type", "customer_since", "product_lines",
        "currency", "terms", "sales_rep_name", "sales_rep_email", "active", "promote", "invite",
        "notes",
    ),
}  # fmt: skip
LABELS = {"promote": "Gets announcements", "invite": "May be invited"}
VALUE_WORDS = {
    "content_type": {
        "unknown": "Unknown", "html": "HTML", "text": "Text", "short_text": "Short text",
    },
    "active": {"true": "Yes", "false": "No"},
    "promote": {"true": "Yes", "false": "No"},
    "invite": {"true": "Yes", "false": "No"},
}  # fmt: skip


@dataclass(frozen=True)
class PairQuery:
    """Which pairs the list shows."""

    entity: Entity = Entity.CONTACT
    view: PairView = PairView.OPEN
    words: str = ""

    def __str__(self) -> str:
        """This will give the query string, always the same for the same query."""
        return urlencode([(name, value) for name, value in self.pairs() if value])

    def pairs(self) -> list[tuple[str, str]]:
        """This will give names and values as they stand in the query string."""
        return [
            ("kind", KIND_OF[self.entity]),
            ("view", "" if self.view is PairView.OPEN else self.view.value),
            ("q", self.words),
        ]


def read(values: Mapping[str, Iterable[str]], first: Entity = Entity.CONTACT) -> PairQuery:
    """This will read a query string; names and values that mean nothing are left out."""
    kind, view = _last(values, "kind"), _last(values, "view")
    return PairQuery(
        entity=KINDS.get(kind, first),
        view=PairView(view) if view in set(PairView) else PairView.OPEN,
        words=tidy(_last(values, "q"))[:LONGEST_WORDS].strip(),
    )


def label_of(name: str) -> str:
    """This will name a field of the merge screen."""
    words = LABELS.get(name) or field_words(name)
    return f"{words[0].upper()}{words[1:]}"


def value_of(name: str, text: str) -> str:
    """This will write a value of the merge screen for people."""
    return VALUE_WORDS.get(name, {}).get(text, text)


def _last(values: Mapping[str, Iterable[str]], name: str) -> str:
    return (list(values.get(name, ())) or [""])[-1]
