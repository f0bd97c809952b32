"""The pages of delivery: behind the links of messages, the local outbox, the suppressions."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from contacts.models import AddressFact
from core.models import AuditEntry
from delivery import tokens
from delivery.actions import outbox, sending
from delivery.models import Message, Suppression
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    make_mailing([make_contact(email="priya@acme.example")])
    sending.pump(seconds=10)
    return Message.objects.get()


@pytest.fixture
def people(db):
    """An administrator, a manager who may look but not change, a sales rep of other accounts."""

    def person(role):
        user = add_staff(
            username=role.name.lower(),
            email=f"{role.name.lower()}@northfield.example",
            password="pass",
            roles=[role],
        )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return {role: person(role) for role in (Role.ADMINISTRATOR, Role.MANAGER, Role.SALES_REP)}


def path_of(url):
    return url.partition("://")[2].partition("/")[2].join(["/", ""])


def standing():
    rows = Suppression.objects.standing().order_by("pk")
    return list(rows.values_list("address_key", "purpose", "reason"))


def test_looking_at_the_links_of_a_message_changes_nothing(client, message):
    for url in (tokens.unsubscribe_url(message.pk), tokens.wrong_person_url(message.pk)):
        for look in (client.get, client.head):
            answer = look(path_of(url))
            assert answer.status_code == 200
            assert (answer["Cache-Control"], answer["Referrer-Policy"]) == (
                "no-store",
                "same-origin",
            )
    assert standing() == []


def test_unsubscribing_stops_that_kind_of_message_and_can_be_undone(client, message):
    path = path_of(tokens.unsubscribe_url(message.pk))
    assert "no more announcements" in client.post(path).content.decode()
    assert client.post(path).status_code == 200
    assert standing() == [("priya@acme.example", "announcement", "unsubscribed")]
    client.post(path, {"undo": "1"})
    assert standing() == []


def test_one_click_of_a_mail_program_needs_no_cookie(message):
    strict = Client(enforce_csrf_checks=True)
    path = path_of(tokens.unsubscribe_url(message.pk))
    answer = strict.post(
        path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert standing() == [("priya@acme.example", "announcement", "unsubscribed")]
    assert Suppression.objects.get().note == "One click in the mail program"


def test_the_wrong_person_gets_nothing_more_and_staff_find_the_contact(message):
    path = path_of(tokens.wrong_person_url(message.pk))
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    make_mailing([message.contact], name="Next")
    assert Client().post(path).status_code == 200
    assert standing() == [("priya@acme.example", "", "manual")]
    assert AddressFact.objects.get().bounced_at is not None
    states = Message.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == ["accepted", "cancelled"]


def test_a_link_that_is_not_ours_opens_nothing(client, message):
    good = tokens.make(tokens.UNSUBSCRIBE, message.pk)
    other = tokens.make(tokens.WRONG_PERSON, message.pk)
    for token in (
        other,
        good[:-1],
        good + "0",
        good.upper(),
        f"{uuid4().hex}{good[32:]}",
        tokens.make(tokens.UNSUBSCRIBE, uuid4()),
        "x",
    ):
        assert client.post(f"/u/{token}/").status_code == 404
    assert standing() == []


def test_old_links_work_while_their_key_is_kept(client, message, settings):
    path = path_of(tokens.unsubscribe_url(message.pk))
    settings.LINK_KEY_FALLBACKS = [settings.LINK_KEY]
    settings.LINK_KEY = "a new key"
    assert client.get(path).status_code == 200
    settings.LINK_KEY_FALLBACKS = []
    assert client.get(path).status_code == 404


def test_the_links_of_tests_and_previews_do_nothing(client):
    contact = make_contact(email="priya@acme.example")
    outbox.enqueue_test(
        purpose="invitation",
        address="dana@northfield.example",
        subject="[CustomerName]",
        body="[CustomerPortalLink]",
        contact=contact,
    )
    sending.pump(seconds=10)
    row = Message.objects.get()
    assert (row.subject, row.contact) == ("Test: Acme & Sons", None)
    links = {word.strip('">') for word in row.text.split() if word.startswith("http")}
    assert links == {tokens.example_url()}
    assert client.post(path_of(tokens.example_url())).status_code == 200
    assert standing() == []


def test_only_who_may_read_the_outbox_reads_it(people, message):
    pages = [
        reverse("delivery:outbox"),
        reverse("delivery:message", args=[message.pk]),
        reverse("delivery:message_html", args=[message.pk]),
        reverse("delivery:message_file", args=[message.pk]),
    ]
    for page in pages:
        assert people[Role.ADMINISTRATOR].get(page).status_code == 200
        assert people[Role.MANAGER].get(page).status_code == 403
        assert people[Role.SALES_REP].get(page).status_code == 403
        assert Client().get(page).status_code == 302


def test_there_is_no_outbox_where_mail_leaves(people, message, settings):
    settings.USES_LOCAL_OUTBOX = False
    page = reverse("delivery:message", args=[message.pk])
    assert people[Role.ADMINISTRATOR].get(page).status_code == 404


@pytest.mark.parametrize("shape", ["html", "phone", "text", "headers", "source", "nonsense"])
def test_a_mail_can_be_looked_at_in_every_shape(people, message, shape):
    page = reverse("delivery:message", args=[message.pk])
    html = people[Role.ADMINISTRATOR].get(page, {"as": shape}).content.decode()
    assert "Acme &amp; Sons: news" in html
    assert {
        "text": "Hello Priya Raman,",
        "headers": "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "source": "Content-Transfer-Encoding: quoted-printable",
    }.get(shape, "<iframe") in html


def test_a_mail_in_its_frame_cannot_run_anything(people, message):
    answer = people[Role.ADMINISTRATOR].get(reverse("delivery:message_html", args=[message.pk]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy
    assert "allow-scripts" not in policy


def test_the_outbox_is_searched_and_paged(people):
    make_mailing([make_contact(email=f"p{n}@acme.example") for n in range(20)])
    make_mailing([make_contact(email="odd@other.example", last_name="Zander")])
    sending.pump(seconds=20)
    admin = people[Role.ADMINISTRATOR]
    first = admin.get(reverse("delivery:outbox")).context["page"]
    second = admin.get(reverse("delivery:outbox"), {"older": first.after}).context["page"]
    seen = [row.pk for row in (*first.rows, *second.rows)]
    assert (len(seen), len(set(seen)), second.after) == (21, 21, "")
    for words in ("zander", "odd@other", "Zander"):
        found = admin.get(reverse("delivery:outbox"), {"q": words}).context["page"]
        assert [row.address for row in found.rows] == ["odd@other.example"]


@pytest.mark.parametrize(
    ("outcome", "state", "html"),
    [
        ("delivered", "delivered", "unknown"),
        ("opened", "delivered", "html"),
        ("clicked", "delivered", "html"),
        ("bounced", "bounced", "unknown"),
        ("full", "bounced", "unknown"),
        ("complained", "complained", "unknown"),
        ("scanned", "accepted", "unknown"),
    ],
)
def test_an_outcome_can_be_played(people, message, outcome, state, html):
    page = reverse("delivery:play", args=[message.pk])
    assert people[Role.MANAGER].post(page, {"outcome": outcome}).status_code == 403
    assert people[Role.ADMINISTRATOR].get(page).status_code == 405
    people[Role.ADMINISTRATOR].post(page, {"outcome": outcome})
    message.refresh_from_db()
    message.contact.refresh_from_db()
    assert (message.state, message.contact.content_type) == (state, html)


def test_suppressions_are_added_and_lifted_by_who_may(people):
    admin, manager = people[Role.ADMINISTRATOR], people[Role.MANAGER]
    entry = {"address": " Walt@IronCreek.example ", "note": "Asked by phone"}
    assert manager.post(reverse("delivery:suppress"), entry).status_code == 403
    assert admin.post(reverse("delivery:suppress"), entry).status_code == 302
    admin.post(reverse("delivery:suppress"), {"address": "*@Old.example", "note": "Test system"})
    assert standing() == [
        ("walt@ironcreek.example", "", "manual"),
        ("@old.example", "", "domain"),
    ]
    pk = Suppression.objects.order_by("pk")[0].pk
    why = {"why": "repaired", "confirmed": "Walt, 22 November"}
    assert manager.post(reverse("delivery:lift", args=[pk]), why).status_code == 403
    assert admin.post(reverse("delivery:lift", args=[pk]), {"why": "repaired"}).status_code == 422
    assert admin.post(reverse("delivery:lift", args=[pk]), why).status_code == 302
    assert standing() == [("@old.example", "", "domain")]
    assert AuditEntry.objects.get(verb="lifted").facts == {
        "because": "The mailbox was created or repaired. Walt, 22 November"
    }


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example, c@d.example", "@", "@x"])
def test_what_is_no_address_cannot_be_suppressed(people, address):
    answer = people[Role.ADMINISTRATOR].post(
        reverse("delivery:suppress"), {"address": address, "note": "x"}
    )
    assert answer.status_code == 422
    assert standing() == []


def test_who_was_erased_stays_erased(people):
    entry = Suppression.objects.create(address_key="x@y.example", reason="erased")
    why = {"why": "other", "confirmed": "me"}
    people[Role.ADMINISTRATOR].post(reverse("delivery:lift", args=[entry.pk]), why)
    assert standing() == [("x@y.example", "", "erased")]


def test_a_sales_rep_sees_suppressions_of_own_contacts_only(people):
    own, other = make_contact(email="own@acme.example"), make_contact(email="other@acme.example")
    own.customer.sales_rep_email = "sales_rep@northfield.example"
    own.customer.save()
    for contact in (own, other):
        Suppression.objects.create(address_key=contact.address_key, reason="bounced")
    seen = {
        role: {entry.address_key for entry, _ in client.get("/suppressions/").context["entries"]}
        for role, client in people.items()
    }
    assert seen == {
        Role.ADMINISTRATOR: {"own@acme.example", "other@acme.example"},
        Role.MANAGER: {"own@acme.example", "other@acme.example"},
        Role.SALES_REP: {"own@acme.example"},
    }


@pytest.mark.parametrize("name", ["mailing", "message", "deliveryevent", "suppression"])
def test_the_admin_lists_every_table_and_lets_none_be_written(client, message, name):
    root = User.objects.create_superuser("root", "root@northfield.example", "pass")
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    Suppression.objects.create(address_key="x@y.example", reason="bounced")
    assert client.get(reverse(f"admin:delivery_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:delivery_{name}_add")).status_code == 403


def test_the_admin_lifts_stops_by_the_same_action(client):
    root = User.objects.create_superuser("root", "root@northfield.example", "pass")
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    bounced = Suppression.objects.create(address_key="x@y.example", reason="bounced")
    erased = Suppression.objects.create(address_key="z@y.example", reason="erased")
    chosen = {"action": "lift_stops", "_selected_action": [bounced.pk, erased.pk]}
    client.post(reverse("admin:delivery_suppression_changelist"), chosen)
    assert standing() == [("z@y.example", "", "erased")]
    assert AuditEntry.objects.filter(verb="lifted").count() == 1
