"""Which facts a record can be asked to hold: by the company before bulk mail, by a segment."""

from collections.abc import Iterable
from enum import StrEnum


class Needed(StrEnum):
    """A fact about a contact or its customer; the value stands in addresses and settings."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    JOB_TITLE = "job_title"
    CUSTOMER = "customer"
    CITY = "city"
    POSTAL_CODE = "postal_code"
    STATE = "state"
    COUNTRY = "country"
    CUSTOMER_TYPE = "type"
    PRODUCT_LINES = "product_lines"
    CUSTOMER_SINCE = "customer_since"
    SALES_REP = "sales_rep"


LABELS: dict[Needed, str] = {
    Needed.NAME: "Name",
    Needed.EMAIL: "Email address",
    Needed.PHONE: "Phone number",
    Needed.JOB_TITLE: "Job title",
    Needed.CUSTOMER: "Customer",
    Needed.CITY: "City",
    Needed.POSTAL_CODE: "Postal code",
    Needed.STATE: "State or province",
    Needed.COUNTRY: "Country",
    Needed.CUSTOMER_TYPE: "Type of clientele",
    Needed.PRODUCT_LINES: "Product lines",
    Needed.CUSTOMER_SINCE: "Customer since",
    Needed.SALES_REP: "Sales rep",
}


def read_needed(names: Iterable[object]) -> tuple[Needed, ...]:
    """This will give the facts of these names, each once, in their order; others are left out."""
    wanted = {str(name) for name in names}
    return tuple(fact for fact in Needed if fact.value in wanted)
