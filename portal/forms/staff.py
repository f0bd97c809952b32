"""What staff decide about registrations, and the portal's configuration."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from contacts.models import Customer
from delivery.rules.fields import problems
from delivery.rules.states import Purpose
from portal.models import PortalConfiguration


class ApproveForm(forms.Form):
    """Which account and which contact a registration is connected to."""

    NEW = "new"

    customer = forms.ModelChoiceField(
        queryset=Customer.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose an account",
            "invalid_choice": "Choose an account that exists",
        },
    )
    contact = forms.CharField(error_messages={"required": "Choose whom to connect to"})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        """This will offer accounts that can have portal users and that the user may see."""
        super().__init__(*args, **kwargs)
        field = self.fields["customer"]
        own = Customer.objects.visible_to(user)
        field.queryset = own.real().active()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This will take a contact of the chosen account only."""
        data = super().clean() or {}
        customer, chosen = data.get("customer"), data.get("contact", "")
        data["person"] = None
        if customer and chosen and chosen != self.NEW:
            people = customer.contacts.people().active()
            data["person"] = people.filter(pk=chosen).first() if chosen.isdecimal() else None
            if data["person"] is None:
                self.add_error("contact", "Choose a contact of this account")
        return data


class RejectForm(forms.Form):
    """Why somebody is refused; the words go into his email."""

    reason = forms.CharField(
        label="Reason",
        help_text="Stands in the email",
        max_length=250,
        error_messages={"required": "Enter a reason"},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PortalConfigurationForm(forms.ModelForm[PortalConfiguration]):
    """The *Customer Portal* tab: texts may hold known merge fields only."""

    company_portal_url = forms.URLField(
        label="Address of your own portal",
        help_text="Buttons to pay and for statements lead there; empty hides them.",
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 60}),
    )

    class Meta:
        model = PortalConfiguration
        fields = (
            "enabled",
            "name",
            "company_portal_url",
            "invitation_subject",
            "invitation_body",
            "invitation_days",
            "reset_minutes",
            "registration_minutes",
            "username_reminder",
        )
        widgets: ClassVar = {
            "invitation_subject": forms.TextInput(attrs={"size": 80}),
            "invitation_body": forms.Textarea(attrs={"rows": 10, "cols": 80}),
        }
        labels: ClassVar = {
            "enabled": "Customer portal is on",
            "invitation_subject": "Subject",
            "invitation_body": "Body",
            "invitation_days": "Invitation, days",
            "reset_minutes": "Password reset, minutes",
            "registration_minutes": "Registration, minutes",
            "username_reminder": "A reminder names",
        }
        help_texts: ClassVar = {
            "invitation_days": "Renewable by the customer.",
            "reset_minutes": "120 minutes are two hours.",
        }

    def clean_invitation_subject(self) -> str:
        """This will refuse unknown fields."""
        return _with_known_fields(self.cleaned_data["invitation_subject"])

    def clean_invitation_body(self) -> str:
        """This will refuse unknown fields, and a text without the personal link."""
        body = _with_known_fields(self.cleaned_data["invitation_body"])
        if "[CustomerPortalLink]" not in body:
            message = "Put [CustomerPortalLink] where the link is to stand."
            raise ValidationError(message)
        return body


def _with_known_fields(text: str) -> str:
    wrong = problems(text, Purpose.INVITATION)
    if wrong:
        raise ValidationError([problem.sentence for problem in wrong])
    return text
