"""The staff roles and the rights each one holds: the one table that decides."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is there for."""

    ADMINISTRATOR = "Administrator"
    MANAGER = "Manager"
    REVIEWER = "Reviewer"
    SENDER = "Sender"
    SALES_REP = "Sales rep"
    READ_ONLY = "Read only"


VIEW_ALL = (
    "contacts.view_contact",
    "contacts.view_customer",
    "contacts.view_all_contacts",
    "contacts.view_invoice",
    "campaigns.view_campaign",
    "campaigns.view_template",
    "delivery.view_message",
    "delivery.view_suppression",
)
VIEW_OWN = tuple(right for right in VIEW_ALL if right != "contacts.view_all_contacts")
EDIT = ("contacts.add_contact", "contacts.change_contact", "contacts.change_customer")
REVIEW = ("review.review_findings",)
IMPORT = ("erp.add_import", "erp.undo_import")
WRITE_BACK = ("erp.write_back",)
EXPORT = ("contacts.export_contacts",)
SEND = ("contacts.bulk_email_contacts", "portal.send_portal_invitation")
TEMPLATES = ("campaigns.change_template",)
APPROVE = ("portal.approve_registrations",)
CONFIGURE = (
    "core.change_configuration",
    "core.view_configuration",
    "portal.change_portalconfiguration",
    "portal.view_portalconfiguration",
    "delivery.change_suppression",
    "delivery.view_local_outbox",
    "accounts.manage_team",
    "core.view_auditentry",
)

RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        *VIEW_ALL,
        *EDIT,
        *REVIEW,
        *IMPORT,
        *WRITE_BACK,
        *EXPORT,
        *SEND,
        *TEMPLATES,
        *APPROVE,
        *CONFIGURE,
    ),
    Role.MANAGER: (
        *VIEW_ALL,
        *EDIT,
        *REVIEW,
        *IMPORT,
        *WRITE_BACK,
        *EXPORT,
        *SEND,
        *TEMPLATES,
        *APPROVE,
    ),
    Role.REVIEWER: (*VIEW_ALL, *EDIT, *REVIEW, *WRITE_BACK),
    Role.SENDER: (*VIEW_ALL, *SEND, *TEMPLATES),
    Role.SALES_REP: VIEW_OWN,
    Role.READ_ONLY: VIEW_ALL,
}
