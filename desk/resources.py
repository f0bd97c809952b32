"""Contacts as a file that a spreadsheet opens safely and that imports again without a change."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from django.db.models import QuerySet

from contacts.models import Contact, SourceRecord
from contacts.rules.values import text_of
from erp.rules.writing import harmless

CHUNK = 1000
# Heads as the importer knows them; what it does not know (status, stage) it leaves out.
HEADS = {
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
    "Username": "username",
    "Active": "active",
    "Notes": "notes",
    "Address check": "email_status",
    "Portal stage": "portal_stage",
}
YES_NO = {"true": "Yes", "false": "No"}


def lines_of(contacts: QuerySet[Contact]) -> Iterator[str]:
    """This will write contacts as CSV, a chunk at a time; the first line holds the heads."""
    yield "\ufeff" + _csv([list(HEADS)])
    columns = [name for name in HEADS.values() if name]
    after = 0
    while rows := list(
        contacts.filter(pk__gt=after).order_by("pk").values_list("pk", *columns)[:CHUNK]
    ):
        after = rows[-1][0]
        own_ids = _own_ids([row[0] for row in rows])
        yield _csv(
            [own_ids.get(pk, ""), *(_cell(value) for value in values)] for pk, *values in rows
        )


def _own_ids(contact_ids: list[int]) -> dict[int, str]:
    """This will give each contact's own id in the source that it came from first."""
    records = SourceRecord.objects.filter(contact__in=contact_ids).exclude(own_id="")
    found = records.order_by("-pk").values_list("contact", "own_id")
    return {int(contact or 0): own_id for contact, own_id in found}


def _cell(value: object) -> str:
    # Outer blanks mean nothing to an import, and a cell that starts with one is suspect.
    text = text_of(value).strip()
    return harmless(YES_NO.get(text, text) if isinstance(value, bool) else text)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
