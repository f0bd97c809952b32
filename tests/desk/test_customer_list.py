"""The list of customers."""

import pytest

from portal.models import Membership
from tests.desk.conftest import customer, names, signed_in

LIST = "/customers/"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Acme Fabrication", "Blue Ridge Plumbing"]),
        ("sort=-name", ["Blue Ridge Plumbing", "Acme Fabrication"]),
        ("sort=-rep", ["Blue Ridge Plumbing", "Acme Fabrication"]),
        ("q=boone", ["Blue Ridge Plumbing"]),
        ("q=acme-001", ["Acme Fabrication"]),
        ("state=TX", ["Acme Fabrication"]),
        ("type=Contractor", ["Acme Fabrication"]),
        ("rep=Marcus Bell", ["Blue Ridge Plumbing"]),
        ("active=no", []),
        ("portal=yes", ["Acme Fabrication"]),
        ("portal=no", ["Blue Ridge Plumbing"]),
        ("house=yes", ["CASH SALES"]),
        ("sort=nothing", ["Acme Fabrication", "Blue Ridge Plumbing"]),
    ],
)
def test_filters_and_order_of_customers(manager, portal_user, acme, people, query, expected):
    customer("CASH", "CASH SALES", is_house_account="true")
    Membership.objects.create(user=portal_user, customer=acme)
    assert names(signed_in(manager).get(f"{LIST}?{query}")) == expected


def test_each_customer_tells_how_many_people_are_ready(manager, people):
    rows = signed_in(manager).get(LIST).context["rows"]
    assert [(str(row), counts["people"], counts["good"]) for row, counts in rows] == [
        ("Acme Fabrication", 2, 2),
        ("Blue Ridge Plumbing", 2, 0),
    ]


def test_a_rep_sees_his_own_customers_only(rep, people):
    assert names(signed_in(rep).get(LIST)) == ["Acme Fabrication"]
