import pytest
from django.urls import reverse

from accounts.actions import add_portal_user, add_staff
from accounts.models import User
from accounts.rules.roles import Role

pytestmark = pytest.mark.django_db

PASSWORD = "three quiet words"
SIGN_IN = "/account/sign-in/"
WRONG = "That username and password do not match. Passwords are case-sensitive."


@pytest.fixture
def ada():
    return add_staff(username="ada", email="Ada@acme.com", password=PASSWORD, roles=[Role.REVIEWER])


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def who(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("name", ["ada", "ada@acme.com", "ADA@ACME.COM"])
def test_staff_sign_in_with_username_or_address(client, ada, name):
    answer = sign_in(client, name)
    assert (answer.status_code, answer["Location"], who(client)) == (
        302,
        reverse("adoption:home"),
        str(ada.pk),
    )


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "another one"), ("nobody", PASSWORD), ("nobody@acme.com", PASSWORD)],
)
def test_the_answer_never_says_which_was_wrong(client, ada, name, password):
    answer = sign_in(client, name, password)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [WRONG]
    assert who(client) is None


def test_a_customer_does_not_get_in_at_the_staff_door(client, ada):
    add_portal_user(username="carl", email="carl@customer.com", password=PASSWORD)
    answer = sign_in(client, "carl")
    assert (answer.status_code, who(client)) == (422, None)


def test_an_address_that_two_people_share_signs_nobody_in(client, ada):
    add_staff(username="eve", email="ada@acme.com", password=PASSWORD, roles=[Role.SENDER])
    assert sign_in(client, "ada@acme.com").status_code == 422
    assert sign_in(client, "ada").status_code == 302


def test_someone_who_was_deactivated_does_not_get_in(client, ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert (sign_in(client, "ada").status_code, who(client)) == (422, None)


def test_the_page_that_was_asked_for_follows_and_no_other_site(client, ada):
    assert sign_in(client, "ada", next="/jobs/")["Location"] == "/jobs/"
    client.logout()
    stranger = sign_in(client, "ada", next="https://evil.example/")
    assert stranger["Location"] == reverse("adoption:home")


def test_ten_wrong_passwords_pause_the_account(client, ada, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "ada", "another one")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert sign_in(client, "ada").status_code == 429


def test_signing_out_needs_a_post(client, ada):
    client.force_login(ada)
    assert (client.get("/account/sign-out/").status_code, who(client)) == (405, str(ada.pk))
    assert (client.post("/account/sign-out/").status_code, who(client)) == (302, None)


def test_a_new_password_needs_the_present_one_and_keeps_this_session(client, ada):
    client.force_login(ada)
    page = reverse("accounts:change_password")
    wrong = client.post(page, {"current": "another one", "new": "four quiet words now"})
    assert wrong.status_code == 422
    right = client.post(page, {"current": PASSWORD, "new": "four quiet words now"})
    ada.refresh_from_db()
    assert (right.status_code, ada.check_password("four quiet words now")) == (302, True)
    assert client.get(reverse("accounts:preferences")).status_code == 200


@pytest.mark.parametrize("new", ["short", "password12", "ada@acme.com"])
def test_a_weak_new_password_is_refused(client, ada, new):
    client.force_login(ada)
    answer = client.post(reverse("accounts:change_password"), {"current": PASSWORD, "new": new})
    ada.refresh_from_db()
    assert (answer.status_code, ada.check_password(PASSWORD)) == (422, True)


def test_a_person_chooses_colours_and_keys_for_herself_alone(client, ada):
    eve = add_staff(username="eve", email="", password=PASSWORD, roles=[Role.SENDER])
    client.force_login(ada)
    client.post(reverse("accounts:preferences"), {"theme": "dark"})
    ada.refresh_from_db()
    eve.refresh_from_db()
    assert (ada.theme, ada.single_keys) == ("dark", False)
    assert (eve.theme, eve.single_keys) == ("", True)
