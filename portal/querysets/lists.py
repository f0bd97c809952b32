"""Selections of invitations, registrations, memberships and links."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from portal.rules.states import LIVE, LinkPurpose, RegistrationState

if TYPE_CHECKING:
    from portal.models import (  # noqa: F401 - for the types only
        Invitation,
        Membership,
        OneUseLink,
        Registration,
    )


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Named lists of invitations."""

    def live(self) -> Self:
        """This will keep invitations that have been neither accepted nor revoked."""
        return self.filter(state__in=LIVE)

    def usable(self, now: datetime) -> Self:
        """This will keep live invitations that have not run out."""
        return self.live().filter(expires_at__gt=now)

    def with_people(self) -> Self:
        """This will read the contact and the account along."""
        return self.select_related("contact__customer")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Named lists of registrations."""

    def waiting(self) -> Self:
        """This will keep registrations that staff must decide about."""
        return self.filter(state=RegistrationState.NEEDS_REVIEW)

    def decided(self) -> Self:
        """This will keep registrations that staff have decided about."""
        return self.filter(decided_at__isnull=False)

    def oldest_first(self) -> Self:
        """This will put what has waited longest first."""
        return self.order_by("created_at", "pk")

    def newest_first(self) -> Self:
        """This will put the newest first."""
        return self.order_by("-created_at", "-pk")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Named lists of memberships."""

    def of(self, user: User) -> Self:
        """This will keep the accounts a portal user may see: active, and he is still there."""
        return self.standing().filter(user=user).select_related("customer", "contact")

    def standing(self) -> Self:
        """This will leave out closed accounts and people who have left."""
        return self.filter(customer__active=True).exclude(contact__active=False)

    def by_name(self) -> Self:
        """This will put accounts in the order of their names."""
        return self.order_by("customer__name", "customer__account_number", "pk")


class OneUseLinkQuerySet(models.QuerySet["OneUseLink"]):
    """Named lists of links that work once."""

    def open(self, now: datetime) -> Self:
        """This will keep links that can still be used."""
        return self.filter(used_at=None, expires_at__gt=now)

    def with_hash(self, purpose: LinkPurpose, token_hash: str) -> Self:
        """This will keep the link of one token."""
        return self.filter(purpose=purpose, token_hash=token_hash).select_related(
            "user", "contact__customer", "registration"
        )

    def for_the_same_person(self, link: "OneUseLink") -> Self:
        """This will keep every link that does for a person what this one does."""
        person = Q(user=link.user_id) if link.user_id else Q(contact=link.contact_id)
        return self.filter(person, purpose=link.purpose)
