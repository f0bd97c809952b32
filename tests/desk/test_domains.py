"""The board of domains: what it shows to whom, what can be done from it, and renaming."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.rules.roles import Role
from contacts.models import ChangeSet, Contact
from core.models import Configuration
from jobs.models import Job
from jobs.queue import run_now
from tests.desk.conftest import contact, customer, signed_in, staff
from validation.actions.counting import note_all_domains
from validation.actions.hearing import note_server
from validation.models import MailDomain

NOW = timezone.now()
VERDICTS = {
    "acmetools.com": ("deliverable", "mx"),
    "old-tools.com": ("undeliverable", "no_domain"),
    "quiet.com": ("undeliverable", "null_mx"),
    "slow.com": ("unknown", "dns_timeout"),
}


@pytest.fixture
def board(db):
    """Four domains, one verdict each; none of them is due."""
    one, two = customer("1", "Acme Tools"), customer("2", "Zenith Pumps")
    rows = {
        "ann": contact(one, "Ann", "Lee", "ann.lee@old-tools.com"),
        "bob": contact(one, "Bob", "Fox", "bob.fox@old-tools.com"),
        "cleo": contact(two, "Cleo", "Ray", "cleo.ray@acmetools.com"),
        "dan": contact(two, "Dan", "Ott", "dan.ott@quiet.com"),
        "eve": contact(two, "Eve", "Poe", "eve.poe@slow.com"),
    }
    due = NOW + timedelta(days=1)
    for name, (verdict, code) in VERDICTS.items():
        error = code if verdict == "unknown" else ""
        MailDomain.objects.filter(name=name).update(
            verdict=verdict, code=code, last_error=error, due_at=due, checked_at=NOW - timedelta(1)
        )
    note_all_domains()
    Job.objects.all().delete()
    return rows


@pytest.fixture
def reviewer(db):
    return signed_in(staff("rita", Role.REVIEWER))


def shown(response):
    return [str(row) for row in response.context["page"].rows]


def pk_of(name):
    return MailDomain.objects.get(name=name).pk


def test_the_board_opens_on_what_needs_attention(reviewer, board):
    response = reviewer.get("/domains/")
    html = response.content.decode()
    assert shown(response) == ["old-tools.com", "quiet.com"]
    assert "2 of 4 domains need attention" in html
    assert "3 addresses are there." in html


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=all&sort=name", ["acmetools.com", "old-tools.com", "quiet.com", "slow.com"]),
        ("state=all&sort=-name&q=tools", ["old-tools.com", "acmetools.com"]),
        ("state=all&q=bob.fox@old-tools.com", ["old-tools.com"]),
        ("state=all&least=2", ["old-tools.com"]),
        ("state=gone", ["old-tools.com"]),
        ("state=no-mail", ["quiet.com"]),
        ("state=no-answer", ["slow.com"]),
        ("state=free", []),
        ("state=all&provider=Mimecast", []),
    ],
)
def test_views_filters_search_and_order_narrow_it(reviewer, board, query, names):
    assert shown(reviewer.get(f"/domains/?{query}")) == names


def test_each_row_says_what_can_be_done(reviewer, board):
    MailDomain.objects.filter(name="quiet.com").update(suggestion="quiett.com")
    rows = reviewer.get("/domains/?state=all&sort=name").context["rows"]
    assert [(str(row.domain), row.said.label, row.act) for row in rows] == [
        ("acmetools.com", "Accepts mail", "contacts"),
        ("old-tools.com", "Does not exist", "review"),
        ("quiet.com", "No mail at domain", "rename"),
        ("slow.com", "No answer yet", "ask"),
    ]


def test_pages_go_by_key(reviewer, db):
    MailDomain.objects.bulk_create(
        [MailDomain(name=f"firm{number:03}.com", contacts=1) for number in range(60)]
    )
    first = reviewer.get("/domains/?state=all&sort=name")
    after = first.context["page"].after
    second = reviewer.get(f"/domains/?state=all&sort=name&after={after}")
    assert (len(shown(first)), shown(second)) == (50, [f"firm{n:03}.com" for n in range(50, 60)])


def test_the_board_costs_the_same_whatever_it_holds(reviewer, board):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            reviewer.get("/domains/?state=all")
        return len(queries)

    few = cost()
    MailDomain.objects.bulk_create(
        [MailDomain(name=f"firm{number:03}.com", contacts=1) for number in range(60)]
    )
    assert cost() == few


def test_who_sees_all_contacts_sees_the_board_and_a_sales_rep_does_not(
    reviewer, rep, portal_user, board
):
    reader = signed_in(staff("ron", Role.READ_ONLY))
    pages = ("/domains/", f"/domains/{pk_of('quiet.com')}/")
    for page in pages:
        people = (reviewer, reader, signed_in(rep), signed_in(portal_user), Client())
        assert [who.get(page).status_code for who in people] == [200, 200, 403, 302, 302]
    html = reader.get(pages[0]).content.decode() + reader.get(pages[1]).content.decode()
    assert '<form method="post" action="/domains/' not in html


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/domains/look-up/", {"state": "all"}),
        ("/domains/check-all/", {}),
        ("/domains/rename/start/", {"old": "old-tools.com", "new": "newtools.com"}),
        ("/domains/{pk}/allow/", {"on": "yes"}),
        ("/domains/{pk}/own/", {"on": "yes"}),
    ],
)
def test_who_may_only_read_changes_nothing(board, rep, path, data):
    before = list(MailDomain.objects.order_by("pk").values())
    reader = signed_in(staff("ron", Role.READ_ONLY))
    address = path.format(pk=pk_of("quiet.com"))
    answers = [who.post(address, data).status_code for who in (reader, signed_in(rep))]
    assert answers == [403, 403]
    assert (Job.objects.count(), list(MailDomain.objects.order_by("pk").values())) == (0, before)


def test_own_domains_are_for_those_who_configure(reviewer, manager, board):
    address = f"/domains/{pk_of('quiet.com')}/own/"
    people = (reviewer, signed_in(manager))
    answers = [who.post(address, {"on": "yes"}).status_code for who in people]
    assert (answers, Configuration.load().own_domains) == ([403, 302], "quiet.com")


def test_looking_up_again_makes_domains_due(reviewer, board):
    reviewer.post("/domains/look-up/", {"id": pk_of("slow.com")})
    one = set(MailDomain.objects.filter(due_at=None).values_list("name", flat=True))
    reviewer.post("/domains/look-up/", {"state": "attention"})
    view = set(MailDomain.objects.filter(due_at=None).values_list("name", flat=True))
    reviewer.post("/domains/look-up/", {"name": "new-name.com"})
    named = set(MailDomain.objects.filter(due_at=None).values_list("name", flat=True))
    assert (one, view - one, named - view) == (
        {"slow.com"},
        {"old-tools.com", "quiet.com"},
        {"new-name.com"},
    )


def test_a_second_click_on_check_leads_to_the_same_job(reviewer, board):
    first = reviewer.post("/domains/check-all/")
    second = reviewer.post("/domains/check-all/")
    job = Job.objects.get()
    assert (first.url, second.url) == (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/")


def test_a_domain_s_page_tells_who_is_there_and_why(reviewer, board):
    html = reviewer.get(f"/domains/{pk_of('old-tools.com')}/").content.decode()
    people = ("ann.lee@old-tools.com", "bob.fox@old-tools.com")
    told = ("There is no such domain.", "Acme Tools", *people)
    assert [words for words in told if words not in html] == []
    assert "cleo.ray@acmetools.com" not in html


def test_a_right_domain_is_left_alone_from_then_on(reviewer, board):
    address = f"/domains/{pk_of('quiet.com')}/allow/"
    reviewer.post(address, {"on": "yes"})
    kept = (Configuration.load().allowed_domains, board["dan"].findings.count())
    reviewer.post(address, {})
    assert (kept, Configuration.load().allowed_domains) == (("quiet.com", 0), "")


def test_trouble_with_dns_is_shown_and_goes_away_with_it(reviewer, board):
    note_server(name="10.0.0.1:53", trouble="The name server 10.0.0.1:53 does not answer.")
    during = reviewer.get("/domains/").content.decode()
    note_server(name="10.0.0.1:53")
    after = reviewer.get("/domains/").content.decode()
    words = "DNS cannot be asked."
    assert (words in during, "10.0.0.1:53 does not answer" in during, words in after) == (
        True,
        True,
        False,
    )


def test_a_view_of_the_board_goes_out_as_a_file(manager, reviewer, board):
    data = {"state": "all", "q": "tools"}
    file = signed_in(manager).post("/domains/export/", data).getvalue().decode("utf-8-sig")
    rows = [(row["Domain"], row["Contacts"], row["Mail"]) for row in csv.DictReader(StringIO(file))]
    assert rows == [
        ("old-tools.com", "2", "Does not exist"),
        ("acmetools.com", "1", "Accepts mail"),
    ]
    assert reviewer.post("/domains/export/", data).status_code == 403


def test_a_preview_of_a_rename_changes_nothing(reviewer, board):
    response = reviewer.get("/domains/rename/?old=old-tools.com&new=newtools.com")
    preview = response.context["preview"]
    assert (preview.to_change, preview.left_out, preview.firms, preview.from_erp) == (2, 0, 1, 0)
    assert "Preview: 2 addresses move, nothing saved yet" in response.content.decode()
    assert (Job.objects.count(), ChangeSet.objects.filter(kind="bulk").count()) == (0, 0)


def test_a_rename_runs_as_a_job_without_the_unticked_and_is_undone(reviewer, board):
    ann, bob = board["ann"], board["bob"]
    ticks = {"shown": [ann.pk, bob.pk], "id": [ann.pk]}
    data = {"old": "old-tools.com", "new": "newtools.com", **ticks}
    response = reviewer.post("/domains/rename/start/", data)
    job = run_now(Job.objects.get(name="validation.rename"))
    moved = set(Contact.objects.values_list("email", flat=True))
    page = reviewer.get(f"/jobs/{job.pk}/").content.decode()
    reviewer.post(f"/changes/{job.result['change_set']}/undo/")

    assert response.url == f"/jobs/{job.pk}/"
    assert {"ann.lee@newtools.com", "bob.fox@old-tools.com"} <= moved
    assert f"/changes/{job.result['change_set']}/undo/" in page
    assert set(Contact.objects.values_list("email", flat=True)) >= {"ann.lee@old-tools.com"}


def test_a_rename_that_makes_no_sense_says_why(reviewer, board):
    data = {"old": "old-tools.com", "new": "new.invalid"}
    preview = reviewer.get("/domains/rename/", data)
    answers = [preview, reviewer.post("/domains/rename/start/", data)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Nobody can have an address at new.invalid." in a.content.decode() for a in answers)


def test_a_rename_is_for_those_who_may_edit_and_review(board, rep):
    sender, reader = staff("sam", Role.SENDER), staff("ron", Role.READ_ONLY)
    people = [signed_in(who) for who in (sender, reader, rep)]
    assert [who.get("/domains/rename/").status_code for who in people] == [403, 403, 403]


def test_a_contact_s_page_tells_what_is_known_of_the_address(reviewer, board):
    html = reviewer.get(f"/contacts/{board['dan'].pk}/").content.decode()
    assert "It says itself that it takes no mail (null MX)." in html
    assert "Nothing has been sent to it yet, and nobody has confirmed it." in html
