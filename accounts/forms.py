"""Signing in, becoming the first administrator, and what a person may set for herself."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import actions
from accounts.models import User
from accounts.rules.roles import Role

WRONG = "That username and password do not match. Passwords are case-sensitive."


class SignInForm(forms.Form):
    """A username or email address and a password; the answer never says which of them was wrong."""

    username = forms.CharField(
        label="Email address or username",
        max_length=254,
        error_messages={"required": "Enter your email address or username"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    password = forms.CharField(
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:  # noqa: ANN401 - a QueryDict
        super().__init__(data)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """This will look for the staff user, and count the try when there is none."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        found = authenticate(
            self.request,
            username=_username_of(cleaned["username"]),
            password=cleaned["password"],
        )
        if not isinstance(found, User) or found.kind != User.Kind.STAFF:
            raise ValidationError(WRONG)
        self.user = found
        return cleaned


class AdministratorForm(forms.Form):
    """The first administrator's name and password."""

    username = forms.CharField(
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="Letters, digits and @ . + - _",
        error_messages={"required": "Enter a username"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label="Email address",
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address like name@example.com",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    password = forms.CharField(
        strip=False,
        help_text="At least 10 characters. Three words make a good password.",
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """This will refuse short and common passwords, and those like the username."""
        person = User(
            username=self.cleaned_data.get("username", ""),
            email=self.cleaned_data.get("email", ""),
        )
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, person)
        return password


class PreferencesForm(forms.Form):
    """How the pages look and behave for one person."""

    theme = forms.ChoiceField(
        label="Colours", choices=User.Theme.choices, required=False, widget=forms.RadioSelect
    )
    single_keys = forms.BooleanField(
        label="Use single-key shortcuts",
        required=False,
        help_text="Such as J, K and A in Review. Shortcuts with Ctrl always work.",
    )


class PasswordForm(forms.Form):
    """A new password, after the present one was given again."""

    current = forms.CharField(
        label="Present password",
        strip=False,
        error_messages={"required": "Enter your present password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 10 characters. Three words make a good password.",
        error_messages={"required": "Enter a new password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:  # noqa: ANN401 - a QueryDict
        super().__init__(data)
        self.user = user

    def clean_current(self) -> str:
        """This will refuse a wrong present password."""
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            message = "This is not your present password"
            raise ValidationError(message)
        return current

    def clean_new(self) -> str:
        """This will refuse short and common passwords, and those like the person's name."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new


class PersonForm(UserChangeForm[User]):
    """A person in the admin: the last administrator stays one."""

    def clean(self) -> dict[str, Any]:
        """This will refuse what would leave nobody to give rights."""
        cleaned = super().clean() or {}
        groups = cleaned.get("groups")
        names = {group.name for group in groups} if groups is not None else set()
        stays = cleaned.get("is_active", True) and Role.ADMINISTRATOR in names
        if not stays:
            try:
                actions.refuse_last(self.instance)
            except actions.LastAdministratorError:
                message = "This is the last administrator. Make somebody else one first."
                raise ValidationError(message) from None
        return cleaned


def _username_of(typed: str) -> str:
    """This will give the username behind an email address, when exactly one of the staff has it."""
    names = User.objects.filter(kind=User.Kind.STAFF, email__iexact=typed)[:2]
    return names[0].username if "@" in typed and len(names) == 1 else typed
