"""The workbench as a browser and as a page without script sees it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from contacts.models import ChangeSet, Contact
from jobs.models import Job
from review.actions import bulk, deciding
from review.rules.seen import Seen, mark_of
from tests.review.conftest import finding_of
from validation.models import Decision

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def typo(add):
    return add(("Dana", "Whitfield", "dana.whitfield@gmial.com"))[0]


@pytest.fixture
def signed_in(client, people):
    def sign_in(name):
        client.force_login(people[name])
        return client

    return sign_in


def test_only_who_may_review_sees_the_queue(signed_in, client, typo):
    url = reverse("review:queue")
    assert client.get(url).status_code == 302
    assert signed_in("reader").get(url).status_code == 403
    page = signed_in("reviewer").get(url)
    assert page.status_code == 200
    assert "dana.whitfield@" in page.content.decode()


def test_accepting_without_script_leads_back_to_the_same_filter(signed_in, typo):
    row = finding_of(typo)
    query = "problem=typo&certainty=sure"
    answer = signed_in("reviewer").post(reverse("review:accept", args=[row.pk]), {"query": query})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('review:queue')}?{query}")
    assert Contact.objects.get(pk=typo.pk).email == "dana.whitfield@gmail.com"


def test_accepting_with_script_answers_with_counts_and_a_way_back(signed_in, typo):
    row = finding_of(typo)
    answer = signed_in("reviewer").post(reverse("review:accept", args=[row.pk]), **HTMX)
    undo = reverse("review:undo", args=[ChangeSet.objects.latest("pk").pk])
    text = answer.content.decode()
    assert answer.status_code == 200
    assert undo in text
    assert 'id="facets"' in text
    assert f'id="finding-{row.pk}"' not in text


def test_a_second_click_changes_nothing_and_says_so(signed_in, typo):
    row = finding_of(typo)
    client = signed_in("reviewer")
    client.post(reverse("review:keep", args=[row.pk]), **HTMX)
    again = client.post(reverse("review:keep", args=[row.pk]), **HTMX)
    assert again.status_code == 404


def test_a_typed_word_that_is_no_address_comes_back_with_what_to_do(signed_in, typo):
    row = finding_of(typo)
    url = reverse("review:correct", args=[row.pk])
    answer = signed_in("reviewer").post(url, {"value": "dana", "seen": typo.email}, **HTMX)
    assert answer.status_code == 422
    assert "Enter an address like name@company.com." in answer.content.decode()


def seen(row):
    """What the page sends along about a row that it shows."""
    return {"seen_row": str(Seen(row.contact_id, mark_of(row.value, row.suggestion)))}


def by_a_colleague(contact, value, people):
    deciding.correct(contact=contact, value=value, seen=contact.email, actor=people["rep"])


def test_what_a_colleague_has_settled_comes_back_with_who_and_what(signed_in, people, typo):
    row = finding_of(typo)
    by_a_colleague(typo, "dana@gmail.com", people)
    url = reverse("review:accept", args=[row.pk])
    answer = signed_in("reviewer").post(url, seen(row), **HTMX)
    assert answer.status_code == 200
    told = (
        "Nothing changed: rep was faster (just now). Corrected the address of Dana Whitfield."
        " The address is now dana@gmail.com."
    )
    assert told in answer.content.decode()
    assert Contact.objects.get(pk=typo.pk).email == "dana@gmail.com"
    without_script = signed_in("reviewer").post(url, seen(row), follow=True)
    assert f"Dana Whitfield: {told}" in without_script.content.decode()


@pytest.mark.parametrize("name", ["accept", "keep", "clear", "unknown", "ask", "left", "correct"])
def test_nothing_is_decided_about_a_value_that_was_not_seen(signed_in, people, typo, name):
    row = finding_of(typo)
    by_a_colleague(typo, "dana@hotmial.com", people)
    newer = finding_of(typo)
    count = ChangeSet.objects.count()
    data = seen(row) | {"value": "mine@gmail.com", "seen": typo.email}
    url = reverse(f"review:{name}", args=[newer.pk])
    answer = signed_in("reviewer").post(url, data, **HTMX)
    assert answer.status_code == 200
    assert f'id="finding-{newer.pk}"' in answer.content.decode()
    assert "rep was faster" in answer.content.decode()
    assert ChangeSet.objects.count() == count
    assert Contact.objects.get(pk=typo.pk).email == "dana@hotmial.com"


def test_of_somebody_else_s_customer_not_even_that_is_told(signed_in, add, people):
    stranger = add(("Bo", "Ray", "bo.ray@gmial.com"), customer=1)[0]
    row = finding_of(stranger)
    deciding.keep(findings=[row], actor=people["reviewer"])
    people["rep"].user_permissions.add(Permission.objects.get(codename="review_findings"))
    url = reverse("review:accept", args=[row.pk])
    assert signed_in("rep").post(url, seen(row), **HTMX).status_code == 404


def test_ticks_that_were_overtaken_are_left_and_counted(signed_in, add, people):
    first, second = add(("Ann", "Lee", "ann.lee@gmial.com"), ("Bo", "Ray", "bo.ray@gmial.com"))
    rows = [finding_of(first), finding_of(second)]
    ticks = [f"{row.pk}.{mark_of(row.value, row.suggestion)}" for row in rows]
    by_a_colleague(first, "ann.lee@hotmial.com", people)
    data = {"act": "accept", "finding": ticks}
    answer = signed_in("reviewer").post(reverse("review:bulk"), data, follow=True)
    assert "1 were left" in answer.content.decode()
    emails = Contact.objects.order_by("pk").values_list("email", flat=True)
    assert list(emails) == ["ann.lee@hotmial.com", "bo.ray@gmail.com"]


def test_all_of_a_filter_is_decided_at_once_while_it_is_small(signed_in, add):
    add(("Ann", "Lee", "ann.lee@gmial.com"), ("Bo", "Ray", "bo.ray@gmial.com"))
    add(("Cy", "Poe", "cy.poe@hotmial.com"))
    data = {"act": "keep", "all": "1", "query": "problem=typo&q=gmial"}
    signed_in("reviewer").post(reverse("review:bulk"), data)
    kept = Decision.objects.filter(kind="kept").order_by("contact_id")
    assert [row.contact.first_name for row in kept] == ["Ann", "Bo"]


def test_all_of_a_large_filter_is_left_to_a_job(signed_in, add, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    add(*((f"P{n}", "Lee", f"p{n}.lee@gmial.com") for n in range(4)))
    data = {"act": "accept", "all": "1", "query": "problem=typo"}
    answer = signed_in("reviewer").post(reverse("review:bulk"), data)
    job = Job.objects.get(name="review.decide_filter")
    assert answer["Location"] == reverse("jobs:progress", args=[job.pk])
    assert (job.label, job.total) == ("Accept 4 suggestions", 4)


def test_a_finding_has_a_page_of_its_own_with_its_place_and_neighbours(signed_in, add):
    add(*((f"P{n}", "Lee", f"p{n}.lee@gmial.com") for n in range(3)))
    client = signed_in("reviewer")
    rows = client.get(reverse("review:queue"), {"problem": "typo"}).context["page"].rows
    urls = [f"{reverse('review:finding', args=[row.pk])}?problem=typo" for row in rows]
    page = client.get(urls[1]).context
    assert (page["place"].number, page["place"].count) == (2, 3)
    assert (page["previous_url"], page["following_url"]) == (urls[0], urls[2])
    data = {"query": "problem=typo", "next": page["next_url"], **seen(rows[1])}
    answer = client.post(reverse("review:accept", args=[rows[1].pk]), data)
    assert answer["Location"] == urls[2]
    last = client.get(urls[2]).context
    assert (last["place"].number, last["place"].count, last["following_url"]) == (2, 2, "")
    assert last["next_url"] == urls[0]


def test_an_undo_leads_back_to_the_row_that_it_brought_back(signed_in, add):
    contacts = add(*((f"P{n}", "Lee", f"p{n}.lee@gmial.com") for n in range(3)))
    client = signed_in("reviewer")
    row = finding_of(contacts[1])
    client.post(reverse("review:accept", args=[row.pk]), {"query": "problem=typo"})
    undo = reverse("review:undo", args=[ChangeSet.objects.latest("pk").pk])
    answer = client.post(undo, {"query": "problem=typo"}, follow=True)
    assert answer.context["current"].contact_id == contacts[1].pk


def test_only_decisions_are_undone_here_and_only_those_one_may_see(signed_in, add, people):
    stranger = add(("Bo", "Ray", "bo.ray@gmial.com"), customer=1)[0]
    done = deciding.accept(findings=[finding_of(stranger)], actor=people["reviewer"])
    people["rep"].user_permissions.add(Permission.objects.get(codename="review_findings"))
    imported = ChangeSet.objects.filter(kind="import").first()
    urls = [reverse("review:undo", args=[row.pk]) for row in (done.change_set, imported)]
    assert [signed_in("rep").post(url).status_code for url in urls] == [404, 404]
    assert signed_in("reviewer").post(urls[1]).status_code == 404
    assert signed_in("reviewer").post(urls[0]).status_code == 302
    assert Contact.objects.get(pk=stranger.pk).email == "bo.ray@gmial.com"


def test_a_page_behind_the_last_row_leads_to_the_first(signed_in, add):
    add(*((f"P{n}", "Lee", f"p{n}.lee@gmial.com") for n in range(51)))
    client = signed_in("reviewer")
    first = client.get(reverse("review:queue"), {"problem": "typo"}).context["page"]
    query = {"problem": "typo", "after": first.after}
    (last,) = client.get(reverse("review:queue"), query).context["page"].rows
    client.post(reverse("review:keep", args=[last.pk]))
    answer = client.get(reverse("review:queue"), query)
    assert answer["Location"] == f"{reverse('review:queue')}?problem=typo"


def test_ticked_rows_are_decided_together_and_undone_together(signed_in, add):
    contacts = add(("Ann", "Lee", "ann.lee@gmial.com"), ("Bo", "Ray", "bo.ray@hotmial.com"))
    ids = [finding_of(contact).pk for contact in contacts]
    client = signed_in("reviewer")
    client.post(reverse("review:bulk"), {"act": "accept", "finding": ids})
    fixed = ["ann.lee@gmail.com", "bo.ray@hotmail.com"]
    emails = Contact.objects.order_by("pk").values_list("email", flat=True)
    assert list(emails) == fixed
    client.post(reverse("review:undo", args=[ChangeSet.objects.latest("pk").pk]))
    assert list(emails.all()) == ["ann.lee@gmial.com", "bo.ray@hotmial.com"]


def test_a_sales_rep_cannot_decide_about_a_strangers_account(signed_in, add, people):
    stranger = add(("Bo", "Ray", "bo.ray@gmial.com"), customer=1)[0]
    right = Permission.objects.get(codename="review_findings")
    people["rep"].user_permissions.add(right)
    url = reverse("review:accept", args=[finding_of(stranger).pk])
    assert signed_in("rep").post(url).status_code == 404
    assert Contact.objects.get(pk=stranger.pk).email == "bo.ray@gmial.com"


def test_the_finished_state_names_the_next_job(signed_in, add, typo):
    add(("Sam", "Poe", "none@none.com"))
    client = signed_in("reviewer")
    client.post(reverse("review:accept", args=[finding_of(typo).pk]))
    text = client.get(reverse("review:queue"), {"problem": "typo"}).content.decode()
    assert "No likely typos left" in text
    assert "placeholder address" in text
