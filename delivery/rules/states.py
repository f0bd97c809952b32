"""The states of a message and of a mailing; a state never goes down."""

from enum import StrEnum


class MessageState(StrEnum):
    """Where one message to one recipient stands."""

    QUEUED = "queued"  # waits to be sent, perhaps again
    LEASED = "leased"  # taken by a sender, not started
    SENDING = "sending"  # on the wire
    UNKNOWN = "unknown"  # the answer was lost: sent or not, nobody knows yet
    ACCEPTED = "accepted"  # the mail server took it
    REFUSED = "refused"  # the mail server refused it for good
    FAILED = "failed"  # tried often enough
    SUPPRESSED = "suppressed"  # the address must not be mailed
    CANCELLED = "cancelled"  # withdrawn before it was sent
    ABANDONED = "abandoned"  # unknown, and staff left it at that
    DELIVERED = "delivered"  # the provider says it arrived
    BOUNCED = "bounced"  # it came back
    COMPLAINED = "complained"  # the recipient called it spam


WAITING = (MessageState.QUEUED, MessageState.LEASED, MessageState.SENDING)
SENT = (
    MessageState.ACCEPTED,
    MessageState.DELIVERED,
    MessageState.BOUNCED,
    MessageState.COMPLAINED,
)
# Staff may have these tried once more; what was refused would be refused again.
TRIED_AGAIN = (MessageState.UNKNOWN, MessageState.FAILED)
FINAL = tuple(state for state in MessageState if state not in WAITING)


class Channel(StrEnum):
    """By which way a message goes."""

    EMAIL = "email"
    SMS = "sms"


class MailingState(StrEnum):
    """Whether senders may take messages of a mailing."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Purpose(StrEnum):
    """Why a message is sent; a suppression may stop one purpose and not another."""

    ANNOUNCEMENT = "announcement"
    INVITATION = "invitation"
    REMINDER = "reminder"
    DATA_REQUEST = "data_request"
    BULK = "bulk"
    ACCOUNT = "account"  # reset, username, registration: what the customer asked for
    INTERNAL = "internal"  # to staff


# What goes to many at once; only this carries an unsubscribe link.
TO_MANY = (
    Purpose.ANNOUNCEMENT,
    Purpose.INVITATION,
    Purpose.REMINDER,
    Purpose.DATA_REQUEST,
    Purpose.BULK,
)


class SuppressionReason(StrEnum):
    """Why an address must not be mailed."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    MANUAL = "manual"
    DOMAIN = "domain"
    ERASED = "erased"


# What the recipient asked for himself goes out although he wants no other mail.
SPARES_ACCOUNT = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINED)
ON_REQUEST = (Purpose.ACCOUNT, Purpose.INTERNAL)


def domain_stop(address_key: str) -> str:
    """This will give the key of a suppression that stops a whole domain: @acme.example."""
    return f"@{address_key.rpartition('@')[2]}"
