"""Selections of people."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


def administrators() -> "QuerySet[User]":
    """This will keep the people who may do everything and can sign in."""
    return get_user_model().objects.filter(is_superuser=True, is_active=True)
