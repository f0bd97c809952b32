"""What the pages of one contact and of one customer show, in a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from accounts.models import User
from contacts.models import AddressFact, Change, Contact, Customer, Invoice, SourceRecord
from contacts.querysets import GOOD
from contacts.rules.values import text_of
from contacts.rules.words import ChangeKind, PortalStage
from core.templatetags.ui import day
from delivery.models import Suppression
from desk.rules.story import field_words
from portal.models import Invitation, Membership
from review.querysets.evidence import Reason, pane_context
from review.rules.problems import problem_label
from validation.models import Finding, MailDomain
from validation.rules.dns_words import words_of

SHOWN_CONTACTS = 8
SHOWN_FIXES = 3
SHOWN_INVOICES = 6
# Which fields tell where they come from, in the order of the page.
TRACED = (
    "email", "first_name", "last_name", "phone", "sms_number", "alternate_phone", "fax",
    "job_title", "organization", "address1", "city", "state", "postal_code", "country", "username",
    "active", "notes",
)  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: the field in words, the source or the person, and when."""

    field: str
    words: str
    at: Any = None


def findings_of(contact: Contact, user: User) -> list[dict[str, Any]]:
    """This will give the open findings of a contact, each with what speaks for it."""
    rows = Finding.objects.open().filter(contact=contact).order_by("-confidence", "pk")
    found = rows.select_related("contact__customer")
    return [{"row": row, **pane_context(row, user)} for row in found]


def fixes_at(customer: Customer) -> list[Finding]:
    """This will give the surest suggestions for contacts of a customer."""
    rows = Finding.objects.open().with_suggestion().filter(contact__customer=customer)
    people = rows.filter(contact__active=True, contact__is_house_user=False)
    return list(people.select_related("contact").order_by("-confidence", "pk")[:SHOWN_FIXES])


def address_of(contact: Contact) -> dict[str, Any]:
    """This will give what is known of a contact's address: DNS, sending, and what was decided."""
    domain = MailDomain.objects.filter(name=contact.email_domain or "-").first()
    fact = AddressFact.objects.filter(address_key=contact.address_key or "-").first()
    settled = Finding.objects.filter(contact=contact).exclude(
        pk__in=Finding.objects.open().filter(contact=contact).values("pk")
    )
    return {
        "domain": domain,
        "said": words_of(domain.verdict, domain.code, domain.last_error) if domain else None,
        "proofs": list(_proofs(fact)) if fact else [],
        "settled": [(problem_label(row.code), row) for row in settled.order_by("pk")],
    }


def origins_of(contact: Contact) -> list[Origin]:
    """This will say of each value where it comes from: a file of a source, or a person."""
    records = list(contact.records.select_related("source").order_by("-pk"))
    edits: dict[str, Change] = {}
    changes = Change.objects.filter(contact=contact, undone=False).exclude(field="")
    for change in changes.select_related("change_set__actor").order_by("pk"):
        edits[change.field] = change
    return [
        origin
        for name in TRACED
        if getattr(contact, name) not in ("", None)
        and (origin := _origin(name, edits.get(name), _tellers(contact, name, records)))
    ]


def suppressions_of(contact: Contact) -> QuerySet[Suppression]:
    """This will give what stops mail to the contact's address."""
    rows: QuerySet[Suppression] = Suppression.objects.filter(
        address_key=contact.address_key or "-", lifted_at=None
    )
    return rows.order_by("pk")


def portal_of(contact: Contact) -> dict[str, Any]:
    """This will give the contact's newest invitation and its account on the portal."""
    return {
        "invitation": Invitation.objects.filter(contact=contact).order_by("-pk").first(),
        "membership": Membership.objects.filter(contact=contact).select_related("user").first(),
    }


def company_of(contact: Contact) -> dict[str, Any]:
    """This will give the figures of the contact's customer that stand beside the contact."""
    if contact.customer is None:
        return {}
    return {
        "colleagues": _people(contact.customer).aggregate(
            count=Count("pk"), bad=Count("pk", filter=~Q(email_status__in=GOOD))
        ),
        "invoices": _open(contact.customer).aggregate(count=Count("pk"), total=Sum("open_amount")),
        "joined": Membership.objects.filter(customer=contact.customer).count(),
    }


def figures_of(customer: Customer, today: date) -> dict[str, Any]:
    """This will give the four figures at the top of a customer's page."""
    invited = ~Q(portal_stage=PortalStage.NOT_INVITED)
    people = _people(customer).aggregate(
        count=Count("pk"),
        good=Count("pk", filter=Q(email_status__in=GOOD)),
        invited=Count("pk", filter=invited),
        mailed_at=Max("last_mailed_at"),
    )
    money = Invoice.objects.filter(customer=customer).aggregate(
        open=Sum("open_amount"),
        overdue=Sum("open_amount", filter=Q(due_on__lt=today)),
        invoices=Count("pk"),
    )
    members = Membership.objects.filter(customer=customer).aggregate(
        count=Count("pk"), seen_at=Max("last_seen_at"), since=Max("created_at")
    )
    return {
        "people": people | {"bad": people["count"] - people["good"]},
        "money": {name: value or Decimal(0) for name, value in money.items()},
        "members": members,
        "to_invite": Contact.objects.filter(customer=customer).ready_to_invite().count(),
    }


def people_at(customer: Customer) -> QuerySet[Contact]:
    """This will give the people at a customer by name; those who have left come last."""
    rows: QuerySet[Contact] = Contact.objects.people().filter(customer=customer)
    return rows.order_by("-active", "last_name", "first_name", "pk")


def recent_invoices(customer: Customer) -> QuerySet[Invoice]:
    """This will give the newest invoices."""
    return Invoice.objects.filter(customer=customer).order_by("-issued_on", "-pk")[:SHOWN_INVOICES]


def _proofs(fact: AddressFact) -> Iterator[Reason]:
    """This will tell what sending and people have proven of an address."""
    for tone, words, at, why in (
        ("ok", "Confirmed", fact.confirmed_at, fact.confirmed_by),
        ("ok", "Mail was delivered", fact.delivered_at, ""),
        ("bad", "Mail came back", fact.bounced_at, fact.bounce_reason),
        ("bad", "Called spam by the reader", fact.complained_at, ""),
    ):
        if at:
            yield Reason(tone, f"{words}: {why}" if why else words, day(at))


def _people(customer: Customer) -> QuerySet[Contact]:
    rows: QuerySet[Contact] = Contact.objects.people().filter(customer=customer, active=True)
    return rows


def _open(customer: Customer) -> QuerySet[Invoice]:
    return Invoice.objects.filter(customer=customer, open_amount__gt=0)


def _tellers(contact: Contact, name: str, records: list[SourceRecord]) -> list[SourceRecord]:
    """This will put the records that say what is there first: several sources may tell of it."""
    value = text_of(getattr(contact, name))
    return sorted(records, key=lambda record: record.base.get(name) != value)


def _origin(name: str, change: Change | None, records: list[SourceRecord]) -> Origin | None:
    words = field_words(name).capitalize()
    if change and change.change_set.kind != ChangeKind.IMPORT:
        who = str(change.change_set.actor or "The program")
        return Origin(words, who, change.change_set.created_at)
    at = change.change_set.created_at if change else None
    for record in records:
        if name in record.base or f"contact.{name}" in record.base:
            row = f", row {record.row_number}" if record.row_number else ""
            return Origin(words, f"{record.source}{row}", at)
    return None
