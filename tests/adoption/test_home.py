"""The home page and the counts behind it, from real rows."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.actions import add_portal_user, add_staff
from accounts.rules.roles import Role
from adoption import querysets
from adoption.actions import count_day
from adoption.models import DailyCount
from campaigns.models import Campaign
from contacts.actions.changes import derive_contact, derive_customer
from contacts.actions.importing import source_named
from contacts.models import Contact, Customer
from delivery.models import Mailing, Message
from delivery.rules.states import MessageState
from erp.models import WriteBackLine
from portal.models import Invitation, Membership, PortalConfiguration, Registration
from validation.actions.hearing import note_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def customer(number, **fields):
    row = Customer(numbering="erp", account_number=number, name=f"Customer {number}", **fields)
    derive_customer(row)
    row.save()
    return row


def contact(of, status="ok", **fields):
    email = fields.pop("email", f"ann@buyer{of.account_number}.example")
    row = Contact(customer=of, first_name="Ann", last_name="Miller", email=email, **fields)
    derive_contact(row)
    row.email_status = status
    row.save()
    return row


def mail(to, purpose, state, mailing=None, **fields):
    return Message.objects.create(
        purpose=purpose,
        kind=purpose,
        mailing=mailing,
        contact=to,
        address=to.email,
        address_key=to.address_key,
        state=state,
        not_before=NOW,
        **fields,
    )


def member(of, seen_at=None):
    user = add_portal_user(username=f"user{of.pk}", email=of.email, password="x")
    return Membership.objects.create(
        user=user, customer=of.customer, contact=of, last_seen_at=seen_at
    )


@pytest.fixture
def rollout():
    """Seven customers, each one step further than the one before; two that do not count."""
    customer("house", is_house_account=True)
    customer("gone", active=False)
    customer("1", promote=False)
    missing = contact(customer("2"), status="missing", email="", phone="555")
    announced = contact(customer("3"))
    mail(announced, "announcement", MessageState.DELIVERED)
    bounced = contact(customer("4"), status="bounced", portal_stage="invited")
    mail(bounced, "invitation", MessageState.BOUNCED)
    opened = contact(customer("5"), portal_stage="opened")
    mail(opened, "invitation", MessageState.DELIVERED)
    registered = contact(customer("6"), portal_stage="registered")
    mail(registered, "invitation", MessageState.ACCEPTED)
    member(registered)
    active = contact(customer("7"), portal_stage="active")
    mail(active, "invitation", MessageState.ACCEPTED)
    member(active, seen_at=NOW - timedelta(days=2))
    return missing


FUNNEL = {
    "customers": 7,
    "promoted": 6,
    "reachable": 4,
    "announced": 1,
    "invited": 4,
    "delivered": 3,
    "opened": 3,
    "registered": 2,
    "active": 1,
}


def test_each_stage_counts_customers_that_are_real_and_active(rollout):
    assert querysets.funnel_counts(NOW) == FUNNEL


def test_who_was_not_seen_for_a_quarter_is_not_active(rollout):
    later = querysets.funnel_counts(NOW + timedelta(days=querysets.ACTIVE_DAYS))
    assert (later["registered"], later["active"]) == (2, 0)


def test_the_command_answers_with_one_object(rollout):
    mail(rollout, "bulk", MessageState.ACCEPTED, mailing=None)
    Message.objects.create(
        purpose="bulk", kind="test", address="sam@ours.example", address_key="x", not_before=NOW
    )
    Invitation.objects.create(contact=rollout, state="pending", expires_at=NOW)
    out = StringIO()
    call_command("counts", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    now = querysets.funnel_counts(timezone.now())
    assert answer == {
        "funnel": now,
        "contacts": {"bounced": 1, "missing": 1, "ok": 4},
        "messages": {"accepted": 3, "bounced": 1, "delivered": 2},
        "invitations": {"pending": 1},
        "write_back": {},
        "imports": {},
    }
    assert list(answer["funnel"]) == list(FUNNEL)


def test_the_command_tells_people_the_same(rollout):
    out = StringIO()
    call_command("counts", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[:4] == [
        "29% of customers have registered",
        "",
        "Customers            7",
        "Promoted             6  86% of the step before",
    ]


def test_the_day_is_counted_once_however_often(rollout):
    count_day(now=NOW)
    customer("8")
    figures = count_day(now=NOW)
    stored = dict(DailyCount.objects.filter(day=NOW.date()).values_list("name", "value"))
    assert (stored, figures["customers"]) == (figures, 8)
    assert {name: figures[name] for name in ("quality", "contacts_ready", "contacts")} == {
        "quality": 67,
        "contacts_ready": 4,
        "contacts": 6,
    }


def test_registered_customers_are_counted_by_their_first_member_at_the_end_of_each_day(rollout):
    first, second = Membership.objects.order_by("pk")
    Membership.objects.filter(pk=first.pk).update(created_at=datetime(2026, 11, 1, 9, tzinfo=UTC))
    Membership.objects.filter(pk=second.pk).update(created_at=datetime(2026, 11, 8, 9, tzinfo=UTC))
    user = add_portal_user(username="colleague", email="", password="x")
    Membership.objects.create(user=user, customer=first.customer)
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 7), date(2026, 11, 8)]
    assert querysets.registered_by_day(days) == list(zip(days, (0, 1, 1, 2), strict=True))
    assert querysets.first_registered_on() == date(2026, 11, 1)


@pytest.fixture
def people():
    def person(username, *roles):
        return add_staff(
            username=username, email=f"{username}@ours.example", password="x", roles=roles
        )

    return {
        "manager": person("mara", Role.MANAGER),
        "reviewer": person("rita", Role.REVIEWER),
        "reader": person("ron", Role.READ_ONLY),
    }


def home(client, who):
    client.force_login(who)
    return client.get(reverse("adoption:home"))


def test_the_headline_says_how_far_the_roll_out_is(client, people, rollout):
    page = home(client, people["manager"])
    assert page.context["headline"] == "29% of customers have registered"
    assert {row.step.stage.value: row.step.count for row in page.context["rows"]} == FUNNEL


def test_needs_attention_shows_only_what_one_may_act_on(client, people, rollout):
    PortalConfiguration.objects.update_or_create(pk=1, defaults={"enabled": True})
    Registration.objects.create(name="Kim", email="kim@x.example", state="needs_review")
    ready = contact(customer("9"))
    WriteBackLine.objects.create(
        contact=ready,
        field="email",
        old="a@b.example",
        new="c@d.example",
        source=source_named(name="erp"),
    )
    shown = {
        name: [item["line"].title for item in home(client, who).context["attention"]]
        for name, who in people.items()
    }
    assert shown == {
        "manager": [
            "1 fix not yet in the ERP",
            "1 customer asks to join an account",
            "2 contacts are ready to invite",
        ],
        "reviewer": ["1 fix not yet in the ERP"],
        "reader": [],
    }


def test_nobody_is_asked_to_invite_while_the_portal_is_off(client, people, rollout):
    contact(customer("9"))
    titles = [item["line"].title for item in home(client, people["manager"]).context["attention"]]
    assert titles == []


def test_the_latest_messages_count_from_their_rows(client, people, rollout):
    mailing = Mailing.objects.create(
        purpose="invitation", name="w", subject="s", body="b", sender_email="a@b.example"
    )
    campaign = Campaign.objects.create(
        kind="invitation",
        name="Portal invitation, wave 1",
        mailing=mailing,
        state="sending",
        started_at=timezone.now() - timedelta(hours=1),
    )
    registered, other = Membership.objects.first().contact, rollout
    mail(registered, "invitation", MessageState.DELIVERED, mailing=mailing)
    mail(other, "invitation", MessageState.QUEUED, mailing=mailing)
    row = home(client, people["manager"]).context["campaigns"][0]
    assert (row, row.total, row.sent, row.delivered_percent, row.registered) == (
        campaign,
        2,
        1,
        100,
        1,
    )


@pytest.mark.parametrize(("period", "points"), [("12", 13), ("52", 53), ("all", 13), ("x", 13)])
def test_the_chart_shows_the_period_that_was_asked_for(period, points, client, people, rollout):
    client.force_login(people["reader"])
    page = client.get(reverse("adoption:home"), {"period": period})
    assert len(page.context["trend"]["points"]) == points


def test_a_new_installation_is_greeted_with_the_first_steps(client, people):
    page = home(client, people["reader"])
    assert page.templates[0].name == "adoption/welcome.html"
    assert [(step.title, step.done) for step, _ in page.context["steps"]] == [
        ("First administrator", True),
        ("Database and worker", True),
        ("Company name and postal address", False),
        ("Sender", False),
        ("Your own email domains", False),
        ("Customer portal", False),
        ("Your team", True),
    ]
    assert [url for _, url in page.context["steps"]] == [""] * 7


def test_an_administrator_finds_the_way_to_each_first_step(client):
    ada = add_staff(username="ada", email="", password="x", roles=[Role.ADMINISTRATOR])
    urls = {step.title: url for step, url in home(client, ada).context["steps"] if url}
    assert urls == {
        "Company name and postal address": reverse("admin:core_configuration_change", args=[1]),
        "Sender": reverse("admin:core_configuration_change", args=[1]),
        "Your own email domains": reverse("admin:core_configuration_change", args=[1]),
        "Customer portal": reverse("admin:portal_portalconfiguration_change", args=[1]),
        "Your team": reverse("admin:accounts_user_changelist"),
    }


def test_the_home_page_asks_the_database_a_fixed_number_of_times(
    client, people, rollout, django_assert_max_num_queries
):
    for n in range(20, 30):
        contact(customer(str(n)))
    client.force_login(people["manager"])
    with django_assert_max_num_queries(50):
        client.get(reverse("adoption:home"))


def test_trouble_with_dns_is_the_first_thing_that_needs_attention(client, people, rollout):
    note_server(name="10.0.0.1:53", trouble="The name server 10.0.0.1:53 does not answer.")
    titles = {
        name: [item["line"].title for item in home(client, who).context["attention"]][:1]
        for name, who in people.items()
    }
    assert set(map(tuple, titles.values())) == {("Mail domains cannot be looked up",)}


def test_dns_that_was_switched_off_on_purpose_needs_no_attention(client, people, rollout):
    note_server(name="off", trouble="DNS is switched off.")
    titles = [item["line"].title for item in home(client, people["reader"]).context["attention"]]
    assert titles == []


def test_the_quality_page_tells_score_reps_and_trend(client, people, rollout):
    Customer.objects.filter(account_number="2").update(sales_rep_name="Julie Tran")
    today = timezone.localdate()
    DailyCount.objects.create(day=today - timedelta(days=8), name="quality", value=40)
    client.force_login(people["reader"])
    context = client.get(reverse("adoption:quality")).context
    groups = [(group.name, group.ready, group.everybody) for group in context["reps"]]
    assert (context["score"], context["ready"], context["everybody"]) == (67, 4, 6)
    assert (context["customers_ready"], context["customers"]) == (4, 7)
    assert groups == [("", 4, 5), ("Julie Tran", 0, 1)]
    assert (context["gained"], len(context["points"]), context["points"][0][1]) == (27, 9, 40)


def test_the_quality_page_is_for_those_who_see_all_contacts(client, people):
    rep = add_staff(username="rep", email="rep@ours.example", password="x", roles=(Role.SALES_REP,))
    answers = []
    for who in (people["reader"], rep):
        client.force_login(who)
        answers.append(client.get(reverse("adoption:quality")).status_code)
    client.logout()
    answers.append(client.get(reverse("adoption:quality")).status_code)
    assert answers == [200, 403, 302]


def test_a_stranger_is_sent_to_sign_in(client, rollout):
    answer = client.get(reverse("adoption:home"))
    assert (answer.status_code, answer.url) == (302, f"{reverse('accounts:sign_in')}?next=/")
