"""The columns of the contact list: which there are, and which somebody wants to see."""

from collections.abc import Iterable
from enum import StrEnum


class Column(StrEnum):
    """A column beside the names, which always stand; the value stands in the address."""

    CUSTOMER = "customer"
    EMAIL = "email"
    STATUS = "status"
    MOBILE = "mobile"
    PHONE = "phone"
    STAGE = "stage"
    JOB_TITLE = "job_title"
    ACCOUNT = "account"
    REP = "rep"
    MAILED = "mailed"
    NOTES = "notes"


LABELS: dict[Column, str] = {
    Column.CUSTOMER: "Customer",
    Column.EMAIL: "Email",
    Column.STATUS: "Address check",
    Column.MOBILE: "Mobile phone",
    Column.PHONE: "Phone",
    Column.STAGE: "Portal",
    Column.JOB_TITLE: "Job title",
    Column.ACCOUNT: "Account",
    Column.REP: "Sales rep",
    Column.MAILED: "Last mailed",
    Column.NOTES: "Notes",
}
USUAL = (Column.CUSTOMER, Column.EMAIL, Column.STATUS, Column.MOBILE, Column.STAGE)
SORTED_BY: dict[Column, str] = {
    Column.EMAIL: "email",
    Column.STATUS: "status",
    Column.STAGE: "stage",
}


def chosen(values: Iterable[str]) -> tuple[Column, ...]:
    """This will give the columns to show, in their own order; without a choice the usual ones."""
    wanted = set(values)
    return tuple(column for column in Column if column.value in wanted) or USUAL
