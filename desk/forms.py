"""What staff type about contacts, customers and views, as plain data."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from accounts.models import User
from contacts.models import Contact, Customer, Source
from contacts.rules.normalise import number_key
from contacts.rules.segments import LARGEST_ID
from contacts.rules.values import text_of
from contacts.rules.words import ContentType

CONTENT_WORDS = {
    ContentType.UNKNOWN: "Unknown: HTML with plain text",
    ContentType.HTML: "HTML",
    ContentType.TEXT: "Text only",
    ContentType.SHORT_TEXT: "Short text (SMS)",
}
PLAIN = {"autocomplete": "off"}
CODE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
PHONE = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"})
MOST_IDS = 10_000
NO_WAY = "Enter an email address or a mobile phone number"


def is_new(form: "forms.ModelForm[Any]") -> bool:
    """This will say whether a form adds a record."""
    return form.instance.pk is None


def changed_values(form: "forms.ModelForm[Any]", names: Iterable[str]) -> dict[str, str]:
    """This will give the fields that somebody changed, as text; of a new record every field.

    A browser changes blanks and line ends by itself: that is no change.
    """
    typed = {name: text_of(form.cleaned_data[name]) for name in names}
    if is_new(form):
        return typed
    known = {name: text_of(form.initial.get(name)) for name in names}
    return {name: text for name, text in typed.items() if text.split() != known[name].split()}


class ContactForm(forms.ModelForm[Contact]):
    """A contact's own fields. Nothing is saved here: `values` are for the actions."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    content_type = forms.ChoiceField(
        choices=list(CONTENT_WORDS.items()),
        initial=ContentType.UNKNOWN.value,
        help_text="Becomes HTML by itself after a real open",
    )

    class Meta:
        model = Contact
        fields = (
            "salutation", "first_name", "middle_name", "last_name", "job_title", "organization",
            "alt_customer_id", "email", "sms_number", "phone", "alternate_phone", "fax",
            "address1", "address2", "city", "state", "province", "postal_code", "country",
            "content_type", "username", "birth_date", "promote", "invite", "active", "notes",
        )  # fmt: skip
        labels = {
            "alt_customer_id": "Other customer ID",
            "sms_number": "Mobile phone",
            "address1": "Address line 1",
            "address2": "Address line 2",
            "postal_code": "Zip or postal code",
            "username": "Preferred username",
            "promote": "Gets announcements",
            "invite": "May be invited to the portal",
        }
        help_texts = {
            "email": "",
            "username": "",
            "promote": "Off: is left out of announcements",
            "invite": "Off: is left out of invitations",
            "active": "Off: gets no mail and no invitation",
        }
        widgets = {
            "salutation": forms.TextInput(attrs=PLAIN),
            "first_name": forms.TextInput(attrs=PLAIN),
            "middle_name": forms.TextInput(attrs=PLAIN),
            "last_name": forms.TextInput(attrs=PLAIN),
            "email": forms.TextInput(attrs={**CODE, "inputmode": "email"}),
            "sms_number": PHONE,
            "phone": PHONE,
            "alternate_phone": PHONE,
            "fax": PHONE,
            "alt_customer_id": forms.TextInput(attrs=CODE),
            "username": forms.TextInput(attrs=CODE),
            "birth_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """This will ask for a way to reach the contact."""
        cleaned = super().clean() or {}
        if not cleaned.get("email") and not cleaned.get("sms_number") and self._needs_a_way():
            self.add_error("email", NO_WAY)
        return cleaned

    def values(self) -> dict[str, str]:
        """This will give what was changed as text, for the actions."""
        return changed_values(self, self.Meta.fields)

    def _needs_a_way(self) -> bool:
        """An import may bring neither; such a contact can be edited in everything else."""
        known = self.initial.get("email") or self.initial.get("sms_number")
        return is_new(self) or bool(known)


class NewContactForm(ContactForm):
    """A contact to add, and the account that it belongs to."""

    account = forms.CharField(
        label="Customer's account number",
        required=False,
        max_length=64,
        help_text="Leave it empty to match later.",
        widget=forms.TextInput(attrs=CODE),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_account(self) -> Customer | None:
        """This will find the customer among those that the person may see."""
        number = self.cleaned_data["account"].strip()
        if not number:
            return None
        visible = Customer.objects.visible_to(self.user)
        found = list(visible.filter(account_number=number)[:2])
        found = found or list(visible.filter(number_key=number_key(number))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            message = "Several customers have this number. Add the contact from the customer's page"
        else:
            message = "There is no customer with this account number"
        raise ValidationError(message)


class CustomerForm(forms.ModelForm[Customer]):
    """A customer's own fields. Nothing is saved here: `values` are for the actions."""

    seen_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Customer
        fields = (
            "name", "email", "phone", "fax", "website", "address1", "address2", "city", "state",
            "province", "postal_code", "country", "customer_type", "customer_since",
            "product_lines", "currency", "terms", "sales_rep_name", "sales_rep_email",
            "promote", "invite", "active", "notes",
        )  # fmt: skip
        labels = {
            "address1": "Billing address",
            "address2": "Billing address, line 2",
            "postal_code": "Billing zip",
            "sales_rep_name": "Sales rep",
            "sales_rep_email": "Sales rep's email",
            "promote": "Gets announcements",
            "invite": "May be invited to the portal",
        }
        help_texts = {
            "postal_code": "Proves the account when a customer registers",
            "promote": "Off: nobody there gets announcements",
            "invite": "Off: nobody there is invited",
            "active": "Off: nobody there gets mail or an invitation",
        }
        widgets = {
            "email": forms.TextInput(attrs={**CODE, "inputmode": "email"}),
            "sales_rep_email": forms.TextInput(attrs={**CODE, "inputmode": "email"}),
            "website": forms.TextInput(attrs={**CODE, "inputmode": "url"}),
            "phone": PHONE,
            "fax": PHONE,
            "customer_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        if not is_new(self):
            self.initial["seen_at"] = self.instance.updated_at.isoformat()

    def values(self) -> dict[str, str]:
        """This will give what was changed as text, for the actions."""
        return changed_values(self, self.Meta.fields)

    def seen(self) -> datetime | None:
        """This will give the time of change that the page had read."""
        return parse_datetime(self.cleaned_data["seen_at"])


class NewCustomerForm(CustomerForm):
    """A customer to add: its number, and whose numbers it is one of."""

    account_number = forms.CharField(
        max_length=64,
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": "Enter the account number"},
    )
    numbering = forms.ChoiceField(
        label="Numbered by",
        required=False,
        help_text="Whose account number it is; an import of that source will find it again.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        known = sorted(set(Source.objects.values_list("numbering", flat=True)))
        self.fields["numbering"].choices = [(name, name) for name in known] or [("", "Us")]  # type: ignore[attr-defined]
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Enter the customer's name"

    def values(self) -> dict[str, str]:
        """This will give every field as text, and the account number."""
        number = self.cleaned_data["account_number"].strip()
        return {**super().values(), "account_number": number}


class ViewForm(forms.Form):
    """A name for a filter of the contact list."""

    name = forms.CharField(
        label="Name of the view",
        max_length=80,
        error_messages={"required": "Give the view a name"},
        widget=forms.TextInput(attrs=PLAIN),
    )
    shared = forms.BooleanField(
        label="Show it to everybody",
        required=False,
        help_text="They see only their own customers in it.",
    )
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)


class SelectionForm(forms.Form):
    """Rows of the contact list: ticked ones, or everything that matches."""

    all = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=2000)

    def audience(self) -> dict[str, Any]:
        """This will give what was chosen, in the form in which campaigns keep it."""
        if self.cleaned_data["all"]:
            return {"query": self.cleaned_data["query"]}
        given: list[str] = getattr(self.data, "getlist", lambda _: [])("id")
        ids = {int(text) for text in given if text.isascii() and text.isdecimal()}
        return {"ids": sorted(number for number in ids if number < LARGEST_ID)[:MOST_IDS]}


class FlagForm(SelectionForm):
    """What to set for the chosen contacts."""

    CHOICES: Mapping[str, tuple[str, bool]] = {
        "promote-on": ("promote", True),
        "promote-off": ("promote", False),
        "invite-on": ("invite", True),
        "invite-off": ("invite", False),
    }
    set = forms.ChoiceField(choices=[(name, name) for name in CHOICES])

    def flag(self) -> tuple[str, bool]:
        """This will give the field, and whether to switch it on."""
        return self.CHOICES[self.cleaned_data["set"]]
