"""Names of companies without their legal forms."""

import pytest

from contacts.rules.firms import firm_words, fold


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Acme, Inc.", ("acme",)),
        ("ACME Incorporated", ("acme",)),
        ("The Acme Co., Ltd.", ("acme",)),
        ("Müller GmbH & Co. KG", ("muller",)),
        ("Mueller G.m.b.H.", ("muller",)),
        ("Sørensen ApS", ("sorensen",)),
        ("Dupont et Fils S.A.R.L.", ("dupont", "fils")),
        ("Grupo Sol S. de R.L. de C.V.", ("grupo", "sol")),
        ("Kowalski Sp. z o.o.", ("kowalski",)),
        ("Novák, spol. s r.o.", ("novak",)),
        ("O'Neill & Sons Ltd", ("oneill", "sons")),
        ("\u041e\u041e\u041e «Ромашка»", ("ромашка",)),
        ("株式会社東芝", ("東芝",)),
        ("Koç A.Ş.", ("koc",)),
        ("Company", ("company",)),
        ("Co. Ltd.", ("co",)),
        ("", ()),
        (" - ", ()),
    ],
)
def test_what_tells_a_company_from_others(name, words):
    assert firm_words(name) == words


def test_case_marks_and_signs_are_folded():
    assert fold("  ÉCOLE n° 12, Łódź ") == "ecole n 12 lodz"
