"""What staff see of questions and answers, who may, and how they act on them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from contacts.actions.proposals import Said
from contacts.models import Contact, Proposal
from contacts.rules.words import ProposalKind
from delivery.models import Message
from review.actions import answers, asking
from review.actions.asking import Asked
from review.actions.assigning import assign
from review.models import Assignment, Question, Respondent
from review.querysets.queue import QueueFilter, queue
from tests.review.conftest import finding_of

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def signed_in(client, people):
    """Signs somebody in; a rep gets the right to review, so that only his accounts limit him."""
    right = Permission.objects.get(codename="review_findings")
    people["rep"].user_permissions.add(right)

    def sign_in(name):
        client.force_login(people[name])
        return client

    return sign_in


@pytest.fixture
def own(add):
    return add(("Anne", "Jones", ""))[0]


@pytest.fixture
def strangers(add):
    return add(("Bo", "Ray", "bo.ray@gmial.com"), customer=1)[0]


def ask(contact, whom=Asked.SALES_REP):
    asking.ask(findings=[finding_of(contact)], whom=whom, actor=None)
    return Question.objects.get(contact=contact)


def answered(contact, said=ProposalKind.LEFT):
    question = ask(contact)
    return answers.answer(question=question, said=Said(said))


def test_three_people_and_the_question_pages(signed_in, client, own, strangers, settings):
    """The reviewer sees all, the rep with the right only his accounts, the reader nothing."""
    answered(own)
    Question.objects.create(contact=strangers, code="check", value=strangers.email)
    pages = [reverse("review:questions"), reverse("review:answers")]
    assert [client.get(page).status_code for page in pages] == [302, 302]
    assert [signed_in("reader").get(page).status_code for page in pages] == [403, 403]
    seen = {
        name: [signed_in(name).get(page).content.decode() for page in pages]
        for name in ("reviewer", "rep")
    }
    assert ["Bo Ray" in text for text in seen["reviewer"]] == [True, False]
    assert ["Bo Ray" in text for text in seen["rep"]] == [False, False]
    assert ["Anne Jones" in text for text in seen["rep"]] == [True, True]


def test_a_rep_cannot_touch_questions_of_a_strangers_account(signed_in, strangers):
    question = Question.objects.create(contact=strangers, code="check", asked="success")
    client = signed_in("rep")
    urls = [
        reverse("review:withdraw", args=[question.pk]),
        reverse("review:ask_contact", args=[strangers.pk]),
        reverse("review:ask", args=[finding_of(strangers).pk]),
        reverse("review:split", args=[finding_of(strangers).pk]),
    ]
    assert [client.post(url, {"whom": "rep"}).status_code for url in urls] == [404] * 4
    assert list(Question.objects.values_list("pk", "outcome")) == [(question.pk, "")]


def test_a_rep_cannot_take_over_an_answer_about_a_strangers_account(signed_in, strangers):
    who = answers.Giver("portal", "Bo", "user:1", "Their details")
    row = answers.propose(said=Said(ProposalKind.LEFT), giver=who, contact=strangers)
    client = signed_in("rep")
    urls = [reverse(f"review:answer_{verb}", args=[row.pk]) for verb in ("take", "refuse")]
    assert [client.post(url).status_code for url in urls] == [404, 404]
    assert client.get(reverse("review:answer", args=[row.pk])).status_code == 404
    assert Proposal.objects.get().state == "open"


def test_r_asks_the_rep_and_the_row_goes(signed_in, own, reviewer):
    row = finding_of(own)
    url = reverse("review:ask", args=[row.pk])
    text = signed_in("reviewer").post(url, {"whom": "rep"}, **HTMX).content.decode()
    assert "Asked rep@ours.example about Anne Jones" in text
    assert f'id="finding-{row.pk}"' not in text
    assert not queue(QueueFilter(), reviewer).exists()


def test_where_nobody_can_be_asked_the_row_says_so(signed_in, strangers):
    url = reverse("review:ask", args=[finding_of(strangers).pk])
    text = signed_in("reviewer").post(url, {"whom": "rep"}, **HTMX).content.decode()
    assert "has no sales rep with an email address" in text
    assert not Question.objects.exists()


def test_ticked_rows_are_asked_about_and_the_rest_is_named(signed_in, own, strangers):
    keys = [finding_of(row).pk for row in (own, strangers)]
    client = signed_in("reviewer")
    page = client.post(reverse("review:bulk"), {"act": "ask", "finding": keys}, follow=True)
    assert "1 of them could not be asked about" in page.content.decode()
    assert list(Question.objects.values_list("contact_id", flat=True)) == [own.pk]


def test_the_page_filters_by_whom_by_age_and_by_state(signed_in, own, strangers):
    ask(own)
    client, url = signed_in("reviewer"), reverse("review:questions")
    who = Respondent.objects.get().pk

    def names(**query):
        text = client.get(url, query).content.decode()
        return "Anne Jones" in text.partition("<tbody>")[2].partition("</tbody>")[0]

    assert [names(who=who), names(who=who + 1), names(who="customers")] == [True, False, False]
    assert [names(days=3), names(state="unsent"), names(state="asked")] == [False, True, False]
    assert names(state="nonsense", days="x", who="9" * 30)


def test_sending_now_and_ending_the_link(signed_in, own):
    ask(own)
    client, who = signed_in("reviewer"), Respondent.objects.get()
    client.post(reverse("review:send_questions", args=[who.pk]))
    assert Message.objects.get().address == "rep@ours.example"
    client.post(reverse("review:revoke_link", args=[who.pk]))
    who.refresh_from_db()
    assert (who.version, who.open_until) == (2, None)


def test_withdrawing_leads_back_and_an_answered_question_stays(signed_in, own):
    question = ask(own)
    client = signed_in("reviewer")
    url = reverse("review:withdraw", args=[question.pk])
    answers.answer(question=question, said=Said(ProposalKind.LEFT))
    assert "answered meanwhile" in client.post(url, follow=True).content.decode()
    assert Question.objects.get().outcome == ""


def test_a_contact_page_says_who_is_asked_since_when(signed_in, own, people):
    ask(own)
    text = signed_in("reviewer").get(reverse("desk:contact", args=[own.pk])).content.decode()
    assert "Asked about" in text
    assert "rep@ours.example" in text


def test_asking_from_a_contact_page_needs_no_finding(signed_in, add):
    fine = add(("Priya", "Raman", "priya.raman@harbor.example.com"))[0]
    url = reverse("review:ask_contact", args=[fine.pk])
    signed_in("reviewer").post(url, {"whom": "rep"})
    rows = Question.objects.values_list("contact_id", "field", "value", "asked")
    assert list(rows) == [(fine.pk, "email", "priya.raman@harbor.example.com", "rep")]


def test_an_answer_is_taken_over_by_a_click_and_undone(signed_in, own):
    proposal = answered(own)
    client = signed_in("reviewer")
    url = reverse("review:answer_take", args=[proposal.pk])
    text = client.post(url, **HTMX).content.decode()
    assert "Taken over, rep@ours.example: Anne Jones" in text
    assert Contact.objects.get(pk=own.pk).active is False
    undo = text.partition("/review/undo/")[2].partition("/")[0]
    client.post(reverse("review:undo", args=[undo]))
    assert Contact.objects.get(pk=own.pk).active is True
    assert Proposal.objects.get().state == "open"


def test_a_contact_that_a_colleague_changed_meanwhile_is_left(signed_in, own):
    proposal = answered(own, ProposalKind.NO_EMAIL)
    Contact.objects.filter(pk=own.pk).update(email="new@harbor.example.com")
    url = reverse("review:answer_take", args=[proposal.pk])
    text = signed_in("reviewer").post(url, **HTMX).content.decode()
    assert "the contact was changed since" in text
    assert Contact.objects.get(pk=own.pk).email == "new@harbor.example.com"


def test_ticked_answers_are_put_aside_together(signed_in, own, reviewer):
    proposal = answered(own)
    client = signed_in("reviewer")
    client.post(reverse("review:answers_bulk"), {"act": "refuse", "finding": [proposal.pk]})
    assert Proposal.objects.get().state == "refused"
    assert list(queue(QueueFilter(), reviewer)) == [finding_of(own)]


def test_a_field_with_two_addresses_becomes_two_contacts_after_a_look(signed_in, add):
    both = "ann.lee@harbor.example.com; bo.ray@harbor.example.com"
    contact = add(("Ann", "Lee", both))[0]
    client, url = signed_in("reviewer"), reverse("review:split", args=[finding_of(contact).pk])
    page = client.get(url).content.decode()
    assert 'value="Bo"' in page
    assert Contact.objects.count() == 1
    form = {"seen": both, "keep": 0, "add_1": "on", "first_name_1": "Bo", "last_name_1": "Ray"}
    answer = client.post(url, form)
    assert answer.status_code == 302
    rows = Contact.objects.order_by("pk").values_list("first_name", "email", "customer_id")
    assert list(rows) == [
        ("Ann", "ann.lee@harbor.example.com", contact.customer_id),
        ("Bo", "bo.ray@harbor.example.com", contact.customer_id),
    ]


def test_splitting_is_undone_as_one_and_overwrites_nobody(signed_in, add):
    both = "ann.lee@harbor.example.com; bo.ray@harbor.example.com"
    contact = add(("Ann", "Lee", both))[0]
    client, url = signed_in("reviewer"), reverse("review:split", args=[finding_of(contact).pk])
    late = client.post(url, {"seen": "something else", "keep": 0, "add_1": "on"})
    assert late.status_code == 422
    assert "A colleague changed it meanwhile" in late.content.decode()
    page = client.post(url, {"seen": both, "keep": 1, "add_0": "on"}, follow=True)
    undo = page.content.decode().partition("/review/undo/")[2].partition("/")[0]
    client.post(reverse("review:undo", args=[undo]))
    assert list(Contact.objects.values_list("email", flat=True)) == [both]


def test_a_choice_of_address_that_is_not_there_is_refused(signed_in, add):
    contact = add(("Ann", "Lee", "a@harbor.example.com; b@harbor.example.com"))[0]
    url = reverse("review:split", args=[finding_of(contact).pk])
    assert signed_in("reviewer").post(url, {"seen": contact.email, "keep": 7}).status_code == 422
    assert Contact.objects.count() == 1


def test_what_is_assigned_to_me_is_a_facet_of_the_queue(signed_in, own, strangers, people):
    reviewer = people["reviewer"]
    assign(contact_ids=[own.pk], to=reviewer, actor=reviewer)
    mine = queue(QueueFilter(mine=True), reviewer).values_list("contact_id", flat=True)
    assert list(mine) == [own.pk]
    assert not queue(QueueFilter(mine=True), people["rep"]).exists()


def test_rows_are_assigned_to_reviewers_only(signed_in, own, strangers, people):
    client, url = signed_in("reviewer"), reverse("review:assign")
    rows = [finding_of(own).pk]
    client.post(url, {"to": people["reader"].pk, "finding": rows})
    assert not Assignment.objects.exists()
    client.post(url, {"to": people["reviewer"].pk, "finding": rows})
    client.post(url, {"to": people["rep"].pk, "finding": rows})
    assert list(Assignment.objects.values_list("contact_id", "to_id")) == [
        (own.pk, people["rep"].pk)
    ]
    client.post(url, {"to": people["reviewer"].pk, "all": "on", "problem": "typo"})
    assert Assignment.objects.get(contact=strangers).to == people["reviewer"]
    client.post(url, {"to": 0, "finding": rows})
    assert Assignment.objects.count() == 1
