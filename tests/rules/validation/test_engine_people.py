"""Names against addresses where no list has them: what colleagues and the base tell."""

import pytest

from validation.rules.account import Account, Around, Heard, Person, Place
from validation.rules.engine import check

DEAD = Heard("undeliverable", "no_domain")


def firm(*rows, name="Acme Tools Inc.", group=1):
    """A customer with contacts, each "First Last address"."""
    people = []
    for at, row in enumerate(rows):
        *words, email = row.split()
        people.append(Person(at, email, " ".join(words[:-1]), "", words[-1]))
    return Account(tuple(people), name=name, group=group)


def first_found(account, around=None):
    """What is said of the first contact."""
    return [item.code for item in check(account, around or Around())[0].found]


@pytest.mark.parametrize(
    ("colleagues", "typed", "codes"),
    [
        (["Eva Rao e.rao@acme.com"], "p.xqorathe@acme.com", ["name_email_mismatch"]),
        ([], "p.xqorathe@acme.com", []),
        (["Eva Rao e.rao@acme.com"], "k.xqorathe@acme.com", []),
        (["Eva Rao e.rao@acme.com"], "p.lager@acme.com", []),
        (["Eva Rao eva.rao@acme.com"], "jo-ann.brathqen@acme.com", ["name_email_mismatch"]),
        (["Eva Rao eva.rao@acme.com"], "xqora.brathqen@acme.com", []),
        (["Eva Rao eva.rao@acme.com", "Al Fry al.fry@acme.com"], "xqora.brathqen@acme.com",
         ["name_email_mismatch"]),
        (["Eva Rao eva.rao@other.com"], "thomas@acme.com", ["name_email_mismatch"]),
        (["Eva Rao eva.rao@acme.com"], "thomas@acme.com", []),
        ([], "s.vandenzeeq@acme.com", ["name_email_mismatch"]),
    ],
)  # fmt: skip
def test_how_colleagues_addresses_are_made_tells_a_strangers_name(colleagues, typed, codes):
    assert first_found(firm(f"Kim Hill {typed}", *colleagues)) == codes


@pytest.mark.parametrize(
    ("named", "codes"),
    [({}, []), ({"sjoqukje": 1}, []), ({"sjoqukje": 2}, ["name_email_mismatch"])],
)
def test_a_word_that_stands_beside_two_names_elsewhere_is_a_name(named, codes):
    account = firm("Kim Hill sjoqukje@acme.com", "Eva Rao eva@acme.com")

    (outcome, _colleague) = check(account, Around(named=named))

    assert [item.code for item in outcome.found] == codes
    assert outcome.wonder == {"sjoqukje", "joqukje", "sjoqukj"}


def test_what_is_asked_of_the_base_is_little():
    account = firm("Kim Hill kim.hill@acme.com", "Eva Rao sales@acme.com", "Al Fry x@acme.com")

    assert [outcome.wonder for outcome in check(account, Around())] == [set(), set(), set()]


@pytest.mark.parametrize(
    ("typed", "name", "is_desk"),
    [
        ("dean@acme.com", "Dean White", False),
        ("ap@acme.com", "Anna Park", False),
        ("ap@acme.com", "Accounts Payable", True),
        ("creditors@acme.com", "Anna Park", True),
    ],
)
def test_a_desks_word_may_be_somebodys_own_name(typed, name, is_desk):
    assert check(firm(f"{name} {typed}"), Around())[0].role is is_desk


@pytest.mark.parametrize(
    ("typed", "heard", "expected"),
    [
        ("kim61@aqutlas.cz", DEAD, ("domain_typo_wellknown", "kim61@aqutla.cz", 0.93)),
        ("kim61@aqutlas.cz", Heard("deliverable", "mx"), None),
        ("kim61@aqutla.cx", DEAD, ("wrong_tld", "kim61@aqutla.cz", 0.93)),
    ],
)
def test_a_domain_that_many_customers_use_is_known_without_a_list(typed, heard, expected):
    around = Around(busy={"aqutla.cz": 12}, heard={typed.partition("@")[2]: heard})

    found = check(firm(f"Kim Hill {typed}"), around)[0].found

    assert [(i.code, i.suggestion, i.confidence) for i in found] == ([expected] if expected else [])


def test_a_domain_at_home_is_no_slip_of_a_busy_one():
    around = Around(busy={"aqutla.cz": 12}, heard={"aqutlas.cz": DEAD})
    account = firm("Kim Hill kim@aqutlas.cz", name="Aqutlas s.r.o.")

    assert first_found(account, around) == ["dead_domain"]


@pytest.mark.parametrize(
    ("busy", "offer", "sure"),
    [
        ({}, "kim@yahoo.com.ar", 0.8),
        ({"yahoo.com.br": 40}, "kim@yahoo.com.br", 0.98),
        ({"yahoo.com.br": 40, "yahoo.com.ar": 30}, "kim@yahoo.com.br", 0.8),
    ],
)
def test_of_two_providers_equally_near_the_one_that_is_used_here_is_likelier(busy, offer, sure):
    (found,) = check(firm("Kim Hill kim@yahoo.com.vr"), Around(busy=busy))[0].found

    assert (found.code, found.suggestion, found.confidence) == ("wrong_tld", offer, sure)


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("kim.hill@acme.c.uk", "kim.hill@acme.co.uk"),
        ("kim.hill@acme.ind.b", "kim.hill@acme.ind.br"),
        ("kim.hill@poczta.onte.pl", "kim.hill@poczta.onet.pl"),
        ("kim.hillä@acme.co.uk", ""),
        ("kim.hilläacme.co.uk", "kim.hill@acme.co.uk"),
    ],
)
def test_the_ending_that_colleagues_have_comes_first(typed, offer):
    account = firm(f"Kim Hill {typed}", "Eva Rao eva.rao@acme.co.uk", "Al Fry al@acme.co.uk")
    around = Around(heard={"acme.c.uk": DEAD, "acme.ind.br": Heard("deliverable", "mx")})

    assert [i.suggestion for i in check(account, around)[0].found if i.suggestion] == (
        [offer] if offer else []
    )


@pytest.mark.parametrize(
    ("here", "there", "codes"),
    [(True, True, []), (True, False, ["duplicate_other_customer"]),
     (False, True, ["duplicate_other_customer"])],
)  # fmt: skip
def test_customers_where_the_domain_is_at_home_are_of_one_group(here, there, codes):
    places = (Place(1, "Acme", "Desk", key=1), Place(2, "Zed", "Desk", key=2, at_home=there))
    one = Person(1, "sales@meridian.com", "Sales", "", "Desk", places=places)
    other = Person(3, "eva.rao@meridian.com" if here else "eva.rao@acme.com", "Eva", "", "Rao")

    assert first_found(Account((one, other), name="Acme", group=1)) == codes
