"""What somebody types on the way into an account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.actions import UsernameTakenError, refuse_taken
from accounts.models import User
from contacts.models import Contact
from contacts.rules.normalise import number_key, postal_key
from core.models import Configuration
from portal.actions.registration import Applicant
from portal.forms.fields import (
    PortalForm,
    email_field,
    password_field,
    password_hint,
    username_field,
    wrong_password,
)
from portal.rules.proof import Facts
from portal.rules.usernames import tidy_username, why_not

SHORTEST_ZIP = 4


class SetUpForm(PortalForm):
    """Choose a username and a password."""

    username = username_field("Choose a username")
    password = password_field("Create a password")

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:  # noqa: ANN401
        """This will check names and passwords against the contact they are for."""
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.fields["username"].help_text = "You sign in with it. Your email address is a good one"
        self.fields["password"].help_text = password_hint()

    def clean_username(self) -> str:
        """This will refuse a name that is not allowed or taken."""
        username = tidy_username(self.cleaned_data["username"])
        customer = self.contact.customer
        wrong = why_not(username, customer.account_number if customer else "")
        if wrong:
            raise ValidationError(wrong)
        try:
            refuse_taken(username)
        except UsernameTakenError:
            raise ValidationError(self.taken) from None
        return username

    def clean_password(self) -> str:
        """This will refuse a weak password."""
        password: str = self.cleaned_data["password"]
        wrong = wrong_password(password, self._user())
        if wrong:
            raise ValidationError(wrong)
        return password

    taken = "This username is taken. Choose another"

    def _user(self) -> User:
        return User(
            username=self.cleaned_data.get("username", ""),
            email=self.contact.email_repaired,
            first_name=self.contact.first_name,
            last_name=self.contact.last_name,
        )


class FactsForm(PortalForm):
    """The three facts that prove an account."""

    account_number = forms.CharField(
        label="Account number",
        help_text="On any invoice or statement, with its letters",
        max_length=64,
        error_messages={"required": "Enter your account number"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    invoice_number = forms.CharField(
        label="Recent invoice number",
        help_text="From the last 12 months",
        max_length=64,
        error_messages={"required": "Enter a recent invoice number"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    postal_code = forms.CharField(
        label="Billing zip code",
        help_text="Five digits are enough",
        max_length=20,
        error_messages={"required": "Enter the billing zip code"},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )

    def clean_account_number(self) -> str:
        """This will ask for a number that has letters or digits."""
        return _with_key(self.cleaned_data["account_number"], "Enter your account number")

    def clean_invoice_number(self) -> str:
        """This will ask for a number that has letters or digits."""
        return _with_key(self.cleaned_data["invoice_number"], "Enter a recent invoice number")

    def clean_postal_code(self) -> str:
        """This will ask for a whole zip; four digits may be one that lost its leading zero."""
        value: str = self.cleaned_data["postal_code"]
        digits = "".join(filter(str.isalnum, value))
        if not postal_key(value):
            message = "Enter the billing zip code"
            raise ValidationError(message)
        is_us = Configuration.load().country == "US"
        if is_us and digits.isdigit() and len(digits) < SHORTEST_ZIP:
            message = "Billing zip code must be 5 digits"
            raise ValidationError(message)
        return value

    def facts(self) -> Facts:
        """This will give the checked facts."""
        return Facts(
            account_number=self.cleaned_data["account_number"],
            postal_code=self.cleaned_data["postal_code"],
            invoice_number=self.cleaned_data["invoice_number"],
        )


class ApplicantForm(PortalForm):
    """Who asks for an account."""

    name = forms.CharField(
        label="Full name",
        help_text="As it should appear on your account",
        max_length=200,
        error_messages={"required": "Enter your full name"},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = email_field(
        "Work email address", help_text="We send a link to the address that we have on file"
    )

    def applicant(self) -> Applicant:
        """This will give who asks."""
        data = self.cleaned_data
        return Applicant(
            name=data["name"],
            email=data["email"],
            phone=data.get("phone", ""),
            note=data.get("note", ""),
        )


class AskForm(ApplicantForm):
    """Ask staff for an invitation; whatever is known of the account helps them."""

    phone = forms.CharField(
        label="Phone number",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    account_number = forms.CharField(
        label="Account number or company",
        max_length=64,
        error_messages={"required": "Enter your account number or company"},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label="Anything that helps us",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("name", "email", "phone", "account_number", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """This will say what the address is for on this page."""
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "We answer to it"


def _with_key(value: str, message: str) -> str:
    if not number_key(value):
        raise ValidationError(message)
    return value
