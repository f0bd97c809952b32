"""Has this database sent all that this machine remembers? If not, it came out of a backup.

A restored database believes that mail still waits which went out long ago. So it and the machine
count turns of sending alike, and when the machine has counted further nobody sends until a person
says so.
"""

from dataclasses import dataclass

OLDER = (
    "This database is older than what was sent from here, as after restoring a backup. Mail that it"
    " still holds may have gone out."
)
ELSEWHERE = (
    "This database has sent from another machine, and this one knows nothing of it, as after a move"
    " or after restoring a backup. Mail that it still holds may have gone out."
)


@dataclass(frozen=True)
class Note:
    """Which database was sent from, and how many turns of sending there were."""

    instance: str
    turn: int


def why_hold(database: Note, machine: Note | None) -> str:
    """This will say why nothing should be sent; nothing when it may be."""
    if machine is not None and machine.instance == database.instance:
        return OLDER if machine.turn > database.turn else ""
    return ELSEWHERE if database.turn else ""
