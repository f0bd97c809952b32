import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.rules.codes import CODES, severity_of
from validation.rules.departed import departed
from validation.rules.domains import look_at
from validation.rules.exported import row_of
from validation.rules.lookalikes import latin_twin
from validation.rules.near import NearIndex, slips
from validation.rules.placeholders import everybodys_address, nobodys_address, words_instead
from validation.rules.roles import is_persons_name, is_role


@pytest.mark.parametrize(
    "text",
    [
        "n/a", "-", "...", "none", "NONE", "no email", "FAX ONLY", "ask Ingrid", "TBD", "xxx", "0",
        "keine", "kein Mail", "bitte fragen", "pas de mail", "sin correo", "geen", "nessuna",
        "John Smith", "see notes",
    ],
)  # fmt: skip
def test_words_instead_of_an_address_are_a_placeholder(text):
    assert words_instead(text, may_be_name=lambda _word: False)


@pytest.mark.parametrize(
    "text", ["401-555-1234", "www.acme.com", "johnsmith", "anna@b", "mail.acme.de"]
)
def test_a_broken_address_is_no_placeholder(text):
    assert words_instead(text, may_be_name=lambda word: word == "johnsmith") == ""


@pytest.mark.parametrize(
    ("address", "ours", "is_placeholder"),
    [
        ("keine@acme.com", False, True),
        ("foo@bar.com", False, True),
        ("name@domain.com", False, True),
        ("n/a@acme.com", False, True),
        ("mail@acme.com", False, False),
        ("none@none.com", False, True),
        ("noemail@acme.com", False, True),
        ("x@x.com", False, True),
        ("a@a.com", False, True),
        ("test@test.com", False, True),
        ("jane@example.com", False, True),
        ("none@gmail.com", False, True),
        ("na@acme.com", True, True),
        ("na@acme.com", False, False),
        ("b@acme.com", False, False),
        ("acme@acme.com", False, False),
        ("anone@acme.com", False, False),
        ("jane@noemail.com", False, True),
    ],
)
def test_an_address_nobody_has_in_earnest_is_a_placeholder(address, ours, is_placeholder):
    local, _, domain = address.partition("@")

    why = nobodys_address(local, look_at(domain), frozenset(), ours=ours, known=False)

    assert bool(why) is is_placeholder


def test_somebody_may_be_called_test():
    names = frozenset({"erika", "test"})

    assert nobodys_address("test", look_at("gmail.com"), names, ours=False, known=False) == ""


@pytest.mark.parametrize(
    ("accounts", "names", "explained", "is_placeholder"),
    [(12, 12, 0, True), (4, 4, 0, False), (12, 1, 1, False), (12, 12, 12, False)],
)
def test_an_address_of_many_under_names_that_do_not_fit_is_a_placeholder(
    accounts, names, explained, is_placeholder
):
    assert bool(everybodys_address(accounts, names, explained)) is is_placeholder


@pytest.mark.parametrize(
    "local",
    ["ap", "info2", "sales-uk", "accounts.payable", "kreditoren", "comptabilite", "facturas",
     "inkoop", "zakupy", "ordini", "OFFICE", "buchhaltung+rechnung"],
)  # fmt: skip
def test_a_desks_address_is_known_in_many_languages(local):
    assert is_role(local)


@pytest.mark.parametrize("local", ["francisco.sales", "john", "b.hall", "marina", "theoffice2go"])
def test_a_persons_address_is_no_desks(local):
    assert not is_role(local)


@pytest.mark.parametrize(
    ("name", "is_person"),
    [
        ("Anna Berg", True),
        ("Gabriella Branch", True),
        ("Brian Church", True),
        ("Sean", True),
        ("AP Dept", False),
        ("Front Office", False),
        ("Project Manager", False),
        ("Buchhaltung", False),
        ("Acme Tools", False),
        ("Müller & Söhne", False),
        ("", False),
    ],
)
def test_a_desk_or_a_firm_is_no_person(name, is_person):
    assert is_persons_name(name, ["acme", "tools"]) is is_person


@pytest.mark.parametrize(
    ("name", "title", "notes"),
    [
        ("ZZ Philip Lee", "", ""),
        ("xRobert Jones", "", ""),
        ("DO NOT USE - James Hill", "", ""),
        ("Caroline Brock *no longer there*", "", ""),
        ("Tanya Lee - retired", "", ""),
        ("Ann Lee", "former buyer", ""),
        ("Ann Lee", "No longer with company", ""),
        ("Ann Lee", "", "left company 8/20, replaced by Jo Fox"),
        ("Ann Lee", "", "Hat das Unternehmen verlassen"),
        ("Ann Lee", "", "ist ausgeschieden"),
        ("Ann Lee", "", "a quitté la société en mars"),
        ("Ann Lee", "", "ya no trabaja aquí"),
        ("Ann Lee", "", "werkt niet meer bij ons, uit dienst"),
    ],
)
def test_a_remark_says_that_somebody_has_left(name, title, notes):
    assert departed(name, title, notes)


@pytest.mark.parametrize(
    ("name", "title", "notes"),
    [
        ("Zachary Lee", "", ""),
        ("Xavier Left", "Buyer", ""),
        ("Ann Lee", "Executive", "left a message 3/4"),
        ("Ann Lee", "Operations", "ships ex works; pump replaced by new one"),
        ("Ann Lee", "", "do not call before 9"),
        ("Zoe Fox", "", "previously ordered valves"),
    ],
)
def test_an_ordinary_remark_says_nothing(name, title, notes):
    assert departed(name, title, notes) == ""


@pytest.mark.parametrize(
    ("typed", "twin"),
    [
        ("jоhn@acme.com", "john@acme.com"),  # noqa: RUF001 - a Cyrillic o is the point
        ("john@аcme.com", "john@acme.com"),  # noqa: RUF001 - a Cyrillic a is the point
        ("müller@acme.de", ""),
        ("john@acme.com", ""),
        ("почта@пример.рф", ""),
    ],
)
def test_letters_that_only_look_latin_have_a_latin_twin(typed, twin):
    assert latin_twin(typed) == twin


def test_the_index_finds_what_is_one_slip_away():
    index = NearIndex(["gmail.com", "acme.com", "acne.com"])

    found = [index.near(word) for word in ("gmial.com", "acm.com", "acme.com", "other.com")]

    assert found == [["gmail.com"], ["acme.com"], [], []]
    assert [slips("gmail", "gmial"), slips("gmail", "gamli")] == [1, 2]


@given(st.sets(st.text("ab.", max_size=8), max_size=5), st.text("ab.", max_size=8))
def test_the_index_finds_what_measuring_each_word_finds(words, typed):
    near = [] if typed in words else sorted(word for word in words if slips(typed, word) == 1)

    assert NearIndex(words).near(typed) == near


def test_every_code_says_what_it_means_and_what_to_do():
    for code in CODES.values():
        assert [bool(text) for text in (code.meaning, code.how, code.remedy)] == [True] * 3
    assert severity_of("role") == "info"


def test_a_row_of_the_export_names_problems_in_a_fixed_order_and_one_offer():
    told = [
        ("wrong_tld", "email", "a@acme.com", 0.85),
        ("whitespace", "email", "a@acme.com", 0.85),
        ("name_misspelled", "name", "Ann Lee", 0.9),
        ("bounced", "email", "", 1.0),
    ]

    row = row_of(
        dataset="erp", contact_id="7", origin="c.csv:2:Email", told=told, flags=["role"],
        status="review",
    )  # fmt: skip

    problems = "whitespace;wrong_tld;role;name_misspelled"
    assert row == ("erp", "7", "c.csv:2:Email", problems, "a@acme.com", "0.85", "review")


def test_a_contact_without_problems_is_exported_as_ok():
    row = row_of(dataset="erp", contact_id="7", origin="o", told=[], flags=[], status="ok")

    assert row == ("erp", "7", "o", "ok", "", "", "ok")
