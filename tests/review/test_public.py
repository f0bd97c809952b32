"""The pages behind links in mails: what they show, what they keep, and to whom they are closed."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import AddressFact, Contact, Proposal
from delivery.models import Message
from review.actions import answers, asking, digests
from review.actions.asking import Asked, Doubt
from review.models import Question, Respondent
from review.tokens import questions_token
from tests.review.conftest import finding_of

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def asked(add, reviewer):
    """Two questions at the rep, mailed; the link of his page."""
    contacts = add(("Anne", "Jones", ""), ("Tom", "Reddy", "tom.reddy@gmial.com"))
    rows = [finding_of(contact) for contact in contacts]
    asking.ask(findings=rows, whom=Asked.SALES_REP, actor=reviewer)
    digests.send_now(respondent=Respondent.objects.get(), actor=reviewer)
    return re.search(r"/questions/[\w-]+/", Message.objects.get().text).group()


@pytest.fixture
def anne(asked):
    return Question.objects.get(contact__first_name="Anne")


@pytest.fixture
def tom(asked):
    return Question.objects.get(contact__first_name="Tom")


@pytest.fixture
def confirm(add, reviewer):
    """The link in the mail that asks a customer about his address."""
    contact = add(("Priya", "Raman", "priya@harbor.example.com"))[0]
    asking.ask_about(doubts=[Doubt(contact)], whom=Asked.CUSTOMER, actor=reviewer)
    return re.search(r"/confirm/[\w-]+/", Message.objects.get().text).group()


def said():
    rows = Proposal.objects.order_by("pk").values_list("kind", "values", "person", "state")
    return list(rows)


def test_looking_at_the_page_changes_nothing(client, asked):
    before = list(Question.objects.values()), list(Respondent.objects.values())
    page = client.get(asked)
    client.head(asked)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert (list(Question.objects.values()), list(Respondent.objects.values())) == before


def test_the_page_shows_what_is_asked_of_him_and_nothing_else(client, asked, add):
    add(("Bo", "Secret", "bo.secret@gmial.com"))
    text = client.get(asked).content.decode()
    assert "Anne Jones" in text
    assert "tom.reddy@gmail.com" in text
    assert "Secret" not in text
    assert "0 of 2 answered" in text


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"choice": "other", "email": "a.jones@harbor.example.com"},
         ("change", {"email": "a.jones@harbor.example.com"}, {})),
        ({"choice": "no_email"}, ("no_email", {}, {})),
        ({"choice": "left"}, ("left", {}, {})),
        ({"choice": "unknown"}, ("unknown", {}, {})),
        ({"choice": "person", "person_name": "Bo Ray", "person_email": "bo.ray@harbor.example.com"},
         ("person", {}, {"first_name": "Bo", "last_name": "Ray",
                         "email": "bo.ray@harbor.example.com"})),
    ],
)  # fmt: skip
def test_each_answer_is_kept_at_once(client, asked, anne, form, kept):
    answer = client.post(f"{asked}{anne.pk}/", form)
    assert (answer.status_code, answer["Location"]) == (302, f"{asked}#q-{anne.pk}")
    assert said() == [(*kept, "open")]
    anne.refresh_from_db()
    assert anne.answered_at is not None
    assert Contact.objects.get(pk=anne.contact_id).email == ""


def test_what_is_offered_is_taken_with_one_tap(client, asked, tom):
    part = client.post(f"{asked}{tom.pk}/", {"choice": "suggested"}, **HTMX).content.decode()
    assert said() == [("change", {"email": "tom.reddy@gmail.com"}, {}, "open")]
    assert f'id="q-{tom.pk}"' in part
    assert "1 of 2 answered" in part


def test_right_as_it_is_cannot_be_said_of_an_empty_field(client, asked, anne):
    assert client.post(f"{asked}{anne.pk}/", {"choice": "right"}).status_code == 422
    assert said() == []


def test_an_address_that_looks_mistyped_is_asked_about_once(client, asked, anne):
    url = f"{asked}{anne.pk}/"
    form = {"choice": "other", "email": "anne.jones@gmial.com"}
    text = client.post(url, form).content.decode()
    assert 'Did you mean <b class="anywhere">anne.jones@gmail.com</b>?' in text
    assert said() == []
    hint = {"hinted": "anne.jones@gmial.com", "meant": "anne.jones@gmail.com"}
    client.post(url, form | hint | {"use": "typed"})
    assert said()[-1][1] == {"email": "anne.jones@gmial.com"}
    client.post(url, form | hint | {"use": "meant"})
    assert said()[-1][1] == {"email": "anne.jones@gmail.com"}


def test_the_hint_comes_while_typing_and_keeps_nothing(client, asked, anne):
    url = f"{asked}{anne.pk}/try/"
    form = {"choice": "other", "email": "anne.jones@gmial.com"}
    assert "anne.jones@gmail.com" in client.post(url, form, **HTMX).content.decode()
    assert client.post(url, {"choice": "other", "email": "anne"}, **HTMX).content.strip() == b""
    assert said() == []
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("typed", ["", "anne", "anne@", "a@b@c.example", "a@x.com, b@x.com"])
def test_what_is_no_address_comes_back_with_what_to_do(client, asked, anne, typed):
    answer = client.post(f"{asked}{anne.pk}/", {"choice": "other", "email": typed})
    assert answer.status_code == 422
    assert "Enter an address like name@company.com." in answer.content.decode()
    assert said() == []


def test_an_answer_can_be_changed_until_staff_decide(client, asked, anne, reviewer):
    url = f"{asked}{anne.pk}/"
    client.post(url, {"choice": "unknown"})
    assert "I know the address" in client.get(f"{asked}?change={anne.pk}").content.decode()
    client.post(url, {"choice": "left"})
    assert [row[0::3] for row in said()] == [("unknown", "superseded"), ("left", "open")]
    answers.accept(proposals=[Proposal.objects.open().get()], actor=reviewer)
    client.post(url, {"choice": "unknown"})
    assert [row[0::3] for row in said()] == [("unknown", "superseded"), ("left", "accepted")]
    assert "Settled" in client.get(asked).content.decode()


def test_several_digests_lead_to_the_same_page(asked, add, reviewer):
    more = add(("Sam", "Poe", ""))[0]
    asking.ask(findings=[finding_of(more)], whom=Asked.SALES_REP, actor=reviewer)
    digests.send_now(respondent=Respondent.objects.get(), actor=reviewer)
    texts = Message.objects.values_list("text", flat=True)
    assert {re.search(r"/questions/[\w-]+/", text).group() for text in texts} == {asked}


def test_the_note_and_that_he_is_done_are_kept(client, asked):
    answer = client.post(f"{asked}done/", {"note": "Lakeside moves in May."})
    assert answer.status_code == 302
    row = Respondent.objects.get()
    assert (row.note, row.done_at is not None) == ("Lakeside moves in May.", True)
    assert "Lakeside moves in May." in client.get(asked).content.decode()


def test_a_link_runs_out_after_fourteen_days(client, asked, anne):
    Respondent.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    assert client.get(asked).status_code == 410
    assert client.post(f"{asked}{anne.pk}/", {"choice": "left"}).status_code == 404
    assert said() == []


def test_a_revoked_link_opens_nothing_and_the_next_mail_brings_a_new_one(client, asked, reviewer):
    digests.revoke(respondent=Respondent.objects.get(), actor=reviewer)
    assert client.get(asked).status_code == 404
    digests.send_now(respondent=Respondent.objects.get(), actor=reviewer)
    new = questions_token(Respondent.objects.get())
    assert client.get(f"/questions/{new}/").status_code == 200
    assert client.get(asked).status_code == 404


def test_one_rep_cannot_answer_for_another_nor_can_a_stranger(client, asked, anne, customers):
    """Rep A has the link; rep B has one of his own; a stranger guesses."""
    other = asking.respondent_for(address="b@ours.example", name="Rep B")
    Respondent.objects.filter(pk=other.pk).update(open_until=timezone.now() + timedelta(days=1))
    link_of_b = f"/questions/{questions_token(other)}/"
    assert "Anne" not in client.get(link_of_b).content.decode()
    guesses = [
        f"{link_of_b}{anne.pk}/",
        f"{link_of_b}{anne.pk}/try/",
        f"{asked[:-2]}0/{anne.pk}/",
        f"/questions/{other.pk}-1-{'0' * 40}/{anne.pk}/",
        f"/questions/999-1-{'0' * 40}/{anne.pk}/",
        f"{asked}999999/",
    ]
    found = [client.post(url, {"choice": "left"}) for url in guesses]
    assert {(one.status_code, one.content) for one in found} == {(404, found[0].content)}
    assert said() == []
    assert client.post(f"{asked}{anne.pk}/", {"choice": "left"}).status_code == 302


def test_posts_need_the_form_and_are_counted(asked, anne):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{asked}{anne.pk}/", {"choice": "left"}).status_code == 403
    visitor = Client()
    for _ in range(240):
        visitor.post("/questions/x/1/", {"choice": "left"})
    assert visitor.post(f"{asked}{anne.pk}/", {"choice": "left"}).status_code == 429
    assert visitor.get(asked).status_code == 200


def test_a_customer_confirms_his_address_by_a_button(client, confirm):
    assert client.get(confirm).status_code == 200
    assert not AddressFact.objects.exists()
    assert "that is noted" in client.post(confirm, {"choice": "yes"}).content.decode()
    fact = AddressFact.objects.get(address_key="priya@harbor.example.com")
    assert (fact.confirmed_at is not None, fact.confirmed_by) == (True, "customer")
    assert list(Question.objects.values_list("outcome", flat=True)) == ["settled"]
    assert said() == []


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"choice": "change", "email": "p.raman@harbor.example.com"},
         ("change", {"email": "p.raman@harbor.example.com"}, {})),
        ({"choice": "left"}, ("left", {}, {})),
        ({"choice": "person", "person_name": "Bo Ray", "person_email": "bo@harbor.example.com"},
         ("person", {}, {"first_name": "Bo", "last_name": "Ray",
                         "email": "bo@harbor.example.com"})),
    ],
)  # fmt: skip
def test_what_a_customer_changes_waits_for_staff(client, confirm, form, kept):
    assert "we look at it" in client.post(confirm, form).content.decode()
    assert said() == [(*kept, "open")]
    assert Contact.objects.get().email == "priya@harbor.example.com"
    assert Question.objects.get().answered_at is not None


def test_yes_takes_an_earlier_change_back(client, confirm):
    client.post(confirm, {"choice": "change", "email": "p.raman@harbor.example.com"})
    client.post(confirm, {"choice": "yes"})
    assert said() == [("change", {"email": "p.raman@harbor.example.com"}, {}, "superseded")]


@pytest.mark.parametrize(
    "form",
    [{}, {"choice": "change"}, {"choice": "change", "email": "p"}, {"choice": "person"},
     {"choice": "left", "person_name": "Bo"}, {"choice": "everything"}],
)  # fmt: skip
def test_half_an_answer_comes_back_with_what_is_missing(client, confirm, form):
    answer = client.post(confirm, form)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert said() == []


def test_the_page_of_a_customer_names_nobody_else(client, confirm, add):
    add(("Anne", "Jones", "anne.jones@harbor.example.com"))
    answer = client.post(confirm, {"choice": "change", "email": "anne.jones@harbr.example.com"})
    assert "Anne" not in answer.content.decode().replace("anne.jones@harbr", "")


def test_the_link_runs_out_after_thirty_days_or_when_the_address_changes(client, confirm):
    Contact.objects.update(address_key="new@harbor.example.com")
    assert client.post(confirm, {"choice": "yes"}).status_code == 410
    Contact.objects.update(address_key="priya@harbor.example.com")
    Message.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert client.post(confirm, {"choice": "yes"}).status_code == 410
    assert not AddressFact.objects.exists()


def test_a_broken_link_is_answered_alike_whatever_is_wrong_with_it(client, confirm):
    other = "1" if confirm[-2] == "0" else "0"
    broken = [f"{confirm[:-2]}{other}/", "/confirm/x/", f"/confirm/{'0' * 32}-{'0' * 40}/"]
    found = [client.post(url, {"choice": "yes"}) for url in broken]
    assert {(one.status_code, one.content) for one in found} == {(404, found[0].content)}
    assert not AddressFact.objects.exists()
