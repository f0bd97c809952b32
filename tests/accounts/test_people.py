import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import actions
from accounts.models import AdministratorLink, User
from accounts.rules.roles import RIGHTS, Role
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def person(username, *roles):
    return actions.add_staff(username=username, email="", password="pass", roles=roles)


def test_every_right_of_the_table_exists():
    known = {
        f"{item.content_type.app_label}.{item.codename}"
        for item in Permission.objects.select_related("content_type")
    }
    assert {name for rights in RIGHTS.values() for name in rights} - known == set()


def test_roles_get_exactly_the_rights_of_the_table():
    group = Group.objects.get(name=Role.READ_ONLY)
    group.permissions.set(Permission.objects.filter(codename="add_user"))
    assert actions.sync_roles() == {role.value: len(rights) for role, rights in RIGHTS.items()}
    held = {f"{item.content_type.app_label}.{item.codename}" for item in group.permissions.all()}
    assert held == set(RIGHTS[Role.READ_ONLY])


def test_an_administrator_has_every_right_and_a_reader_the_table_s():
    ada, ron = person("ada", Role.ADMINISTRATOR), person("ron", Role.READ_ONLY)
    assert (ada.has_perm("erp.add_import"), ron.has_perm("erp.add_import")) == (True, False)
    assert ron.has_perm("contacts.view_contact")


def test_a_username_is_taken_whatever_its_case():
    person("ada")
    with pytest.raises(actions.UsernameTakenError):
        person("ADA")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(username="Ada")


def test_the_database_refuses_a_portal_user_who_is_staff():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(username="carl", kind=User.Kind.PORTAL, is_staff=True)


def test_only_the_hash_of_an_administrator_link_is_kept():
    token = actions.make_administrator_link()
    assert token not in AdministratorLink.objects.get().token_hash
    assert actions.administrator_link_is_open(token)


def test_roles_follow_what_was_ticked_and_are_on_record():
    boss, eve = person("boss", Role.ADMINISTRATOR), person("eve", Role.SENDER)
    actions.set_roles(person=eve, groups=Group.objects.filter(name=Role.ADMINISTRATOR), actor=boss)
    eve.refresh_from_db()
    entry = AuditEntry.objects.get(verb="changed the roles of")
    assert eve.is_superuser
    assert (entry.actor_name, entry.label, entry.facts) == (
        "boss",
        "eve",
        {"had": ["Sender"], "has": ["Administrator"]},
    )


def test_the_last_administrator_stays_one():
    boss = person("boss", Role.ADMINISTRATOR)
    with pytest.raises(actions.LastAdministratorError):
        actions.set_roles(person=boss, groups=Group.objects.none(), actor=boss)
    boss.is_active = False
    with pytest.raises(actions.LastAdministratorError):
        actions.save_person(person=boss, actor=boss, changed=["is_active"])


def fields_of(user, **changed):
    given = {"username": user.username, "first_name": "", "last_name": "", "email": ""}
    given |= {"is_active": "on", "groups": [group.pk for group in user.groups.all()]}
    return {name: value for name, value in (given | changed).items() if value is not None}


def test_the_admin_adds_people_as_the_actions_do(client):
    boss = person("boss", Role.ADMINISTRATOR)
    client.force_login(boss)
    answer = client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "eve",
            "email": "eve@acme.com",
            "usable_password": "true",
            "password1": "three quiet words",
            "password2": "three quiet words",
        },
    )
    eve = User.objects.get(username="eve")
    entry = AuditEntry.objects.get(entity_id=eve.pk)
    assert (answer.status_code, eve.kind, eve.is_staff) == (302, User.Kind.STAFF, True)
    assert (entry.actor_name, entry.verb) == ("boss", "added")


def test_the_admin_gives_roles_and_refuses_to_lose_the_last_administrator(client):
    boss, eve = person("boss", Role.ADMINISTRATOR), person("eve", Role.SENDER)
    client.force_login(boss)
    page = "admin:accounts_user_change"
    manager = Group.objects.get(name=Role.MANAGER)
    client.post(reverse(page, args=[eve.pk]), fields_of(eve, groups=[manager.pk]))
    refused = client.post(reverse(page, args=[boss.pk]), fields_of(boss, is_active=None))
    boss.refresh_from_db()
    assert list(eve.groups.values_list("name", flat=True)) == [Role.MANAGER]
    assert (refused.status_code, boss.is_active) == (200, True)
    assert "This is the last administrator" in refused.content.decode()


def test_nobody_removes_people_or_changes_roles_in_the_admin(client):
    boss = person("boss", Role.ADMINISTRATOR)
    client.force_login(boss)
    group = Group.objects.get(name=Role.SENDER)
    assert client.post(reverse("admin:accounts_user_delete", args=[boss.pk])).status_code == 403
    assert client.post(reverse("admin:auth_group_change", args=[group.pk])).status_code == 403
