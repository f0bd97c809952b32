"""Every named selection of customers and contacts; chainable, without writes."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from contacts.rules.normalise import search_text
from contacts.rules.words import EmailStatus, PortalStage

if TYPE_CHECKING:
    from contacts.models import ChangeSet, Contact, Customer  # noqa: F401 - for the type only

NOT_SENDABLE = (
    EmailStatus.MISSING,
    EmailStatus.INVALID,
    EmailStatus.FIXABLE,
    EmailStatus.BOUNCED,
)
GOOD = (EmailStatus.OK, EmailStatus.CONFIRMED, EmailStatus.REVIEW)


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Named lists of customers."""

    def visible_to(self, user: User) -> Self:
        """This will keep what a member of staff may see: all, or his own accounts."""
        if user.has_perm("contacts.view_all_contacts"):
            return self
        return self.filter(_is_rep("", user))

    def real(self) -> Self:
        """This will leave out house accounts."""
        return self.filter(is_house_account=False)

    def active(self) -> Self:
        """This will leave out inactive customers."""
        return self.filter(active=True)

    def search(self, words: str) -> Self:
        """This will keep customers whose name or number holds every word."""
        found = self
        for word in search_text(words).split():
            found = found.filter(search_text__contains=word)
        return found


class ContactQuerySet(models.QuerySet["Contact"]):
    """Named lists of contacts."""

    def visible_to(self, user: User) -> Self:
        """This will keep what a member of staff may see: all, or those of his own accounts."""
        if user.has_perm("contacts.view_all_contacts"):
            return self
        return self.filter(_is_rep("customer__", user))

    def people(self) -> Self:
        """This will leave out house users and contacts of house accounts."""
        return self.filter(is_house_user=False).exclude(customer__is_house_account=True)

    def active(self) -> Self:
        """This will keep active contacts of active customers."""
        return self.filter(active=True).exclude(customer__active=False)

    def of_source(self, name: str) -> Self:
        """This will keep contacts that came from the named source."""
        return self.filter(records__source__name=name).distinct()

    def reachable(self) -> Self:
        """This will keep contacts whose address may be mailed as far as checks know."""
        return self.exclude(email_status__in=NOT_SENDABLE).exclude(email="")

    def ready_to_invite(self) -> Self:
        """This will keep people to invite: active, reachable, wanted, not yet invited."""
        return (
            self.people()
            .active()
            .reachable()
            .filter(invite=True, portal_stage=PortalStage.NOT_INVITED)
            .exclude(customer__invite=False)
            .exclude(customer=None)
        )

    def without_email(self) -> Self:
        """This will keep contacts that have no address."""
        return self.filter(email_status=EmailStatus.MISSING)

    def bounced(self) -> Self:
        """This will keep contacts whose address bounced."""
        return self.filter(email_status=EmailStatus.BOUNCED)

    def invited_not_registered(self) -> Self:
        """This will keep contacts who were invited and have not registered."""
        return self.filter(portal_stage__in=[PortalStage.INVITED, PortalStage.OPENED])

    def search(self, words: str) -> Self:
        """This will keep contacts whose name, address, account or phone holds every word."""
        found = self
        for word in search_text(words).split():
            found = found.filter(search_text__contains=word)
        return found


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Named lists of change sets."""

    def can_be_undone(self, since: datetime) -> Self:
        """This will keep change sets that are young enough and not yet undone."""
        return self.filter(undone_at=None, created_at__gte=since)

    def newest_first(self) -> Self:
        """This will put the newest change set first."""
        return self.order_by("-created_at", "-pk")


def _is_rep(prefix: str, user: User) -> Any:  # noqa: ANN401 - a Q object
    condition = Q(**{f"{prefix}sales_rep": user})
    if user.email:
        condition |= Q(**{f"{prefix}sales_rep_email__iexact": user.email})
    return condition
