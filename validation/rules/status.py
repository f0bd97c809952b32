"""The one status of a contact's address, from everything that is known of it."""

from collections.abc import Iterable

from contacts.rules.words import EmailStatus
from validation.rules.account import Delivery, Proven
from validation.rules.found import SURE, Found

# With these nothing can arrive, whatever else is known.
CANNOT_ARRIVE = frozenset(
    {"syntax", "multiple_addresses", "wrapper_text", "dead_domain", "null_mx", "homoglyph"}
)
NO_ADDRESS = frozenset({"missing", "placeholder"})
SENT_BACK = frozenset({"bounced", "complained"})


def status_of(  # noqa: PLR0911 - the order of the cases is the rule
    findings: Iterable[Found], *, kept: frozenset[str], verdict: str, proven: Proven, text: str
) -> EmailStatus:
    """This will derive the status: the first that applies, the worst first.

    `kept` are the codes a person has said are no fault of this value; nothing can be kept of a
    field without an address.
    """
    every = list(findings)
    if any(item.code in SENT_BACK and item.code not in kept for item in every):
        return EmailStatus.BOUNCED
    if not text or any(item.code in NO_ADDRESS and item.code not in kept for item in every):
        return EmailStatus.MISSING
    unreadable = "@" not in text
    open_ones = [item for item in every if item.code not in kept and item.severity != "info"]
    sure = any(
        item.suggestion and item.confidence >= SURE and item.field == "email" for item in open_ones
    )
    if unreadable or any(item.code in CANNOT_ARRIVE for item in open_ones):
        return EmailStatus.FIXABLE if sure else EmailStatus.INVALID
    if sure:
        return EmailStatus.FIXABLE
    if verdict == Delivery.UNDELIVERABLE and any(item.severity == "error" for item in open_ones):
        return EmailStatus.INVALID
    if proven.confirmed:
        return EmailStatus.CONFIRMED
    if verdict in {Delivery.NEVER_ASKED, Delivery.UNKNOWN}:
        return EmailStatus.UNKNOWN
    return EmailStatus.REVIEW if open_ones else EmailStatus.OK
