"""Ctrl K finds people, firms and problems, each for those who may see them."""

import re

import pytest

from accounts.rules.roles import Role
from tests.desk.conftest import signed_in, staff

pytestmark = pytest.mark.django_db


def found(user, words):
    answer = signed_in(user).get("/anywhere/", {"q": words})
    assert answer.status_code == 200
    return re.findall(r"<b>(.*?)</b>", answer.content.decode())


def test_it_finds_a_contact_by_name_and_address_and_a_customer_by_number(manager, people, acme):
    assert found(manager, "adam jon") == ["Adam Jones"]
    assert found(manager, people["adam"].email) == ["Adam Jones"]
    assert found(manager, acme.account_number)[-1] == acme.name


def test_too_few_letters_find_nobody(manager, people):
    assert found(manager, "ad") == []
    assert found(manager, "") == []


def test_a_rep_finds_one_s_own_accounts_only(rep, other_rep, people, acme):
    assert found(rep, "adam jon") == ["Adam Jones"]
    assert found(other_rep, "adam jon") == []
    assert found(other_rep, acme.account_number) == []


def test_problems_are_found_by_those_who_review(db, people):
    from contacts.models import Contact  # noqa: PLC0415 - beside its only use
    from validation.actions.checking import check_contacts  # noqa: PLC0415 - beside its only use

    check_contacts(contact_ids=list(Contact.objects.values_list("pk", flat=True)))
    pages = {
        role: signed_in(staff(f"a-{role}", role))
        .get("/anywhere/", {"q": "review"})
        .content.decode()
        for role in (Role.REVIEWER, Role.READ_ONLY)
    }
    assert "Review: " in pages[Role.REVIEWER]
    assert "Review: " not in pages[Role.READ_ONLY]
