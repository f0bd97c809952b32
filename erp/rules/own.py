"""Lists that were exported here: known again by their heads, compared cell by cell."""

from collections.abc import Sequence

from contacts.rules.words import Entity
from erp.rules.mapping import REASON

CONTACT_NUMBER, CUSTOMER_NUMBER = "Our contact number", "Our customer number"
# By head: the attribute of the row. The number is the row's own, an empty one is made elsewhere.
OF_CONTACT = {
    CONTACT_NUMBER: "pk",
    "Contact ID": "",
    "Customer ID": "customer__account_number",
    "Customer name": "customer__name",
    "Salutation": "salutation",
    "First name": "first_name",
    "Middle name": "middle_name",
    "Last name": "last_name",
    "Organization": "organization",
    "Job title": "job_title",
    "Email": "email",
    "Phone": "phone",
    "Mobile phone": "sms_number",
    "Alternate phone": "alternate_phone",
    "Fax": "fax",
    "Address 1": "address1",
    "Address 2": "address2",
    "City": "city",
    "State": "state",
    "Province": "province",
    "Zip": "postal_code",
    "Country": "country",
    "Birth date": "birth_date",
    "Alternate customer ID": "alt_customer_id",
    "Username": "username",
    "Content type": "content_type",
    "Active": "active",
    "Gets announcements": "promote",
    "May be invited": "invite",
    "House contact": "is_house_user",
    "Notes": "notes",
    "Address check": "email_status",
    "Portal stage": "portal_stage",
}
OF_CUSTOMER = {
    CUSTOMER_NUMBER: "pk",
    "Account number": "account_number",
    "Name": "name",
    "Parent": "parent__account_number",
    "Email": "email",
    "Phone": "phone",
    "Fax": "fax",
    "Website": "website",
    "Address 1": "address1",
    "Address 2": "address2",
    "City": "city",
    "State": "state",
    "Province": "province",
    "Zip": "postal_code",
    "Country": "country",
    "Type of clientele": "customer_type",
    "Customer since": "customer_since",
    "Product lines": "product_lines",
    "Currency": "currency",
    "Terms": "terms",
    "Sales rep": "sales_rep_name",
    "Sales rep’s email": "sales_rep_email",
    "Active": "active",
    "Gets announcements": "promote",
    "May be invited": "invite",
    "House account": "is_house_account",
    "Notes": "notes",
}
NUMBERS = {CONTACT_NUMBER: Entity.CONTACT, CUSTOMER_NUMBER: Entity.CUSTOMER}
HEADS = {Entity.CONTACT: OF_CONTACT, Entity.CUSTOMER: OF_CUSTOMER}
# What follows from other fields, or changes by itself: another value there is no edit.
_FOLLOWS = frozenset({"Contact ID", "Customer name", "Address check", "Portal stage"})
YES_NO = {"true": "Yes", "false": "No"}


def list_of(headers: Sequence[str]) -> Entity | None:
    """This will tell what one of our own lists is of; nothing for a file of somebody else."""
    found = [NUMBERS[head.strip()] for head in headers if head.strip() in NUMBERS]
    return found[0] if len(found) == 1 else None


def is_guarded(headers: Sequence[str]) -> bool:
    """This will say whether the cells are as we wrote them for a person, with their guard."""
    return REASON in headers or list_of(headers) is not None


def number_of(headers: Sequence[str], cells: Sequence[str]) -> int | None:
    """This will give the number by which a row of our own list is known."""
    at = next(at for at, head in enumerate(headers) if head.strip() in NUMBERS)
    text = cells[at].strip().removesuffix(".0")
    return int(text) if text.isascii() and text.isdecimal() else None


def differences(
    entity: Entity, headers: Sequence[str], cells: Sequence[str], here: Sequence[str]
) -> list[tuple[str, str, str]]:
    """This will give head, cell here and cell in the file where a person has changed something.

    `here` is the same row as it would be exported now. Blanks and line ends play no part.
    """
    now = dict(zip(HEADS[entity], here, strict=True))
    return [
        (head.strip(), now[head.strip()], cell.strip())
        for head, cell in zip(headers, cells, strict=False)
        if head.strip() in now
        and head.strip() not in _FOLLOWS
        and cell.split() != now[head.strip()].split()
    ]
