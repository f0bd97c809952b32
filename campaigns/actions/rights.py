"""Who may send what: the one place that decides, for pages, admin and actions alike."""

from accounts.models import User
from campaigns.rules.states import INVITING
from portal.models import PortalConfiguration

EMAIL = "contacts.bulk_email_contacts"
INVITE = "portal.send_portal_invitation"


class NotAllowedError(Exception):
    """The person may not send that; the sentence says what is missing."""


def why_not_email(user: User) -> str:
    """This will say why somebody may not send bulk email; nothing when he may."""
    if not user.has_perm(EMAIL):
        return "Your role does not include sending bulk email to contacts."
    return ""


def why_not_invite(user: User) -> str:
    """This will say why somebody may not invite in bulk; nothing when he may."""
    if not user.has_perm(INVITE):
        return "Your role does not include sending customer portal invitations."
    return why_not_email(user) or why_nobody_invites()


def why_nobody_invites() -> str:
    """This will say why nobody at all can be invited; nothing when the portal is enabled."""
    if PortalConfiguration.load().enabled:
        return ""
    return "The customer portal is not enabled. An administrator can enable it in Settings."


def why_not_send(user: User, kind: str) -> str:
    """This will say why somebody may not send a kind of message; nothing when he may."""
    return why_not_invite(user) if kind in INVITING else why_not_email(user)


def refuse_unless_allowed(user: User | None, kind: str) -> None:
    """This will raise NotAllowedError unless `user` may send; None stands for a command."""
    if user is None:
        reason = why_nobody_invites() if kind in INVITING else ""
    else:
        reason = why_not_send(user, kind)
    if reason:
        raise NotAllowedError(reason)
