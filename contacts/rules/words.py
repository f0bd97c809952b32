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


class Entity(StrEnum):
    """What a source's record stands for."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    INVOICE = "invoice"


STAGE_ORDER = tuple(PortalStage)


def later_stage(now: str, new: str) -> str:
    """This will give the later of two portal stages: a stage never goes back by itself."""
    order = [stage.value for stage in STAGE_ORDER]
    return new if order.index(new) > order.index(now) else now
