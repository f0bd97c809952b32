"""What strangers try: to learn who is known, to use a link twice, to look at another's account."""

import threading
import uuid

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.models import RateCount
from delivery.models import Message
from portal import urls
from portal.models import Invitation, Membership, OneUseLink, Registration
from portal.tokens import invitation_token
from tests.portal.conftest import (
    FACTS,
    PASSWORD,
    invite,
    link_in,
    mails,
    make_contact,
    make_member,
    signed_in,
)
from tests.portal.test_finding import PERSON, plain, shape

KEYED = [item.name for item in urls.urlpatterns if "key" in item.pattern.converters]
WRONG = "a wrong password"
# By page: what a stranger sends about somebody who is known, and about somebody who is not.
PUBLIC_FORMS = {
    "sign_in": (
        {"username": "priya", "password": WRONG},
        {"username": "wanda", "password": WRONG},
    ),
    "forgot_username": ({"email": "priya.raman@acme.com"}, {"email": "wanda.ramen@acme.com"}),
    "forgot_password": (
        {"username": "priya", "email": "priya.raman@acme.com"},
        {"username": "wanda", "email": "wanda.ramen@acme.com"},
    ),
    "find_account": (
        FACTS | {"postal_code": "99999"},
        FACTS | {"account_number": "ZZZZ-0001", "postal_code": "99999"},
    ),
    "ask": (
        {"name": "Priya Raman", "email": "priya.raman@acme.com", "account_number": "ACME0001"},
        {"name": "Wanda Ramen", "email": "wanda.ramen@acme.com", "account_number": "ZZZZ0001"},
    ),
}


ENDS = ("RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def asked(name, data):
    """The answer to a form of a stranger, the page after it, and the statements that it took.

    What he typed himself stands in his own page, so it is blanked.
    """
    RateCount.objects.all().delete()
    client = Client()
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(reverse(f"portal:{name}"), data)
    # Read now: the next request starts the log anew.
    statements = [shape(query["sql"]) for query in seen if not query["sql"].startswith(ENDS)]
    pages = [plain(answer)]
    if answer.status_code == 302:
        pages.append(plain(client.get(answer.url)))
    text = repr(pages)
    for value in data.values():
        text = text.replace(value, "TYPED")
    return text, statements


@pytest.mark.parametrize("name", PUBLIC_FORMS)
def test_every_public_form_answers_alike_for_known_and_unknown_people(owner, name):
    known, unknown = (asked(name, data) for data in PUBLIC_FORMS[name])
    assert known[0] == unknown[0]


@pytest.mark.parametrize("name", PUBLIC_FORMS)
def test_every_public_form_asks_the_database_the_same_for_known_and_unknown_people(owner, name):
    for data in PUBLIC_FORMS[name]:
        asked(name, data)  # what is learnt once, such as content types, is known from here on
    known, unknown = (asked(name, data) for data in PUBLIC_FORMS[name])
    assert known[1] == unknown[1]
    assert len(known[1]) > 8


def test_nothing_that_is_public_tells_whether_a_contact_is_registered(priya, acme):
    """The same three facts and the same name, before and after the contact has registered."""

    def way(expected):
        client = Client()
        client.post(reverse("portal:find_account"), FACTS)
        answer = client.post(reverse("portal:your_details"), PERSON)
        assert mails()[-1][0] == expected
        return plain(answer), plain(client.get(answer.url))

    before = way("registration_link")
    make_member(priya, "priya")
    RateCount.objects.all().delete()
    assert way("already_registered") == before


def accept_link(contact):
    return reverse("portal:invitation", args=[invitation_token(invite(contact))])


def reset_link():
    data = {"username": "priya", "email": "priya.raman@acme.com"}
    Client().post(reverse("portal:forgot_password"), data)
    return link_in(Message.objects.filter(kind="password_reset").latest("created_at"), "/choose-")


def register_link():
    client = Client()
    client.post(reverse("portal:find_account"), FACTS)
    client.post(reverse("portal:your_details"), PERSON)
    return link_in(Message.objects.get(kind="registration_link"), "/create/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["invitation", "registration", "reset"])
def test_a_link_that_several_use_at_the_same_moment_works_once(acme, priya, way):
    if way == "reset":
        make_member(priya, "priya")
        path = reset_link()
    else:
        path = accept_link(priya) if way == "invitation" else register_link()
    start = threading.Barrier(4)
    arrived = []

    def use(number):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        start.wait()
        try:
            data = {"username": f"user{number}", "password": f"{PASSWORD} {number}"}
            answer = client.post(path, data)
            arrived.append(answer.status_code == 302 and answer.url == reverse("portal:home"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert arrived.count(True) == 1
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


@pytest.mark.parametrize("change", ["cut", "longer", "letter case", "other row", "other version"])
def test_an_invitation_that_was_changed_opens_nothing(priya, acme, change):
    token = invitation_token(invite(priya))
    other = invitation_token(invite(make_contact(acme, "b@acme.com")))
    row, version, signature = token.split("-")
    changed = {
        "cut": token[:-1],
        "longer": f"{token}0",
        "letter case": f"{row}-{version}-{signature.upper()}",
        "other row": f"{other.split('-')[0]}-{version}-{signature}",
        "other version": f"{row}-{int(version) + 1}-{signature}",
    }[change]
    data = {"username": "mallory", "password": PASSWORD}
    url = reverse("portal:invitation", args=[changed])
    assert {Client().get(url).status_code, Client().post(url, data).status_code} == {404}
    assert User.objects.count() == 0


def test_a_token_is_good_for_its_own_purpose_only(priya, acme, client):
    registration = register_link().split("/")[2]
    make_member(make_contact(acme, "priya.two@acme.com"), "two")
    send = {"username": "two", "email": "priya.two@acme.com"}
    client.post(reverse("portal:forgot_password"), send)
    reset = link_in(Message.objects.get(kind="password_reset"), "/choose-").split("/")[2]
    invitation = invitation_token(invite(priya))
    pages = {"invitation": invitation, "register": registration, "reset": reset}
    for page, own in pages.items():
        for token in pages.values():
            status = client.get(reverse(f"portal:{page}", args=[token])).status_code
            assert (page, token, status) == (page, token, 200 if token == own else 404)


@pytest.mark.parametrize("way", ["invitation", "registration", "reset"])
def test_every_way_in_changes_the_key_of_the_session(priya, way):
    if way == "reset":
        make_member(priya, "priya")
        path = reset_link()
    else:
        path = accept_link(priya) if way == "invitation" else register_link()
    client = Client()
    client.post(reverse("portal:find_account"), FACTS | {"postal_code": "99999"})
    before = client.cookies["sessionid"].value
    client.post(path, {"username": "priya.new", "password": f"{PASSWORD} again"})
    after = client.cookies["sessionid"].value
    assert before != after
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert fixed.get(reverse("portal:accounts")).status_code == 302
    assert client.get(reverse("portal:accounts")).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", KEYED)
def test_nobody_reaches_another_customer_s_pages(owner, other, name, method):
    """Every page of an account, asked for by a user of another one: as if it were not there."""
    theirs = Membership.objects.get(user=owner)
    wanted = next(item for item in urls.urlpatterns if item.name == name).pattern.converters
    given = {"key": theirs.key, "contact": theirs.contact_id, "pk": 1}
    values = {key: given[key] for key in wanted}
    url = reverse(f"portal:{name}", kwargs=values)
    nowhere = reverse(f"portal:{name}", kwargs=values | {"key": uuid.uuid4()})
    before = state()
    foreign, missing = (getattr(signed_in(other), method)(one) for one in (url, nowhere))
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code in (404, 405)
    assert b"Acme" not in foreign.content
    assert state() == before


def state():
    return (
        list(Message.objects.values_list("pk")),
        list(Invitation.objects.values()),
        list(Registration.objects.values()),
        list(OneUseLink.objects.values()),
    )


def test_errors_come_with_the_same_strict_headers_as_pages(owner, settings):
    token = reverse("portal:invitation", args=["unknown-token"])
    strict = Client(enforce_csrf_checks=True)
    for _ in range(6):
        last = Client().post(reverse("portal:find_account"), FACTS | {"postal_code": "99999"})
    answers = {
        404: Client().get("/portal/nowhere/"),
        410: Client().get(used_link()),
        405: Client().get(reverse("portal:sign_out")),
        403: strict.post(reverse("portal:sign_in"), {}),
        429: last,
    }
    answers[4040] = Client().get(token)
    for status, answer in answers.items():
        assert answer.status_code == int(str(status)[:3])
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action"):
            assert part in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] in ("DENY", "SAMEORIGIN")


def used_link():
    path = reset_link()
    OneUseLink.objects.update(used_at=timezone.now())
    return path
