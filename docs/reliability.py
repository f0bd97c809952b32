"""Write the page of the promises from the faults' results: `make faults`."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent / "reliability.md"
# Number, name, what it says, and the faults that prove it.
PROMISES = """
R1 | Nobody is lost | Once Send is confirmed everybody ends in exactly one state. | all
R2 | Sent means sent | Who is shown as sent was taken by the mail server. | all
R3 | Hardly anybody gets two | At most one message for each sender that is killed, and for \
each answer that is lost; with the policy *hold* none. Deploying, pausing, losing Redis: none. | \
F1–F5, F7, F12–F16
R4 | One message a person | A second click, a second worker, the same address: nothing more. | \
F16, F17
R5 | Stop means stop | After Pause or Cancel no sender starts another message. | F18
R6 | Never late by surprise | A campaign whose time has passed waits for a person, and so does all \
mail in a database that comes out of a backup. | F25
R7 | It mends itself | When what was away is back, mail goes on within a minute. | F2, F6–F8
R8 | Redis may be lost | It carries nudges and a cache; losing it delays. | F6
R9 | Imports are whole | One that is killed and started again ends as if nothing had happened. | \
`make kills`
R10 | One change an approved fix | A correction is written back once, never over a newer value. | \
the tests of write-back
R11 | Reports may come as they like | Twice, late, early, shuffled: the end is the same, and the \
answer is given only when they are stored. | F24
R12 | A circuit, not a storm | A server that is away is asked again by one message every few \
seconds; too many bounces or complaints pause a campaign. | F8, F14
R13 | DNS makes nobody invalid | What a name server fails to say counts against nobody. | F21
R14 | Suppressed means unsent | Who is on the list when a message would start gets none. | \
F11 and the tests of sending
"""
HEAD = """# What may fail

`make faults` runs the product as it is operated – PostgreSQL, Redis, worker, schedule and web, each
a process of its own – beside a mail server that fails on purpose, kills and stops what the table
says, compares the database with what the mail server took, and writes this page. `make test` runs
F1, F6, F10, F12 and F16–F18 each time.

No mail server tells whether a message arrived whose answer was lost. So there are two policies:
*resend* sends it again, which may give somebody two, and *hold* lists it as *outcome not known*
until a report or a person settles it, which never does. Invitations resend (the link is the
same), other campaigns hold. In most runs half of the messages go out by each.

## Promises

| | promise | what it says | proven by |
|---|---|---|---|
"""
TABLE = """
## The last run

{when}. “Twice” counts messages that the mail server took beyond one for
each, “not known” those that were held; “lost” are messages without an end, or said to be sent that
nobody took.

| | what happens | messages | lost | twice | not known | |
|---|---|---|---|---|---|---|
"""


def page(rows: list[dict[str, str]]) -> str:
    """This will give the text of the page."""
    promises = [f"| {promise} |" for promise in PROMISES.strip().splitlines()]
    last = max(float(row["at"]) for row in rows)
    when = f"Ended {datetime.fromtimestamp(last, tz=UTC):%d %B %Y}"
    rows.sort(key=lambda row: (int(row["number"][1:]), float(row["at"])))
    return (
        HEAD
        + "\n".join(promises)
        + "\n"
        + TABLE.format(when=when)
        + "\n".join(map(line, rows))
        + "\n"
    )


def line(row: dict[str, str]) -> str:
    """This will give one line of the table; a fault without mail has no counts."""
    names = ("messages", "lost", "twice", "unknown")
    counts = [row[name] if int(row["messages"]) else "–" for name in names]
    cells = [row["number"], row["fault"], *counts, row["note"]]
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    results = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    PAGE.write_text(page([json.loads(result) for result in results]), encoding="utf-8")
