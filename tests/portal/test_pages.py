"""Who sees which page, and what no page does: change data by looking, leak, run foreign script."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, Customer
from core.models import Configuration
from delivery.models import Message
from portal import urls
from portal.actions.access import send_reset_link
from portal.models import Membership, OneUseLink, PortalConfiguration, Registration
from portal.tokens import invitation_token
from tests.portal.conftest import (
    FACTS,
    PASSWORD,
    invite,
    link_in,
    make_contact,
    make_invoice,
    make_member,
    signed_in,
)

OWN_PAGES = ("account", "invoices", "people")
FOR_MEMBERS = ("home", "accounts", "sign_out", *OWN_PAGES)
FOR_STAFF = (
    "registrations",
    "registration",
    "approve_registration",
    "refuse_registration",
    "send_invitation",
    "invitation_link",
    "revoke_invitation",
)
NAMES = [pattern.name for pattern in urls.urlpatterns]


@pytest.fixture
def asked(acme):
    return Registration.objects.create(
        account_number="ACME0001", name="Noor", email="noor@acme.com", state="needs_review"
    )


@pytest.fixture
def address_of(acme, owner, asked):
    """The address of each page of the portal, with arguments that exist."""
    invited = make_contact(acme, "adam@acme.com", "Adam", "Jones")
    make_contact(acme, "carried@acme.com", username="carried")
    send_reset_link(username="carried", email="carried@acme.com")
    reset = link_in(Message.objects.get(kind="password_reset"), "/choose-").split("/")[2]
    token = invitation_token(invite(invited))
    arguments = {
        "key": Membership.objects.get(user=owner).key,
        "pk": asked.pk,
        "contact": invited.pk,
    }

    def address(name):
        pattern = next(item for item in urls.urlpatterns if item.name == name)
        wanted = pattern.pattern.converters
        given = {key: arguments[key] for key in wanted if key in arguments}
        if "token" in wanted:
            given["token"] = reset if name in {"reset", "register"} else token
        return reverse(f"portal:{name}", kwargs=given)

    return address


def database():
    """A checksum of every row of every table that looking could change."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model is Session:
            continue
        digest.update(repr(list(model._base_manager.order_by("pk").values())).encode())
    return digest.hexdigest(), Session.objects.count()


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_any_page_changes_nothing(address_of, owner, other, manager, method):
    visitors = [Client(), signed_in(owner), signed_in(other), signed_in(manager)]
    before = database()
    answers = [getattr(visitor, method)(address_of(name)) for visitor in visitors for name in NAMES]
    assert {answer.status_code for answer in answers} <= {200, 302, 403, 404, 405, 410}
    assert database() == before


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_pages_for_members_send_strangers_and_staff_to_sign_in(address_of, manager, name):
    url = address_of(name)
    for visitor in (Client(), signed_in(manager)):
        for method in ("get", "post"):
            answer = getattr(visitor, method)(url)
            if answer.status_code == 405:
                assert (name, method) == ("sign_out", "get")
                continue
            assert (answer.status_code, answer.url) == (302, f"/sign-in/?next={url}")


@pytest.mark.parametrize("name", OWN_PAGES)
def test_an_account_is_there_for_its_own_people_only(address_of, owner, other, name):
    url = address_of(name)
    assert signed_in(owner).get(url).status_code == 200
    foreign = signed_in(other).get(url)
    assert (foreign.status_code, "Acme" in foreign.content.decode()) == (404, False)
    nowhere = url.replace(url.split("/")[2], str(uuid.uuid4()))
    assert signed_in(owner).get(nowhere).status_code == 404


def test_a_colleague_of_the_same_account_has_a_key_of_his_own(acme, owner):
    colleague = make_member(make_contact(acme, "alfonso@acme.com", "Alfonso"), "alfonso")
    keys = {item.user: item.key for item in Membership.objects.all()}
    assert signed_in(colleague).get(f"/portal/{keys[colleague]}/").status_code == 200
    assert signed_in(colleague).get(f"/portal/{keys[owner]}/").status_code == 404


@pytest.mark.parametrize("key", ["0", "-1", "1", "9223372036854775808", "x", "../portal"])
def test_guessed_ids_are_no_addresses(owner, key):
    assert signed_in(owner).get(f"/portal/{key}/").status_code == 404


@pytest.mark.parametrize("change", ["customer closed", "person left"])
def test_who_has_left_or_whose_account_was_closed_sees_nothing(address_of, owner, acme, change):
    if change == "customer closed":
        Customer.objects.filter(pk=acme.pk).update(active=False)
    else:
        Contact.objects.filter(memberships__user=owner).update(active=False)
    client = signed_in(owner)
    assert [client.get(address_of(name)).status_code for name in OWN_PAGES] == [404] * 3
    page = client.get(reverse("portal:accounts"))
    assert "<h1>No account is open to you</h1>" in page.content.decode()


@pytest.mark.parametrize("name", FOR_STAFF)
def test_staff_pages_take_the_right(address_of, owner, reader, name):
    url = address_of(name)
    for visitor in (Client(), signed_in(owner)):
        answers = [visitor.get(url), visitor.post(url)]
        assert {(one.status_code, getattr(one, "url", "")) for one in answers} <= {
            (302, f"/account/sign-in/?next={url}"),
            (405, ""),
        }
        assert answers[1].status_code == 302
    assert signed_in(reader).post(url).status_code == 403


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FOR_STAFF])
def test_nothing_is_open_while_the_portal_is_off(address_of, owner, name):
    url = address_of(name)
    PortalConfiguration.objects.update(enabled=False)
    for visitor in (Client(), signed_in(owner)):
        for method in ("get", "post"):
            answer = getattr(visitor, method)(url)
            if answer.status_code == 405:
                continue
            text = answer.content.decode()
            assert (answer.status_code, "is not open yet</h1>" in text) == (404, True)
            assert "Acme" not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_page_comes_with_strict_headers_and_without_inline_script(
    address_of, owner, manager, name
):
    visitor = signed_in(manager if name in FOR_STAFF else owner)
    for client in (visitor, Client()):
        answer = client.get(address_of(name))
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "form-action 'self'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        text = answer.content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert text.count("<script") == text.count('<script src="/static/')
        if name not in FOR_STAFF and answer.status_code != 405:
            assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FOR_STAFF])
def test_a_form_without_its_token_is_refused(address_of, owner, name):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address_of(name), {}).status_code == 403


def test_every_network_may_post_so_often(portal):
    from portal.actions.limits import POSTS, take  # noqa: PLC0415 - beside its only use

    for _ in range(POSTS.count):
        take(POSTS, "127.0.0.1")
    for name in ("sign_in", "forgot_username", "forgot_password", "find_account", "ask"):
        assert Client().post(reverse(f"portal:{name}")).status_code == 429
        assert Client().get(reverse(f"portal:{name}")).status_code == 200
    assert (
        Client(REMOTE_ADDR="198.51.100.1")
        .post(reverse("portal:sign_in"), {"username": ""})
        .status_code
        == 422
    )


def test_the_home_leads_to_the_only_account_and_else_to_the_choice(owner, other, acme, harbor):
    client = signed_in(owner)
    first = Membership.objects.get(user=owner)
    assert client.get("/portal/").url == reverse("portal:account", args=[first.key])
    second = Membership.objects.create(user=owner, customer=harbor)
    assert client.get("/portal/").url == reverse("portal:accounts")
    page = client.get(reverse("portal:accounts"))
    assert [item for item, _ in page.context["rows"]] == [first, second]


def test_the_account_that_was_ticked_opens_first_next_time(owner, harbor):
    client = signed_in(owner)
    second = Membership.objects.create(user=owner, customer=harbor)
    url = reverse("portal:accounts")
    answer = client.post(url, {"account": second.key, "open_first": "on"})
    assert answer.url == reverse("portal:account", args=[second.key])
    assert client.get("/portal/").url == answer.url
    client.post(url, {"account": second.key})
    assert client.get("/portal/").url == url


def test_only_an_own_account_can_be_chosen(owner, other):
    foreign = Membership.objects.get(user=other)
    page = signed_in(owner).post(reverse("portal:accounts"), {"account": foreign.key})
    assert page.status_code == 422
    assert page.context["form"].errors == {"account": ["Choose one of your accounts"]}


def test_a_cookie_with_another_s_account_opens_nothing(owner, other, harbor):
    client = signed_in(owner)
    client.cookies["portal_first"] = str(Membership.objects.get(user=other).key)
    own = Membership.objects.get(user=owner)
    assert client.get("/portal/").url == reverse("portal:account", args=[own.key])


def test_the_account_shows_what_is_due_as_told_by_the_erp(owner, acme):
    late = timezone.localdate() - timedelta(days=34)
    make_invoice(acme, "LATE-1", issued_on=late, open_amount="60.25")
    make_invoice(acme, "PAID-1", days_ago=50)
    make_contact(acme, "house@acme.com", is_house_user=True)
    key = Membership.objects.get(user=owner).key
    page = signed_in(owner).get(reverse("portal:account", args=[key]))
    dues = page.context["dues"]
    assert (dues.open_count, str(dues.open_amount)) == (2, "160.75")
    assert (dues.late_count, str(dues.late_amount), dues.late_days) == (1, "60.25", 4)
    assert [(row.number, str(state), days) for row, state, days in page.context["rows"]] == [
        ("INV204418", "open", 0),
        ("LATE-1", "late", 4),
        ("PAID-1", "paid", 20),
    ]
    assert (page.context["people_count"], page.context["with_account"]) == (1, 1)
    assert "Pay $" not in page.content.decode()


def test_paying_leads_to_the_company_s_own_portal_where_there_is_one(owner):
    PortalConfiguration.objects.update(company_portal_url="https://pay.northfield.example/")
    key = Membership.objects.get(user=owner).key
    text = signed_in(owner).get(reverse("portal:account", args=[key])).content.decode()
    assert text.count('href="https://pay.northfield.example/"') == 2
    assert "Pay $100.50" in text


def test_invoices_and_people_are_paged_by_key(owner, acme):
    for number in range(30):
        make_invoice(acme, f"N-{number:03}", days_ago=40 + number)
        make_contact(acme, f"p{number:03}@acme.com", "Pat", f"Person{number:03}")
    client = signed_in(owner)
    key = Membership.objects.get(user=owner).key
    for name, of in (
        ("invoices", lambda page: [row.number for row, *_ in page.context["rows"]]),
        ("people", lambda page: [row.last_name for row in page.context["page"].rows]),
    ):
        url = reverse(f"portal:{name}", args=[key])
        first = client.get(url)
        second = client.get(url, {"after": first.context["page"].after})
        assert (len(of(first)), len(of(second))) == (25, 6)
        assert len({*of(first), *of(second)}) == 31
        back = client.get(url, {"before": second.context["page"].before})
        assert of(back) == of(first)


def test_the_list_of_people_leaves_out_the_house_user_and_who_has_left(owner, acme):
    make_contact(acme, "house@acme.com", "House", "User", is_house_user=True)
    make_contact(acme, "gone@acme.com", "Long", "Gone", active=False)
    make_contact(acme, "adam@acme.com", "Adam", "Jones", portal_stage="invited")
    key = Membership.objects.get(user=owner).key
    page = signed_in(owner).get(reverse("portal:people", args=[key]))
    assert [(row.name, row.has_account) for row in page.context["page"].rows] == [
        ("Adam Jones", False),
        ("Priya Raman", True),
    ]
    assert "gone@acme.com" not in page.content.decode()


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_hostile_names_are_shown_as_text(acme, manager, client, bad):
    Customer.objects.filter(pk=acme.pk).update(name=bad, city=bad)
    contact = make_contact(acme, "x@acme.com", bad[:90], bad[:90], job_title=bad)
    user = make_member(contact, "hostile")
    make_invoice(acme, bad[:60])
    Registration.objects.create(
        account_number="ACME0001", name=bad, email=bad, note=bad, state="needs_review"
    )
    invited = invite(make_contact(acme, "y@acme.com", bad[:90], ""))
    key = Membership.objects.get().key
    member, staff = signed_in(user), signed_in(manager)
    pages = [member.get(reverse(f"portal:{name}", args=[key])) for name in OWN_PAGES]
    pages += [member.get(reverse("portal:accounts")), staff.get(reverse("portal:registrations"))]
    pages.append(client.get(reverse("portal:invitation", args=[invitation_token(invited)])))
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "&lt;" in text
        assert bad not in text
        assert "<img src=x" not in text


def test_two_contacts_with_one_address_each_get_an_account(acme, harbor, client):
    one = invite(make_contact(acme, "shared@group.com", "Ann", "One"))
    two = invite(make_contact(harbor, "shared@group.com", "Ann", "One"))
    names = []
    for invitation in (one, two):
        url = reverse("portal:invitation", args=[invitation_token(invitation)])
        names.append(Client().get(url).context["form"].initial["username"])
        Client().post(url, {"username": names[-1], "password": PASSWORD})
    assert names == ["shared@group.com", "ann.one"]
    assert list(
        Membership.objects.order_by("pk").values_list("user__username", "customer__name")
    ) == [("shared@group.com", "Acme Fabrication"), ("ann.one", "Harborview Mechanical")]


def test_the_company_s_name_and_help_stand_on_the_pages(portal, client):
    text = client.get(reverse("portal:sign_in")).content.decode()
    assert Configuration.load().company_name in text
    assert 'href="tel:(555)014-2200"' in text


def test_no_link_of_another_visitor_is_used_by_finding_an_account(address_of, client):
    before = OneUseLink.objects.count()
    client.post("/find/", FACTS)
    assert OneUseLink.objects.count() == before
