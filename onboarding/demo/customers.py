"""The demo's customers: who opens the invitation, registers, and comes back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from campaigns.models import Campaign
from delivery.models import Message
from delivery.rules.states import MessageState
from onboarding.demo import company
from portal.actions import access, invitations
from portal.actions.enrolling import offered_username
from portal.models import Invitation, Membership
from portal.rules.states import LIVE

# Of those whose mail arrived one in so many opens it; of these, one in so many registers ...
OPENS, REGISTERS = 2, 3
# ... and all but one in so many come back.
STAYS_AWAY = 4


@dataclass(frozen=True)
class Visit:
    """Something a customer does, so many days ago."""

    days: int
    hour: int
    happens: Callable[[], object]


def visits_of(campaign: Campaign, days: int) -> Iterator[Visit]:
    """This will give the visits that follow a wave of invitations sent so many days ago."""
    messages = Message.objects.filter(mailing__campaign=campaign, state=MessageState.DELIVERED)
    arrived = messages.values_list("contact_id", flat=True)
    rows = Invitation.objects.filter(contact__in=arrived, state__in=LIVE).order_by("pk")
    for number, invitation_id in enumerate(rows.values_list("pk", flat=True)[::OPENS]):
        day, hour = _day(number, days), 11 + number % 10
        yield Visit(day, hour, partial(_open, invitation_id))
        if number % REGISTERS == 0:
            yield Visit(day, hour + 1, partial(_register, invitation_id))
            if number % STAYS_AWAY and day > 1:
                yield Visit(day - 1, hour, partial(_come_back, invitation_id))


def _open(invitation_id: int) -> None:
    invitations.open_invitation(invitation=_invitation(invitation_id))


def _register(invitation_id: int) -> None:
    invitation = _invitation(invitation_id)
    invitations.accept(
        invitation=invitation,
        username=offered_username(invitation.contact),
        password=company.PASSWORD,
    )


def _come_back(invitation_id: int) -> None:
    contact = _invitation(invitation_id).contact
    access.note_sign_in(user=Membership.objects.get(contact=contact).user)


def _invitation(invitation_id: int) -> Invitation:
    return Invitation.objects.select_related("contact__customer").get(pk=invitation_id)


def _day(number: int, days: int) -> int:
    """This will spread people over the days since their invitation, most of them soon after it."""
    spread = (number * number) % max(days - 1, 1)
    return max(days - 1 - spread, 0) if days > 1 else 0
