"""What a new installation should know before its first mail goes out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What is known of a new installation."""

    signed_in_as: str
    runs_on: str
    has_company: bool
    has_sender: bool
    has_domains: bool
    portal_enabled: bool
    staff: int


@dataclass(frozen=True)
class FirstStep:
    """One line: what, why, and where to do it. `right` is what one needs to do it."""

    icon: str
    title: str
    text: str
    done: bool
    url_name: str = ""
    action: str = ""
    right: str = ""


CONFIGURE = ("admin:core_configuration_change", "core.change_configuration")
PORTAL = ("admin:portal_portalconfiguration_change", "portal.change_portalconfiguration")
TEAM = ("admin:accounts_user_changelist", "accounts.manage_team")


def first_steps(facts: Facts) -> list[FirstStep]:
    """This will give the lines of the welcome page, in an order that makes sense."""
    settings, may_configure = CONFIGURE
    portal, may_set_up = PORTAL
    team, may_manage = TEAM
    return [
        FirstStep("userp", "First administrator", f"{facts.signed_in_as}, signed in", done=True),
        FirstStep("gear", "Database and worker", facts.runs_on, done=True),
        FirstStep(
            "build", "Company name and postal address",
            "Law asks for a postal address in each bulk mail",
            facts.has_company, settings, "Fill in", may_configure,
        ),
        FirstStep(
            "mail", "Sender", "The address that mail comes from, and where answers go",
            facts.has_sender, settings, "Name it", may_configure,
        ),
        FirstStep(
            "globe", "Your own email domains",
            "So that your staff’s addresses are found among the customers’",
            facts.has_domains, settings, "Name them", may_configure,
        ),
        FirstStep(
            "door", "Customer portal",
            "Switch it on to invite; subject and text of the invitation are set there",
            facts.portal_enabled, portal, "Set up", may_set_up,
        ),
        FirstStep(
            "users", "Your team", "Reviewers, senders and sales reps",
            facts.staff > 1, team, "Add", may_manage,
        ),
    ]  # fmt: skip
