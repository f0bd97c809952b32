"""The states of a campaign, and the kinds of messages that one can send."""

from enum import StrEnum


class CampaignKind(StrEnum):
    """What a campaign says; the values are the purposes that delivery knows."""

    ANNOUNCEMENT = "announcement"
    INVITATION = "invitation"
    REMINDER = "reminder"
    DATA_REQUEST = "data_request"
    BULK = "bulk"


# Kinds that carry the personal link: both rights and an enabled portal are needed to send them.
INVITING = (CampaignKind.INVITATION, CampaignKind.REMINDER)


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OVERDUE = "overdue"
    PREPARING = "preparing"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


UNDER_WAY = (CampaignState.PREPARING, CampaignState.SENDING, CampaignState.PAUSED)
STARTED = (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.SENT)
ENDED = (CampaignState.SENT, CampaignState.CANCELLED)
EDITABLE = (CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.OVERDUE)
CAN_FOLLOW: dict[CampaignState, tuple[CampaignState, ...]] = {
    CampaignState.DRAFT: (
        CampaignState.SCHEDULED,
        CampaignState.PREPARING,
        CampaignState.CANCELLED,
    ),
    CampaignState.SCHEDULED: (
        CampaignState.DRAFT,
        CampaignState.OVERDUE,
        CampaignState.PREPARING,
        CampaignState.CANCELLED,
    ),
    CampaignState.OVERDUE: (
        CampaignState.DRAFT,
        CampaignState.SCHEDULED,
        CampaignState.PREPARING,
        CampaignState.CANCELLED,
    ),
    CampaignState.PREPARING: (CampaignState.SENDING, CampaignState.CANCELLED),
    CampaignState.SENDING: (CampaignState.PAUSED, CampaignState.SENT, CampaignState.CANCELLED),
    CampaignState.PAUSED: (CampaignState.SENDING, CampaignState.CANCELLED),
    CampaignState.SENT: (CampaignState.SENDING,),  # when what failed is tried again
    CampaignState.CANCELLED: (),
}


def may_become(state: CampaignState) -> tuple[CampaignState, ...]:
    """This will give the states from which a campaign may go to `state`."""
    return tuple(before for before, after in CAN_FOLLOW.items() if state in after)
