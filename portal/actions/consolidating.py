"""Invitations follow contacts that became one."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from contacts.actions.moving import put
from contacts.models import ChangeSet
from portal.models import Invitation
from portal.rules.states import InvitationState


@transaction.atomic
def follow_merge(*, into: Mapping[int, int], change_set: ChangeSet) -> None:
    """This will close the second of two live invitations; all others have moved by now.

    Users and their memberships are left alone: both sign-ins go on.
    """
    for gone, keep in into.items():
        values = {
            "state": InvitationState.REVOKED.value,
            "revoked_at": timezone.now().isoformat(),
            "contact_id": str(keep),
        }
        second = Invitation.objects.live().filter(contact=gone)
        put(rows=second, values=values, change_set=change_set)
