"""How many queries each page takes: committed facts, the same for few rows and for many."""

import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions.people import save_segment
from contacts.models import Contact
from tests.desk.conftest import contact, customer, enable_portal, signed_in

FACTS = Path(__file__).with_name("query_counts.json")
PAGES = {
    "contacts": "/contacts/",
    "contacts, searched and sorted": "/contacts/?q=acme&status=ok&sort=-email",
    "customers": "/customers/",
    "customers, searched": "/customers/?q=acme",
    "contact": "/contacts/{contact}/",
    "customer": "/customers/{customer}/",
}
LISTS = [name for name in PAGES if name.endswith("s") or "," in name]
# Who is asking: session, user, rights of the user and of his roles.
WHO = ("django_session", "auth_permission", get_user_model()._meta.db_table)


def count(client, address):
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return len([sql for sql in asked if not _is_who(sql)])


def _is_who(sql):
    tables = sql.partition(" FROM ")[2].split(" ", 1)[0].strip('"')
    return tables in WHO and "COUNT(*)" not in sql


@pytest.fixture
def addresses(manager, acme, people):
    enable_portal()
    save_segment(name="Texas", query="state=TX", owner=manager, shared=True)
    keys = {"contact": people["adam"].pk, "customer": acme.pk}
    return {name: path.format(**keys) for name, path in PAGES.items()}


def test_pages_take_the_committed_number_of_queries(manager, addresses):
    client = signed_in(manager)
    found = {name: count(client, address) for name, address in addresses.items()}
    assert found == json.loads(FACTS.read_text())[connection.vendor]


def test_lists_take_at_most_six_queries():
    """SQLite is asked once or twice more how much words find, to choose the way: a millisecond."""
    facts = json.loads(FACTS.read_text())
    assert {
        name: facts["postgresql"][name] for name in LISTS if facts["postgresql"][name] > 6
    } == {}
    more = {name: facts["sqlite"][name] - facts["postgresql"][name] for name in LISTS}
    assert all(number <= 2 * ("searched" in name) for name, number in more.items())


def test_forty_more_rows_take_no_more_queries(manager, addresses, acme):
    client = signed_in(manager)
    before = {name: count(client, address) for name, address in addresses.items()}
    for n in range(40):
        customer(f"N-{n}", f"Acme branch {n}")
        row = contact(acme, f"Pat{n}", "More", f"pat{n}@acme.example")
        Contact.objects.filter(pk=row.pk).update(email_status="ok")
    assert {name: count(client, address) for name, address in addresses.items()} == before
