"""The states of an invitation, of a registration and of a link, each with its meaning."""

from enum import StrEnum


class InvitationState(StrEnum):
    """Where a contact's invitation stands; whether it has run out is told by its date."""

    PENDING = "pending"  # made; perhaps sent, not yet seen
    OPENED = "opened"  # a person has looked at the page
    ACCEPTED = "accepted"  # the contact has registered
    REVOKED = "revoked"  # withdrawn by staff


LIVE = (InvitationState.PENDING, InvitationState.OPENED)


class RegistrationState(StrEnum):
    """Where somebody's wish to join an account stands."""

    LINK_SENT = "link_sent"  # the facts matched, a link went to the address on file
    NEEDS_REVIEW = "needs_review"  # a person must decide
    REGISTERED = "registered"  # the link was used
    APPROVED = "approved"  # staff said yes, a link is on its way
    REJECTED = "rejected"  # staff said no, with a reason


class LinkPurpose(StrEnum):
    """What a one-use link is for."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    REGISTER = "register"


class Door(StrEnum):
    """What somebody finds behind a link from an email."""

    OPEN = "open"
    EXPIRED = "expired"  # it ran out; a new one can be sent
    REPLACED = "replaced"  # a newer link was sent
    USED = "used"  # the account was made, or the password chosen
    REVOKED = "revoked"  # withdrawn, or the contact is gone
