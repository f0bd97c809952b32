"""The workbench as a browser and as a page without script sees it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from contacts.models import ChangeSet, Contact
from tests.review.conftest import finding_of

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
