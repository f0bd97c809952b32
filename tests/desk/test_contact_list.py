"""The list of contacts: views, filters, order, columns, pages."""

import pytest

from contacts.actions.people import save_segment
from contacts.models import Contact
from tests.desk.conftest import checked, contact, names, signed_in

LIST = "/contacts/"


def tabs(response):
    return {tab["label"]: tab["count"] for tab in response.context["tabs"]}


def test_the_list_shows_everybody_by_last_name(manager, people):
    response = signed_in(manager).get(LIST)
    assert names(response) == ["Aaron Delacroix", "Adam Jones", "Annie Osei", "Bea Zeller"]
    assert [chip.label for chip in response.context["chips"]] == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("first", ["Aaron", "Adam", "Annie", "Bea"]),
        ("-first", ["Bea", "Annie", "Adam", "Aaron"]),
        ("-last", ["Bea", "Annie", "Adam", "Aaron"]),
        ("email", ["Annie", "Aaron", "Adam", "Bea"]),
        ("-status", ["Adam", "Aaron", "Annie", "Bea"]),
        ("-added", ["Bea", "Annie", "Adam", "Aaron"]),
        ("password", ["Aaron", "Adam", "Annie", "Bea"]),
    ],
)
def test_the_list_is_sorted_by_what_stands_in_the_address(manager, people, sort, expected):
    response = signed_in(manager).get(LIST, {"sort": sort})
    assert [row.first_name for row in response.context["page"].rows] == expected


def test_tabs_count_every_view_and_one_s_own_customers(rep, manager, people):
    counts = {
        "All contacts": 4,
        "Ready to invite": 2,
        "Invited, not registered": 0,
        "No email address": 1,
        "Bounced": 1,
    }
    assert tabs(signed_in(manager).get(LIST)) == counts
    mine = {"All contacts": 2, "Ready to invite": 2, "No email address": 0, "Bounced": 0}
    expected = counts | mine | {"My customers": 2}
    assert tabs(signed_in(rep).get(LIST)) == expected


@pytest.mark.parametrize(
    ("query", "expected", "chips"),
    [
        ("view=bounced", ["Bea Zeller"], []),
        ("q=acme", ["Aaron Delacroix", "Adam Jones"], []),
        ("q=014-9999", ["Adam Jones"], []),
        ("status=ok&state=TX", ["Aaron Delacroix", "Adam Jones"], ["Ready", "TX"]),
        ("rep=Marcus Bell&active=yes", ["Annie Osei", "Bea Zeller"], ["Marcus Bell", "Active"]),
        ("q=nobody", [], []),
    ],
)
def test_filters_narrow_the_list_and_stand_above_it(manager, people, query, expected, chips):
    response = signed_in(manager).get(f"{LIST}?{query}")
    assert names(response) == expected
    assert [chip.label for chip in response.context["chips"]] == chips


def test_a_chip_leads_to_the_list_without_it(manager, people):
    response = signed_in(manager).get(f"{LIST}?status=ok&status=bounced&q=e")
    without = [chip.without for chip in response.context["chips"]]
    assert without == ["q=e&status=bounced", "q=e&status=ok"]


def test_columns_are_chosen_in_the_address(manager, people):
    text = signed_in(manager).get(f"{LIST}?col=account&col=notes").content.decode()
    assert "ACME-001" in text
    assert "aaron@acme.example" not in text


def test_a_saved_view_is_a_tab_that_knows_itself(manager, people):
    save_segment(name="Texas", query="state=TX", owner=manager, shared=False)
    response = signed_in(manager).get(f"{LIST}?state=TX")
    current = [tab["label"] for tab in response.context["tabs"] if tab["current"]]
    assert (tabs(response)["Texas"], current) == (2, ["Texas"])


@pytest.mark.parametrize("sort", ["first", "-first", "last", "-last", "email", "-stage", "added"])
def test_pages_show_every_row_once_forwards_and_back(manager, acme, sort):
    for n in range(120):
        contact(acme, f"First {n % 7}", f"Last {n % 11}", f"c{n % 40}@acme.example")
    client = signed_in(manager)
    pages, query = [], {"sort": sort}
    while True:
        page = client.get(LIST, query).context["page"]
        pages.append([row.pk for row in page.rows])
        if not page.after:
            break
        query = {"sort": sort, "after": page.after}
    assert [len(rows) for rows in pages] == [50, 50, 20]
    assert len({pk for rows in pages for pk in rows}) == 120
    back = client.get(LIST, {"sort": sort, "before": page.before}).context["page"]
    assert [row.pk for row in back.rows] == pages[1]


def test_customers_and_staff_written_in_html_stay_text(manager, acme):
    row = contact(acme, "<b>Ann</b>", "<script>alert(1)</script>", "ann@acme.example")
    checked({"ann": row})
    client = signed_in(manager)
    for path in (LIST, f"/contacts/{row.pk}/", f"/customers/{acme.pk}/"):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_filter_panel_offers_what_customers_have(manager, people):
    client = signed_in(manager)
    response = client.get("/contacts/filters/?state=TX")
    assert response.context["choices"] == {
        "reps": ["Julie Tran", "Marcus Bell"],
        "states": ["NC", "TX"],
        "types": ["Contractor"],
    }
    assert "<html" in response.content.decode()
    part = client.get("/contacts/filters/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def test_an_empty_program_says_how_to_begin(manager):
    assert "No contacts yet" in signed_in(manager).get(LIST).content.decode()
    assert Contact.objects.count() == 0
