"""People who sign in: staff and portal users, told apart by kind."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """Somebody who signs in.

    The username is unique whatever its case; an email address is not: several users may share one.
    """

    class Kind(models.TextChoices):
        """Which of the two sites a person belongs to."""

        STAFF = "staff", "Staff"
        PORTAL = "portal", "Portal user"

    class Theme(models.TextChoices):
        """The colours a person prefers."""

        SYSTEM = "", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STAFF)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM, blank=True)
    single_keys = models.BooleanField("single-key shortcuts", default=True)

    objects: ClassVar = UserManager["User"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="accounts_username_any_case"),
            models.CheckConstraint(
                name="accounts_portal_users_are_no_staff",
                condition=models.Q(kind="staff") | models.Q(is_staff=False, is_superuser=False),
            ),
        ]
        indexes: ClassVar = [models.Index(Lower("email"), name="accounts_user_email")]
        permissions: ClassVar = [("manage_team", "Can manage the team and its roles")]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class AdministratorLink(models.Model):
    """A one-use link that makes its holder the first administrator; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "used" if self.used_at else "open"
