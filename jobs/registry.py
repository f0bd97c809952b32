"""Runners by name: nobody imports a task, work is called by what it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any
from uuid import UUID

Runner = Callable[["Work"], bool]

_runners: dict[str, Runner] = {}
_winding: set[str] = set()


class UnknownRunnerError(LookupError):
    """No app has registered a runner of that name."""


class WorkRefusedError(Exception):
    """The work cannot be done; the sentence says what happened and what to do."""


@dataclass
class Work:
    """What a runner gets: what to do, where it stopped, and how long it may go on.

    `cursor` is kept between slices. A runner saves its own data and the cursor so that being
    stopped at any line and started again is harmless.
    """

    job_id: str
    payload: dict[str, Any]
    cursor: dict[str, Any]
    actor_id: int | None
    seconds: float
    pause: float = 0.0
    started: float = field(default_factory=monotonic)
    gave_way: float = field(default_factory=monotonic)
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    is_cancelled: Callable[[], bool] = lambda: False
    token: UUID | None = None

    def time_left(self) -> float:
        """This will give the seconds left in this slice; negative when it is over."""
        return self.seconds - (monotonic() - self.started)

    @property
    def is_brief(self) -> bool:
        """Whether others wait for the same thread and database: work in small portions then."""
        return self.pause > 0

    def give_way(self) -> None:
        """This will let other writers in, between two transactions, when it wrote for a while.

        SQLite has no queue: who waits for the write lock looks again every 25 to 100 ms, and
        would rarely find it free between the portions of a long job.
        """
        if self.pause and monotonic() - self.gave_way > self.pause:
            sleep(self.pause)
            self.gave_way = monotonic()


def runner(name: str, *, winds_up: bool = False) -> Callable[[Runner], Runner]:
    """This will register a runner: it works one slice and says whether all work is done.

    One that winds up is called on when its job is cancelled, until it says that it is done: to
    leave nothing half done it looks at `work.is_cancelled()`.
    """

    def register(function: Runner) -> Runner:
        _runners[name] = function
        (_winding.add if winds_up else _winding.discard)(name)
        return function

    return register


def winds_up(name: str) -> bool:
    """This will say whether the runner of that name has something to do when it is cancelled."""
    return name in _winding


def runner_for(name: str) -> Runner:
    """This will give the runner of that name, or raise UnknownRunnerError."""
    try:
        return _runners[name]
    except KeyError:
        raise UnknownRunnerError(name) from None
