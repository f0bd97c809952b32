"""Join an account without an invitation: prove it, then follow a link to the address on file.

A match never signs anybody in and never makes a second customer: it leads to a link that goes to
an address already on file, or to a person who decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from contacts.models import AddressFact, Contact, Customer, Invoice
from contacts.rules.normalise import address_key
from contacts.rules.words import EmailStatus
from portal.actions.enrolling import enrol, join
from portal.actions.limits import (
    ASKS,
    count_or_refuse,
    forgive_try,
    may_mail,
    start_try,
    tries_left,
)
from portal.actions.links import LinkClosedError, make_link, use_up
from portal.actions.mails import mail
from portal.models import Membership, OneUseLink, PortalConfiguration, Registration
from portal.rules import texts
from portal.rules.choosing import Person, choose
from portal.rules.proof import Facts, Keys, OnFile, keys_of, proven
from portal.rules.states import LinkPurpose, RegistrationState
from portal.rules.usernames import is_house_name
from portal.tokens import page_url


class NoMatchError(Exception):
    """The three facts do not belong to one account; which of them is wrong stays untold."""

    def __init__(self, left: int) -> None:
        """This will keep how many tries are left in this hour."""
        super().__init__()
        self.left = left


@dataclass(frozen=True)
class Applicant:
    """Who asks, and what he typed about himself."""

    name: str
    email: str
    phone: str = ""
    note: str = ""


def find_account(*, facts: Facts, network: str, visitor: str) -> Customer:
    """This will give the account that the three facts prove.

    Raises NoMatchError, the one answer for every failure, and TooManyTriesError. Both look the
    same for accounts that do not exist.
    """
    keys = keys_of(facts)
    start_try(network=network, visitor=visitor, account_key=keys.account)
    customer_id = proven(keys, _on_file(keys), timezone.localdate())
    if customer_id is None:
        raise NoMatchError(tries_left(visitor))
    forgive_try(network=network, visitor=visitor, account_key=keys.account)
    customer: Customer = Customer.objects.get(pk=customer_id)
    return customer


@transaction.atomic
def request_link(*, customer: Customer, applicant: Applicant, facts: Facts) -> Registration:
    """This will mail a link to the address on file after a match, or ask staff when there is none.

    The address that was typed only helps to choose among the addresses on file.
    """
    contact = _contact_on_file(customer, applicant)
    state = RegistrationState.LINK_SENT if contact else RegistrationState.NEEDS_REVIEW
    registration = _kept(customer, contact, applicant, facts, state)
    if contact is not None:
        _send_link(registration, contact)
    return registration


@transaction.atomic
def send_again(*, registration: Registration) -> None:
    """This will mail the link of a registration once more, to the address on file."""
    if registration.contact and registration.state == RegistrationState.LINK_SENT:
        _send_link(registration, registration.contact)


def ask_to_be_invited(*, applicant: Applicant, facts: Facts, network: str) -> Registration:
    """This will put somebody's wish to join before staff. Raises TooManyTriesError."""
    count_or_refuse(ASKS, network)
    with transaction.atomic():
        return _kept(None, None, applicant, facts, RegistrationState.NEEDS_REVIEW)


@transaction.atomic
def register(*, link: OneUseLink, username: str, password: str) -> User:
    """This will make the contact whom the link went to a user, and use the link up.

    Raises LinkClosedError, UsernameTakenError, AlreadyRegisteredError, NotAPersonError.
    """
    use_up(link=link)
    return enrol(
        contact=_contact_of(link), username=username, password=password, sent_to=link.sent_to
    )


@transaction.atomic
def register_as(*, link: OneUseLink, user: User) -> Membership:
    """This will add the account of a registration link to somebody who is a user already.

    Raises LinkClosedError, AlreadyRegisteredError, NotAPersonError.
    """
    use_up(link=link)
    return join(user=user, contact=_contact_of(link), sent_to=link.sent_to)


def mail_already_registered(contact: Contact) -> None:
    """This will tell a contact that he has an account, and his username."""
    membership = contact.memberships.select_related("user").first()
    mail(
        kind="already_registered",
        address=contact.email_repaired,
        text=texts.already_registered(
            sign_in_url=page_url("portal:sign_in"), forgot_url=page_url("portal:forgot_password")
        ),
        contact=contact,
        username=membership.user.username if membership else "",
    )


def _contact_of(link: OneUseLink) -> Contact:
    if link.contact is None:
        raise LinkClosedError
    return link.contact


def _on_file(keys: Keys) -> list[OnFile]:
    """This will read the accounts of that number with the named invoice: always one query."""
    invoices = Invoice.objects.filter(customer=OuterRef("pk"), number_key=keys.invoice)
    newest_first = invoices.order_by("-issued_on").values("issued_on")[:1]
    rows = (
        Customer.objects.real()
        .active()
        .filter(number_key=keys.account)
        .annotate(
            newest_on=Max("invoices__issued_on"),
            has_invoice=Exists(invoices),
            invoice_on=Subquery(newest_first),
        )
        .values_list("pk", "postal_code", "has_invoice", "invoice_on", "newest_on")
    )
    return [OnFile(*row) for row in rows.order_by("pk")[:10]]


def _contact_on_file(customer: Customer, applicant: Applicant) -> Contact | None:
    contacts = {
        row.pk: row
        for row in customer.contacts.people().active().reachable().exclude(address_key="")
        if not is_house_name(row.username, customer.account_number)
    }
    confirmed = _confirmed(row.address_key for row in contacts.values())
    chosen = choose(
        [
            Person(
                contact_id=row.pk,
                name=row.name,
                address_key=row.address_key,
                confirmed=row.address_key in confirmed,
                good=row.email_status == EmailStatus.OK,
            )
            for row in contacts.values()
        ],
        name=applicant.name,
        address_key=address_key(applicant.email),
    )
    return contacts.get(chosen) if chosen else None


def _confirmed(keys: Iterable[str]) -> set[str]:
    return set(
        AddressFact.objects.filter(
            address_key__in=set(keys), confirmed_at__isnull=False
        ).values_list("address_key", flat=True)
    )


def _kept(
    customer: Customer | None,
    contact: Contact | None,
    applicant: Applicant,
    facts: Facts,
    state: RegistrationState,
) -> Registration:
    """This will store what was typed; who asks twice about the same account keeps one row."""
    known = Registration.objects.filter(
        email__iexact=applicant.email,
        account_number=facts.account_number,
        customer=customer,
        state=state,
    )
    registration = known.order_by("pk").first() or Registration(customer=customer, state=state)
    registration.contact = contact
    registration.account_number = facts.account_number
    registration.postal_code = facts.postal_code
    registration.invoice_number = facts.invoice_number
    registration.name = applicant.name
    registration.email = applicant.email
    registration.phone = applicant.phone
    registration.note = applicant.note
    registration.save()
    return registration


def _send_link(registration: Registration, contact: Contact) -> None:
    if not may_mail("registration", contact.email_repaired):
        return
    if contact.memberships.exists():
        mail_already_registered(contact)
        return
    minutes = PortalConfiguration.load().registration_minutes
    token = make_link(
        purpose=LinkPurpose.REGISTER,
        address=contact.email_repaired,
        minutes=minutes,
        contact=contact,
        registration=registration,
    )
    mail(
        kind="registration_link",
        address=contact.email_repaired,
        text=texts.register_link(url=page_url("portal:register", token), minutes=minutes),
        contact=contact,
    )
