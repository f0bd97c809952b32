import re

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from onboarding.management.commands.up import Command

pytestmark = pytest.mark.django_db


def link_in(text):
    found = re.search(r"http://127\.0\.0\.1:8000(/account/first/\S+/)", text)
    return found and found[1]


def test_a_server_in_production_prints_a_link_that_makes_the_administrator(client, capsys):
    call_command("up_link")
    link = link_in(capsys.readouterr().out)
    answer = client.post(
        link, {"username": "ada", "email": "ada@acme.com", "password": "three quiet words"}
    )
    ada = User.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (ada.username, ada.is_superuser, ada.kind) == ("ada", True, User.Kind.STAFF)
    assert client.get(link).status_code == 410


def test_a_newer_link_replaces_the_older_one(client, capsys):
    call_command("up_link")
    older = link_in(capsys.readouterr().out)
    call_command("up_link")
    newer = link_in(capsys.readouterr().out)
    assert (client.get(older).status_code, client.get(newer).status_code) == (410, 200)


def test_there_is_no_link_where_there_is_an_administrator():
    add_staff(username="ada", email="", password="x", roles=[Role.ADMINISTRATOR])
    with pytest.raises(CommandError) as refusal:
        call_command("up_link")
    assert str(refusal.value).startswith("There is an administrator already")
    assert refusal.value.returncode == 2


def test_a_deactivated_administrator_is_none():
    ada = add_staff(username="ada", email="", password="x", roles=[Role.ADMINISTRATOR])
    User.objects.filter(pk=ada.pk).update(is_active=False)
    call_command("up_link")


def test_starting_greets_with_the_address_and_the_link_until_there_is_an_administrator(capsys):
    Command().greet()
    first = capsys.readouterr().out
    add_staff(username="ada", email="", password="x", roles=[Role.ADMINISTRATOR])
    Command().greet()
    assert link_in(first)
    assert (
        capsys.readouterr().out == "Onboarding is at http://127.0.0.1:8000/  (stop with Ctrl C)\n"
    )


def test_a_server_with_a_broker_is_not_started_in_one_process(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="REDIS_URL is set"):
        call_command("up")
