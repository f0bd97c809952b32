"""Whether a database has sent all that this machine remembers."""

import pytest

from delivery.rules.holding import ELSEWHERE, OLDER, Note, why_hold


@pytest.mark.parametrize(
    ("database", "machine", "because"),
    [
        (Note("a", 0), None, ""),  # a new installation
        (Note("a", 5), Note("a", 5), ""),
        (Note("a", 6), Note("a", 5), ""),  # another machine sends, too
        (Note("a", 4), Note("a", 5), OLDER),
        (Note("a", 0), Note("a", 5), OLDER),
        (Note("b", 0), Note("a", 5), ""),  # a new database beside an old folder
        (Note("b", 3), Note("a", 5), ELSEWHERE),
        (Note("b", 3), None, ELSEWHERE),
    ],
)
def test_a_database_that_is_behind_or_strange_is_held(database, machine, because):
    assert why_hold(database, machine) == because
