"""The sample company: a wholesaler, its facts, and the people who work on its customer list."""

from dataclasses import dataclass

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from core.actions import save_configuration
from core.models import Configuration
from portal.actions.configuring import save_portal_configuration
from portal.models import PortalConfiguration

PASSWORD = "try-the-demo"  # noqa: S105 - printed, for a database on loopback that is thrown away
DOMAIN = "harborlinesupply.com"
FACTS = {
    "company_name": "Harborline Supply",
    "postal_address": "12 Wharf Street, Portland, ME 04101",
    "own_domains": DOMAIN,
    "sender_name": "Harborline Supply",
    "sender_email": f"portal@{DOMAIN}",
    "reply_to": f"help@{DOMAIN}",
    "support_email": f"help@{DOMAIN}",
    "success_email": f"success@{DOMAIN}",
    "escalation_email": f"manager@{DOMAIN}",
    "support_phone": "(555) 014-2200",
    "accent": "#1f5f8b",
}
# Sign-in, first name, last name, role. The reps are those that the ERP's file names.
PEOPLE = (
    ("demo", "Dana", "Whitfield", Role.ADMINISTRATOR),
    ("manager", "Marisol", "Kern", Role.MANAGER),
    ("reviewer", "Rafael", "Ito", Role.REVIEWER),
    ("sender", "Selma", "Brandt", Role.SENDER),
    ("reader", "Robin", "Achebe", Role.READ_ONLY),
    ("mcarver", "Mona", "Carver", Role.SALES_REP),
    ("tduval", "Theo", "Duval", Role.SALES_REP),
    ("kwhitlock", "Kit", "Whitlock", Role.SALES_REP),
    ("s.oliveira", "Sofia", "Oliveira", Role.SALES_REP),
)


@dataclass(frozen=True)
class Staff:
    """Who does what in the demo's story."""

    boss: User
    reviewer: User
    sender: User


def set_up() -> Staff:
    """This will add the people, write the company's facts down and enable the portal."""
    people = {
        username: add_staff(
            username=username,
            email=f"{username}@{DOMAIN}",
            password=PASSWORD,
            roles=[role],
            first_name=first,
            last_name=last,
        )
        for username, first, last, role in PEOPLE
    }
    boss = people["demo"]
    configuration = Configuration.load()
    for name, value in FACTS.items():
        setattr(configuration, name, value)
    save_configuration(configuration=configuration, actor=boss, changed=list(FACTS))
    portal = PortalConfiguration.load()
    portal.enabled = True
    save_portal_configuration(configuration=portal, actor=boss, changed=["enabled"])
    return Staff(boss, people["reviewer"], people["sender"])
