"""Lists whose heads say nothing, told by their cells and by each other."""

import itertools

import pytest

from contacts.rules.words import Entity
from erp.rules.guessing import File, guess, is_unclear
from erp.rules.matching import match

FIRMS = [
    # key, system's key, name, street, town, zip, country, site, telephone
    ("K-101", "7001", "Adler Metall GmbH", "Ring 4", "Graz", "8010", "AT", "adler.at", "+43 3161"),
    ("K-102", "7002", "Brandt & Sohn", "Allee 17", "Graz", "8020", "AT", "", "+43 316 2210"),
    ("K-103", "7003", "Cerny s.r.o.", "Hauptstr. 9", "Wien", "1010", "AT", "cerny.at", ""),
    ("K-104", "7004", "Dorn Metall AG", "Gasse 21", "Wien", "1020", "AT", "dorn.at", "+43 1 4401"),
    ("K-105", "7005", "Ebner KG", "Platz 3", "Linz", "4020", "AT", "ebner.at", "+43 732 551"),
]
PEOPLE = [
    ("91", "K-101", "Anna", "Huber", "anna.huber@adler.at", "Einkauf", ""),
    ("92", "K-101", "Karl", "Moser", "karl.moser@adler.at", "Lager", "hat uns im Mai verlassen"),
    ("93", "K-103", "Petra", "Novak", "petra.novak@cerny.at", "Einkauf", ""),
    ("94", "K-104", "Jürgen", "Groß", "juergen.gross@dorn.at", "Lager", ""),
    ("95", "K-104", "Ida", "Lang", "ida.lang@dorn.at", "Einkauf", ""),
    ("96", "K-105", "Ernst", "Wolf", "", "Leitung", ""),
]
BILLS = [
    ("R1", "K-101", "03.01.2026", "02.02.2026", "120,50"),
    ("R2", "K-101", "15.01.2026", "14.02.2026", "80,00"),
    ("R3", "K-104", "16.01.2026", "15.02.2026", "1.499,99"),
    ("R4", "K-105", "17.01.2026", "16.02.2026", "12,00"),
]


def blind(name, rows):
    """A list whose heads are no words of any language."""
    return File(match([f"zq{name}{at}" for at in range(len(rows[0]))], rows), rows)


def fields(matched):
    return matched.entity.value, [
        column.field.partition(".")[2] if column.field else "" for column in matched.columns
    ]


def test_three_lists_tell_each_other_what_they_are():
    found = guess([blind("a", FIRMS), blind("b", PEOPLE), blind("c", BILLS)])
    told = [(entity, ", ".join(names)) for entity, names in map(fields, found)]
    assert told == [
        (
            "customer",
            "account, own_id, name, address1, city, postal_code, country, website, phone",
        ),
        ("contact", "own_id, account, first_name, last_name, email, job_title, notes"),
        ("invoice", "number, account, issued_on, due_on, amount"),
    ]


# What else is told hangs on what stands beside it: a town beside a postcode, a job behind a name.
ANYWHERE = frozenset(
    {"account", "own_id", "name", "address1", "postal_code", "country", "website", "phone"}
    | {"first_name", "last_name", "email", "number", "amount"}
)


@pytest.mark.parametrize("files", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_the_order_of_files_and_columns_does_not_matter(files, turn):
    lists = {0: FIRMS, 1: PEOPLE, 2: BILLS}
    turned = {n: [(*row[turn:], *row[:turn]) for row in rows] for n, rows in lists.items()}
    straight = guess([blind(n, rows) for n, rows in lists.items()])
    found = dict(zip(files, guess([blind(n, turned[n]) for n in files]), strict=True))
    for n, expected in enumerate(straight):
        entity, names = fields(expected)
        told = fields(found[n])[1]
        told = [*told[-turn:], *told[:-turn]]
        assert fields(found[n])[0] == entity
        assert [name in ANYWHERE and name for name in told] == [
            name in ANYWHERE and name for name in names
        ]


def test_people_may_name_their_customer_instead_of_numbering_it():
    names = {firm[0]: firm[2] for firm in FIRMS}
    people = [(row[0], names[row[1]], *row[2:]) for row in PEOPLE]
    firms, contacts = guess([blind("a", FIRMS), blind("b", people)])
    assert fields(firms)[1][:3] == ["account", "own_id", "name"]
    assert fields(contacts)[1][:2] == ["own_id", "organization"]


def test_words_that_are_known_are_left_alone():
    heads = [
        "Customer ID",
        "Internal ID",
        "Name",
        "Street",
        "City",
        "Zip",
        "Country",
        "Web",
        "Phone",
    ]
    firms = File(match(heads, FIRMS), FIRMS)
    known, people = guess([firms, blind("b", PEOPLE)])
    assert known == firms.matched
    assert fields(people)[1][:2] == ["own_id", "account"]


def test_numbers_that_only_count_the_rows_lead_nowhere():
    firms = [(str(n), f"Firm {name} Ltd") for n, name in enumerate(("Ash", "Birch", "Cedar"), 1)]
    people = [(str(n), f"ann{n}@else.example") for n in range(1, 4)]
    _firms, contacts = guess([blind("a", firms), blind("b", people)])
    assert "account" not in fields(contacts)[1]


def test_a_list_of_people_alone_needs_no_customer():
    (people,) = guess([blind("b", PEOPLE)])
    entity, names = fields(people)
    assert (entity, names[0], names[4]) == ("contact", "own_id", "email")
    assert not people.columns[1].field


@pytest.mark.parametrize("rows", [[], [("", "")], [("a", "b")]])
def test_next_to_nothing_is_not_guessed_at(rows):
    files = [File(match(["zq1", "zq2"], rows), rows)] * 2
    assert [one.entity in Entity for one in guess(files)] == [True, True]
    assert all(is_unclear(one) for one in guess(files))
