"""Words of the pages of contacts and customers: `{% load desk_words %}`."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from contacts.models import Contact, Customer, Invoice
from contacts.rules.words import ContentType
from core.rules import display
from core.templatetags.ui import pill
from delivery.models import Message
from delivery.rules.states import MessageState
from desk.forms import CONTENT_WORDS
from portal.models import Invitation
from portal.rules.states import InvitationState

register = template.Library()

MESSAGES: dict[str, tuple[str, str, str]] = {
    MessageState.QUEUED: ("", "clock", "Waits"),
    MessageState.LEASED: ("", "clock", "Waits"),
    MessageState.SENDING: ("info", "send", "Is being sent"),
    MessageState.UNKNOWN: ("warn", "help", "Outcome lost"),
    MessageState.ACCEPTED: ("ok", "check", "Sent"),
    MessageState.REFUSED: ("bad", "ban", "Refused"),
    MessageState.FAILED: ("bad", "stop", "Failed"),
    MessageState.SUPPRESSED: ("", "ban", "Not to be mailed"),
    MessageState.CANCELLED: ("", "minus", "Withdrawn"),
    MessageState.ABANDONED: ("", "minus", "Given up"),
    MessageState.DELIVERED: ("ok", "okc", "Delivered"),
    MessageState.BOUNCED: ("bad", "ban", "Bounced"),
    MessageState.COMPLAINED: ("bad", "ban", "Called spam"),
}
INVITATIONS: dict[str, str] = {
    InvitationState.PENDING: "Made, not opened yet",
    InvitationState.OPENED: "Opened, not registered yet",
    InvitationState.ACCEPTED: "Accepted",
    InvitationState.REVOKED: "Withdrawn",
}


@register.filter
def place(row: Contact | Customer) -> str:
    """This will write an address on one line: "410 Foundry St, Austin, TX 78701, US"."""
    region = " ".join(filter(None, (row.state or row.province, row.postal_code)))
    parts = (row.address1, row.address2, row.city, region, row.country)
    return ", ".join(part for part in parts if part)


@register.filter
def content_words(contact: Contact) -> str:
    """This will say what kind of message a contact can read."""
    return CONTENT_WORDS[ContentType(contact.content_type)]


@register.simple_tag
def message_pill(message: Message) -> SafeString:
    """This will show where a message stands."""
    tone, icon_name, words = MESSAGES[message.state]
    return pill(words, tone, icon_name)


@register.filter
def message_name(message: Message) -> str:
    """This will name a message by its mailing, its subject or its kind."""
    if message.mailing:
        return message.mailing.name
    return message.subject or message.kind.replace("_", " ").capitalize()


@register.filter
def what_happened(message: Message) -> str:
    """This will say what came of a message: why it failed, or that it was opened."""
    if message.last_error:
        code = f" ({message.last_error_code})" if message.last_error_code else ""
        return f"{message.last_error}{code}"
    if message.clicked_at:
        return "A link was followed"
    return "Opened, as far as can be told" if message.opened_at else ""


@register.filter
def invitation_words(invitation: Invitation) -> str:
    """This will say where an invitation stands; one that ran out says so."""
    live = invitation.state in (InvitationState.PENDING, InvitationState.OPENED)
    if live and invitation.expires_at < timezone.now():
        return "Its link has run out"
    return INVITATIONS[invitation.state]


@register.simple_tag
def invoice_pill(invoice: Invoice, today: date) -> SafeString:
    """This will show whether an invoice is paid, due or late."""
    if not invoice.is_open:
        return pill(invoice.status or "Paid", "ok", "check")
    if invoice.due_on is None:
        return pill("Open", "", "clock")
    late = (today - invoice.due_on).days
    if late > 0:
        return pill(f"{late:,} day{'' if late == 1 else 's'} late", "bad", "stop")
    return pill(f"Due {display.day(invoice.due_on, today)}", "", "clock")
