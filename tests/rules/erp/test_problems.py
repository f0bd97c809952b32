from erp.rules.problems import Problem, grouped


def test_rows_with_the_same_kind_of_problem_stand_together():
    told = [
        (2, "The account number 7 is not known."),
        (3, "The row has no account number."),
        (5, "The account number A-9 is not known."),
        (9, "The account number 8 is not known."),
    ]
    assert grouped(told) == [
        Problem("The account number … is not known.", [2, 5, 9]),
        Problem("The row has no account number.", [3]),
    ]


def test_a_quoted_cell_makes_no_kind_of_its_own():
    told = [(2, "“maybe” is neither yes nor no."), (3, "“perhaps” is neither yes nor no.")]
    assert [problem.sentence for problem in grouped(told)] == ["… is neither yes nor no."]


def test_places_are_named_up_to_three():
    assert Problem("x", [4118]).where == "Row 4,118"
    assert Problem("x", [1, 2, 3]).where == "Rows 1, 2, 3"
    assert Problem("x", [1, 2, 3, 4, 5]).where == "Rows 1, 2, 3 and 2 more"
