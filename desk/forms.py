"""What staff type about contacts, customers and views, as plain data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from accounts.models import User
from contacts.models import Contact, Customer, Source
from contacts.rules.choosing import Side
from contacts.rules.normalise import number_key
from contacts.rules.segments import LARGEST_ID, LONGEST_QUERY
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
PLACE = ("address1", "address2", "city", "state", "province", "postal_code", "country")


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
            "content_type", "username", "birth_date", "promote", "invite", "active",
            "is_house_user", "notes",
        )  # fmt: skip
        labels = {
            "is_house_user": "House contact",
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
            "is_house_user": "Made for staff to act for the customer; never shown or mailed",
        }
        widgets = {
            "salutation": forms.TextInput(attrs={**PLAIN, "list": "salutations"}),
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
        label="Customer",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={**CODE, "list": "customers"}),
    )
    same_address = forms.BooleanField(
        label="Same as the customer’s billing address", required=False
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
        found = found or list(visible.filter(name__iexact=number)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            message = "Several customers have this number. Add the contact from the customer's page"
        else:
            message = "There is no customer with this account number or name"
        raise ValidationError(message)

    def values(self) -> dict[str, str]:
        """This will give every field as text; the customer's place where that was ticked."""
        values = super().values()
        customer = self.cleaned_data.get("account")
        if customer is not None and self.cleaned_data["same_address"]:
            values |= {name: str(getattr(customer, name)) for name in PLACE}
        return values


class CustomerForm(forms.ModelForm[Customer]):
    """A customer's own fields. Nothing is saved here: `values` are for the actions."""

    seen_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    parent_number = forms.CharField(
        label="Parent’s account number",
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={**CODE, "list": "customers"}),
    )

    class Meta:
        model = Customer
        fields = (
            "name", "email", "phone", "fax", "website", "address1", "address2", "city", "state",
            "province", "postal_code", "country", "customer_type", "customer_since",
            "product_lines", "currency", "terms", "sales_rep_name", "sales_rep_email",
            "promote", "invite", "active", "is_house_account", "notes",
        )  # fmt: skip
        labels = {
            "address1": "Billing address",
            "address2": "Billing address, line 2",
            "postal_code": "Billing zip",
            "is_house_account": "House account",
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
            "is_house_account": "Our own, such as cash sales; nobody there is mailed or invited",
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
        if self.instance.parent is not None:
            self.initial["parent_number"] = self.instance.parent.account_number

    def clean_parent_number(self) -> str:
        """This will find the parent under the numbers of the same source, never a branch of it."""
        number = str(self.cleaned_data["parent_number"]).strip()
        if number == self.initial.get("parent_number", ""):
            return number
        row = self.instance
        numbering = row.numbering or self.data.get("numbering", "")
        rows = Customer.objects.filter(account_number=number)
        found = list((rows.filter(numbering=numbering) if numbering else rows)[:2])
        parent = found[0] if len(found) == 1 else None
        if number and parent is None:
            message = "There is no customer with this account number"
            raise ValidationError(message)
        if parent is not None and row.pk and row.pk in (parent.pk, parent.parent_id):
            message = "A customer cannot be the parent of itself or of its own parent"
            raise ValidationError(message)
        self.parent = parent
        return number

    def values(self) -> dict[str, str]:
        """This will give what was changed as text, for the actions."""
        values = changed_values(self, self.Meta.fields)
        if hasattr(self, "parent"):
            values["parent_id"] = str(self.parent.pk) if self.parent else ""
        return values

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
        error_messages={"required": "Give it a name"},
        widget=forms.TextInput(attrs=PLAIN),
    )
    shared = forms.BooleanField(
        label="Show it to everybody",
        required=False,
        help_text="They see only their own customers in it.",
    )
    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)


class SelectionForm(forms.Form):
    """Rows of the contact list: ticked ones, or everything that matches."""

    all = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=LONGEST_QUERY)

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


class RenameForm(forms.Form):
    """Which domain becomes which; `shown` are the contacts of the preview, `id` the ticked ones."""

    old = forms.CharField(label="From", max_length=255, required=False)
    new = forms.CharField(label="To", max_length=255, required=False)
    subdomains = forms.BooleanField(label="Subdomains too", required=False)

    def skipped(self) -> set[int]:
        """This will give the contacts that were shown and are not ticked any more."""
        return self._numbers("shown") - self._numbers("id")

    def _numbers(self, name: str) -> set[int]:
        values = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        return {int(text) for text in values[:MOST_IDS] if text.isdecimal()}


class DomainListForm(forms.Form):
    """Whether a domain is to be on a list of the configuration."""

    on = forms.BooleanField(required=False)


class MergeForm(forms.Form):
    """Which of two records stays, and whose value each field gets."""

    keep = forms.TypedChoiceField(coerce=int)

    def __init__(self, ids: Sequence[int], names: Sequence[str], data: Any) -> None:  # noqa: ANN401 - a QueryDict
        super().__init__(data)
        self.ids, self.names = tuple(ids), tuple(names)
        keep: Any = self.fields["keep"]
        keep.choices = [(key, str(key)) for key in self.ids]
        sides = [("one", "one"), ("other", "other"), ("both", "both")]
        for name in self.names:
            self.fields[f"field-{name}"] = forms.ChoiceField(choices=sides, required=False)

    def kept(self) -> tuple[int, int]:
        """This will give the key of the record that stays, and of the one that goes away."""
        keep = self.cleaned_data["keep"]
        return keep, next(key for key in self.ids if key != keep)

    def sides(self) -> dict[str, Side]:
        """This will give the chosen side by field; fields that were not shown are left alone."""
        kept = "one" if self.kept()[0] == self.ids[0] else "other"
        chosen = {name: self.cleaned_data[f"field-{name}"] for name in self.names}
        return {
            name: Side.BOTH if side == "both" else Side.KEEP if side == kept else Side.GONE
            for name, side in chosen.items()
            if side
        }
