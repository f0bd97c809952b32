"""What kinds, states and names are called on the pages, and how they look."""

from dataclasses import dataclass

from campaigns.rules.states import CampaignKind, CampaignState
from delivery.rules.states import MessageState

KINDS: dict[CampaignKind, str] = {
    CampaignKind.ANNOUNCEMENT: "Announcement",
    CampaignKind.INVITATION: "Portal invitation",
    CampaignKind.REMINDER: "Reminder",
    CampaignKind.DATA_REQUEST: "Data request",
    CampaignKind.BULK: "Bulk email",
}


@dataclass(frozen=True)
class Look:
    """How a state is shown: its tone and icon, and its word where the state's own name is none."""

    tone: str
    icon: str
    words: str = ""


CAMPAIGN_LOOKS: dict[CampaignState, Look] = {
    CampaignState.DRAFT: Look("", "pen"),
    CampaignState.SCHEDULED: Look("info", "cal"),
    CampaignState.OVERDUE: Look("warn", "alert", "Did not start"),
    CampaignState.PREPARING: Look("info", "clock"),
    CampaignState.SENDING: Look("info", "send"),
    CampaignState.PAUSED: Look("warn", "pause"),
    CampaignState.SENT: Look("ok", "check"),
    CampaignState.CANCELLED: Look("", "ban"),
}
MESSAGE_LOOKS: dict[MessageState, Look] = {
    MessageState.QUEUED: Look("", "clock", "Waiting"),
    MessageState.LEASED: Look("", "clock", "Waiting"),
    MessageState.SENDING: Look("info", "send", "Sending"),
    MessageState.UNKNOWN: Look("warn", "help", "Answer lost"),
    MessageState.ACCEPTED: Look("ok", "check", "Sent"),
    MessageState.REFUSED: Look("bad", "stop", "Refused"),
    MessageState.FAILED: Look("bad", "stop", "Not accepted"),
    MessageState.SUPPRESSED: Look("", "ban", "Do not contact"),
    MessageState.CANCELLED: Look("", "ban", "Withdrawn"),
    MessageState.ABANDONED: Look("", "minus", "Given up"),
    MessageState.DELIVERED: Look("ok", "okc", "Delivered"),
    MessageState.BOUNCED: Look("bad", "stop", "Bounced"),
    MessageState.COMPLAINED: Look("bad", "stop", "Called spam"),
}
DEFERRED = Look("warn", "clock", "Deferred")


@dataclass(frozen=True)
class Step:
    """What comes next for a recipient; `mend` when a person can do something about it."""

    words: str
    mend: bool = False


_STEPS: dict[MessageState, Step] = {
    MessageState.QUEUED: Step("Goes out by itself"),
    MessageState.UNKNOWN: Step("Held until it is known"),
    MessageState.REFUSED: Step("Find new address", mend=True),
    MessageState.FAILED: Step("Send again, or find new address", mend=True),
    MessageState.BOUNCED: Step("Find new address", mend=True),
    MessageState.COMPLAINED: Step("Call instead", mend=True),
}
IN_WAVES = (CampaignKind.INVITATION, CampaignKind.REMINDER)


def campaign_name(kind: CampaignKind, number: int) -> str:
    """This will name the nth campaign of a kind: "Portal invitation, wave 5", "Announcement 2"."""
    return f"{KINDS[kind]}, wave {number}" if kind in IN_WAVES else f"{KINDS[kind]} {number}"


def counted(number: int, one: str, many: str) -> str:
    """This will write a number with its noun: "1 contact", "2,316 contacts"."""
    return f"{number:,} {one if number == 1 else many}"


def message_look(state: str, attempts: int) -> Look:
    """This will say how a recipient's state looks; tried and waiting again is deferred."""
    if state == MessageState.QUEUED and attempts:
        return DEFERRED
    return MESSAGE_LOOKS[MessageState(state)]


def next_step(state: str, attempts: int) -> Step:
    """This will say what comes next for a recipient; nothing when all is well."""
    if state == MessageState.QUEUED and attempts:
        return Step("Tried again by itself")
    return _STEPS.get(MessageState(state), Step(""))
