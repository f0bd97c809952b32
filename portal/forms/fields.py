"""The fields that several forms share, and what a password needs."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.models import User
from delivery.rules.addresses import is_one_address

PASSWORD_WORDS = {
    "password_too_common": "This password is too common. Use three words",
    "password_too_similar": "Password must not be like your name, username or email address",
    "password_entirely_numeric": "Password must not be a number. Use three words",
}


def shortest_password() -> int:
    """This will give the least number of characters of a password, as the settings have it."""
    lengths = [
        validator.min_length
        for validator in get_default_password_validators()
        if isinstance(validator, MinimumLengthValidator)
    ]
    return max(lengths, default=1)


def password_field(label: str) -> forms.CharField:
    """This will make a field for a new password; blanks count, pasting is allowed."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )


def refuse_several(value: str) -> None:
    """This will refuse what no mail can be sent to, such as two addresses in one."""
    if not is_one_address(value):
        message = "Enter an email address such as name@example.com"
        raise ValidationError(message)


def email_field(label: str = "Email address", **extra: Any) -> forms.EmailField:  # noqa: ANN401
    """This will make a field for one email address."""
    return forms.EmailField(
        label=label,
        max_length=254,
        validators=[refuse_several],
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address such as name@example.com",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        **extra,
    )


def username_field(label: str, autocomplete: str = "username") -> forms.CharField:
    """This will make a field for a username."""
    return forms.CharField(
        label=label,
        max_length=254,
        error_messages={"required": "Enter your username"},
        widget=forms.TextInput(
            attrs={"autocomplete": autocomplete, "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


def wrong_password(password: str, user: User) -> list[str]:
    """This will say what is wrong with a password, in the words of the house."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        too_short = f"Password must have at least {shortest_password()} characters"
        words = PASSWORD_WORDS | {"password_too_short": too_short}
        return [words.get(item.code or "", item.messages[0]) for item in error.error_list]
    return []


class PortalForm(forms.Form):
    """A form without `required` attributes: the page says what is missing, in its own words."""

    use_required_attribute = False


def password_hint() -> str:
    """This will say what a password needs."""
    return f"At least {shortest_password()} characters. Three words make a good password"
