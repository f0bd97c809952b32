"""What somebody types who has an account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from portal.forms.fields import (
    PortalForm,
    email_field,
    password_field,
    password_hint,
    username_field,
    wrong_password,
)
from portal.models import Membership


class SignInForm(PortalForm):
    """Username or address, and password."""

    username = username_field("Email address or username")
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """This will name what is missing."""
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your email address or username"


class ForgotUsernameForm(PortalForm):
    """The address that usernames are asked for."""

    email = email_field()


class ForgotPasswordForm(PortalForm):
    """Username and address together."""

    username = username_field("Username")
    email = email_field()


class AccountForm(PortalForm):
    """Which of a person's accounts to open."""

    account = forms.ChoiceField(
        label="Account",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose an account",
            "invalid_choice": "Choose one of your accounts",
        },
    )
    open_first = forms.BooleanField(label="Open this one first next time", required=False)

    def __init__(self, *args: Any, memberships: Sequence[Membership], **kwargs: Any) -> None:  # noqa: ANN401
        """This will offer the person's own accounts only."""
        super().__init__(*args, **kwargs)
        self.own = {str(item.key): item for item in memberships}
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (key, str(item.customer)) for key, item in self.own.items()
        ]

    def clean_account(self) -> Membership:
        """This will give the chosen membership."""
        return self.own[self.cleaned_data["account"]]


class NewPasswordForm(PortalForm):
    """Choose a new password."""

    password = password_field("New password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        """This will check the password against its user."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = password_hint()

    def clean_password(self) -> str:
        """This will refuse a weak password."""
        password: str = self.cleaned_data["password"]
        wrong = wrong_password(password, self.user)
        if wrong:
            raise ValidationError(wrong)
        return password
