"""What staff send to the pages of suppressions, as plain data."""

from django import forms
from django.core.exceptions import ValidationError

from contacts.rules.normalise import address_key, domain_key
from delivery.rules.addresses import is_one_address
from delivery.rules.states import SuppressionReason

OTHER = "other"
WHY = [
    ("repaired", "The mailbox was created or repaired"),
    ("mistake", "The stop was a mistake, at our side or the other"),
    (OTHER, "Another reason"),
]


class SuppressForm(forms.Form):
    """An address, or a whole domain, that must not be mailed."""

    address = forms.CharField(
        label="Email address or domain",
        max_length=320,
        help_text="bea@acme.com, or @acme.com for every address at the domain.",
        error_messages={"required": "Enter an email address or a domain"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label="Why",
        max_length=250,
        error_messages={"required": "Say why, so that others understand it"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_address(self) -> str:
        """This will give the key of the address, or "@domain"."""
        given = str(self.cleaned_data["address"]).strip().lstrip("*")
        if given.startswith("@"):
            domain = domain_key(given[1:])
            if is_one_address(f"x@{domain}") and "." in domain:
                return f"@{domain}"
        elif is_one_address(given):
            return address_key(given)
        message = "Enter one email address such as bea@acme.com, or a domain such as @acme.com"
        raise ValidationError(message)

    def reason(self) -> SuppressionReason:
        """This will give the reason that fits what was entered."""
        is_domain = self.cleaned_data["address"].startswith("@")
        return SuppressionReason.DOMAIN if is_domain else SuppressionReason.MANUAL


class LiftForm(forms.Form):
    """Why it is safe to mail an address again, and who says so."""

    why = forms.ChoiceField(
        label="Why is it safe to mail again?",
        choices=WHY,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason"},
    )
    confirmed = forms.CharField(
        label="Who confirmed it, and when",
        max_length=150,
        error_messages={"required": "Name who confirmed it, and when"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def because(self) -> str:
        """This will give the reason in words, for the audit trail."""
        return f"{dict(WHY)[self.cleaned_data['why']]}. {self.cleaned_data['confirmed']}"
