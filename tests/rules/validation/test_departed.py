from pathlib import Path

import pytest

from validation.rules.departed import departed, unmarked

EXAMPLES = Path(__file__).parents[2] / "data" / "examples" / "departed.tsv"


def told(field, text):
    """What is said of John Smith with a text in one of his fields, or of somebody by his name."""
    return departed(
        text if field == "name" else "John Smith",
        text if field == "title" else "",
        text if field == "notes" else "",
    )


def test_remarks_in_many_languages_say_who_has_left_and_others_do_not():
    rows = [line.split("\t") for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]

    wrong = [row for row in rows if bool(told(row[1], row[2])) != (row[0] == "left")]

    assert wrong == []
    assert {row[0] for row in rows} == {"left", "there"}


@pytest.mark.parametrize(
    ("name", "job_title", "notes", "why"),
    [
        ("xJohn Smith", "", "", "The name is marked as no longer in use: 'xJohn Smith'."),
        ("John Smith (left)", "", "", "The name says: 'John Smith (left)'."),
        ("Jan Smit", "Oud-inkoper", "", "The job title says: 'Oud-inkoper'."),
        (
            "Eva Braun-Fels",
            "",
            "Rechnung per Post. Seit März 2024 nicht mehr im Haus, bitte an Frau Wolf.",
            "The notes say: 'Rechnung per Post. Seit März 2024 nicht mehr im Haus, bitte an Frau Wolf.'.",  # noqa: E501
        ),
        ("John Smith", "", "Smith left in June.", "The notes say: 'Smith left in June.'."),
        ("John Smith", "", "Miller left in June.", ""),
        ("John Smith", "Buyer", "Nachfolger von Herrn Weber (ausgeschieden)", ""),
        ("", "", "", ""),
    ],
)
def test_the_reason_quotes_what_stands_there(name, job_title, notes, why):
    assert departed(name, job_title, notes) == why


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("Smith", "Smith"),
        ("xJohn", "John"),
        ("ZZ Philip Lee", "Philip Lee"),
        ("Smith (left)", "Smith"),
        ("DO NOT USE - James Mckinney", "James Mckinney"),
        ("Brock *no longer there*", "Brock"),
        ("John Smith RETIRED", "John Smith"),
        ("O'Brien", "O'Brien"),
        ("Smith-Jones", "Smith-Jones"),
        ("de la Cruz", "de la Cruz"),
    ],
)
def test_a_name_is_read_without_the_remark(typed, bare):
    assert unmarked(typed) == bare
