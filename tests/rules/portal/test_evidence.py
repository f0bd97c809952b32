import pytest

from portal.rules.evidence import Comparison, Likeness, compare, likeness_of, matches, unlikeness


@pytest.mark.parametrize(
    ("typed", "on_file", "likeness"),
    [
        ("lakes007", "lakes007", Likeness.MATCH),
        ("lakes0o7", "lakes007", Likeness.NEAR),
        ("inv20341", "inv203410", Likeness.NEAR),
        ("inv20314", "inv20341", Likeness.NEAR),
        ("inv999", "inv20341", Likeness.DIFFERENT),
        ("", "inv20341", Likeness.NOT_TYPED),
        ("inv20341", "", Likeness.NOT_ON_FILE),
    ],
)
def test_facts_match_come_near_or_differ(typed, on_file, likeness):
    assert likeness_of(typed, on_file) is likeness


def test_both_spellings_are_shown_and_their_keys_compared():
    assert compare("Zip", "04103", "04103-2210", "4103", "4103") == Comparison(
        "Zip", "04103", "04103-2210", Likeness.MATCH
    )


def test_only_the_named_facts_count_as_matches():
    lines = [
        Comparison("Zip", "1", "1", Likeness.MATCH),
        Comparison("Invoice", "1", "2", Likeness.NEAR),
        Comparison("Name", "1", "1", Likeness.MATCH),
    ]
    assert matches(lines, ("Zip", "Invoice")) == 1


def test_equal_names_are_not_unlike():
    assert (unlikeness("noor haddad", "noor haddad"), unlikeness("abc", "xyz")) == (0.0, 1.0)
