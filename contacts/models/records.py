"""Sources, and what they tell of: customers, the people at them, invoices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper

from contacts.querysets import (
    ContactManager,
    ContactQuerySet,
    CustomerManager,
    CustomerQuerySet,
)
from contacts.rules.words import ContentType, EmailStatus, Entity, PortalStage
from core.choices import choices_of


class Source(models.Model):
    """Where records come from: an ERP, a spreadsheet, a till."""

    name = models.CharField(max_length=80, unique=True)
    numbering = models.CharField(
        max_length=80,
        help_text="Sources with the same numbering share account numbers.",
    )
    layouts = models.JSONField(
        default=dict, help_text="By entity: the file's headers in order and the field of each."
    )
    mappings = models.JSONField(default=dict, help_text="By set of headers: the confirmed mapping.")
    rank = models.PositiveSmallIntegerField(
        default=5,
        help_text="Where two sources speak of one record, the one with the lower number wins."
        " Of equals neither does: a person decides.",
    )
    leads = models.JSONField(
        default=list, blank=True, help_text="Fields in which it wins over every other source."
    )
    trails = models.JSONField(
        default=list, blank=True, help_text="Fields in which every other source wins."
    )
    ascii_domains = models.BooleanField(
        default=False,
        help_text="Corrections go back with domains in ASCII (xn--…); off: as they were typed.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """One account of the ERP."""

    numbering = models.CharField(max_length=80, blank=True)
    account_number = models.CharField(max_length=64)
    number_key = models.CharField(max_length=64, editable=False)
    name = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="branches"
    )
    is_house_account = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    website = models.CharField(max_length=200, blank=True)
    email = models.CharField("general email", max_length=320, blank=True)
    address1 = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField("billing zip", max_length=20, blank=True)
    country = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    fax = models.CharField(max_length=60, blank=True)
    customer_type = models.CharField("type of clientele", max_length=80, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    product_lines = models.CharField(max_length=250, blank=True)
    currency = models.CharField(max_length=10, blank=True)
    terms = models.CharField(max_length=80, blank=True)
    sales_rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    sales_rep_name = models.CharField(max_length=100, blank=True)
    sales_rep_email = models.CharField(max_length=254, blank=True)
    promote = models.BooleanField(default=True)
    invite = models.BooleanField(default=True)
    notes = models.TextField(blank=True)
    custom = models.JSONField(default=dict, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = CustomerManager()
    everyone: ClassVar = CustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["numbering", "account_number"], name="contacts_customer_number"
            ),
            models.CheckConstraint(
                name="contacts_customer_has_number", condition=~models.Q(account_number="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number_key"], name="contacts_customer_numkey"),
            models.Index(fields=["name", "id"], name="contacts_customer_name"),
            models.Index(fields=["account_number", "id"], name="contacts_customer_acct"),
            models.Index(fields=["sales_rep_name", "id"], name="contacts_customer_repname"),
            models.Index(Upper("sales_rep_email"), name="contacts_customer_repmail"),
            models.Index(
                fields=["merged_into"],
                name="contacts_customer_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.account_number


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    salutation = models.CharField(max_length=20, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    middle_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    organization = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=1000, blank=True, help_text="As it was typed.")
    email_repaired = models.CharField(max_length=320, blank=True, editable=False)
    address_key = models.CharField(max_length=320, blank=True, editable=False)
    email_domain = models.CharField(max_length=255, blank=True, editable=False)
    email_status = models.CharField(
        max_length=10, choices=choices_of(EmailStatus), default=EmailStatus.UNKNOWN.value
    )
    is_role_address = models.BooleanField(default=False)
    is_freemail = models.BooleanField(default=False)
    alt_customer_id = models.CharField("alternate customer ID", max_length=64, blank=True)
    sms_number = models.CharField("mobile phone", max_length=60, blank=True)
    address1 = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    province = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    fax = models.CharField(max_length=60, blank=True)
    alternate_phone = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    content_type = models.CharField(
        max_length=10, choices=choices_of(ContentType), default=ContentType.UNKNOWN.value
    )
    active = models.BooleanField(default=True)
    is_house_user = models.BooleanField(default=False)
    username = models.CharField(
        max_length=150, blank=True, help_text="Wished for, or carried over from an old site."
    )
    notes = models.TextField(blank=True)
    promote = models.BooleanField(default=True)
    invite = models.BooleanField(default=True)
    portal_stage = models.CharField(
        max_length=12, choices=choices_of(PortalStage), default=PortalStage.NOT_INVITED.value
    )
    last_mailed_at = models.DateTimeField(null=True, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = ContactManager()
    everyone: ClassVar = ContactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["last_name", "first_name", "id"], name="contacts_contact_last"),
            models.Index(fields=["first_name", "id"], name="contacts_contact_first"),
            models.Index(fields=["email", "id"], name="contacts_contact_email"),
            models.Index(fields=["address_key"], name="contacts_contact_key"),
            models.Index(fields=["email_domain"], name="contacts_contact_domain"),
            models.Index(fields=["email_status", "id"], name="contacts_contact_status"),
            models.Index(fields=["portal_stage", "id"], name="contacts_contact_stage"),
            models.Index(fields=["updated_at", "id"], name="contacts_contact_updated"),
            models.Index(
                fields=["merged_into"],
                name="contacts_contact_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]
        permissions: ClassVar = [
            ("view_all_contacts", "Can view the contacts of all customers"),
            ("export_contacts", "Can export contacts"),
            ("bulk_email_contacts", "Can send bulk email to contacts"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "Nameless contact"

    @property
    def name(self) -> str:
        """First, middle and last name."""
        parts = (self.first_name, self.middle_name, self.last_name)
        return " ".join(part for part in parts if part)


class Invoice(models.Model):
    """An invoice as told by the ERP: proves an account, ranks review."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="invoices")
    number = models.CharField(max_length=64)
    number_key = models.CharField(max_length=64, editable=False)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    open_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "number"], name="contacts_invoice_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number_key"], name="contacts_invoice_numkey"),
            models.Index(fields=["customer", "-issued_on"], name="contacts_invoice_recent"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether something is still to be paid."""
        return bool(self.open_amount and self.open_amount > 0)


class SourceRecord(models.Model):
    """What one source last said of one record: the base of the three-way merge."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="records")
    entity = models.CharField(max_length=10, choices=choices_of(Entity))
    key = models.CharField(max_length=200)
    own_id = models.CharField(
        max_length=120, blank=True, help_text="The record's own id in the file, when it has one."
    )
    base = models.JSONField(default=dict, help_text="Field to value, as last seen in the file.")
    fingerprint = models.CharField(max_length=32)
    origin = models.CharField(
        max_length=300, blank=True, help_text="file:row:column of its email cell, where last seen."
    )
    row_number = models.PositiveIntegerField(default=0)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="records")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="records")
    invoice = models.ForeignKey(Invoice, models.CASCADE, null=True, related_name="records")
    seen_in = models.BigIntegerField(default=0, help_text="Number of the import it came with last.")
    missing_since = models.DateTimeField(null=True)
    merged_away = models.BooleanField(
        default=False,
        help_text="Its row was merged into one that this source tells of as well: no corrections.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "entity", "key"], name="contacts_record_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "entity", "seen_in"], name="contacts_record_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.key}"
