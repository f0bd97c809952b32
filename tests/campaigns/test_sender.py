"""The sender's domain is looked at through a real name server, and shown."""

import pytest
from django.urls import reverse

from campaigns.actions.preflight import check_sender, look_again
from campaigns.models import SenderCheck
from core.models import Configuration
from onboarding.sample_dns import SampleDns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]


@pytest.fixture
def name_server(tmp_path, settings):
    """Start a name server with a few domains."""
    table = tmp_path / "dns.csv"
    table.write_text(
        "domain,outcome\nnorthfield.example,sender\nnorthfield-supply.com,sender\n"
        "_dmarc.northfield-supply.com,dmarc\nk1._domainkey.northfield-supply.com,dkim\n"
        "slow-supply.com,servfail\n"
    )
    server = SampleDns(table)
    server.start()
    settings.DNS_SERVER = server.socket.getsockname()
    yield server
    server.stop()


def send_from(address):
    Configuration.objects.update(sender_email=address)


def grades():
    return {check["name"]: check["grade"] for check in SenderCheck.load().checks}


def test_a_good_sender_is_ready(name_server, team):
    send_from("portal@northfield-supply.com")
    look_again(selector="k1", actor=team.sender)
    assert SenderCheck.load().is_looking
    row = check_sender()
    assert (row.grade, row.trouble, row.is_looking) == ("good", "", False)
    assert grades() == dict.fromkeys(("Sender", "SPF", "DKIM", "DMARC"), "good")


def test_a_name_server_that_fails_makes_no_sender_bad(name_server):
    send_from("portal@slow-supply.com")
    check_sender()
    assert (grades()["SPF"], SenderCheck.load().grade) == ("unknown", "bad")


def test_without_dns_the_page_says_so(settings, client, team):
    settings.DNS_SERVER = ("off", 53)
    send_from("portal@northfield-supply.com")
    row = check_sender()
    client.force_login(team.reader)
    page = client.get(reverse("campaigns:sender")).content.decode()
    assert (row.grade, row.trouble in page) == ("unknown", True)


def test_only_who_may_change_the_configuration_has_it_looked_at_again(
    team, client, django_user_model
):
    boss = django_user_model.objects.create_superuser("boss", "b@northfield.example", "pass")
    url = reverse("campaigns:check_sender")
    answers = []
    for who in (team.reader, team.sender, boss):
        client.force_login(who)
        answers.append(client.post(url, {"selector": "k1"}).status_code)
    assert (answers, SenderCheck.load().selector) == ([403, 403, 302], "k1")


def test_a_selector_that_is_none_is_refused(client, django_user_model):
    boss = django_user_model.objects.create_superuser("boss", "b@northfield.example", "pass")
    client.force_login(boss)
    answer = client.post(reverse("campaigns:check_sender"), {"selector": "k1 or so"})
    assert answer.status_code == 422
    assert "Letters, digits, dots and dashes only" in answer.content.decode()


def test_the_composer_warns_of_a_bad_sender(name_server, client, team, draft, add_contact):
    add_contact()
    campaign = draft("bulk", {"query": ""}, team.sender)
    client.force_login(team.sender)
    url = reverse("campaigns:compose", args=[campaign.pk])
    send_from("portal@nothing-there.com")
    check_sender()
    assert (
        "Mailbox providers may refuse mail from nothing-there.com"
        in client.get(url).content.decode()
    )
    send_from("portal@northfield-supply.com")
    look_again(selector="k1", actor=None)
    check_sender()
    assert "may refuse mail" not in client.get(url).content.decode()
