"""When a mailing stops by itself, because going on would do harm."""

from dataclasses import dataclass

ENOUGH = 100
MOST_BOUNCED = 0.05
FEWEST_COMPLAINTS = 3
MOST_COMPLAINED = 0.001
LOST_IN_A_ROW = 5


@dataclass(frozen=True)
class Rates:
    """What became of the messages of a mailing that were tried."""

    tried: int
    bounced: int
    complained: int = 0

    @property
    def too_many_bounced(self) -> bool:
        """Whether so many came back that providers would begin to distrust the sender."""
        return self.tried >= ENOUGH and self.bounced > self.tried * MOST_BOUNCED

    @property
    def too_many_complained(self) -> bool:
        """Whether so many called it spam that providers would begin to block the sender."""
        few = self.complained < FEWEST_COMPLAINTS
        return not few and self.complained > self.tried * MOST_COMPLAINED


def why_stop(before: Rates, after: Rates) -> str:
    """This will say why a mailing must stop; nothing if it may go on.

    Only crossing a limit stops it: who resumed it knowingly is not stopped again for the same.
    """
    if after.too_many_bounced and not before.too_many_bounced:
        return (
            f"{after.bounced} of the first {after.tried} messages came back."
            " Check the list before you go on."
        )
    if after.too_many_complained and not before.too_many_complained:
        return (
            f"{after.complained} recipients reported this message as spam."
            " Look at the text and the audience before you go on."
        )
    return ""
