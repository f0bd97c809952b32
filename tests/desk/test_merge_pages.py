"""Likely duplicates are decided by people: one by one, or all certain ones at once."""

import pytest
from django.contrib.auth.models import Permission

from accounts.rules.roles import Role
from contacts.actions.importing import source_named
from contacts.actions.searching import search_later
from contacts.models import ChangeSet, Contact, Customer, Duplicate
from contacts.rules.words import Entity
from core.models import AuditEntry
from desk.rules.duplicates import PairQuery, PairView, read
from jobs.models import Job
from jobs.queue import run_now
from tests.desk.conftest import contact, customer, signed_in, staff


@pytest.fixture
def twins(acme):
    return (
        contact(acme, "Annie", "Osei", "annie@acme.example", phone="(555) 012-4417"),
        contact(acme, "Annie", "Osei", "annie@acme.example", job_title="Buyer"),
    )


@pytest.fixture
def strangers(blue):
    return (
        contact(blue, "Bea", "Zeller", "bea@blue.example", phone="555 010 3000"),
        contact(blue, "Beatrice", "Zeller", "bz@blue.example", phone="555 010 3000"),
    )


def pair_of(rows):
    return Duplicate.objects.get(contact=rows[0], other_contact=rows[1])


def shown(client, query=""):
    lines = client.get(f"/duplicates/?kind=contacts{query}").context["lines"]
    return [(str(line.one.row), str(line.other.row), line.pair.certain) for line in lines]


def merge(client, pair, keep, **sides):
    fields = {f"field-{name}": side for name, side in sides.items()}
    return client.post(f"/duplicates/{pair.pk}/merge/", {"keep": keep.pk, **fields})


def test_the_list_shows_the_surest_first_and_finds_by_name(manager, twins, strangers):
    client = signed_in(manager)
    both = [("Annie Osei", "Annie Osei", True), ("Bea Zeller", "Beatrice Zeller", False)]
    assert shown(client) == both
    assert shown(client, "&q=zeller") == both[1:]
    assert shown(client, "&view=certain") == both[:1]
    assert shown(client, "&view=apart") == []


def test_a_merge_takes_the_chosen_values_goes_on_with_the_next_and_can_be_undone(
    manager, twins, strangers
):
    client = signed_in(manager)
    pair, following = pair_of(twins), pair_of(strangers)
    answer = merge(client, pair, twins[0], phone="one", job_title="other")
    assert answer.url == f"/duplicates/{following.pk}/"
    assert list(
        Contact.objects.filter(last_name="Osei").values_list("pk", "phone", "job_title")
    ) == [(twins[0].pk, "(555) 012-4417", "Buyer")]
    page = client.get(answer.url)
    change_set = ChangeSet.objects.get(kind="merge")
    assert f"/changes/{change_set.pk}/undo/" in page.content.decode()
    assert client.get(f"/contacts/{twins[1].pk}/").url == f"/contacts/{twins[0].pk}/"
    history = client.get(f"/contacts/{twins[0].pk}/").context["lines"]
    assert "dana merged Annie Osei into Annie Osei" in [line.text for line in history]
    client.post(f"/changes/{change_set.pk}/undo/")
    assert Contact.objects.filter(last_name="Osei").count() == 2


def test_two_people_are_not_proposed_again_and_can_be_decided_again(manager, twins):
    client = signed_in(manager)
    pair = pair_of(twins)
    assert client.post(f"/duplicates/{pair.pk}/apart/").url == "/duplicates/?kind=contacts"
    run_now(search_later(actor=None, everything=True))
    assert shown(client) == []
    assert shown(client, "&view=apart") == [("Annie Osei", "Annie Osei", True)]
    client.post(f"/duplicates/{pair.pk}/reopen/")
    assert shown(client) == [("Annie Osei", "Annie Osei", True)]
    verbs = AuditEntry.objects.filter(entity="contact pair").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["kept apart", "reopened"]


def test_a_merge_without_a_choice_or_of_what_is_gone_says_what_to_do(manager, twins):
    client = signed_in(manager)
    pair = pair_of(twins)
    answer = client.post(f"/duplicates/{pair.pk}/merge/", {"keep": "x"})
    assert answer.status_code == 422
    assert "Choose which record stays" in answer.content.decode()
    merge(client, pair, twins[0])
    assert merge(client, pair, twins[0]).status_code == 404
    assert ChangeSet.objects.filter(kind="merge").count() == 1


def test_all_certain_ones_are_merged_as_one_change_set(manager, twins, strangers, acme):
    third = contact(acme, "Annie", "Osei", "annie@acme.example")
    client = signed_in(manager)
    client.post("/duplicates/merge/", {"kind": "contacts"})
    job = run_now(Job.objects.get(name="contacts.merge_certain"))
    assert (job.state, job.result["merged"]) == ("done", 2)
    assert Contact.objects.filter(last_name="Osei").count() == 1
    assert shown(client) == [("Bea Zeller", "Beatrice Zeller", False)]
    change_set = ChangeSet.objects.get(kind="merge")
    client.post(f"/changes/{change_set.pk}/undo/")
    assert set(Contact.objects.filter(last_name="Osei")) == {*twins, third}


def test_a_search_finds_what_came_together_with_an_import(manager, db):
    for number, name in (("1", "Müller GmbH"), ("2", "Mueller G.m.b.H. & Co. KG")):
        customer(number, name, postal_code="10115", phone="030 1234567")
    Duplicate.objects.all().delete()
    client = signed_in(manager)
    client.post("/duplicates/search/")
    job = run_now(Job.objects.get(name="contacts.match"))
    assert job.result["new"] == 1
    pair = Duplicate.objects.get()
    assert (pair.entity, pair.reasons[0][0]) == (
        "customer", "Same name, legal form and spelling aside",
    )  # fmt: skip
    again = run_now(search_later(actor=None))
    assert (again.done, again.result["new"]) == (2, 0)


def test_customers_are_merged_with_their_people(manager, acme, twins):
    other = customer("77", "ACME Fabrication, Inc.", city="Austin", phone="555 010 2000")
    client = signed_in(manager)
    answer = client.post(f"/customers/{acme.pk}/merge/", {"other": other.pk})
    pair = Duplicate.objects.get(entity=Entity.CUSTOMER)
    assert answer.url == f"/duplicates/{pair.pk}/"
    assert client.get(answer.url).status_code == 200
    merge(client, pair, other, phone="other", name="one")
    left = Customer.objects.get()
    assert (left.pk, left.name, left.phone) == (other.pk, "Acme Fabrication", "555 010 2000")
    assert Contact.objects.filter(customer=other).count() == 2
    assert client.get(f"/customers/{acme.pk}/").url == f"/customers/{other.pk}/"


def test_whom_to_merge_with_is_found_by_likeness_and_by_search(manager, twins, strangers):
    client = signed_in(manager)
    url = f"/contacts/{twins[0].pk}/merge/"
    assert [half.row for half in client.get(url).context["halves"]] == [twins[1]]
    found = client.get(f"{url}?q=zeller").context["halves"]
    assert {half.row for half in found} == set(strangers)
    assert client.post(url, {"other": twins[0].pk}).status_code == 404


def rights_of(user):
    for name in ("change_contact", "change_customer"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    return signed_in(user)


def test_reps_see_and_merge_their_own_accounts_only(rep, other_rep, twins, strangers):
    owner, stranger = rights_of(rep), rights_of(other_rep)
    pair = pair_of(twins)
    assert shown(owner) == [("Annie Osei", "Annie Osei", True)]
    assert shown(stranger) == [("Bea Zeller", "Beatrice Zeller", False)]
    urls = [f"/duplicates/{pair.pk}/", f"/contacts/{twins[0].pk}/merge/"]
    assert [owner.get(url).status_code for url in urls] == [200, 200]
    assert [stranger.get(url).status_code for url in urls] == [404, 404]
    assert merge(stranger, pair, twins[0]).status_code == 404
    assert stranger.post(f"/duplicates/{pair.pk}/apart/").status_code == 404
    merge(owner, pair, twins[0])
    change_set = ChangeSet.objects.get(kind="merge")
    stranger.post(f"/changes/{change_set.pk}/undo/")
    assert Contact.objects.filter(last_name="Osei").count() == 1
    owner.post(f"/changes/{change_set.pk}/undo/")
    assert Contact.objects.filter(last_name="Osei").count() == 2


def test_who_may_not_edit_looks_only(twins):
    reader = signed_in(staff("reed", Role.READ_ONLY))
    pair = pair_of(twins)
    assert shown(reader) == [("Annie Osei", "Annie Osei", True)]
    assert "Merge…" not in reader.get("/duplicates/").content.decode()
    assert reader.get(f"/duplicates/{pair.pk}/").status_code == 403
    for url in (
        f"/duplicates/{pair.pk}/merge/", f"/duplicates/{pair.pk}/apart/",
        "/duplicates/merge/", "/duplicates/search/",
    ):  # fmt: skip
        assert reader.post(url).status_code == 403
    assert not ChangeSet.objects.filter(kind="merge").exists()


def test_only_who_configures_ranks_sources(manager, people):
    source = source_named(name="shop")
    url = f"/settings/contacts/source/{source.pk}/change/"
    fields = {"rank": "2", "leads": ["phone"], "trails": ["email"]}
    assert signed_in(staff("mona", Role.MANAGER)).post(url, fields).status_code in (302, 403)
    source.refresh_from_db()
    assert source.rank == 5
    signed_in(manager).post(url, fields)
    source.refresh_from_db()
    assert (source.rank, source.leads, source.trails) == (2, ["phone"], ["email"])
    signed_in(manager).post(url, fields | {"trails": ["phone"]})
    source.refresh_from_db()
    assert source.trails == ["email"]


def test_the_query_string_is_read_and_written():
    wanted = {"kind": ["customers"], "view": ["certain"], "q": ["  acme "]}
    query = read(wanted)
    assert query == PairQuery(Entity.CUSTOMER, PairView.CERTAIN, "acme")
    assert str(query) == "kind=customers&view=certain&q=acme"
    assert read({"kind": ["x"], "view": ["y"]}) == PairQuery()
