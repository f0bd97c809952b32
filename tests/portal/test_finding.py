"""Into the account by three facts, or by asking a person."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contacts.models import Customer
from core.models import RateCount
from delivery.models import Message
from portal.models import Membership, OneUseLink, Registration
from tests.portal.conftest import (
    FACTS,
    PASSWORD,
    link_in,
    mails,
    make_contact,
    make_customer,
    make_invoice,
    make_member,
    signed_in,
)

FIND = "/find/"
PERSON = {"name": "Priya Raman", "email": "priya.raman@acme.com"}
WRONG = {
    "unknown account": FACTS | {"account_number": "NOBODY9"},
    "other zip": FACTS | {"postal_code": "99999"},
    "other invoice": FACTS | {"invoice_number": "INV-1"},
    "another customer's invoice": FACTS | {"invoice_number": "INV7007"},
    "another customer's number": FACTS | {"account_number": "HARB0002"},
}


def found(client):
    """A visitor who has proven the account."""
    answer = client.post(FIND, FACTS)
    assert (answer.status_code, answer.url) == (302, reverse("portal:your_details"))
    return client


def plain(answer):
    """An answer without what differs by chance: tokens of forms, and moments."""
    body = answer.content.decode()
    for line in body.split('name="csrfmiddlewaretoken" value="')[1:]:
        body = body.replace(line.split('"')[0], "TOKEN")
    headers = {key: value for key, value in answer.headers.items() if key != "Expires"}
    return answer.status_code, headers | {"cookies": sorted(answer.cookies)}, body


def test_three_facts_lead_to_a_link_to_the_address_on_file(client, priya, acme):
    details = found(client).get(reverse("portal:your_details"))
    assert "Account found: <b>Acme Fabrication</b>" in details.content.decode()
    answer = client.post(reverse("portal:your_details"), PERSON)
    assert answer.url == reverse("portal:check_email")
    page = client.get(answer.url).content.decode()
    assert "p•••••@acme.com" in page
    assert "priya.raman@acme.com" not in page
    assert "within 2 hours" in page
    assert mails() == [("registration_link", "priya.raman@acme.com")]
    path = link_in(Message.objects.get(), "/create/")
    welcome = client.post(path, {"username": "priya", "password": PASSWORD}, follow=True)
    assert welcome.redirect_chain[-1][0] == reverse(
        "portal:account", args=[Membership.objects.get().key]
    )
    assert Registration.objects.get().state == "registered"
    assert (Membership.objects.get().contact, Customer.objects.count()) == (priya, 1)


def test_the_link_goes_to_the_file_and_never_to_what_was_typed(client, priya):
    found(client).post(
        reverse("portal:your_details"), {"name": "Mallory", "email": "mallory@elsewhere.com"}
    )
    assert mails() == [("registration_link", "priya.raman@acme.com")]
    page = client.get(reverse("portal:check_email")).content.decode()
    assert "mallory" not in page


def test_every_failure_gets_the_same_answer_and_counts_down(priya, harbor):
    answers = {name: plain(Client().post(FIND, facts)) for name, facts in WRONG.items()}
    status, _, body = answers["unknown account"]
    assert (status, "You have 2 more tries" in body) == (422, True)
    assert {
        name for name, answer in answers.items() if answer != answers["unknown account"]
    } == set()


def test_every_failure_asks_the_database_the_same_questions(priya, harbor):
    def questions(facts):
        RateCount.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            Client().post(FIND, facts)
        return [shape(query["sql"]) for query in seen]

    asked = {name: questions(facts) for name, facts in WRONG.items()}
    assert len(asked["other zip"]) > 10
    assert {name for name, sql in asked.items() if sql != asked["other zip"]} == set()


def shape(sql):
    """A statement without its values."""
    return re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+", "?", sql)


def test_a_visitor_has_three_tries_an_hour(client, priya):
    bodies = [client.post(FIND, WRONG["other zip"]) for _ in range(4)]
    assert [answer.status_code for answer in bodies] == [422, 422, 422, 429]
    assert "You have no more tries in this hour." in bodies[2].content.decode()
    assert client.post(FIND, FACTS).status_code == 429
    assert bodies[3]["Retry-After"].isdecimal()
    assert reverse("portal:ask") in bodies[3].content.decode()


def test_an_account_has_five_tries_a_day_whoever_tries_and_whether_or_not_it_exists(priya):
    for facts in (WRONG["other zip"], WRONG["unknown account"]):
        codes = [
            Client(REMOTE_ADDR=f"198.51.100.{number}").post(FIND, facts).status_code
            for number in range(6)
        ]
        assert codes == [422] * 5 + [429]


def test_a_network_has_ten_tries_an_hour_and_a_forged_header_does_not_help(priya):
    codes = [
        Client()
        .post(
            FIND,
            FACTS | {"account_number": f"NOBODY{number}"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
        .status_code
        for number in range(11)
    ]
    assert codes == [422] * 10 + [429]


def test_all_together_have_two_hundred_failures_an_hour(priya):
    from portal.actions.limits import TRIES_OF_ALL, take  # noqa: PLC0415 - beside its only use

    for _ in range(200):
        take(TRIES_OF_ALL, "")
    assert Client().post(FIND, FACTS).status_code == 429


def test_a_match_does_not_count_as_a_try(client, priya):
    for _ in range(6):
        found(client)


def test_a_proof_ends_after_half_an_hour(client, priya):
    found(client)
    session = client.session
    session["portal_found"] |= {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert client.get(reverse("portal:your_details")).url == FIND
    assert client.post(reverse("portal:your_details"), PERSON).url == FIND
    assert mails() == []


def test_nobody_skips_the_proof(client, priya):
    pages = ("your_details", "check_email")
    assert [client.get(reverse(f"portal:{name}")).url for name in pages] == [FIND, FIND]
    assert client.post(reverse("portal:your_details"), PERSON).url == FIND
    assert client.post(reverse("portal:send_link_again")).url == reverse("portal:check_email")
    assert (mails(), Registration.objects.count()) == ([], 0)


def test_a_likely_typo_is_hinted_at_once_and_can_be_kept(client, priya):
    url = reverse("portal:your_details")
    typed = PERSON | {"email": "priya.raman@acme.cmo"}
    page = found(client).post(url, typed)
    assert (page.status_code, page.context["hint"]) == (200, "priya.raman@acme.com")
    assert Registration.objects.count() == 0
    again = client.post(url, typed | {"hinted": typed["email"]})
    assert again.url == reverse("portal:check_email")
    assert Registration.objects.get().email == "priya.raman@acme.cmo"


def test_a_hint_can_be_taken(client, priya):
    url = reverse("portal:your_details")
    typed = PERSON | {"email": "priya.raman@acme.cmo", "offered": PERSON["email"]}
    found(client).post(url, typed | {"choice": "offered"})
    assert Registration.objects.get().email == "priya.raman@acme.com"


def test_a_contact_who_has_an_account_is_told_so_and_the_page_says_nothing(client, owner):
    answer = found(client).post(reverse("portal:your_details"), PERSON)
    assert answer.url == reverse("portal:check_email")
    assert mails(kind="already_registered") == [("already_registered", "priya.raman@acme.com")]
    assert OneUseLink.objects.count() == 0
    assert User.objects.count() == 1


def test_without_an_address_on_file_a_person_decides(client, acme):
    answer = found(client).post(reverse("portal:your_details"), PERSON, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("portal:asked")
    row = Registration.objects.get()
    assert (row.state, row.customer, row.contact, mails()) == ("needs_review", acme, None, [])


@pytest.mark.parametrize("change", [{"active": False}, {"is_house_account": True}])
def test_closed_and_house_accounts_are_not_found(client, priya, acme, change):
    Customer.objects.filter(pk=acme.pk).update(**change)
    assert client.post(FIND, FACTS).status_code == 422


def test_the_house_user_never_gets_the_link(client, acme):
    make_contact(acme, "house@acme.com", is_house_user=True)
    make_contact(acme, "gone@acme.com", active=False)
    found(client).post(reverse("portal:your_details"), PERSON | {"email": "house@acme.com"})
    assert mails() == []


def test_a_contact_named_like_the_account_never_gets_the_link(client, acme):
    make_contact(acme, "house@acme.com", username="ACME0001")
    found(client).post(reverse("portal:your_details"), PERSON | {"email": "house@acme.com"})
    assert mails() == []


def test_mail_to_one_address_is_limited_and_the_page_stays_the_same(client, priya):
    found(client).post(reverse("portal:your_details"), PERSON)
    codes = [client.post(reverse("portal:send_link_again")).url for _ in range(4)]
    assert codes == [reverse("portal:check_email")] * 4
    assert mails() == [("registration_link", "priya.raman@acme.com")] * 3


def test_only_the_newest_session_can_send_its_own_link_again(client, priya):
    found(client).post(reverse("portal:your_details"), PERSON)
    Client().post(reverse("portal:send_link_again"))
    assert len(mails()) == 1


def test_accounts_of_two_numberings_with_one_number_are_told_apart_by_the_facts(client, acme):
    twin = make_customer("ACME0001", "Acme of the south", postal_code="30301", numbering="south")
    make_invoice(twin, "S-77")
    make_contact(twin, "south@acme.com")
    answer = client.post(
        FIND, {"account_number": "ACME0001", "postal_code": "30301", "invoice_number": "S77"}
    )
    assert answer.url == reverse("portal:your_details")
    assert "Acme of the south" in client.get(answer.url).content.decode()


def test_what_is_missing_is_said_in_the_house_s_words(client, portal):
    page = client.post(FIND, {"account_number": " - ", "postal_code": "787", "invoice_number": ""})
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "account_number": ["Enter your account number"],
        "invoice_number": ["Enter a recent invoice number"],
        "postal_code": ["Billing zip code must be 5 digits"],
    }
    assert "<title>Error: Find your company’s account – Northfield Supply</title>" in (
        page.content.decode()
    )
    assert RateCount.objects.filter(key__startswith="portal.try").count() == 0


def test_asking_keeps_what_was_typed_and_mails_nobody(client, priya):
    client.post(FIND, WRONG["other invoice"])
    page = client.get(reverse("portal:ask"))
    assert page.context["form"].initial == {"account_number": FACTS["account_number"]}
    asked = PERSON | {"account_number": "ACME0001", "note": "I moved", "phone": "555 0100"}
    answer = client.post(reverse("portal:ask"), asked, follow=True)
    assert "priya.raman@acme.com" in answer.content.decode()
    row = Registration.objects.get()
    assert (row.state, row.account_number, row.postal_code, row.invoice_number, row.note) == (
        "needs_review",
        "ACME0001",
        "78701",
        "INV-1",
        "I moved",
    )
    assert (row.customer, row.contact, mails()) == (None, None, [])


def test_asking_is_limited_for_each_network_and_asking_twice_keeps_one_row(client, portal):
    asked = PERSON | {"account_number": "ACME0001"}
    codes = [client.post(reverse("portal:ask"), asked).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("email", ["a@b.com,c@d.com", "a@b.com;c@d.com", "Priya <p@a.com>", "a@b"])
def test_two_addresses_in_one_are_refused(client, portal, email):
    page = client.post(reverse("portal:ask"), PERSON | {"account_number": "1", "email": email})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"email"}


def test_a_registration_link_can_add_the_account_to_a_user(client, priya, other, acme):
    found(client).post(reverse("portal:your_details"), PERSON)
    path = link_in(Message.objects.get(kind="registration_link"), "/create/")
    visitor = signed_in(other)
    assert visitor.get(path).context["member"] == other
    answer = visitor.post(f"{path}add/")
    membership = Membership.objects.get(customer=acme)
    assert (membership.user, answer.url) == (
        other,
        reverse("portal:account", args=[membership.key]),
    )
    assert client.get(path).status_code == 410


def test_a_registration_link_that_ran_out_can_be_sent_again(client, priya):
    found(client).post(reverse("portal:your_details"), PERSON)
    path = link_in(Message.objects.get(), "/create/")
    OneUseLink.objects.update(expires_at=timezone.now())
    assert "<h1>This link has expired</h1>" in client.get(path).content.decode()
    answer = Client().post(f"{path}again/")
    assert answer.url == reverse("portal:link_sent")
    assert mails() == [("registration_link", "priya.raman@acme.com")] * 2


def test_a_registration_link_works_once(client, priya, acme):
    found(client).post(reverse("portal:your_details"), PERSON)
    path = link_in(Message.objects.get(), "/create/")
    client.post(path, {"username": "priya", "password": PASSWORD})
    again = Client().post(path, {"username": "other", "password": PASSWORD})
    assert (again.status_code, User.objects.count()) == (410, 1)
    assert "<h1>This link was used</h1>" in again.content.decode()


def test_a_contact_who_registered_elsewhere_has_used_the_link(client, priya):
    found(client).post(reverse("portal:your_details"), PERSON)
    path = link_in(Message.objects.get(), "/create/")
    make_member(priya, "priya")
    assert client.get(path).status_code == 410
