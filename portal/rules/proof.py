"""Do three facts prove that an account is the visitor's? Values in, one answer out.

Every comparison is always made, also when nothing is on file, so that neither the answer nor the
time it takes says which of the three was wrong.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contacts.rules.normalise import number_key, postal_key

RECENT = timedelta(days=366)


@dataclass(frozen=True)
class Facts:
    """The three facts as they were typed."""

    account_number: str
    postal_code: str
    invoice_number: str


@dataclass(frozen=True)
class Keys:
    """The facts without blanks, dashes, case and leading zeros."""

    account: str
    postal: str
    invoice: str


@dataclass(frozen=True)
class OnFile:
    """What is known of one account: its zip, the named invoice, and its newest invoice."""

    customer_id: int
    postal_code: str
    has_invoice: bool
    issued_on: date | None = None
    newest_on: date | None = None


NOBODY = OnFile(customer_id=0, postal_code="", has_invoice=False)


def keys_of(facts: Facts) -> Keys:
    """This will give the facts in the form in which they are compared."""
    return Keys(
        account=number_key(facts.account_number),
        postal=postal_key(facts.postal_code),
        invoice=number_key(facts.invoice_number),
    )


def proven(keys: Keys, found: Sequence[OnFile], today: date) -> int | None:
    """This will give the one account that all three facts belong to, else nothing.

    `found` are the accounts with that number: none, one, or one in each numbering.
    """
    matching = [row.customer_id for row in (*found, NOBODY) if _matches(keys, row, today)]
    return matching[0] if len(matching) == 1 else None


def is_recent(issued_on: date | None, newest_on: date | None, today: date) -> bool:
    """This will say whether an invoice is one of the last twelve months.

    They are counted back from the account's newest invoice, because the ERP's last word may be
    old; an invoice without a date counts.
    """
    reference = min(newest_on, today) if newest_on else today
    return issued_on is None or issued_on >= reference - RECENT


def _matches(keys: Keys, row: OnFile, today: date) -> bool:
    checks = (
        keys.account != "",
        keys.postal != "",
        keys.invoice != "",
        hmac.compare_digest(keys.postal.encode(), postal_key(row.postal_code).encode()),
        row.has_invoice,
        is_recent(row.issued_on, row.newest_on, today),
    )
    return all(checks)
