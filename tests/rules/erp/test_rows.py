"""A row of a file as the records it tells of."""

from contacts.rules.words import Entity
from erp.rules.mapping import Column
from erp.rules.plans import column_labels, plan, told_names
from erp.rules.rows import Record, read_row

CONTACTS = [
    Column("Customer ID", "contact.account"),
    Column("Firm", "customer.name"),
    Column("ID", "contact.own_id"),
    Column("Contact", "contact.full_name"),
    Column("Email", "contact.email"),
    Column("Off", "contact.inactive"),
]


def test_a_row_tells_of_a_person_and_its_customer():
    read = read_row(
        plan(Entity.CONTACT, CONTACTS), ["007", "Bond Ltd", "5", "Ann Lee", " a@b.com", "No"]
    )

    assert read.problems == []
    assert read.records == [
        Record(
            Entity.CONTACT,
            "id:5",
            {
                "own_id": "5",
                "full_name": "Ann Lee",
                "first_name": "Ann",
                "last_name": "Lee",
                "email": " a@b.com",
                "active": "true",
                "raw:active": "No",
                "account": "007",
            },
            "Email",
        ),
        Record(Entity.CUSTOMER, "no:007", {"name": "Bond Ltd", "account": "007"}, "", derived=True),
    ]


def test_a_file_can_say_something_about():
    assert told_names(plan(Entity.CONTACT, CONTACTS)) == {
        "contact": [
            "account",
            "active",
            "email",
            "first_name",
            "full_name",
            "is_house_user",
            "last_name",
            "middle_name",
            "own_id",
        ],
        "customer": ["account", "is_house_account", "name"],
    }


def test_blank_cells_say_nothing_except_that_nobody_is_inactive():
    read = read_row(plan(Entity.CONTACT, CONTACTS), ["7", "", "", "", "a@b.com", ""])

    assert read.records[0].values == {
        "email": "a@b.com",
        "active": "true",
        "raw:active": "",
        "account": "7",
    }


def test_a_row_that_names_nobody_is_a_problem():
    read = read_row(plan(Entity.CONTACT, CONTACTS), ["7", "", "", "", "", ""])

    assert read.records == []
    assert read.problems == [("", "The row has neither an ID nor an email address nor a name.")]


def test_a_customer_without_a_person_is_still_a_customer():
    read = read_row(plan(Entity.CONTACT, CONTACTS), ["7", "Bond Ltd", "", "", "", ""])

    assert [record.key for record in read.records] == ["no:7"]
    assert read.problems == []


def test_an_unreadable_cell_is_left_out_and_named():
    columns = [
        Column("No", "customer.account"),
        Column("Since", "customer.customer_since", 0, "mdy"),
    ]
    read = read_row(plan(Entity.CUSTOMER, columns), ["7", "soon"])

    assert [record.values for record in read.records] == [{"account": "7"}]
    assert read.problems == [("Since", "“soon” is no date. The rest of the row is used.")]


def test_a_cell_that_is_too_long_is_cut_and_named():
    read = read_row(plan(Entity.CONTACT, CONTACTS), ["7", "", "5", "", "a" * 100_000, ""])

    assert len(read.records[0].values["email"]) == 1000
    assert read.problems == [
        ("Email", "The cell has 100,000 characters; the first 1,000 are kept.")
    ]


def test_people_of_a_wide_row_are_records_of_their_own():
    columns = [
        Column("Account", "contact.account"),
        Column("Contact", "contact.full_name", 0),
        Column("Email", "contact.email", 0),
        Column("Contact", "contact.full_name", 1),
        Column("Email", "contact.email", 1),
    ]
    read = read_row(plan(Entity.CONTACT, columns), ["7", "Ann", "a@b.com", "Bo", "b@b.com"])

    assert [(record.key, record.label) for record in read.records] == [
        ("at:7|a@b.com", "Email[1]"),
        ("at:7|b@b.com", "Email[2]"),
    ]


def test_equal_heads_have_numbers():
    assert column_labels(["Email", "Name", "Email"]) == ["Email[1]", "Name", "Email[2]"]


def test_house_users_and_house_accounts_are_recognised():
    columns = [Column("No", "contact.account"), Column("Web", "contact.username"),
               Column("Email", "contact.email")]  # fmt: skip
    read = read_row(plan(Entity.CONTACT, columns), ["10063", "10063", "a@b.com"])
    assert read.records[0].values["is_house_user"] == "true"

    columns = [Column("No", "customer.account"), Column("Name", "customer.name")]
    read = read_row(plan(Entity.CUSTOMER, columns), ["1", "CASH SALES - COUNTER"])
    assert read.records[0].values["is_house_account"] == "true"
