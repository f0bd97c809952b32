from review.rules.alike import domain_pair, is_alike, split_name
from review.rules.problems import (
    PROBLEMS,
    counts_by_problem,
    problem_label,
    problem_named,
    problem_of,
)


def test_no_code_stands_in_two_problems() -> None:
    codes = [code for problem in PROBLEMS for code in problem.codes]
    assert len(codes) == len(set(codes))


def test_counts_by_code_add_up_to_counts_by_problem() -> None:
    counts = counts_by_problem({"wrong_tld": 2, "domain_typo_wellknown": 3, "missing": 1})
    assert [(problem.slug, n) for problem, n in counts if n] == [("typo", 5), ("missing", 1)]


def test_a_code_is_named_in_the_words_of_the_page() -> None:
    assert [problem_label(code) for code in ("null_mx", "some_new_code")] == [
        "No mail at domain",
        "Some new code",
    ]
    assert (problem_of("role"), problem_named("nothing")) == (None, None)


def test_the_same_mistake_is_the_same_pair_of_domains() -> None:
    pair = domain_pair("Jo@GMIAL.com", "jo@gmail.com")
    assert pair == ("gmial.com", "gmail.com")
    assert is_alike(pair, "ann@gmial.com", "ann@gmail.com")
    assert not is_alike(pair, "ann@gmial.com", "anna@gmail.com")
    assert domain_pair("jo@acme.com", "joe@acme.com") is None
    assert domain_pair("", "joe@acme.com") is None


def test_a_suggested_name_is_split_at_its_last_blank() -> None:
    assert [split_name(name) for name in ("Juan de la Vega", "Cher", " Jo Kay ")] == [
        ("Juan de la", "Vega"),
        ("", "Cher"),
        ("Jo", "Kay"),
    ]
