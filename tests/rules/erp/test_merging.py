"""The three-way merge: every case of the table, and what must hold for all values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.rules.merging import FieldMerge, Result, merge, merge_field, outcome
from erp.rules.states import RowOutcome
from erp.rules.values import comparable

OLD, MINE, NEW = "old@firm.com", "mine@firm.com", "new@firm.com"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        (OLD, OLD, OLD, Result.SAME),
        (OLD, OLD, None, Result.SAME),
        (OLD, MINE, None, Result.SAME),
        (OLD, MINE, OLD, Result.KEPT),
        (OLD, OLD, NEW, Result.TAKEN),
        (OLD, MINE, MINE, Result.AGREED),
        (OLD, MINE, NEW, Result.CONFLICT),
        # a blank cell: cleared in the source, nothing said, or our own clearing
        (OLD, OLD, "", Result.TAKEN),
        ("", MINE, "", Result.KEPT),
        (OLD, "", OLD, Result.KEPT),
        (OLD, "", "", Result.AGREED),
        (OLD, MINE, "", Result.CONFLICT),
        ("", "", NEW, Result.TAKEN),
        ("", MINE, NEW, Result.CONFLICT),
        # blanks and case are no difference ...
        (OLD, MINE, "MINE@firm.com ", Result.AGREED),
        (OLD, OLD, " OLD@firm.com", Result.SAME),
        (OLD, MINE, " OLD@firm.com", Result.KEPT),
        ("max@bücher.de", MINE, "max@xn--bcher-kva.de", Result.KEPT),
        # ... but the very same text has not received our repair of them
        (" mine@firm.com", MINE, " mine@firm.com", Result.KEPT),
        (" mine@firm.com", MINE, "mine@firm.com", Result.AGREED),
        (" mine@firm.com", MINE, NEW, Result.CONFLICT),
    ],
)
def test_a_field_is_decided_three_ways(base, ours, theirs, result):
    assert merge_field("email", base, ours, theirs) == result


texts = st.text(alphabet="aB @.c", max_size=6)


@given(base=texts, ours=texts, theirs=texts)
def test_nothing_of_ours_is_lost_that_the_source_did_not_see(base, ours, theirs):
    result = merge_field("email", base, ours, theirs)

    if result is Result.TAKEN:
        assert ours == base
    if result in (Result.SAME, Result.AGREED) and ours != base:
        assert comparable("email", ours) == comparable("email", theirs)


@given(base=texts, ours=texts, theirs=texts)
def test_a_change_of_the_source_is_never_overlooked(base, ours, theirs):
    changed = comparable("email", theirs) != comparable("email", base)
    agreed = comparable("email", theirs) == comparable("email", ours)

    if changed and not agreed:
        assert merge_field("email", base, ours, theirs) in (Result.TAKEN, Result.CONFLICT)


@given(base=texts, ours=texts)
def test_an_unchanged_source_changes_nothing(base, ours):
    assert merge_field("email", base, ours, base) in (Result.SAME, Result.KEPT)


@given(base=texts, ours=texts, theirs=texts)
def test_importing_the_same_again_decides_nothing_new(base, ours, theirs):
    result = merge_field("email", base, ours, theirs)
    ours_then = theirs if result is Result.TAKEN else ours

    assert merge_field("email", theirs, ours_then, theirs) in (Result.SAME, Result.KEPT)


def test_a_record_gives_only_fields_with_something_to_say():
    merged = merge(
        ["email", "phone", "city", "job_title"],
        base={"email": OLD, "phone": "1", "city": "Bath"},
        ours={"email": MINE, "phone": "1", "city": "Bath", "job_title": ""},
        theirs={"email": OLD, "phone": "2", "city": "Bath"},
    )

    assert merged == [
        FieldMerge("email", OLD, MINE, OLD, Result.KEPT),
        FieldMerge("phone", "1", "1", "2", Result.TAKEN),
    ]
    assert outcome(merged) == RowOutcome.CHANGED


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], RowOutcome.UNCHANGED),
        ([Result.AGREED], RowOutcome.UNCHANGED),
        ([Result.KEPT], RowOutcome.KEPT),
        ([Result.KEPT, Result.TAKEN], RowOutcome.CHANGED),
        ([Result.TAKEN, Result.CONFLICT], RowOutcome.CONFLICT),
    ],
)
def test_the_gravest_field_names_the_row(results, expected):
    assert outcome([FieldMerge("f", "", "", "", result) for result in results]) == expected
