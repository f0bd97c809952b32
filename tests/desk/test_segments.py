"""The pages of segments: whom a condition finds, who sees which counts, and what is saved."""

import pytest

from accounts.models import User
from accounts.rules.roles import Role
from campaigns.actions.drafting import draft_campaign
from contacts.actions.people import save_segment
from contacts.models import Segment
from contacts.rules.segments import parse
from core.models import Configuration
from tests.desk.conftest import names, signed_in, staff

SEGMENTS = "/segments/"
NEW = "/segments/new/"


def shown(response):
    """Counts and first names, as the page has them."""
    matches = response.context["matches"]
    return {
        "contacts": matches.contacts.number,
        "customers": matches.customers,
        **{share.part.label: share.number for share in matches.shares},
        "first": [row.first_name for row in matches.first],
    }


def post(user, path, **values):
    return signed_in(user).post(path, values)


def saved(name):
    row = Segment.objects.get(name=name)
    return (row.owner.username, row.query, row.shared)


@pytest.fixture
def texas(manager):
    return save_segment(name="Texas", query="state=TX", owner=manager, shared=True)


def test_a_segment_counts_who_matches_and_shows_the_first(manager, people):
    response = signed_in(manager).get(NEW)
    assert shown(response) == {
        "contacts": 4,
        "customers": 2,
        "ready": 2,
        "need a fix": 2,
        "first": ["Aaron", "Adam", "Annie", "Bea"],
    }


def test_every_count_leads_to_the_list_behind_it(manager, people):
    Configuration.objects.update_or_create(pk=1, defaults={"needed_fields": ["phone"]})
    client = signed_in(manager)
    shares = client.get(NEW, {"state": ["TX", "NC"]}).context["matches"].shares
    behind = {
        share.part.label: names(client.get(f"/contacts/?{share.part.query}")) for share in shares
    }
    assert behind == {
        "ready": ["Aaron Delacroix", "Adam Jones"],
        "need a fix": ["Annie Osei", "Bea Zeller"],
        "too little known": [],
    }
    assert [share.number for share in shares] == [2, 2, 0]


def test_what_the_company_needs_to_know_divides_the_ready_ones(manager, people):
    Configuration.objects.update_or_create(pk=1, defaults={"needed_fields": ["name", "job_title"]})
    assert shown(signed_in(manager).get(NEW, {"status": "ok"})) == {
        "contacts": 2,
        "customers": 1,
        "ready": 0,
        "too little known": 2,
        "first": ["Aaron", "Adam"],
    }


def test_a_rep_counts_his_own_customers_and_a_stranger_nothing(
    manager, rep, other_rep, portal_user, people, texas
):
    path = f"{SEGMENTS}{texas.pk}/"
    assert [shown(signed_in(user).get(path))["contacts"] for user in (manager, rep, other_rep)] == [
        2,
        2,
        0,
    ]
    lists = [signed_in(user).get(SEGMENTS) for user in (manager, rep, other_rep)]
    assert [[line["count"].number for line in page.context["lines"]] for page in lists] == [
        [2],
        [2],
        [0],
    ]
    assert "Aaron" not in lists[2].content.decode()
    assert signed_in(portal_user).get(path).status_code == 302


def test_a_private_segment_is_seen_by_its_owner_alone(manager, rep, other_rep):
    row = save_segment(name="Mine", query="mine=yes", owner=rep, shared=False)
    path = f"{SEGMENTS}{row.pk}/"
    users = (rep, other_rep, manager)
    assert [signed_in(user).get(path).status_code for user in users] == [200, 404, 404]
    assert [post(user, path, do="save").status_code for user in users[1:]] == [404, 404]
    assert [post(user, f"{path}remove/").status_code for user in users[1:]] == [404, 404]
    assert saved("Mine") == ("julie", "mine=yes", False)


def test_a_shared_segment_is_changed_by_its_owner_and_by_who_manages_the_team(
    manager, rep, other_rep
):
    row = save_segment(name="Shared", query="state=TX", owner=rep, shared=True)
    path = f"{SEGMENTS}{row.pk}/"
    change = {"do": "save", "name": "Shared", "shared": "on"}
    assert post(other_rep, path, **change, state="ME").url == path
    assert saved("Shared") == ("julie", "state=TX", True)
    post(rep, path, **change, state="NC")
    assert saved("Shared") == ("julie", "state=NC", True)
    post(manager, path, **change, city="Austin")
    assert saved("Shared") == ("julie", "city=Austin", True)


def test_a_new_segment_is_saved_and_becomes_a_view_and_an_audience(manager, people):
    answer = post(
        manager, NEW, do="save", name="Austin", shared="on", city="Austin\r\n", row=["city"]
    )
    row = Segment.objects.get()
    assert (answer.url, saved("Austin")) == (f"{SEGMENTS}{row.pk}/", ("dana", "city=Austin", True))
    response = signed_in(manager).get(f"/contacts/?{row.query}")
    assert {tab["label"]: tab["count"] for tab in response.context["tabs"]}["Austin"] == 2
    assert names(response) == ["Aaron Delacroix", "Adam Jones"]


def test_a_segment_without_a_name_or_with_a_taken_one_is_not_saved(manager, texas):
    nameless = post(manager, NEW, do="save", state="NC")
    assert nameless.status_code == 422
    assert "Give it a name" in nameless.content.decode()
    taken = post(manager, f"{SEGMENTS}{texas.pk}/", do="new", name="TEXAS", state="NC")
    assert taken.status_code == 422
    assert "You have a segment of this name. Choose another one" in taken.content.decode()
    assert 'value="NC"' in taken.content.decode()
    assert list(Segment.objects.values_list("name", "query")) == [("Texas", "state=TX")]


def test_save_as_new_leaves_the_old_one_as_it_is(manager, texas):
    post(manager, f"{SEGMENTS}{texas.pk}/", do="new", name="Carolina", state="NC")
    assert saved("Texas") == ("dana", "state=TX", True)
    assert saved("Carolina") == ("dana", "state=NC", False)


def test_conditions_come_and_go_without_a_script_and_nothing_is_saved(manager, texas):
    client, path = signed_in(manager), f"{SEGMENTS}{texas.pk}/"
    added = client.post(
        path, {"do": "add", "field": "city", "name": "Big", "row": ["state"], "state": "TX"}
    )
    assert added.url == f"{path}?state=TX&row=city&name=Big&focus=city&edited=yes"
    page = client.get(added.url)
    assert [line["field"].name for line in page.context["lines"]] == ["city", "state"]
    assert page.context["changed"]
    removed = client.post(
        path,
        {
            "do": "remove:state",
            "name": "Big",
            "row": ["city", "state"],
            "state": "TX",
            "not": "state",
        },
    )
    assert removed.url == f"{path}?row=city&name=Big&edited=yes"
    assert saved("Texas") == ("dana", "state=TX", True)


def test_the_counts_alone_answer_while_somebody_chooses(manager, people):
    client = signed_in(manager)
    part = client.get(NEW, {"state": "NC", "edited": "yes"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert shown(part)["first"] == ["Annie", "Bea"]


def test_values_that_no_customer_has_any_more_stay_ticked(manager, people):
    row = save_segment(name="Old", query="rep=Gone+Long&not=rep", owner=manager, shared=False)
    page = signed_in(manager).get(f"{SEGMENTS}{row.pk}/")
    (line,) = page.context["lines"]
    assert [value for value, _ in line["options"]] == ["Gone Long", "Julie Tran", "Marcus Bell"]
    assert (line["condition"].values, line["condition"].negated) == (("Gone Long",), True)


def test_a_rep_is_offered_what_his_own_customers_have(rep, people):
    (line,) = signed_in(rep).get(NEW, {"row": "state"}).context["lines"]
    assert line["options"] == [("TX", "TX")]


def test_a_segment_knows_the_messages_that_used_it(manager, people, texas):
    by_name = draft_campaign(kind="bulk", audience={"segment": "texas"}, actor=manager)
    by_query = draft_campaign(kind="bulk", audience={"query": "state=TX"}, actor=manager)
    draft_campaign(kind="bulk", audience={"query": "state=NC"}, actor=manager)
    draft_campaign(kind="bulk", audience={"ids": [1]}, actor=manager)
    page = signed_in(manager).get(f"{SEGMENTS}{texas.pk}/")
    assert [use.pk for use in page.context["uses"]] == [by_query.pk, by_name.pk]
    (line,) = signed_in(manager).get(SEGMENTS).context["lines"]
    assert len(line["uses"]) == 2


def test_a_private_segment_was_not_used_by_another_s_of_the_same_name(manager, rep, people):
    row = save_segment(name="Spring", query="city=Austin", owner=rep, shared=False)
    save_segment(name="Spring", query="city=Boone", owner=manager, shared=False)
    draft_campaign(kind="bulk", audience={"segment": "Spring"}, actor=manager)
    julie = User.objects.get(pk=rep.pk)
    assert signed_in(julie).get(f"{SEGMENTS}{row.pk}/").context["uses"] == []


def test_deleting_asks_first(manager, texas):
    client, path = signed_in(manager), f"{SEGMENTS}{texas.pk}/remove/"
    assert "Delete “Texas”?" in client.get(path).content.decode()
    assert Segment.objects.count() == 1
    assert client.post(path).url == SEGMENTS
    assert Segment.objects.count() == 0


def test_the_filter_panel_keeps_what_it_does_not_show(manager, people):
    page = signed_in(manager).get("/contacts/filters/?city=Austin&state=TX&not=state&needs=name")
    assert page.context["kept"] == [("city", "Austin"), ("needs", "name"), ("not", "state")]
    assert parse("city=Austin&needs=name&state=TX&not=state") == page.context["query"]


def test_no_segment_yet_says_what_one_is_for(db):
    reader = staff("ron", Role.READ_ONLY)
    assert "No segment yet" in signed_in(reader).get(SEGMENTS).content.decode()
