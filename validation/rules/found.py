"""What a check says: one thing that looks wrong, why, and what would be right."""

from dataclasses import dataclass
from enum import StrEnum

SURE = 0.95


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `evidence` has one line for a reason; `suggestion` is a whole new value.

    `confidence` says how sure the suggestion is, or the finding where there is none.
    """

    code: str
    rule: str
    severity: str
    confidence: float
    evidence: str
    suggestion: str = ""
    field: str = "email"
    value: str = ""
    auto: bool = False
