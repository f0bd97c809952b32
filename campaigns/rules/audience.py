"""May this contact get this message? If not, exactly one reason, so that counts always add up.

Reasons stand in the order in which they are asked: who somebody is, where he reads his mail, then
when. The first one counts: nobody should mend the address of a person who has left.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.rules.states import INVITING, CampaignKind
from contacts.rules.words import EmailStatus, PortalStage

DNS_PATIENCE_DAYS = 3


class Reason(StrEnum):
    """Why a selected contact is left out; the order is the precedence."""

    HOUSE_USER = "house_user"
    INACTIVE = "inactive"
    NO_CUSTOMER = "no_customer"
    NOT_WANTED = "not_wanted"
    ALREADY_REGISTERED = "already_registered"
    NOT_INVITED = "not_invited"
    ANSWERED = "answered"
    NO_EMAIL = "no_email"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    NEEDS_FIX = "needs_fix"
    BELOW_FLOOR = "below_floor"
    DNS_PENDING = "dns_pending"
    UNDER_WAY = "under_way"
    INVITED_RECENTLY = "invited_recently"
    MAILED_RECENTLY = "mailed_recently"
    DUPLICATE_ADDRESS = "duplicate_address"


# What a person can mend; the rest is as it should be, or mends itself.
NEEDS_A_PERSON = frozenset(
    {
        Reason.NO_CUSTOMER,
        Reason.NO_EMAIL,
        Reason.BOUNCED,
        Reason.NEEDS_FIX,
        Reason.BELOW_FLOOR,
    }
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a selected contact.

    `stops` holds the reasons of standing suppressions, `taken` says that another contact with the
    same address is already a recipient.
    """

    status: str
    stage: str
    address_key: str
    is_house: bool = False
    active: bool = True
    has_customer: bool = True
    promote: bool = True
    invite: bool = True
    has_error: bool = False
    below_floor: bool = False
    dns_fails: bool = False
    stops: frozenset[str] = frozenset()
    under_way: bool = False
    mailed_recently: bool = False
    taken: bool = False
    answered: bool = False


@dataclass
class Split:
    """An audience, divided: whom to write to, and who is left out for which reason."""

    to_send: list[int] = field(default_factory=list)
    left_out: dict[Reason, list[int]] = field(default_factory=dict)

    @property
    def selected(self) -> int:
        """How many were looked at: those to send to and those left out."""
        return len(self.to_send) + self.held

    @property
    def held(self) -> int:
        """How many are left out."""
        return sum(map(len, self.left_out.values()))

    def add(self, contact_id: int, reason: Reason | None) -> None:
        """This will put one contact where it belongs."""
        place = self.to_send if reason is None else self.left_out.setdefault(reason, [])
        place.append(contact_id)

    def counts(self) -> dict[Reason, int]:
        """This will count those left out, in the order of the reasons."""
        return {reason: len(self.left_out[reason]) for reason in Reason if reason in self.left_out}


@dataclass(frozen=True)
class Words:
    """A reason in plain words: what it is called, what it means, what to do about it."""

    label: str
    meaning: str
    step: str = ""
    tone: str = ""
    icon: str = "minus"


WORDS: dict[Reason, Words] = {
    Reason.HOUSE_USER: Words("House user", "The system's own contact, never mailed", icon="build"),
    Reason.INACTIVE: Words("Inactive", "The contact or its customer is switched off"),
    Reason.NO_CUSTOMER: Words(
        "No customer",
        "Not matched to an account yet",
        "Match the contact to a customer",
        tone="warn",
        icon="build",
    ),
    Reason.NOT_WANTED: Words(
        "Not wanted", "Switched off for the contact or its customer", "Switch it on to include them"
    ),
    Reason.ALREADY_REGISTERED: Words(
        "Already registered", "They have a login", tone="ok", icon="okc"
    ),
    Reason.NOT_INVITED: Words(
        "Not invited yet", "There is nothing to remind of", "Send an invitation first"
    ),
    Reason.ANSWERED: Words(
        "Answered", "They wrote or called back, so nobody reminds them", icon="okc"
    ),
    Reason.NO_EMAIL: Words(
        "No email address",
        "Nothing to send to",
        "Ask the sales rep or the customer",
        tone="warn",
        icon="alert",
    ),
    Reason.COMPLAINED: Words(
        "Complained", "Called an earlier message spam", "Call instead", icon="ban"
    ),
    Reason.BOUNCED: Words(
        "Bounced", "An earlier message came back", "Find a new address", tone="bad", icon="ban"
    ),
    Reason.UNSUBSCRIBED: Words("Unsubscribed", "Wants no messages of this kind", icon="ban"),
    Reason.SUPPRESSED: Words("Do not contact", "On the suppression list", icon="ban"),
    Reason.NEEDS_FIX: Words(
        "Needs a fix first",
        "Typo, no mail at domain or badly formed",
        "Fix it in review",
        tone="bad",
        icon="stop",
    ),
    Reason.BELOW_FLOOR: Words(
        "Too little is known",
        "A field that Settings ask for is empty",
        "Fill it in, or ask for less in Settings",
        tone="warn",
        icon="alert",
    ),
    Reason.DNS_PENDING: Words(
        "Domain did not answer",
        f"Asked again by itself, {DNS_PATIENCE_DAYS} days at most",
        icon="globe",
    ),
    Reason.UNDER_WAY: Words(
        "A message is under way", "Another message to them waits to be sent", icon="send"
    ),
    Reason.INVITED_RECENTLY: Words(
        "Invited in the last {days}",
        "The pause is in Settings",
        "Wait, or change the pause",
        icon="clock",
    ),
    Reason.MAILED_RECENTLY: Words(
        "Mailed in the last {days}",
        "The pause is in Settings",
        "Wait, or change the pause",
        icon="clock",
    ),
    Reason.DUPLICATE_ADDRESS: Words(
        "Same address as another contact", "The address gets one message", icon="copy"
    ),
}


def label(reason: Reason, pause_days: int) -> str:
    """This will name a reason for people."""
    days = "day" if pause_days == 1 else f"{pause_days} days"
    return WORDS[reason].label.format(days=days)


def reason_for(candidate: Candidate, kind: CampaignKind) -> Reason | None:
    """This will say why a contact is left out; None when it gets the message."""
    return next((reason for reason, holds in _TESTS if holds(candidate, kind)), None)


def needs_a_person(reasons: Iterable[str]) -> bool:
    """This will say whether somebody should look at those who are left out."""
    return bool(NEEDS_A_PERSON.intersection(reasons))


def _not_wanted(who: Candidate, kind: CampaignKind) -> bool:
    if kind in INVITING:
        return not who.invite
    return kind is CampaignKind.ANNOUNCEMENT and not who.promote


def _registered(who: Candidate, kind: CampaignKind) -> bool:
    return kind in INVITING and who.stage in (PortalStage.REGISTERED, PortalStage.ACTIVE)


def _needs_fix(who: Candidate) -> bool:
    return who.has_error or who.status in (EmailStatus.INVALID, EmailStatus.FIXABLE)


def _below_floor(who: Candidate, kind: CampaignKind) -> bool:
    # Whom to ask for what is missing, if not those of whom it is.
    return who.below_floor and kind is not CampaignKind.DATA_REQUEST


def _invited_recently(who: Candidate, kind: CampaignKind) -> bool:
    invited = who.stage in (PortalStage.INVITED, PortalStage.OPENED)
    return kind is CampaignKind.INVITATION and invited and who.mailed_recently


_TESTS: tuple[tuple[Reason, Callable[[Candidate, CampaignKind], bool]], ...] = (
    (Reason.HOUSE_USER, lambda who, _: who.is_house),
    (Reason.INACTIVE, lambda who, _: not who.active),
    (Reason.NO_CUSTOMER, lambda who, kind: kind in INVITING and not who.has_customer),
    (Reason.NOT_WANTED, _not_wanted),
    (Reason.ALREADY_REGISTERED, _registered),
    (
        Reason.NOT_INVITED,
        lambda who, kind: kind is CampaignKind.REMINDER and who.stage == PortalStage.NOT_INVITED,
    ),
    (Reason.ANSWERED, lambda who, kind: kind is CampaignKind.REMINDER and who.answered),
    (Reason.NO_EMAIL, lambda who, _: not who.address_key or who.status == EmailStatus.MISSING),
    (Reason.COMPLAINED, lambda who, _: "complained" in who.stops),
    (Reason.BOUNCED, lambda who, _: who.status == EmailStatus.BOUNCED or "bounced" in who.stops),
    (Reason.UNSUBSCRIBED, lambda who, _: "unsubscribed" in who.stops),
    (Reason.SUPPRESSED, lambda who, _: bool(who.stops)),
    (Reason.NEEDS_FIX, lambda who, _: _needs_fix(who)),
    (Reason.BELOW_FLOOR, _below_floor),
    (
        Reason.DNS_PENDING,
        lambda who, _: who.status == EmailStatus.UNKNOWN and who.dns_fails,
    ),
    (Reason.UNDER_WAY, lambda who, _: who.under_way),
    (Reason.INVITED_RECENTLY, _invited_recently),
    (Reason.MAILED_RECENTLY, lambda who, _: who.mailed_recently),
    (Reason.DUPLICATE_ADDRESS, lambda who, _: who.taken),
)
