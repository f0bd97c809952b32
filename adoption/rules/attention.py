"""What needs attention, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Attention:
    """One line: what happened, what it means, where to go. `right` is what one needs to act."""

    tone: str
    icon: str
    title: str
    text: str
    url_name: str
    action: str
    right: str
    primary: bool = False


def needs_attention(counts: Mapping[str, int]) -> list[Attention]:
    """This will turn counts into lines; what is zero is left out.

    Reads: bounced, sure, to_export, export_days, registrations, unknown_messages, ready,
    dns_fails.
    """
    lines = [_dns, _bounced, _unknown, _sure, _to_export, _registrations, _ready]
    return [line for make in lines if (line := make(counts))]


def _n(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _dns(counts: Mapping[str, int]) -> Attention | None:
    if not counts.get("dns_fails", 0):
        return None
    return Attention(
        "bad", "globe", "Mail domains cannot be looked up",
        "No address counts as wrong for that. New ones wait until the name server answers.",
        "desk:domains", "See why", "contacts.view_all_contacts",
    )  # fmt: skip


def _bounced(counts: Mapping[str, int]) -> Attention | None:
    n = counts.get("bounced", 0)
    if not n:
        return None
    return Attention(
        "bad", "stop", f"{_n(n, 'address has', 'addresses have')} bounced",
        "They wait in review with what the mail server said.",
        "review:queue", "Review", "review.review_findings",
    )  # fmt: skip


def _unknown(counts: Mapping[str, int]) -> Attention | None:
    n = counts.get("unknown_messages", 0)
    if not n:
        return None
    return Attention(
        "warn", "help", f"{_n(n, 'message', 'messages')} may or may not have gone out",
        "The mail server's answer was lost. They are held until it is known.",
        "campaigns:campaigns", "Open", "campaigns.view_campaign",
    )  # fmt: skip


def _sure(counts: Mapping[str, int]) -> Attention | None:
    n = counts.get("sure", 0)
    if not n:
        return None
    return Attention(
        "warn", "list", f"{_n(n, 'fix is', 'fixes are')} ready to accept",
        f"95% sure or more. About {max(1, n // 60)} {'minute' if n < 120 else 'minutes'}.",  # noqa: PLR2004
        "review:queue", "Review", "review.review_findings", primary=True,
    )  # fmt: skip


def _to_export(counts: Mapping[str, int]) -> Attention | None:
    n = counts.get("to_export", 0)
    days = counts.get("export_days", 0)
    oldest = f"The oldest is {_n(days, 'day', 'days')} old." if days else "All are from today."
    if not n:
        return None
    return Attention(
        "warn", "sync", f"{_n(n, 'fix', 'fixes')} not yet in the ERP",
        oldest, "erp:write_back", "Export", "erp.write_back",
    )  # fmt: skip


def _registrations(counts: Mapping[str, int]) -> Attention | None:
    n = counts.get("registrations", 0)
    if not n:
        return None
    return Attention(
        "info", "users", f"{_n(n, 'customer asks', 'customers ask')} to join an account",
        "Compare what they typed with what is on file.",
        "portal:registrations", "Decide", "portal.approve_registrations",
    )  # fmt: skip


def _ready(counts: Mapping[str, int]) -> Attention | None:
    n = counts.get("ready", 0)
    if not n:
        return None
    return Attention(
        "info", "send", f"{_n(n, 'contact is', 'contacts are')} ready to invite",
        "Their addresses are good, and nobody has invited them yet.",
        "desk:ready", "Invite", "portal.send_portal_invitation",
    )  # fmt: skip
