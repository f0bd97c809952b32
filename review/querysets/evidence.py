"""Everything that speaks for or against one finding, read in a handful of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import User
from contacts.models import Change, Contact, Customer, Invoice, Proposal
from contacts.rules.normalise import domain_of
from contacts.rules.values import text_of
from contacts.rules.words import ProposalKind
from review.models import Assignment
from review.querysets.queue import QueueFilter, queue
from review.rules.alike import domain_pair
from review.rules.answers import Told, by_whom, person_words, told
from review.rules.problems import problem_label
from validation.models import Finding, MailDomain

HISTORY = 6


@dataclass(frozen=True)
class Reason:
    """One line of evidence: `tone` is ok, bad or info."""

    tone: str
    text: str
    aside: str = ""


def pane_context(row: Finding, user: User) -> dict[str, Any]:
    """This will give what the pane beside the queue shows for a finding."""
    return {
        "label": problem_label(row.code),
        "reasons": _reasons(row),
        "alike": _alike(row, user),
        "can_clear": row.field == "email" and bool(row.value),
        "can_split": row.code == "multiple_addresses",
        "assignment": Assignment.objects.filter(contact=row.contact).select_related("to").first(),
        "answers": _earlier_answers(row.contact),
        **_about(row.contact),
    }


def answer_context(row: Proposal) -> dict[str, Any]:
    """This will give what the pane shows for an answer."""
    said = told(row.kind, row.values, row.person, row.seen.get("email", ""))
    new = row.values.get("email") or row.person.get("email", "")
    known = MailDomain.objects.filter(name=domain_of(new) or "-").first()
    context: dict[str, Any] = {
        "told": said,
        "who": by_whom(row.source),
        "person_named": person_words(row.person),
        "reasons": [_said_of(known)] if known else [],
        "changes": _changes_of(row),
        "question": row.questions.select_related("opened_by").order_by("-pk").first(),
    }
    return context | (_about(row.contact) if row.contact else {})


def _about(contact: Contact) -> dict[str, Any]:
    """This will give what is known around a contact."""
    return {
        "invoices": _open_invoices(contact.customer),
        "colleagues": _colleagues(contact),
        "history": Change.objects.filter(contact=contact)
        .select_related("change_set__actor")
        .order_by("-pk")[:HISTORY],
    }


def _changes_of(row: Proposal) -> list[tuple[str, str, str]]:
    """This will give field, present value and new value of each change that an answer asks for."""
    values = dict(row.values)
    if row.kind == ProposalKind.NO_EMAIL:
        values["email"] = ""
    contact = row.contact
    return [
        (name, text_of(getattr(contact, name)) if contact else "", new)
        for name, new in values.items()
    ]


def _earlier_answers(contact: Contact) -> list[tuple[Proposal, Told]]:
    """This will give the newest decided answers about a contact, in words."""
    decided = Proposal.objects.filter(contact=contact, state__in=["accepted", "refused"])
    return [
        (row, told(row.kind, row.values, row.person, row.seen.get("email", "")))
        for row in decided.order_by("-pk")[:HISTORY]
    ]


def _reasons(row: Finding) -> list[Reason]:
    told = [Reason("info", line) for line in row.evidence.splitlines() if line]
    old, new = domain_of(row.value), domain_of(row.suggestion)
    names = {name for name in (old, new) if name}
    known = {item.name: item for item in MailDomain.objects.filter(name__in=names)}
    if new and new in known and new != old:
        told.append(_said_of(known[new]))
    if old and old in known:
        told.append(_said_of(known[old]))
    return told


def _said_of(domain: MailDomain) -> Reason:
    checked = f"checked {domain.checked_at:%d %b, %H:%M}" if domain.checked_at else ""
    verdict = domain.verdict
    if verdict == MailDomain.Verdict.DELIVERABLE:
        return Reason("ok", f"{domain.name} accepts mail", checked)
    if verdict == MailDomain.Verdict.RISKY:
        return Reason("info", f"{domain.name} has no mail server of its own", checked)
    if verdict == MailDomain.Verdict.UNDELIVERABLE:
        return Reason("bad", f"{domain.name} accepts no mail ({_in_words(domain.code)})", checked)
    return Reason("info", f"{domain.name} could not be looked up yet", checked)


def _in_words(code: str) -> str:
    return {
        "no_domain": "the domain does not exist",
        "null_mx": "it says so itself",
        "mx_unusable": "its mail server does not exist",
        "no_mail_host": "it has no server",
        "unknown_tld": "no domain ends like this",
        "reserved_domain": "the name is kept for tests and inner networks",
        "dns_broken": "its entries lead in a circle",
    }.get(code, code.replace("_", " "))


def _alike(row: Finding, user: User) -> int:
    """This will count the other open findings that are the same mistake."""
    pair = domain_pair(row.value, row.suggestion)
    if pair is None:
        return 0
    return (
        queue(QueueFilter(), user)
        .filter(code=row.code, value__iendswith=f"@{pair[0]}", suggestion__iendswith=f"@{pair[1]}")
        .exclude(pk=row.pk)
        .count()
    )


def _open_invoices(customer: Customer | None) -> dict[str, Any]:
    rows = Invoice.objects.filter(Q(customer=customer), open_amount__gt=0)
    facts: dict[str, Any] = rows.aggregate(count=Count("pk"), total=Sum("open_amount"))
    return facts


def _colleagues(contact: Contact) -> int:
    count: int = (
        Contact.objects.people()
        .active()
        .filter(customer=contact.customer)
        .exclude(pk=contact.pk)
        .count()
    )
    return count
