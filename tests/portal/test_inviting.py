"""Staff send, copy and withdraw one contact's invitation; merge fields; the configuration."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.rules.roles import Role
from contacts.models import Contact, Customer
from core.models import AuditEntry
from delivery import merge
from delivery.models import Message
from delivery.rules.states import Purpose
from portal.models import Invitation, PortalConfiguration
from portal.tokens import invitation_url
from tests.portal.conftest import (
    invite,
    link_in,
    mails,
    make_contact,
    make_member,
    member_of_staff,
    signed_in,
)


def post(user, name, contact, **data):
    return signed_in(user).post(reverse(f"portal:{name}", args=[contact.pk]), data)


def words_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_sending_mails_the_same_link_again(manager, priya):
    path = invitation_url(invite(priya)).partition("8000")[2]
    answer = post(manager, "send_invitation", priya)
    assert answer.url == reverse("desk:contact", args=[priya.pk])
    assert words_of(answer) == ["Invitation on its way to Priya Raman"]
    assert link_in(Message.objects.get(), "/i/") == path
    assert Invitation.objects.get().version == 1


def test_sending_makes_the_invitation_if_there_is_none(manager, priya):
    post(manager, "send_invitation", priya)
    priya.refresh_from_db()
    assert (priya.portal_stage, Invitation.objects.get().created_by) == ("invited", manager)


def test_an_address_gets_three_invitations_an_hour(manager, priya):
    answers = [words_of(post(manager, "send_invitation", priya)) for _ in range(4)]
    assert answers[3] == [
        "This address got three invitations in this hour. Try again later, or copy the link."
    ]
    assert len(mails()) == 3


def test_copying_shows_the_same_link_and_is_noted(manager, priya):
    invitation = invite(priya)
    page = post(manager, "invitation_link", priya)
    assert page.context["url"] == invitation_url(invitation)
    assert invitation_url(invitation) in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.filter(verb="copied the link of").count() == 1
    assert mails() == []


def test_the_link_can_be_fetched_as_a_part(manager, priya):
    url = reverse("portal:invitation_link", args=[priya.pk])
    part = signed_in(manager).post(url, headers={"hx-request": "true"}).content.decode()
    assert part.startswith('<div class="field">')


def test_withdrawing_kills_the_link_at_once(manager, priya, client):
    path = invitation_url(invite(priya)).partition("8000")[2]
    answer = post(manager, "revoke_invitation", priya)
    assert words_of(answer) == ["Invitation of Priya Raman withdrawn"]
    priya.refresh_from_db()
    assert (client.get(path).status_code, priya.portal_stage) == (410, "not_invited")
    again = post(manager, "revoke_invitation", priya)
    assert words_of(again) == ["There was no open invitation to withdraw."]
    fresh = invite(priya)
    assert client.get(invitation_url(fresh).partition("8000")[2]).status_code == 200


def test_who_cannot_be_invited_is_not(manager, owner, acme):
    house = make_contact(acme, "house@acme.com", is_house_user=True)
    gone = make_contact(acme, "gone@acme.com", active=False)
    nameless = make_contact(acme, "", email_status="missing")
    member = Contact.objects.get(memberships__user=owner)
    for contact in (house, gone, nameless, member):
        for name in ("send_invitation", "invitation_link"):
            post(manager, name, contact)
    assert (Invitation.objects.count(), mails(kind="invitation_link")) == (0, [])


def test_nobody_is_invited_while_the_portal_is_off(manager, priya):
    PortalConfiguration.objects.update(enabled=False)
    answer = post(manager, "send_invitation", priya)
    assert words_of(answer) == [
        "The customer portal is not enabled. An administrator can enable it in Settings."
    ]
    page = post(manager, "invitation_link", priya)
    assert (page.context["url"], Invitation.objects.count(), mails()) == ("", 0, [])


def test_a_foreign_next_is_not_followed(manager, priya):
    answer = post(manager, "send_invitation", priya, next="https://evil.example/")
    assert answer.url == reverse("desk:contact", args=[priya.pk])
    answer = post(manager, "send_invitation", priya, next="/somewhere/")
    assert answer.url == "/somewhere/"


def test_a_sender_of_own_accounts_only_reaches_those(priya, acme):
    rep = member_of_staff("rep", Role.SALES_REP)
    from django.contrib.auth.models import Permission  # noqa: PLC0415 - beside its only use

    rep.user_permissions.add(Permission.objects.get(codename="send_portal_invitation"))
    assert post(rep, "send_invitation", priya).status_code == 404
    Customer.objects.filter(pk=acme.pk).update(sales_rep=rep)
    assert post(rep, "send_invitation", priya).status_code == 302
    assert mails() == [("invitation_link", "priya.raman@acme.com")]


def test_merge_fields_ask_once_for_many_contacts(acme, owner, priya, django_assert_num_queries):
    contacts = [make_contact(acme, f"p{n}@acme.com", username=f"u{n}") for n in range(20)]
    invited = {contact.pk: invitation_url(invite(contact)) for contact in contacts[:10]}
    people = [*contacts, priya]
    with django_assert_num_queries(2):  # links, usernames
        values = merge.values_for(
            ["CustomerPortalLink", "Username", "FindAccountLink"], people, Purpose.INVITATION
        )
    assert {pk: found.get("CustomerPortalLink") for pk, found in values.items()} == {
        contact.pk: invited.get(contact.pk) for contact in people
    }
    assert values[priya.pk]["Username"] == "priya"
    assert values[contacts[3].pk]["Username"] == "u3"
    assert {found["FindAccountLink"] for found in values.values()} == {
        "http://127.0.0.1:8000/find/"
    }


def test_the_personal_link_is_for_invitations_only(priya):
    invite(priya)
    names = ["CustomerPortalLink", "ResetPasswordLink", "ForgotUsernameLink"]
    assert merge.values_for(names, [priya], Purpose.ANNOUNCEMENT) == {
        priya.pk: {
            "ResetPasswordLink": "http://127.0.0.1:8000/forgot-password/",
            "ForgotUsernameLink": "http://127.0.0.1:8000/forgot-username/",
        }
    }


@pytest.fixture
def administrator(db):
    return member_of_staff("admin", Role.ADMINISTRATOR)


SETTINGS = "/settings/portal/portalconfiguration/"
GOOD = {
    "enabled": "on",
    "name": "Northfield online",
    "company_portal_url": "pay.northfield.example",
    "invitation_subject": "[CompanyName]: your invoices are online",
    "invitation_body": "Hello [ContactName], [CustomerPortalLink]",
    "invitation_days": "14",
    "reset_minutes": "60",
    "registration_minutes": "120",
    "username_reminder": "all",
}


def test_the_settings_open_the_one_configuration_and_save_through_the_action(administrator):
    client = signed_in(administrator)
    opened = client.get(SETTINGS)
    assert opened.url == f"{SETTINGS}1/change/"
    assert client.get(opened.url).status_code == 200
    assert client.post(opened.url, GOOD).status_code == 302
    saved = PortalConfiguration.load()
    assert (saved.enabled, saved.invitation_days, saved.company_portal_url) == (
        True,
        14,
        "https://pay.northfield.example",
    )
    entry = AuditEntry.objects.get(entity="portal configuration")
    assert (entry.actor_name, sorted(entry.facts["fields"])[:2]) == (
        "admin",
        ["company_portal_url", "enabled"],
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"invitation_subject": "[CustomerNam]"}, "invitation_subject"),
        ({"invitation_body": "Hello [ContactName]"}, "invitation_body"),
        ({"invitation_body": "[ContactNme] [CustomerPortalLink]"}, "invitation_body"),
        ({"invitation_days": "0"}, "invitation_days"),
        ({"reset_minutes": "4"}, "reset_minutes"),
        ({"company_portal_url": "javascript:alert(1)"}, "company_portal_url"),
    ],
)
def test_settings_that_cannot_work_are_refused(administrator, change, field):
    page = signed_in(administrator).post(f"{SETTINGS}1/change/", GOOD | change)
    assert page.status_code == 200
    assert set(page.context["adminform"].form.errors) == {field}
    assert PortalConfiguration.load().invitation_days == 30


def test_there_is_one_configuration_and_it_stays(administrator):
    client = signed_in(administrator)
    assert client.get(f"{SETTINGS}add/").status_code == 403
    assert client.get(f"{SETTINGS}1/delete/").status_code == 403
    assert client.get(f"{SETTINGS}2/change/").status_code == 302


@pytest.mark.parametrize("table", ["invitation", "registration", "membership"])
def test_lists_in_the_settings_are_read_only(administrator, owner, acme, table):
    invite(make_contact(acme, "adam@acme.com"))
    client = signed_in(administrator)
    base = f"/settings/portal/{table}/"
    assert client.get(base).status_code == 200
    assert client.get(base, {"q": "acme"}).status_code == 200
    assert client.get(f"{base}add/").status_code == 403


def test_members_and_readers_do_not_reach_the_settings(owner, reader):
    for user in (owner, reader):
        answer = signed_in(user).post(f"{SETTINGS}1/change/", GOOD)
        assert answer.status_code in {302, 403}
    assert PortalConfiguration.load().name == "Customer portal"


def test_a_colleague_s_registration_withdraws_waiting_invitations(priya):
    from delivery.actions.outbox import add_recipients, start_mailing  # noqa: PLC0415 - used once

    invite(priya)
    mailing = start_mailing(
        purpose=Purpose.INVITATION, name="Wave", subject="Hi", body="[CustomerPortalLink]"
    )
    add_recipients(mailing=mailing, contacts=[priya])
    make_member(priya, "priya")
    assert Message.objects.get(mailing=mailing).state == "cancelled"
