"""Which invoices are open, as told by the ERP, and how late they are."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

# Where the ERP tells no open amount, its own word for the invoice decides.
OPEN_WORDS = ("open", "unpaid", "overdue", "past due", "partial", "partially paid", "due")


class Standing(StrEnum):
    """How an invoice stands today."""

    OPEN = "open"
    LATE = "late"
    PAID = "paid"


@dataclass(frozen=True)
class Dues:
    """What an account has to pay: all of it, and the part that is late."""

    open_count: int = 0
    open_amount: Decimal = Decimal(0)
    late_count: int = 0
    late_amount: Decimal = Decimal(0)
    late_days: int = 0


def is_open(open_amount: Decimal | None, word: str) -> bool:
    """This will say whether something is still to be paid."""
    if open_amount is not None:
        return open_amount > 0
    return word.strip().lower() in OPEN_WORDS


def standing(
    *, open_amount: Decimal | None, word: str, due_on: date | None, today: date
) -> Standing:
    """This will say how an invoice stands."""
    if not is_open(open_amount, word):
        return Standing.PAID
    return Standing.LATE if days_late(due_on, today) else Standing.OPEN


def days_late(due_on: date | None, today: date) -> int:
    """This will give the days since an invoice was due; 0 while it is not late."""
    return max(0, (today - due_on).days) if due_on else 0
