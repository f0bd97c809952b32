"""The problems as staff know them: each holds one or more codes of the checks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One entry of the review menu."""

    slug: str
    label: str
    codes: tuple[str, ...]
    done: str


PROBLEMS = (
    Problem(
        "typo",
        "Likely typo in domain",
        ("domain_typo_wellknown", "domain_typo_company", "wrong_tld", "homoglyph"),
        "No likely typos left",
    ),
    Problem("missing", "No email address", ("missing",), "Everybody has an address"),
    Problem("placeholder", "Placeholder address", ("placeholder",), "No placeholders left"),
    Problem(
        "no-mail",
        "No mail at domain",
        ("dead_domain", "null_mx", "no_mx_but_a", "dns_dead"),
        "Every domain takes mail",
    ),
    Problem("shared", "Shared mailbox", ("duplicate_other_customer",), "No shared mailboxes left"),
    Problem(
        "duplicate", "Duplicate in customer", ("duplicate_same_customer",), "No duplicates left"
    ),
    Problem(
        "malformed",
        "Badly formed address",
        ("syntax", "multiple_addresses", "wrapper_text", "whitespace", "needs_smtputf8"),
        "Every address is well formed",
    ),
    Problem("bounced", "Bounced", ("bounced", "complained"), "Nothing bounced"),
    Problem(
        "name",
        "Name problems",
        ("name_misspelled", "name_email_mismatch", "obsolete_person"),
        "No name problems left",
    ),
    Problem("internal", "Our own address", ("internal_address",), "No addresses of ours left"),
    Problem("disposable", "Disposable address", ("disposable",), "No disposable addresses left"),
    Problem("conflict", "Differs from the ERP", ("erp_conflict",), "No conflicts left"),
)

_BY_SLUG = {problem.slug: problem for problem in PROBLEMS}
_BY_CODE = {code: problem for problem in PROBLEMS for code in problem.codes}


def problem_named(slug: str) -> Problem | None:
    """This will give the problem of that slug, or nothing."""
    return _BY_SLUG.get(slug)


def problem_of(code: str) -> Problem | None:
    """This will give the problem that a check's code belongs to, or nothing for information."""
    return _BY_CODE.get(code)


def problem_label(code: str) -> str:
    """This will name a code in the words of the review page."""
    problem = problem_of(code)
    return problem.label if problem else code.replace("_", " ").capitalize()


def counts_by_problem(by_code: dict[str, int]) -> list[tuple[Problem, int]]:
    """This will add up counts by code to counts by problem, in the order of the menu."""
    return [(problem, sum(by_code.get(code, 0) for code in problem.codes)) for problem in PROBLEMS]
