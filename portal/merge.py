"""The merge fields that the portal fills: each provider takes many contacts and asks once."""

from collections.abc import Callable, Sequence
from functools import partial

from contacts.models import Contact
from delivery.merge import register
from portal.models import Invitation, Membership

PAGES = {
    "FindAccountLink": "portal:find_account",
    "ResetPasswordLink": "portal:forgot_password",
    "ForgotUsernameLink": "portal:forgot_username",
}
UrlOf = Callable[[Invitation], str]
PageUrl = Callable[[str], str]


def register_fields(*, url_of: UrlOf, page_url: PageUrl) -> None:
    """This will fill the fields of links and usernames; called once, when the apps are ready.

    `url_of` gives the personal link of an invitation, `page_url` the address of a page.
    """
    register("CustomerPortalLink", partial(invitation_links, url_of), is_link=True)
    register("Username", usernames)
    for field, page in PAGES.items():
        register(field, partial(_same_page, page_url, page), is_link=True)


def invitation_links(url_of: UrlOf, contacts: Sequence[Contact]) -> dict[int, str]:
    """This will give the personal link of each contact who has a live invitation."""
    rows = Invitation.objects.live().filter(contact__in=contacts)
    return {row.contact_id: url_of(row) for row in rows}


def usernames(contacts: Sequence[Contact]) -> dict[int, str]:
    """This will give the username of each contact who has one, or the one kept for him."""
    kept = {contact.pk: contact.username for contact in contacts if contact.username}
    rows = Membership.objects.filter(contact__in=contacts).select_related("user")
    return kept | {row.contact_id: row.user.username for row in rows if row.contact_id}


def _same_page(page_url: PageUrl, page: str, contacts: Sequence[Contact]) -> dict[int, str]:
    """This will give everybody the page on which he starts himself: it holds no token."""
    url = page_url(page)
    return {contact.pk: url for contact in contacts}
