"""From the link of an invitation into the account, and every way in which it can be closed."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contacts.models import AddressFact
from delivery.models import Message
from portal.actions import invitations
from portal.models import Invitation, Membership
from portal.tokens import invitation_token, make
from tests.portal.conftest import PASSWORD, invite, mails, make_contact, make_member, signed_in

CHOSEN = {"username": "priya.raman@acme.com", "password": PASSWORD}


def path_of(invitation):
    return reverse("portal:invitation", args=[invitation_token(invitation)])


def state_of(invitation):
    invitation.refresh_from_db()
    return invitation.state, invitation.version


@pytest.fixture
def invitation(priya):
    return invite(priya)


def test_the_page_says_whose_account_it_is_and_offers_the_address(client, invitation):
    page = client.get(path_of(invitation))
    text = page.content.decode()
    assert page.status_code == 200
    assert [
        word for word in ("Priya Raman", "Acme Fabrication", "ending in 0001") if word in text
    ] == [
        "Priya Raman",
        "Acme Fabrication",
        "ending in 0001",
    ]
    assert page.context["form"].initial == {"username": "priya.raman@acme.com"}
    assert "ACME0001" not in text


def test_a_username_that_was_carried_over_is_offered_before_the_address(client, acme):
    contact = make_contact(acme, "old@acme.com", username="oldtimer")
    page = client.get(path_of(invite(contact)))
    assert page.context["form"].initial == {"username": "oldtimer"}


def test_an_offered_username_is_free_and_never_the_account_number(client, acme):
    make_member(make_contact(acme, "x@acme.com"), "ACME0001@acme.com")
    nameless = make_contact(acme, "acme0001@acme.com", first="", last="")
    page = client.get(path_of(invite(nameless)))
    assert page.context["form"].initial == {"username": "acme00012"}


def test_username_and_password_lead_straight_into_the_account(client, invitation, priya, acme):
    answer = client.post(path_of(invitation), CHOSEN, follow=True)
    user = User.objects.get(username="priya.raman@acme.com")
    membership = Membership.objects.get()
    assert answer.redirect_chain == [
        (reverse("portal:home"), 302),
        (reverse("portal:account", args=[membership.key]), 302),
    ]
    assert (membership.user, membership.customer, membership.contact) == (user, acme, priya)
    assert get_user(client) == user
    assert user.check_password(PASSWORD)
    assert state_of(invitation) == ("accepted", 1)
    priya.refresh_from_db()
    assert priya.portal_stage == "registered"
    assert AddressFact.objects.filter(confirmed_at__isnull=False).values_list(
        "address_key", flat=True
    ).get() == ("priya.raman@acme.com")
    assert mails() == [("welcome", "priya.raman@acme.com")]
    assert not Message.objects.filter(text__contains=PASSWORD).exists()


def test_colleagues_who_have_an_account_are_told_of_a_new_one(client, owner, acme):
    contact = make_contact(acme, "alfonso@acme.com", "Alfonso", "Reyes")
    client.post(path_of(invite(contact)), {"username": "alfonso", "password": PASSWORD})
    assert mails(kind="colleague_joined") == [("colleague_joined", "priya.raman@acme.com")]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"username": "", "password": PASSWORD}, "username", "Enter your username"),
        ({"username": "priya", "password": ""}, "password", "Enter a password"),
        (
            {"username": "priya", "password": "short"},
            "password",
            "Password must have at least 10 characters",
        ),
        (
            {"username": "priya", "password": "password1234"},
            "password",
            "This password is too common. Use three words",
        ),
        (
            {"username": "acme 0001", "password": PASSWORD},
            "username",
            "Username may have letters, digits and @ . + - _ only",
        ),
        (
            {"username": "ACME-0001", "password": PASSWORD},
            "username",
            "Choose a username other than the account number",
        ),
        (
            {"username": "PAOLO", "password": PASSWORD},
            "username",
            "This username is taken. Choose another",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, invitation, other, typed, field, sentence):
    page = client.post(path_of(invitation), typed)
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert f"Error: {sentence}" in " ".join(
        page.content.decode().replace('<span class="vh">', "").replace("</span>", "").split()
    )
    assert state_of(invitation) == ("opened", 1)


def test_looking_at_the_page_is_not_opening_it(client, invitation, priya):
    client.get(path_of(invitation))
    client.head(path_of(invitation))
    assert state_of(invitation) == ("pending", 1)


def test_the_first_touch_of_the_page_counts_as_opened(client, invitation, priya):
    opened = reverse("portal:invitation_opened", args=[invitation_token(invitation)])
    assert client.get(opened).status_code == 405
    assert client.post(opened).status_code == 204
    priya.refresh_from_db()
    assert (state_of(invitation), priya.portal_stage) == (("opened", 1), "opened")


def broken(invitation):
    token = invitation_token(invitation)
    row, version, signature = token.split("-")
    return {
        "truncated": token[:-1],
        "extended": f"{token}0",
        "other row": f"{invitation.pk + 1}-{version}-{signature}",
        "other version": f"{row}-2-{signature}",
        "other case": f"{row}-{version}-{signature.upper()}",
        "other purpose": make("unsubscribe", invitation.pk, 1),
        "huge": f"{'9' * 30}-1-{signature}",
        "words": "hello",
        "no row any more": make("invitation", 10**17, 1),
    }


@pytest.mark.parametrize(
    "how",
    [
        "truncated",
        "extended",
        "other row",
        "other version",
        "other case",
        "other purpose",
        "huge",
        "words",
        "no row any more",
    ],
)
def test_a_link_that_we_did_not_make_opens_nothing(client, invitation, how):
    token = broken(invitation)[how]
    names = ("invitation", "invitation_not_me")
    posts = ("invitation", "invitation_add", "invitation_new_link")
    answers = [client.get(reverse(f"portal:{name}", args=[token])).status_code for name in names]
    answers += [
        client.post(reverse(f"portal:{name}", args=[token]), CHOSEN).status_code for name in posts
    ]
    assert answers == [404] * 5
    assert (state_of(invitation), User.objects.count(), mails()) == (("pending", 1), 0, [])


def expire(invitation):
    invitation.expires_at = timezone.now() - timedelta(minutes=1)
    invitation.save(update_fields=["expires_at"])


def replace(invitation):
    invitation.version = 2
    invitation.save(update_fields=["version"])


def use(invitation):
    invitations.accept(invitation=invitation, username="priya", password=PASSWORD)


def withdraw(invitation):
    invitations.revoke(invitations=[invitation], actor=None)


def leave(invitation):
    invitation.contact.active = False
    invitation.contact.save(update_fields=["active"])


@pytest.mark.parametrize(
    ("close", "heading"),
    [
        (expire, "This link has expired"),
        (replace, "There is a newer link"),
        (use, "This invitation was used"),
        (withdraw, "This invitation was withdrawn"),
        (leave, "This invitation was withdrawn"),
    ],
)
def test_a_closed_invitation_says_why_and_not_whose_it_was(client, invitation, close, heading):
    path = path_of(invitation)
    close(invitation)
    before = state_of(invitation), User.objects.count()
    seen = client.get(path)
    posted = client.post(path, {"username": "intruder", "password": PASSWORD})
    for page in (seen, posted):
        text = page.content.decode()
        assert (page.status_code, f"<h1>{heading}</h1>" in text) == (410, True)
        assert "Priya" not in text
        assert "acme.com" not in text
    assert (state_of(invitation), User.objects.count()) == before


@pytest.mark.parametrize("close", [expire, replace])
def test_a_new_link_goes_to_the_address_on_file_and_kills_the_old_one(client, invitation, close):
    old = path_of(invitation)
    close(invitation)
    url = reverse("portal:invitation_new_link", args=[old.split("/")[2]])
    answer = client.post(url, {"email": "intruder@elsewhere.com"})
    assert (answer.status_code, answer.url) == (302, reverse("portal:link_sent"))
    assert mails() == [("invitation_link", "priya.raman@acme.com")]
    invitation.refresh_from_db()
    assert client.get(old).status_code == 410
    new = path_of(invitation)
    assert new in Message.objects.get().text
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("close", [use, withdraw, leave])
def test_no_new_link_is_sent_for_what_is_over(client, invitation, close):
    path = path_of(invitation)
    close(invitation)
    sent = mails()
    answer = client.post(reverse("portal:invitation_new_link", args=[path.split("/")[2]]))
    assert (answer.status_code, answer.url) == (302, path)
    assert mails() == sent


def test_new_links_are_limited_for_each_address_and_the_answer_stays_the_same(client, invitation):
    answers = []
    for _ in range(5):
        expire(invitation)
        url = reverse("portal:invitation_new_link", args=[invitation_token(invitation)])
        answers.append(client.post(url).url)
        invitation.refresh_from_db()
    assert answers == [reverse("portal:link_sent")] * 5
    assert mails() == [("invitation_link", "priya.raman@acme.com")] * 3


def test_somebody_who_is_signed_in_can_add_the_account_to_the_others(invitation, other, acme):
    client = signed_in(other)
    page = client.get(path_of(invitation))
    assert page.context["member"] == other
    answer = client.post(reverse("portal:invitation_add", args=[invitation_token(invitation)]))
    membership = Membership.objects.get(customer=acme)
    assert answer.url == reverse("portal:account", args=[membership.key])
    assert membership.user == other
    assert state_of(invitation) == ("accepted", 1)
    assert User.objects.count() == 1


def test_adding_an_account_takes_somebody_who_is_signed_in(client, invitation, manager):
    url = reverse("portal:invitation_add", args=[invitation_token(invitation)])
    for visitor in (client, signed_in(manager)):
        assert visitor.post(url).url == path_of(invitation)
    assert (Membership.objects.count(), state_of(invitation)) == (0, ("pending", 1))


def test_an_account_that_one_has_is_not_added_twice(owner, acme):
    second = invite(make_contact(acme, "second@acme.com"))
    url = reverse("portal:invitation_add", args=[invitation_token(second)])
    answer = signed_in(owner).post(url)
    assert answer.url == reverse("portal:home")
    assert Membership.objects.count() == 1
    assert state_of(second) == ("pending", 1)


def test_a_forwarded_invitation_has_a_way_on_for_the_other_person(client, invitation):
    page = client.get(reverse("portal:invitation_not_me", args=[invitation_token(invitation)]))
    text = page.content.decode()
    assert "<h1>This invitation is only for Priya Raman</h1>" in text
    assert [reverse(name) in text for name in ("portal:find_account", "portal:ask")] == [True, True]


def test_nobody_gets_two_live_invitations(priya, invitation):
    assert invite(priya) == invitation
    assert Invitation.objects.count() == 1


def test_house_users_are_never_invited(acme):
    house = make_contact(acme, "house@acme.com", is_house_user=True)
    named = make_contact(acme, "h2@acme.com", username="acme 0001")
    assert invitations.issue(contacts=[house, named], actor=None) == {}
