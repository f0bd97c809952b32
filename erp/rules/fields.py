"""The fields that a file may fill: the one table that mapping, cleaning and writing read.

A field is named `entity.name`. Nothing else can be imported: status, consent, stage and rights
have no line here.
"""

from dataclasses import dataclass
from enum import StrEnum

from contacts.rules.words import Entity


class Kind(StrEnum):
    """How a cell of a field is read and compared."""

    TEXT = "text"
    NOTES = "notes"
    EMAIL = "email"
    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    AMOUNT = "amount"
    PHONE = "phone"
    PLACE = "place"
    EXTRA = "extra"


@dataclass(frozen=True)
class Field:
    """One field: where it goes, what people call it, the longest value, how it is read.

    `stored` is false for what helps to read a row and is no column of the record.
    """

    entity: Entity
    name: str
    label: str
    most: int = 200
    kind: Kind = Kind.TEXT
    stored: bool = True

    @property
    def path(self) -> str:
        """The name with its entity."""
        return f"{self.entity.value}.{self.name}"


def _of(entity: Entity, *rows: tuple[str, str, int, Kind] | tuple[str, str, int]) -> list[Field]:
    found = []
    for name, text, most, *kind in rows:
        read_as = kind[0] if kind else Kind.TEXT
        found.append(Field(entity, name, text, most, read_as, name not in READ_ONLY))
    return found


# What helps to read a row and is no column of its record.
READ_ONLY = frozenset(
    {
        "own_id",
        "account",
        "division",
        "code",
        "full_name",
        "parent",
        "inactive",
        "place",
        "is_company",
    }
)
# Several columns may go to one of these: extras are kept side by side, the place is one of them.
SHARED = frozenset({"custom", "place"})

CUSTOMER = _of(
    Entity.CUSTOMER,
    ("account", "Customer account number", 64, Kind.NUMBER),
    ("division", "Division in front of the account number", 20, Kind.NUMBER),
    ("own_id", "Customer’s internal ID", 120, Kind.NUMBER),
    ("name", "Customer name", 200),
    ("parent", "Parent customer", 200),
    ("active", "Customer is active", 5, Kind.YES_NO),
    ("inactive", "Customer is inactive", 5, Kind.YES_NO),
    ("email", "Customer’s general email", 320, Kind.EMAIL),
    ("phone", "Customer’s phone", 60, Kind.PHONE),
    ("fax", "Customer’s fax", 60, Kind.PHONE),
    ("website", "Website", 200),
    ("address1", "Billing address", 200),
    ("address2", "Billing address, line 2", 200),
    ("city", "Billing city", 100),
    ("state", "Billing state", 100),
    ("province", "Billing province", 100),
    ("postal_code", "Billing zip", 20),
    ("country", "Billing country", 60),
    ("place", "Billing zip and city in one", 200, Kind.PLACE),
    ("customer_type", "Type of clientele", 80),
    ("customer_since", "Customer since", 10, Kind.DATE),
    ("product_lines", "Product lines", 250),
    ("currency", "Currency", 10),
    ("terms", "Terms", 80),
    ("sales_rep_name", "Sales rep", 100),
    ("sales_rep_email", "Sales rep’s email", 254, Kind.EMAIL),
    ("notes", "Customer’s notes", 10_000, Kind.NOTES),
    ("custom", "Keep as an extra field of the customer", 2_000, Kind.EXTRA),
)

CONTACT = _of(
    Entity.CONTACT,
    ("account", "Customer account number", 64, Kind.NUMBER),
    ("division", "Division in front of the account number", 20, Kind.NUMBER),
    ("own_id", "Contact ID", 120, Kind.NUMBER),
    ("code", "Contact code, unique at its customer", 120, Kind.NUMBER),
    ("is_company", "Row is a company, not a person", 12, Kind.YES_NO),
    ("full_name", "Contact name", 200, Kind.NAME),
    ("salutation", "Salutation", 20),
    ("first_name", "First name", 100),
    ("middle_name", "Middle name", 100),
    ("last_name", "Last name", 100),
    ("organization", "Organization", 200),
    ("job_title", "Job title", 120),
    ("email", "Email address", 1000, Kind.EMAIL),
    ("phone", "Phone", 60, Kind.PHONE),
    ("alternate_phone", "Alternate phone", 60, Kind.PHONE),
    ("sms_number", "Mobile phone", 60, Kind.PHONE),
    ("fax", "Fax", 60, Kind.PHONE),
    ("address1", "Address", 200),
    ("address2", "Address, line 2", 200),
    ("city", "City", 100),
    ("state", "State", 100),
    ("province", "Province", 100),
    ("postal_code", "Zip", 20),
    ("country", "Country", 60),
    ("place", "Zip and city in one", 200, Kind.PLACE),
    ("birth_date", "Birth date", 10, Kind.DATE),
    ("alt_customer_id", "Alternate customer ID", 64, Kind.NUMBER),
    ("username", "Username", 150),
    ("active", "Contact is active", 5, Kind.YES_NO),
    ("inactive", "Contact is inactive", 5, Kind.YES_NO),
    ("notes", "Notes", 10_000, Kind.NOTES),
    ("custom", "Keep as an extra field of the contact", 2_000, Kind.EXTRA),
)

INVOICE = _of(
    Entity.INVOICE,
    ("account", "Customer account number", 64, Kind.NUMBER),
    ("division", "Division in front of the account number", 20, Kind.NUMBER),
    ("number", "Invoice number", 64, Kind.NUMBER),
    ("issued_on", "Invoice date", 10, Kind.DATE),
    ("due_on", "Due date", 10, Kind.DATE),
    ("amount", "Invoice amount", 16, Kind.AMOUNT),
    ("open_amount", "Amount remaining", 16, Kind.AMOUNT),
    ("status", "Invoice status", 40),
)

FIELDS: dict[str, Field] = {field.path: field for field in (*CUSTOMER, *CONTACT, *INVOICE)}


def of_entity(entity: Entity) -> list[Field]:
    """This will give the fields of one entity in the order in which people see them."""
    return [field for field in FIELDS.values() if field.entity is entity]


def label(path: str) -> str:
    """This will give what people call a field; a name that is no field stays as it is."""
    known = FIELDS.get(path)
    return known.label if known else path.rpartition(".")[2].replace("_", " ").capitalize()
