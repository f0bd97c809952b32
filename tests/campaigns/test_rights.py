"""Who may send what: three people, and a portal that is or is not enabled."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from campaigns.actions.drafting import draft_campaign
from campaigns.actions.launching import launch, start_due
from campaigns.actions.launching import schedule as set_time
from campaigns.actions.rights import NotAllowedError, why_not_send
from campaigns.actions.testing import send_test
from campaigns.models import Campaign
from delivery.models import Message
from portal.models import PortalConfiguration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
EVERYBODY = {"query": ""}
POSTS = ("save", "use_template", "test", "send", "schedule", "unschedule", "discard")


def switch_off():
    PortalConfiguration.objects.update(enabled=False)


def test_both_rights_and_an_enabled_portal_are_needed_to_invite(portal_on, team):
    people = (team.sender, team.mailer, team.reader)
    enabled = [
        (why_not_send(who, "invitation") == "", why_not_send(who, "bulk") == "") for who in people
    ]
    switch_off()
    off = [
        (why_not_send(who, "invitation") == "", why_not_send(who, "bulk") == "") for who in people
    ]
    assert (enabled, off) == (
        [(True, True), (False, True), (False, False)],
        [(False, True), (False, True), (False, False)],
    )


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_the_actions_refuse_whom_the_pages_refuse(kind, portal_on, team, add_contact):
    add_contact()
    for who in (team.mailer, team.reader):
        with pytest.raises(NotAllowedError):
            draft_campaign(kind=kind, audience=EVERYBODY, actor=who)
    campaign = draft_campaign(kind=kind, audience=EVERYBODY, actor=team.sender)
    for act in (launch, lambda **given: send_test(contact=None, **given)):
        with pytest.raises(NotAllowedError):
            act(campaign=campaign, actor=team.mailer)
    switch_off()
    with pytest.raises(NotAllowedError, match="not enabled"):
        launch(campaign=campaign, actor=team.sender)
    campaign.refresh_from_db()
    assert (campaign.state, Message.objects.count()) == ("draft", 0)


def test_a_command_needs_no_person_but_an_enabled_portal(portal_on, add_contact):
    add_contact()
    switch_off()
    with pytest.raises(NotAllowedError):
        draft_campaign(kind="invitation", audience=EVERYBODY, actor=None)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("invite", "--segment", "all", "--json", stdout=out)
    assert (ended.value.code, list(json.loads(out.getvalue()))) == (2, ["error"])
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize("name", ["compose", "confirm", "preview", "preview_message"])
def test_the_composer_opens_for_the_sender_alone(name, client, portal_on, team, add_contact, draft):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    statuses = []
    for who in (team.sender, team.mailer, team.reader):
        client.force_login(who)
        headers = {"HX-Request": "true"}
        statuses.append(
            client.get(
                reverse(f"campaigns:{name}", args=[campaign.pk]), headers=headers
            ).status_code
        )
    assert statuses == [200, 403, 403]


@pytest.mark.parametrize("name", POSTS)
def test_a_post_of_who_may_not_changes_nothing(name, client, portal_on, team, add_contact, draft):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    before = Campaign.objects.values().get()
    statuses = []
    for who in (team.mailer, team.reader):
        client.force_login(who)
        answer = client.post(
            reverse(f"campaigns:{name}", args=[campaign.pk]),
            {"name": "x", "subject": "x", "body": "[CustomerPortalLink]", "expected": 1},
        )
        statuses.append(answer.status_code)
    assert (statuses, Campaign.objects.values().get()) == ([403, 403], before)


@pytest.mark.parametrize("name", ["pause", "resume", "cancel"])
def test_steering_needs_the_right_to_send(
    name, client, portal_on, team, add_contact, draft, prepare
):
    add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    client.force_login(team.reader)
    answer = client.post(reverse(f"campaigns:{name}", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert (answer.status_code, campaign.state) == (403, "sending")


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("sender", "invitation", 302),
        ("mailer", "invitation", 403),
        ("mailer", "bulk", 302),
        ("reader", "bulk", 403),
    ],
)
def test_a_selection_becomes_a_draft_only_of_who_may_send_it(
    who, kind, status, client, portal_on, team, add_contact
):
    contact = add_contact()
    client.force_login(getattr(team, who))
    answer = client.post(reverse("campaigns:new"), {"kind": kind, "id": [contact.pk]})
    assert (answer.status_code, Campaign.objects.count()) == (status, int(status == 302))


def test_no_draft_of_an_invitation_while_the_portal_is_off(client, portal_on, team, add_contact):
    contact = add_contact()
    switch_off()
    client.force_login(team.sender)
    answer = client.post(
        reverse("campaigns:new"), {"kind": "invitation", "id": [contact.pk]}, follow=False
    )
    said = [str(message) for message in answer.wsgi_request._messages]
    assert (Campaign.objects.count(), said) == (
        0,
        ["The customer portal is not enabled. An administrator can enable it in Settings."],
    )


def test_the_composer_offers_no_sending_while_the_portal_is_off(
    client, portal_on, team, add_contact, draft
):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    client.force_login(team.sender)
    url = reverse("campaigns:compose", args=[campaign.pk])
    action = f'href="{reverse("campaigns:confirm", args=[campaign.pk])}"'
    offered = [action in client.get(url).content.decode()]
    switch_off()
    page = client.get(url).content.decode()
    assert ([*offered, action in page], "The customer portal is not enabled" in page) == (
        [True, False],
        True,
    )


def test_who_lost_the_right_before_the_time_came_starts_nothing(
    portal_on, team, add_contact, draft, now
):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    set_time(campaign=campaign, start_at=now.later, actor=team.sender, now=now.at)
    team.sender.groups.clear()
    assert start_due(now=now.later) == []
    campaign.refresh_from_db()
    assert (campaign.state, Message.objects.count()) == ("overdue", 0)


def test_whose_customers_are_his_own_sees_and_reaches_no_others(
    portal_on, team, add_contact, add_customer, draft, prepare
):
    """A sales rep with both rights: the contacts of other reps are not in his audience."""
    own = add_contact(customer=add_customer("1", sales_rep=team.sender))
    add_contact(customer=add_customer("2", sales_rep=team.reader))
    team.sender.groups.clear()
    rights = {"bulk_email_contacts", "send_portal_invitation"}
    team.sender.user_permissions.set(Permission.objects.filter(codename__in=rights))
    rep = User.objects.get(pk=team.sender.pk)
    sent = prepare(draft("invitation", EVERYBODY, rep), rep)
    assert (sent.recipients, sent.left_out) == ([own.pk], {})


def test_the_admin_lets_look_and_nothing_else(portal_on, team, add_contact, draft, client):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    ada = add_staff(username="ada", email="", password="x", roles=[Role.ADMINISTRATOR])
    client.force_login(ada)
    url = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
    answers = [
        client.get(url).status_code,
        client.post(url, {"state": "sending"}).status_code,
        client.post(reverse("admin:campaigns_campaign_add"), {}).status_code,
        client.post(reverse("admin:campaigns_campaign_delete", args=[campaign.pk])).status_code,
    ]
    campaign.refresh_from_db()
    assert (answers, campaign.state) == ([200, 403, 403, 403], "draft")
