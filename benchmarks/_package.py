"""The same rows by django-import-export, as it comes and tuned; the benchmark of imports uses it.

Both write the same final rows as the product: the customer and the contact with what follows from
their values, what the source said of each, and a change that says it was created.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import tablib
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource

from contacts.actions.changes import derive_contact, derive_customer
from contacts.models import Change, ChangeSet, Contact, Customer, Source, SourceRecord
from contacts.rules.words import ChangeKind
from erp.rules.keys import fingerprint

NUMBERING = "package"
HEAD = (
    "account", "organization", "id", "first_name", "last_name", "job_title", "email", "phone",
    "sms_number", "city", "state", "postal_code", "notes", "inactive",
)  # fmt: skip
OWN = tuple(name for name in HEAD if name not in ("account", "organization", "id", "inactive"))
Row = dict[str, Any]


def dataset_of(rows: Iterable[Sequence[str]]) -> tablib.Dataset:
    """This will give rows of the file with the heads that the resources know."""
    return tablib.Dataset(*rows, headers=list(HEAD))


def source_of(name: str) -> tuple[Source, ChangeSet]:
    """This will give a source of its own and a change set for what comes from it."""
    source = Source.objects.create(name=name, numbering=f"{NUMBERING} {name}")
    return source, ChangeSet.objects.create(kind=ChangeKind.IMPORT, label=name)


def customer_of(source: Source, row: Row) -> Customer:
    """This will give the customer of a row as it is stored."""
    named = Customer(numbering=source.numbering, account_number=row["account"])
    named.name = row["organization"]
    return derive_customer(named)


def record_of(source: Source, entity: str, key: str, values: Row, target: Any) -> SourceRecord:  # noqa: ANN401 - a customer or a contact
    """This will give what is kept of what the source says of a row."""
    said = {name: value for name, value in values.items() if value and isinstance(value, str)}
    return SourceRecord(
        source=source,
        entity=entity,
        key=key,
        own_id=values.get("id", ""),
        base=said,
        fingerprint=fingerprint(said),
        origin="first.csv",
        **{entity: target},
    )


class ByRecord(BaseInstanceLoader):
    """Finds a contact by its own id in the source, by the index that the product has for it."""

    def get_instance(self, row: Row) -> Contact | None:
        """This will look one contact up."""
        records = SourceRecord.objects.select_related("contact")
        found = records.filter(source=self.resource.source, entity="contact", key=f"id:{row['id']}")
        record = found.first()
        return record.contact if record else None


class AllByRecord(BaseInstanceLoader):
    """Finds contacts as above, all of the file at once."""

    def __init__(self, resource: Any, dataset: tablib.Dataset | None = None) -> None:  # noqa: ANN401 - theirs
        super().__init__(resource, dataset)
        keys = [f"id:{one}" for one in dataset["id"]] if dataset else []
        records = SourceRecord.objects.filter(source=resource.source, entity="contact")
        found = records.filter(key__in=keys).select_related("contact")
        self.known = {record.key: record.contact for record in found}

    def get_instance(self, row: Row) -> Contact | None:
        """This will look one contact up among those read before."""
        return self.known.get(f"id:{row['id']}")


class Plain(ModelResource):
    """The package as it comes: every row by itself."""

    class Meta:
        model = Contact
        import_id_fields = ()
        fields = ("customer", *OWN)
        instance_loader_class = ByRecord

    def __init__(self, source: Source, change_set: ChangeSet) -> None:
        super().__init__()
        self.source, self.change_set = source, change_set

    def before_import_row(self, row: Row, **_kwargs: object) -> None:
        """This will find the row's customer, or add it."""
        key = {"numbering": self.source.numbering, "account_number": row["account"]}
        customer = Customer.objects.filter(**key).first()
        if customer is None:
            customer = customer_of(self.source, row)
            customer.save()
            told = {"account": row["account"], "name": row["organization"]}
            record_of(self.source, "customer", f"no:{row['account']}", told, customer).save()
            Change.objects.create(change_set=self.change_set, customer=customer)
        row["customer"] = customer.pk

    def before_save_instance(self, instance: Contact, row: Row, **_kwargs: object) -> None:
        """This will compute what follows from the values."""
        instance.active = row["inactive"] != "Yes"
        derive_contact(instance)

    def after_save_instance(self, instance: Contact, row: Row, **_kwargs: object) -> None:
        """This will keep what the source said, and that the contact was created."""
        record_of(self.source, "contact", f"id:{row['id']}", row, instance).save()
        Change.objects.create(change_set=self.change_set, contact=instance)


class Tuned(Plain):
    """The package at its best: customers beforehand, contacts found and written in batches."""

    class Meta(Plain.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        instance_loader_class = AllByRecord

    def before_import(self, dataset: tablib.Dataset, **_kwargs: object) -> None:
        """This will add all customers at once."""
        rows = {row["account"]: row for row in dataset.dict}
        made = Customer.objects.bulk_create(
            [customer_of(self.source, row) for row in rows.values()]
        )
        SourceRecord.objects.bulk_create(
            record_of(
                self.source,
                "customer",
                f"no:{one.account_number}",
                {"account": one.account_number, "name": one.name},
                one,
            )
            for one in made
        )
        Change.objects.bulk_create(Change(change_set=self.change_set, customer=one) for one in made)
        self.known = {one.account_number: one for one in made}
        self.rows: list[Row] = []

    def before_import_row(self, row: Row, **_kwargs: object) -> None:
        """This will give the row its customer."""
        row["customer"] = self.known[row["account"]].pk

    def before_save_instance(self, instance: Contact, row: Row, **_kwargs: object) -> None:
        """This will compute what follows from the values, and remember the row."""
        instance.customer = self.known[row["account"]]
        super().before_save_instance(instance, row, **_kwargs)
        self.rows.append(row)

    def after_save_instance(self, *_args: object, **_kwargs: object) -> None:
        """This will do nothing: a batch is written as a whole."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - theirs
        """This will write a batch, with what the source said and that they were created."""
        made = list(self.create_instances)
        super().bulk_create(*args, **kwargs)
        rows, self.rows = self.rows, []
        SourceRecord.objects.bulk_create(
            record_of(self.source, "contact", f"id:{row['id']}", row, one)
            for one, row in zip(made, rows, strict=True)
        )
        Change.objects.bulk_create(Change(change_set=self.change_set, contact=one) for one in made)
