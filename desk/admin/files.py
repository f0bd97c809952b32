"""Files in the admin: a few rows changed in a spreadsheet, saved by the actions of the screens."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource

from accounts.models import User
from contacts.actions.changes import Edit, edit_contacts, edit_customers, open_change_set
from contacts.actions.importing import add_invoices, change_invoices
from contacts.actions.people import NumberTakenError, add_contact, add_customer
from contacts.models import ChangeSet, Contact, Customer, Invoice
from contacts.rules.values import text_of
from contacts.rules.words import ChangeKind
from desk.actions import note_export
from desk.forms import NO_WAY, ContactForm, CustomerForm
from erp.rules.writing import as_meant, harmless

MOST_ROWS = 2_000
TOO_MANY = f"More than {MOST_ROWS:,} rows. Use Imports for so many: it shows what would change."
UNKNOWN = "There is no row with this id that you may see. Leave the id empty to add one."
WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


class HandedOver(ModelResource):  # type: ignore[misc]  # the library carries no types
    """Rows of a file as edits; what is saved, the actions save, as one change set."""

    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, user: User | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(**kwargs)
        # The library makes one without anybody only to learn its columns.
        self.user: Any = user
        self.edits: list[Edit] = []
        self.change_set: ChangeSet | None = None

    def get_queryset(self) -> models.QuerySet[Any]:
        """This will keep what the person may see."""
        rows: models.QuerySet[Any] = self._meta.model.objects.visible_to(self.user)
        return rows

    def before_import(self, dataset: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the library's
        """This will refuse what is too long to be looked over by eye."""
        if len(dataset) > MOST_ROWS:
            raise ValidationError(TOO_MANY)

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:  # noqa: ANN401 - the library's
        """This will read cells as they were meant, without the guard that exports put there."""
        for name, cell in row.items():
            row[name] = as_meant("" if cell is None else str(cell).strip())

    def import_instance(self, instance: Any, row: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401 - as above
        """This will put the cells of known columns into the row, in the type of each field."""
        if row.get("id") and instance.pk is None:
            raise ValidationError({"id": UNKNOWN})
        errors = {}
        for name in self.names:
            if name not in row:
                continue
            column: Any = self._meta.model._meta.get_field(name)  # noqa: SLF001 - Django's
            try:
                setattr(instance, name, column.clean(_typed(column, row[name]), instance))
            except ValidationError as error:
                errors[name] = error
        errors |= self.faults(instance, row)
        if errors:
            raise ValidationError(errors)

    def faults(self, instance: Any, row: Mapping[str, str]) -> dict[str, ValidationError]:  # noqa: ANN401 - as above
        """This will say what is wrong with a row as a whole."""
        return {}

    def do_instance_save(self, instance: Any, is_create: bool) -> None:  # noqa: ANN401, FBT001 - as above
        """This will hand a new row to its action, and keep the values of a known one for later."""
        if is_create:
            self.add(instance, {name: text_of(getattr(instance, name)) for name in self.names})
            return
        self.edits += [
            Edit(instance.pk, name, text_of(getattr(instance, name)), "from a file")
            for name in self.names
        ]

    def add(self, instance: Any, values: dict[str, str]) -> None:  # noqa: ANN401 - as above
        """This will add one row by the action that the screens call."""
        raise NotImplementedError

    def edit(self, edits: list[Edit], change_set: ChangeSet) -> None:
        """This will change rows by the action that the screens call."""
        raise NotImplementedError

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as above
        """This will change all known rows together."""
        if self.edits:
            self.edit(self.edits, self.opened())

    def opened(self) -> ChangeSet:
        """This will give the one change set of the file."""
        if self.change_set is None:
            name = self._meta.model._meta.verbose_name_plural  # noqa: SLF001 - Django's
            self.change_set = open_change_set(
                kind=ChangeKind.BULK, label=f"Edited {name} by a file", actor=self.user
            )
        return self.change_set

    def export_field(self, field: Field, instance: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as above
        """This will write a cell that no spreadsheet runs."""
        return harmless(text_of(field.get_value(instance)))


class ContactResource(HandedOver):
    """Contacts; a new one names the account it belongs to."""

    names = tuple(ContactForm.Meta.fields)
    account = Field(attribute="customer__account_number", column_name="account", readonly=True)

    class Meta:
        model = Contact
        fields = ("id", "account", *ContactForm.Meta.fields)
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    def faults(self, instance: Any, row: Mapping[str, str]) -> dict[str, ValidationError]:  # noqa: ANN401 - as above
        """This will find the account of a new contact, and ask for a way to reach it."""
        errors = {}
        number = row.get("account", "")
        if instance.pk is None and number:
            found = list(Customer.objects.visible_to(self.user).filter(account_number=number)[:2])
            instance.customer = found[0] if len(found) == 1 else None
            if instance.customer is None:
                errors["account"] = ValidationError("There is no one customer with this number.")
        if not instance.email and not instance.sms_number:
            errors["email"] = ValidationError(NO_WAY)
        return errors

    def add(self, instance: Contact, values: dict[str, str]) -> None:
        """This will add the contact as the form does."""
        instance.pk = add_contact(customer=instance.customer, values=values, actor=self.user).pk

    def edit(self, edits: list[Edit], change_set: ChangeSet) -> None:
        """This will edit contacts as every other page does."""
        known = frozenset(self.names)
        edit_contacts(edits=edits, change_set=change_set, known=known)


class CustomerResource(HandedOver):
    """Customers by their numbers."""

    names = tuple(CustomerForm.Meta.fields)

    class Meta:
        model = Customer
        fields = ("id", "numbering", "account_number", *CustomerForm.Meta.fields)
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    def faults(self, instance: Any, row: Mapping[str, str]) -> dict[str, ValidationError]:  # noqa: ANN401 - as above
        """This will ask for the number of a new customer; that of a known one stays."""
        if instance.pk is None:
            instance.numbering = row.get("numbering", "")
            instance.account_number = row.get("account_number", "")
        if not instance.account_number:
            return {"account_number": ValidationError("Enter the account number.")}
        return {}

    def add(self, instance: Customer, values: dict[str, str]) -> None:
        """This will add the customer as the form does."""
        values["account_number"] = instance.account_number
        try:
            added = add_customer(numbering=instance.numbering, values=values, actor=self.user)
        except NumberTakenError as error:
            message = f"There is a customer with the account number {error} already."
            raise ValidationError({"account_number": message}) from None
        instance.pk = added.pk

    def edit(self, edits: list[Edit], change_set: ChangeSet) -> None:
        """This will edit customers as every other page does."""
        edit_customers(edits=edits, change_set=change_set)


class InvoiceResource(HandedOver):
    """Invoices of customers."""

    names = ("number", "issued_on", "due_on", "amount", "open_amount", "status")
    account = Field(attribute="customer__account_number", column_name="account", readonly=True)

    class Meta:
        model = Invoice
        fields = ("id", "account", "number", "issued_on", "due_on", "amount", "open_amount",
                  "status")  # fmt: skip
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    def get_queryset(self) -> models.QuerySet[Any]:
        """This will keep invoices of customers whom the person may see."""
        return Invoice.objects.filter(customer__in=Customer.objects.visible_to(self.user))

    def faults(self, instance: Any, row: Mapping[str, str]) -> dict[str, ValidationError]:  # noqa: ANN401 - as above
        """This will find the customer of a new invoice."""
        if instance.pk is not None:
            return {}
        visible = Customer.objects.visible_to(self.user)
        found = list(visible.filter(account_number=row.get("account", ""))[:2])
        if len(found) != 1:
            return {"account": ValidationError("There is no one customer with this number.")}
        instance.customer = found[0]
        if Invoice.objects.filter(customer=found[0], number=instance.number).exists():
            return {"number": ValidationError("The customer has an invoice of this number.")}
        return {}

    def add(self, instance: Invoice, values: dict[str, str]) -> None:
        """This will add the invoice as imports do."""
        rows = [(instance.customer, values)]
        instance.pk = add_invoices(rows=rows, change_set=self.opened())[0].pk

    def edit(self, edits: list[Edit], change_set: ChangeSet) -> None:
        """This will change invoices as imports do."""
        change_invoices(edits=edits, change_set=change_set)


class Files(ImportExportMixin):  # type: ignore[misc]  # the library carries no types
    """Import and export in the admin: CSV in, because only Imports opens workbooks with care."""

    import_formats = (CSV,)
    export_formats = (CSV, XLSX)
    skip_export_form_from_action = True
    import_right = ""
    export_right = "contacts.export_contacts"

    def has_import_permission(self, request: HttpRequest) -> bool:
        """This will ask for the rights to add and to change."""
        user: Any = request.user
        add, change = self.has_add_permission(request), self.has_change_permission(request)
        return bool(add and change if not self.import_right else user.has_perm(self.import_right))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """This will ask for the right to export."""
        user: Any = request.user
        return bool(user.has_perm(self.export_right))

    def get_resource_kwargs(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """This will tell the rows whose they are."""
        return {"user": request.user}

    get_import_resource_kwargs = get_resource_kwargs
    get_export_resource_kwargs = get_resource_kwargs

    def get_export_data(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the library's
        """This will keep in the audit trail that rows left the program."""
        _kind, request, rows = args
        name = rows.model._meta.model_name  # noqa: SLF001 - Django's
        note_export(actor=request.user, count=rows.count(), entity=name)
        return super().get_export_data(*args, **kwargs)


def _typed(column: Any, cell: str) -> Any:  # noqa: ANN401 - a field and its value
    """This will read a cell for a field: yes and no in words, blank as nothing where that is."""
    if isinstance(column, models.BooleanField):
        if cell.lower() not in WORDS:
            message = f"“{cell}” is neither yes nor no."
            raise ValidationError(message)
        return WORDS[cell.lower()]
    return None if cell == "" and column.null else cell
