from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.doors import Key, invitation_door, one_use_door
from portal.rules.states import Door, InvitationState

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
GOOD = {
    "state": InvitationState.PENDING,
    "version": 2,
    "link_version": 2,
    "expires_at": NOW + timedelta(days=1),
    "is_registered": False,
    "is_there": True,
}


@pytest.mark.parametrize(
    ("change", "door"),
    [
        ({}, Door.OPEN),
        ({"state": InvitationState.OPENED}, Door.OPEN),
        ({"state": InvitationState.ACCEPTED}, Door.USED),
        ({"state": InvitationState.REVOKED}, Door.REVOKED),
        ({"state": InvitationState.REVOKED, "version": 3}, Door.REVOKED),
        ({"link_version": 1}, Door.REPLACED),
        ({"link_version": 3}, Door.REPLACED),
        ({"link_version": 1, "expires_at": NOW}, Door.REPLACED),
        ({"expires_at": NOW}, Door.EXPIRED),
        ({"is_there": False}, Door.REVOKED),
        ({"is_registered": True}, Door.USED),
        ({"is_registered": True, "is_there": False}, Door.USED),
    ],
)
def test_an_invitation_opens_one_door(change, door):
    assert invitation_door(Key(**(GOOD | change)), NOW) is door


@pytest.mark.parametrize(
    ("is_used", "expires_at", "is_there", "door"),
    [
        (False, NOW + timedelta(minutes=1), True, Door.OPEN),
        (False, NOW, True, Door.EXPIRED),
        (True, NOW + timedelta(minutes=1), True, Door.USED),
        (True, NOW, False, Door.USED),
        (False, NOW, False, Door.REVOKED),
    ],
)
def test_a_link_that_works_once_opens_one_door(is_used, expires_at, is_there, door):
    assert one_use_door(is_used=is_used, expires_at=expires_at, is_there=is_there, now=NOW) is door
