"""In which steps a campaign goes out, and whom it reminds: numbers that staff set before it starts.

A pilot is a few recipients picked from all; when it is out, somebody looks at what came back before
the rest follows. Waves are the rest in steps, so that a help desk can answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.rules.states import CampaignKind

SMALLEST_WAVE = 10
MOST_HOURS = 24 * 31
MOST_DAYS = 90
MOST_REMINDERS = 3


@dataclass(frozen=True)
class Plan:
    """Counts of messages, hours and days; a 0 means that there is no such step."""

    pilot: int = 0
    wave_size: int = 0
    wave_hours: int = 24
    remind_after_days: int = 0
    remind_at_most: int = 1

    def wave_of(self, place: int) -> int:
        """This will number the wave of the message at a place; both begin at 0.

        The pilot is picked from all later on, so it takes no places here.
        """
        step = place // self.wave_size if self.wave_size else 0
        return step + bool(self.pilot)

    def time_of(self, place: int, start: datetime) -> datetime:
        """This will give when the message at a place goes out."""
        return start + timedelta(hours=self.wave_hours) * self.wave_of(place)

    def waves(self, messages: int) -> int:
        """This will count the waves that so many messages make, the pilot among them."""
        if not messages:
            return 0
        rest = messages - self.pilot
        return self.wave_of(rest - 1) + 1 if rest > 0 else 1


def reminds(kind: str) -> bool:
    """This will say whether a kind of message is followed by reminders."""
    return kind == CampaignKind.INVITATION


def problem_with(plan: Plan, pause_days: int) -> tuple[str, str] | None:
    """This will give the field of a plan that cannot be, and say why in a sentence."""
    if plan.wave_size and plan.wave_size < SMALLEST_WAVE:
        return "wave_size", f"A wave has {SMALLEST_WAVE} messages or more"
    if plan.remind_after_days and plan.remind_after_days < pause_days:
        return (
            "remind_after_days",
            f"Nobody gets two messages within {pause_days} days: remind after {pause_days} or more",
        )
    return None
