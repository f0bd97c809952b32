"""The states and kinds that contacts know, each with its meaning."""

from enum import StrEnum


class EmailStatus(StrEnum):
    """What is known of a contact's address; derived from findings, domains, facts, decisions."""

    MISSING = "missing"
    INVALID = "invalid"
    FIXABLE = "fixable"
    REVIEW = "review"
    UNKNOWN = "unknown"
    OK = "ok"
    CONFIRMED = "confirmed"
    BOUNCED = "bounced"


class PortalStage(StrEnum):
    """How far a contact has come with the portal."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    OPENED = "opened"
    REGISTERED = "registered"
    ACTIVE = "active"


class ContentType(StrEnum):
    """What kind of message a contact can read."""

    UNKNOWN = "unknown"
    HTML = "html"
    TEXT = "text"
    SHORT_TEXT = "short_text"


class ChangeKind(StrEnum):
    """Where a change set comes from."""

    IMPORT = "import"
    REVIEW = "review"
    EDIT = "edit"
    BULK = "bulk"
    MERGE = "merge"
    UNDO = "undo"


class PairState(StrEnum):
    """What a person said of two rows that look like one."""

    OPEN = "open"
    APART = "apart"  # not a duplicate


class Entity(StrEnum):
    """What a source's record stands for."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    INVOICE = "invoice"


class ProposalKind(StrEnum):
    """What somebody outside of the workbench says of a contact."""

    CHANGE = "change"  # these fields should hold these values
    RIGHT = "right"  # it is right as it is
    NO_EMAIL = "no_email"  # the person has no email address
    LEFT = "left"  # the person has left; who follows may be named
    PERSON = "person"  # somebody to write to: instead of the contact, when there is one
    UNKNOWN = "unknown"  # who was asked does not know


class ProposalSource(StrEnum):
    """Where a proposal comes from."""

    REP = "rep"
    SUCCESS = "success"
    CUSTOMER = "customer"
    PORTAL = "portal"
    TOUCHPOINT = "touchpoint"


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"  # the same person said something else since, or it was settled


STAGE_ORDER = tuple(PortalStage)


def later_stage(now: str, new: str) -> str:
    """This will give the later of two portal stages: a stage never goes back by itself."""
    order = [stage.value for stage in STAGE_ORDER]
    return new if order.index(new) > order.index(now) else now
