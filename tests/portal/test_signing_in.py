"""Sign in and out; usernames and passwords that were forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from delivery.models import Message
from portal.models import Membership, OneUseLink, PortalConfiguration
from tests.portal.conftest import (
    PASSWORD,
    link_in,
    mails,
    make_contact,
    make_member,
    signed_in,
)
from tests.portal.test_finding import plain

SIGN_IN = "/sign-in/"
NEW = "four calm harbours"


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def reset_path(username="priya", email="priya.raman@acme.com"):
    Client().post(reverse("portal:forgot_password"), {"username": username, "email": email})
    return link_in(Message.objects.filter(kind="password_reset").latest("created_at"), "/choose-")


@pytest.mark.parametrize(
    "typed", ["priya", "PRIYA", " priya ", "priya.raman@acme.com", "Priya.Raman@ACME.com"]
)
def test_a_username_in_any_case_or_the_address_signs_in(client, owner, typed):
    answer = sign_in(client, typed)
    assert (answer.status_code, answer.url) == (302, reverse("portal:home"))
    assert get_user(client) == owner
    assert Contact.objects.get(memberships__user=owner).portal_stage == "active"
    assert Membership.objects.get().last_seen_at is not None


def test_an_address_of_two_users_signs_neither_in_but_their_usernames_do(client, owner, harbor):
    twin = make_contact(harbor, "priya.raman@acme.com")
    second = make_member(twin, "priya2", "another long password")
    assert sign_in(client, "priya.raman@acme.com").status_code == 422
    assert sign_in(Client(), "priya").status_code == 302
    assert sign_in(client, "priya2", "another long password").status_code == 302
    assert get_user(client) == second


def test_wrong_names_and_wrong_passwords_get_one_answer(owner, manager, acme):
    make_contact(acme, "carried@acme.com", username="carried")
    gone = make_member(make_contact(acme, "gone@acme.com"), "gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    tries = {
        "wrong password": ("someone1", "wrong password 1"),
        "unknown user": ("someone1", PASSWORD),
        "staff with the right password": ("dana", PASSWORD),
        "not registered": ("carried", PASSWORD),
        "closed": ("gone", PASSWORD),
        "house": ("ACME0001", PASSWORD),
    }
    tries["known user"] = ("priya", "wrong password 1")
    answers = {}
    for name, (username, password) in tries.items():
        status, headers, body = plain(sign_in(Client(), username, password))
        headers.pop("Content-Length")  # it counts the username, which stays in its field
        answers[name] = (status, headers, body.replace(f'value="{username}"', 'value="X"'))
    assert answers["unknown user"][0] == 422
    assert {name for name, got in answers.items() if got != answers["unknown user"]} == set()


def test_the_session_key_changes_on_sign_in_and_the_old_one_is_worth_nothing(client, owner):
    client.post("/find/", {"account_number": "X1", "postal_code": "78701", "invoice_number": "1"})
    before = client.session.session_key
    sign_in(client, "priya")
    assert client.session.session_key != before
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert fixed.get(reverse("portal:accounts")).status_code == 302
    assert not get_user(fixed).is_authenticated


def test_ten_wrong_tries_pause_a_username_on_one_connection_only(client, owner):
    codes = [sign_in(client, "priya", "wrong").status_code for _ in range(10)]
    assert codes[:9] == [422] * 9
    locked = sign_in(client, "priya")
    assert locked.status_code == 429
    assert "<h1>Too many tries</h1>" in locked.content.decode()
    assert sign_in(Client(REMOTE_ADDR="198.51.100.9"), "priya").status_code == 302


def test_the_address_counts_as_the_username_so_that_changing_between_them_gains_nothing(
    client, owner
):
    for number in range(10):
        sign_in(client, ("priya", "PRIYA", "priya.raman@acme.com")[number % 3], "wrong")
    assert sign_in(client, "priya.raman@acme.com").status_code == 429


def test_going_through_usernames_is_stopped_for_the_connection(owner):
    codes = [sign_in(Client(), f"user{number}", "wrong").status_code for number in range(61)]
    assert codes == [422] * 60 + [429]
    assert sign_in(Client(), "priya").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="198.51.100.9"), "priya").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/portal/accounts/", "/portal/accounts/"),
        ("https://evil.example/", "/portal/"),
        ("//evil.example/", "/portal/"),
        ("/\\evil.example", "/portal/"),
        ("javascript:alert(1)", "/portal/"),
        ("", "/portal/"),
    ],
)
def test_sign_in_leads_to_pages_of_this_site_only(client, owner, wanted, leads_to):
    assert sign_in(client, "priya", next=wanted).url == leads_to
    assert client.get(SIGN_IN, {"next": wanted}).url == leads_to


def test_signing_out_takes_a_post_and_ends_the_session(owner):
    client = signed_in(owner)
    out = reverse("portal:sign_out")
    assert client.get(out).status_code == 405
    assert get_user(client) == owner
    assert client.post(out).url == reverse("portal:sign_in")
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize(
    ("url", "known", "unknown"),
    [
        (
            "portal:forgot_username",
            {"email": "priya.raman@acme.com"},
            {"email": "nobody@acme.com"},
        ),
        (
            "portal:forgot_password",
            {"username": "priya", "email": "priya.raman@acme.com"},
            {"username": "priya", "email": "nobody@acme.com"},
        ),
        (
            "portal:forgot_password",
            {"username": "priya", "email": "priya.raman@acme.com"},
            {"username": "nobody", "email": "priya.raman@acme.com"},
        ),
    ],
)
def test_known_and_unknown_people_get_one_answer(owner, url, known, unknown):
    def ask(data):
        client = Client()
        answer = client.post(reverse(url), data)
        return plain(answer), plain(client.get(answer.url))

    before = mails()
    first, second = ask(known), ask(unknown)
    assert first == second
    assert first[0][0] == 302
    assert len(mails()) == len(before) + 1


def test_known_and_unknown_people_cost_nearly_the_same_questions(owner):
    def cost(name, data):
        with CaptureQueriesContext(connection) as seen:
            Client().post(reverse(name), data)
        return len(seen)

    known = {"username": "priya", "email": "priya.raman@acme.com"}
    unknown = {"username": "nobody", "email": "nobody@acme.com"}
    for name in ("portal:forgot_password", "portal:forgot_username"):
        assert cost(name, known) > 15
        assert abs(cost(name, known) - cost(name, unknown)) <= 3


def test_a_username_reminder_names_the_one_used_last(owner, acme):
    second = make_member(make_contact(acme, "priya.raman@acme.com"), "priya.second")
    User.objects.filter(pk=second.pk).update(last_login=timezone.now() + timedelta(hours=1))
    Client().post(reverse("portal:forgot_username"), {"email": "PRIYA.raman@acme.com"})
    message = Message.objects.get(kind="username")
    assert "Your username is priya.second" in " ".join(message.text.split())


def test_a_username_reminder_can_name_all(owner, acme, portal):
    make_member(make_contact(acme, "priya.raman@acme.com"), "priya.second")
    PortalConfiguration.objects.update(username_reminder="all")
    Client().post(reverse("portal:forgot_username"), {"email": "priya.raman@acme.com"})
    text = " ".join(Message.objects.get(kind="username").text.split())
    assert "Your usernames are " in text
    assert {name for name in ("priya", "priya.second") if name in text} == {"priya", "priya.second"}


def test_a_username_that_was_carried_over_is_named_too(acme):
    make_contact(acme, "carried@acme.com", username="carried")
    Client().post(reverse("portal:forgot_username"), {"email": "carried@acme.com"})
    assert "carried" in Message.objects.get(kind="username").text


@pytest.mark.parametrize(
    "house", [{"is_house_user": True, "username": "boss"}, {"username": "acme-0001"}]
)
def test_house_users_are_never_named_and_never_mailed(acme, house):
    make_contact(acme, "house@acme.com", **house)
    Client().post(reverse("portal:forgot_username"), {"email": "house@acme.com"})
    Client().post(
        reverse("portal:forgot_password"),
        {"username": house["username"], "email": "house@acme.com"},
    )
    assert mails() == []


def test_reminders_and_resets_are_limited_for_each_address(owner):
    for _ in range(5):
        Client().post(reverse("portal:forgot_username"), {"email": "priya.raman@acme.com"})
        reset_path()
    kinds = [kind for kind, _ in mails() if kind != "welcome"]
    assert (kinds.count("username"), kinds.count("password_reset")) == (3, 3)


def test_a_reset_signs_in_signs_others_out_and_tells_the_user(owner):
    elsewhere = signed_in(owner)
    path = reset_path()
    client = Client()
    page = client.get(path).content.decode()
    assert "<h1>Choose a new password</h1>" in page
    answer = client.post(path, {"password": NEW})
    assert answer.url == reverse("portal:home")
    assert get_user(client) == owner
    assert not get_user(elsewhere).is_authenticated
    assert mails(kind="password_changed") == [("password_changed", "priya.raman@acme.com")]
    assert sign_in(Client(), "priya").status_code == 422
    assert sign_in(Client(), "priya", NEW).status_code == 302
    assert not Message.objects.filter(text__contains=NEW).exists()
    assert not Message.objects.filter(html__contains=NEW).exists()


def test_a_reset_link_works_once_and_its_sisters_die_with_it(owner):
    first, second = reset_path(), reset_path()
    assert Client().post(first, {"password": NEW}).status_code == 302
    for path in (first, second):
        answer = Client().post(path, {"password": "yet another password"})
        assert answer.status_code == 410
        assert "<h1>This link was used</h1>" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_a_reset_link_lives_two_hours(owner):
    path = reset_path()
    link = OneUseLink.objects.get()
    assert timedelta(minutes=119) < link.expires_at - timezone.now() <= timedelta(hours=2)
    OneUseLink.objects.update(expires_at=timezone.now())
    answer = Client().post(path, {"password": NEW})
    assert (answer.status_code, "for 2 hours" in answer.content.decode()) == (410, True)
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_the_life_of_a_reset_link_is_configurable(owner):
    PortalConfiguration.objects.update(reset_minutes=30)
    reset_path()
    assert OneUseLink.objects.get().expires_at - timezone.now() <= timedelta(minutes=30)
    assert "30 minutes" in Message.objects.get(kind="password_reset").text


def test_a_reset_link_is_kept_as_a_hash_only(owner):
    token = reset_path().split("/")[2]
    link = OneUseLink.objects.get()
    assert (len(token), len(link.token_hash)) == (43, 64)
    assert token not in str(link.__dict__)


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: f"{t}A", lambda t: t.swapcase()])
def test_a_reset_link_that_was_changed_opens_nothing(owner, change):
    token = reset_path().split("/")[2]
    path = reverse("portal:reset", args=[change(token)])
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": NEW}).status_code == 404


def test_a_link_of_another_purpose_opens_nothing(owner, priya):
    token = reset_path().split("/")[2]
    assert Client().get(reverse("portal:register", args=[token])).status_code == 404
    answer = Client().post(
        reverse("portal:register", args=[token]), {"username": "x12", "password": NEW}
    )
    assert (answer.status_code, User.objects.count()) == (404, 1)


def test_a_closed_user_has_no_use_for_a_reset_link(owner):
    path = reset_path()
    User.objects.filter(pk=owner.pk).update(is_active=False)
    answer = Client().post(path, {"password": NEW})
    assert (answer.status_code, "withdrawn" in answer.content.decode()) == (410, True)


def test_a_contact_whose_username_was_carried_over_chooses_the_first_password(acme):
    contact = make_contact(acme, "carried@acme.com", username="Carried")
    path = reset_path("carried", "carried@acme.com")
    client = Client()
    assert "<h1>Choose a password</h1>" in client.get(path).content.decode()
    answer = client.post(path, {"password": NEW})
    user = User.objects.get()
    assert (answer.url, user.username, get_user(client)) == (
        reverse("portal:home"),
        "Carried",
        user,
    )
    assert Membership.objects.get().contact == contact


def test_a_carried_over_username_that_somebody_took_meanwhile_is_not_given_away(acme, other):
    make_contact(acme, "carried@acme.com", username="newname")
    path = reset_path("newname", "carried@acme.com")
    User.objects.filter(pk=other.pk).update(username="NEWNAME")
    answer = Client().post(path, {"password": NEW})
    assert (answer.status_code, User.objects.count()) == (409, 1)
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_staff_passwords_are_never_reset_here(manager):
    Client().post(
        reverse("portal:forgot_password"),
        {"username": "dana", "email": "dana@northfield.example"},
    )
    Client().post(reverse("portal:forgot_username"), {"email": "dana@northfield.example"})
    assert (mails(), OneUseLink.objects.count()) == ([], 0)


def test_an_unknown_person_leaves_nothing_behind(portal):
    reset = {"username": "nobody", "email": "nobody@acme.com"}
    Client().post(reverse("portal:forgot_password"), reset)
    Client().post(reverse("portal:forgot_username"), {"email": "nobody@acme.com"})
    assert (Message.objects.count(), OneUseLink.objects.count()) == (0, 0)


def test_usernames_are_unique_whatever_their_case(owner, acme):
    from accounts.actions import UsernameTakenError  # noqa: PLC0415 - beside its only use

    with pytest.raises(UsernameTakenError):
        make_member(make_contact(acme, "second@acme.com"), "PRIYA")
