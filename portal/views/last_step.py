"""The last step of every link into an account: a sign-in of one's own, or the one there is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actions import UsernameTakenError
from accounts.models import User
from contacts.models import Contact
from portal.actions.enrolling import AlreadyRegisteredError, NotAPersonError, offered_username
from portal.actions.invitations import InvitationClosedError
from portal.actions.links import LinkClosedError
from portal.forms.joining import SetUpForm
from portal.models import Membership
from portal.views.arriving import added, already_there, member_of, welcome

# The page of the link says why: it was used, replaced or taken back a moment ago.
REFUSED = (InvitationClosedError, LinkClosedError, AlreadyRegisteredError, NotAPersonError)


@dataclass(frozen=True)
class Link:
    """An open link: the name of its page, its token, and whose it is."""

    page: str
    token: str
    contact: Contact

    def again(self) -> HttpResponse:
        """This will lead to the link's own page."""
        return redirect(f"portal:{self.page}", self.token)


def choose_sign_in(
    request: HttpRequest, link: Link, enrol: Callable[..., User], **facts: object
) -> HttpResponse:
    """This will take username and password, and let `enrol` make the user of them."""
    contact = link.contact
    form = SetUpForm(
        request.POST or None, contact=contact, initial={"username": offered_username(contact)}
    )
    if form.is_valid():
        try:
            user = enrol(**form.cleaned_data)
        except UsernameTakenError:
            form.add_error("username", form.taken)
        except REFUSED:
            return link.again()
        else:
            return welcome(request, user, contact.email_repaired)
    context = facts | {
        "form": form,
        "contact": contact,
        "customer": contact.customer,
        "member": member_of(request),
        "token": link.token,
    }
    status = 422 if form.errors else 200
    return render(request, f"portal/{link.page}.html", context, status=status)


def add_to_member(
    request: HttpRequest, link: Link, enrol: Callable[[User], Membership]
) -> HttpResponse:
    """This will let `enrol` add the account to the user who is signed in."""
    user = member_of(request)
    if user is None:
        return link.again()
    try:
        membership = enrol(user)
    except AlreadyRegisteredError:
        return already_there(request, link.contact.customer)
    except REFUSED:
        return link.again()
    return added(request, membership)
