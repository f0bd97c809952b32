"""What is behind a link from an email: the page, or one of the reasons why not."""

from dataclasses import dataclass
from datetime import datetime

from portal.rules.states import Door, InvitationState


@dataclass(frozen=True)
class Key:
    """An invitation as far as its door needs to know; `link_version` is the one in the link."""

    state: str
    version: int
    link_version: int
    expires_at: datetime
    is_registered: bool
    is_there: bool


def invitation_door(key: Key, now: datetime) -> Door:
    """This will say what an invitation link opens. An account that was made comes first."""
    if key.state == InvitationState.ACCEPTED or key.is_registered:
        return Door.USED
    if key.state == InvitationState.REVOKED or not key.is_there:
        return Door.REVOKED
    if key.link_version != key.version:
        return Door.REPLACED
    return Door.EXPIRED if key.expires_at <= now else Door.OPEN


def one_use_door(*, is_used: bool, expires_at: datetime, is_there: bool, now: datetime) -> Door:
    """This will say what a link that works once opens."""
    if is_used:
        return Door.USED
    if not is_there:
        return Door.REVOKED
    return Door.EXPIRED if expires_at <= now else Door.OPEN
