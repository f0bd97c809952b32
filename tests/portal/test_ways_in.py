"""The list of what onboarding customers asks for: one test for each of its points, C01 to C19."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import add_portal_user
from accounts.models import User
from accounts.rules.roles import Role
from campaigns.models import Template
from contacts.actions.people import add_contact
from contacts.models import Contact, Customer
from delivery.actions.rendering import render_single
from delivery.models import Message
from portal.actions.access import send_reset_link
from portal.models import Membership, OneUseLink, PortalConfiguration, Registration
from portal.rules import texts
from tests.portal.conftest import (
    FACTS,
    PASSWORD,
    link_in,
    make_contact,
    make_member,
    member_of_staff,
    signed_in,
)

PERSON = {"name": "Priya Raman", "email": "priya.raman@acme.com"}
OPTIONS = ("Create your user with an invoice", "Your username is ready", "Ask for your username")


def rendered(name, contact):
    """Subject and text of a starting text, as a contact gets it."""
    template = Template.objects.get(name=name)
    done = render_single(
        message_id=uuid.uuid4(),
        purpose=template.kind,
        subject=template.subject,
        body=template.body,
        contact=contact,
        values={},
    )
    return done.subject, done.text


def reset_link(username, email):
    Client().post(reverse("portal:forgot_password"), {"username": username, "email": email})
    return link_in(Message.objects.filter(kind="password_reset").latest("created_at"), "/choose-")


def register_by_facts(client, username="priya"):
    client.post(reverse("portal:find_account"), FACTS)
    client.post(reverse("portal:your_details"), PERSON)
    link = link_in(Message.objects.get(kind="registration_link"), "/create/")
    return client.post(link, {"username": username, "password": PASSWORD}, follow=True)


def test_c01_registering_never_makes_a_second_customer(client, acme, priya, manager):
    register_by_facts(client)
    asked = {"name": "Noor Haddad", "email": "noor@acme.com", "account_number": "ACME0001"}
    client.post(reverse("portal:ask"), asked)
    request = Registration.objects.get(state="needs_review")
    url = reverse("portal:approve_registration", args=[request.pk])
    signed_in(manager).post(url, {"customer": acme.pk, "contact": "new"})
    assert list(Customer.everyone.values_list("account_number", flat=True)) == ["ACME0001"]
    assert {row.customer_id for row in Contact.objects.all()} == {acme.pk}


@pytest.mark.parametrize("scenario", ["an old site", "a first site", "a new customer"])
def test_c02_customers_of_an_old_site_of_none_and_new_ones_all_have_a_way(
    client, acme, priya, scenario
):
    if scenario == "an old site":
        make_contact(acme, "old@acme.com", "Ola", "Berg", username="ola.old")
        client.post(reset_link("ola.old", "old@acme.com"), {"password": PASSWORD})
        assert User.objects.get(username="ola.old").memberships.get().customer == acme
    elif scenario == "a first site":
        register_by_facts(client)
        assert User.objects.get(username="priya").memberships.get().customer == acme
    else:
        asked = {"name": "New One", "email": "new@firm.com", "account_number": "New Firm Ltd"}
        client.post(reverse("portal:ask"), asked)
        assert Registration.objects.get().state == "needs_review"


def test_c03_no_message_ever_holds_a_password(client, acme, priya):
    register_by_facts(client)
    new = "four calm harbours"
    Client().post(reset_link("priya", "priya.raman@acme.com"), {"password": new})
    Client().post(reverse("portal:forgot_username"), {"email": "priya.raman@acme.com"})
    make_member(make_contact(acme, "second@acme.com", "Sam"), "sam")
    messages = list(Message.objects.all())
    assert len({message.kind for message in messages}) >= 6
    secrets = (PASSWORD, new, *User.objects.values_list("password", flat=True))
    for message in messages:
        for text in (message.subject, message.text, message.html):
            assert not [secret for secret in secrets if secret in text]


def test_c03_no_field_of_a_template_stands_for_a_password(db):
    from delivery.rules.fields import FIELDS  # noqa: PLC0415 - beside its only use

    assert [name for name in FIELDS if "password" in name.lower()] == ["ResetPasswordLink"]
    for template in Template.objects.all():
        assert "[Password]" not in template.body


def test_c04_users_set_their_own_password_and_staff_cannot_set_it(owner, portal):
    boss = member_of_staff("boss", Role.ADMINISTRATOR)
    url = reverse("admin:auth_user_password_change", args=[owner.pk])
    before = owner.password
    new = {"password1": "set by staff 1", "password2": "set by staff 1", "usable_password": "true"}
    assert signed_in(boss).post(url, new).status_code == 403
    owner.refresh_from_db()
    assert owner.password == before
    own = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert signed_in(boss).get(own).status_code == 200


def test_c04_who_was_added_without_a_password_cannot_sign_in(client, portal):
    user = add_portal_user(username="nobody", email="n@acme.com", password=None)
    assert not user.has_usable_password()
    answer = client.post(reverse("portal:sign_in"), {"username": "nobody", "password": ""})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", OPTIONS)
def test_c05_the_texts_say_what_it_is_good_for_and_to_connect_to_the_account_that_is_there(
    priya, name
):
    _, text = rendered(name, priya)
    assert "see open and paid invoices" in text
    assert "Acme Fabrication" in text
    connects = "Please connect to the account that is there"
    assert (connects in text) == (name == OPTIONS[0])


def test_c06_zip_number_and_invoice_lead_to_a_username_and_a_password(client, acme, priya):
    page = register_by_facts(client)
    membership = Membership.objects.get()
    assert page.redirect_chain[-1][0] == reverse("portal:account", args=[membership.key])
    assert (membership.user.username, membership.customer) == ("priya", acme)
    assert membership.user.check_password(PASSWORD)


def test_c07_staff_add_a_contact_by_hand(acme, manager):
    form = signed_in(manager).get(reverse("desk:contact_new"))
    assert form.status_code == 200
    values = {"first_name": "Ivo", "last_name": "Lind", "email": "ivo@acme.com"}
    assert add_contact(customer=acme, values=values, actor=manager).customer == acme


def test_c08_many_contacts_come_by_spreadsheet_and_a_sample_is_offered(manager):
    boss = signed_in(member_of_staff("boss", Role.ADMINISTRATOR))
    page = boss.get(reverse("erp:upload")).content.decode()
    sample = reverse("erp:sample", kwargs={"entity": "contact", "kind": "xlsx"})
    assert sample in page
    assert boss.get(sample).content[:2] == b"PK"
    text = boss.get(sample.replace("xlsx", "csv")).content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) > 1


def test_c09_an_imported_contact_can_be_used_at_once_because_no_password_is_stored(client, acme):
    make_contact(acme, "ola@acme.com", "Ola", "Berg", username="ola")
    assert User.objects.count() == 0
    client.post(reset_link("ola", "ola@acme.com"), {"password": PASSWORD})
    again = Client().post(reverse("portal:sign_in"), {"username": "ola", "password": PASSWORD})
    assert (again.status_code, again.url) == (302, reverse("portal:home"))


@pytest.mark.parametrize(
    ("username", "email", "count"),
    [
        ("priya", "priya.raman@acme.com", 1),
        ("priya", "other@acme.com", 0),
        ("other", "priya.raman@acme.com", 0),
        ("", "priya.raman@acme.com", 0),
        ("priya", "", 0),
    ],
)
def test_c10_a_reset_needs_username_and_address_and_no_old_password(
    client, owner, username, email, count
):
    data = {"username": username, "email": email}
    answer = client.post(reverse("portal:forgot_password"), data)
    assert set(data) == set(client.get(reverse("portal:forgot_password")).context["form"].fields)
    assert answer.status_code == (302 if all(data.values()) else 422)
    assert Message.objects.filter(kind="password_reset").count() == count


@pytest.mark.parametrize("minutes", [None, 30])
def test_c11_a_reset_link_works_for_two_hours_or_as_long_as_is_set(client, owner, minutes):
    if minutes:
        PortalConfiguration.objects.update(reset_minutes=minutes)
    path = reset_link("priya", "priya.raman@acme.com")
    link = OneUseLink.objects.get()
    assert link.expires_at - link.created_at == pytest.approx(
        timedelta(minutes=minutes or 120), abs=timedelta(seconds=5)
    )
    assert client.get(path).status_code == 200
    OneUseLink.objects.update(expires_at=timezone.now())
    closed = client.post(path, {"password": "four calm harbours"})
    assert closed.status_code == 410
    assert User.objects.get().check_password(PASSWORD)


def test_c12_mail_to_many_leads_to_the_page_that_starts_it_and_holds_no_token(acme):
    ola = make_contact(acme, "ola@acme.com", "Ola", "Berg", username="ola")
    for name in OPTIONS:
        _, text = rendered(name, ola)
        pages = [word.split("8000")[1] for word in text.split() if ":8000/" in word]
        assert {page.split("/")[1] for page in pages} <= {
            "find",
            "forgot-password",
            "forgot-username",
            "u",  # unsubscribe
            "wrong-person",
        }
    assert OneUseLink.objects.count() == 0


def test_c13_a_username_is_sent_for_an_address(client, owner):
    client.post(reverse("portal:forgot_username"), {"email": "Priya.Raman@acme.com"})
    mail = Message.objects.get(kind="username")
    assert (mail.address_key, "priya" in mail.text) == ("priya.raman@acme.com", True)


def test_c14_the_house_user_is_never_sent(client, acme):
    make_contact(acme, "house@acme.com", "House", "User", is_house_user=True, username="ACME0001")
    make_contact(acme, "house@acme.com", "Named", "Likewise", username="acme-0001")
    client.post(reverse("portal:forgot_username"), {"email": "house@acme.com"})
    send_reset_link(username="ACME0001", email="house@acme.com")
    send_reset_link(username="acme-0001", email="house@acme.com")
    assert Message.objects.count() == 0


@pytest.mark.parametrize(("choice", "named"), [("one", 1), ("all", 2)])
def test_c15_of_several_usernames_at_one_address_one_is_sent_or_all(client, acme, choice, named):
    assert PortalConfiguration.load().username_reminder == "one"
    PortalConfiguration.objects.update(username_reminder=choice)
    for name in ("firstname", "othername"):
        make_member(make_contact(acme, "shared@acme.com", name), name)
    client.post(reverse("portal:forgot_username"), {"email": "shared@acme.com"})
    text = Message.objects.get(kind="username").text
    assert sum(name in text for name in ("firstname", "othername")) == named


def test_c16_option_one_names_the_three_facts_and_where_they_stand(priya):
    _, text = rendered(OPTIONS[0], priya)
    for words in ("account number", "billing zip code", "recent invoice number"):
        assert words in text
    for place in ("at the top right of any invoice", "“Bill to” address", "last twelve months"):
        assert place in text
    assert "/find/" in text


def test_c17_option_two_sends_the_username_and_leads_to_choosing_a_password(client, acme):
    ola = make_contact(acme, "ola@acme.com", "Ola", "Berg", username="ola.1998")
    _, text = rendered(OPTIONS[1], ola)
    assert "ola.1998" in text
    assert "/forgot-password/" in text
    client.post(reset_link("ola.1998", "ola@acme.com"), {"password": PASSWORD})
    assert User.objects.get().username == "ola.1998"


def test_c17_the_username_may_be_the_address(client, acme):
    make_contact(acme, "ola@acme.com", "Ola", "Berg", username="ola@acme.com")
    client.post(reset_link("ola@acme.com", "ola@acme.com"), {"password": PASSWORD})
    assert User.objects.get().username == "ola@acme.com"


def test_c18_option_three_leads_to_the_username_first_and_then_to_the_password(client, acme):
    ola = make_contact(acme, "ola@acme.com", "Ola", "Berg", username="ola.1998")
    _, text = rendered(OPTIONS[2], ola)
    assert "ola.1998" not in text
    assert 0 < text.index("/forgot-username/") < text.index("/forgot-password/")
    client.post(reverse("portal:forgot_username"), {"email": "ola@acme.com"})
    assert "ola.1998" in Message.objects.get(kind="username").text
    client.post(reset_link("ola.1998", "ola@acme.com"), {"password": PASSWORD})
    assert User.objects.get().username == "ola.1998"


def test_c19_a_file_with_personal_links_serves_another_mail_service(client, manager, priya):
    data = {"id": [priya.pk], "confirm": "yes"}
    answer = signed_in(manager).post(reverse("desk:mail_merge"), data)
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(content)))
    assert row["Email"] == "priya.raman@acme.com"
    page = client.get(row["Customer portal link"].partition(":8000")[2])
    assert page.context["customer"].account_number == "ACME0001"


def test_no_text_of_the_portal_speaks_of_a_password_that_was_sent():
    """All texts that the portal sends: where each says password, it is one to be chosen."""
    made = [
        texts.reset_link(url="https://x/", minutes=120),
        texts.password_changed(forgot_url="https://x/"),
        texts.usernames(count=1, sign_in_url="https://x/", forgot_url="https://x/"),
        texts.welcome(home_url="https://x/"),
    ]
    assert all("your password is" not in text.body.lower() for text in made)
