# ruff: noqa: E501 - a paragraph of a mail is one line
"""The mails that the portal sends by itself: one function a kind, fields filled by delivery.

Names, usernames and companies stand in as merge fields, so that no value of a customer is ever
read as a link. No text holds a password.
"""

from delivery.rules.texts import Text, plain

HOUR = 60


def reset_link(*, url: str, minutes: int) -> Text:
    """This will give the mail with the link to choose a password."""
    return Text(
        "[CompanyName]: choose your password",
        f"""Hello [ContactName],

choose a password for the username [Username] here:

[Choose a password]({url})

The link works once and for {lasting(minutes)}. If you did not ask for it, do nothing: your password stays as it is.""",
    )


def password_changed(*, forgot_url: str) -> Text:
    """This will give the mail that tells a user of his new password, without the password."""
    return Text(
        "[CompanyName]: your password was changed",
        f"""Hello [ContactName],

the password of the username [Username] was changed just now. Other devices were signed out.

Was it not you? [Choose a new password]({forgot_url}) at once and tell us.""",
    )


def usernames(*, count: int, sign_in_url: str, forgot_url: str) -> Text:
    """This will give the mail that names one username, or all that share the address."""
    words = "Your username is [Username]" if count == 1 else "Your usernames are [Username]"
    return Text(
        "[CompanyName]: your username",
        f"""Hello,

{words}

[Sign in]({sign_in_url})

No password yet, or forgotten? [Choose one here]({forgot_url}). If you did not ask for this, do nothing.""",
    )


def register_link(*, url: str, minutes: int) -> Text:
    """This will give the mail that goes to the address on file after three facts matched."""
    return Text(
        "[CompanyName]: create your account",
        f"""Hello [ContactName],

somebody who knows the account number, billing zip and an invoice of [CustomerName] asked for an account in our customer portal. If it was you, create it here:

[Create your account]({url})

The link works once and for {lasting(minutes)}. If it was not you, do nothing and let us know.""",
    )


def already_registered(*, sign_in_url: str, forgot_url: str) -> Text:
    """This will give the mail to a contact who has an account and asked for one."""
    return Text(
        "[CompanyName]: you already have an account",
        f"""Hello [ContactName],

you already have an account for [CustomerName]. Your username is [Username]

[Sign in]({sign_in_url})

Forgotten your password? [Choose a new one]({forgot_url}). If you did not ask for this, do nothing.""",
    )


def new_invitation(*, url: str, days: int) -> Text:
    """This will give the mail with a fresh invitation link."""
    return Text(
        "[CompanyName]: your new invitation link",
        f"""Hello [ContactName],

here is a new link to set up your account for [CustomerName].

[Create your account]({url})

It works for {days} days, and only for you. Older links no longer work.""",
    )


def invitation_again(*, url: str, days: int) -> Text:
    """This will give the mail by which staff send one contact his invitation link."""
    return Text(
        "[CompanyName]: your invitation to our customer portal",
        f"""Hello [ContactName],

here is your link to set up your account for [CustomerName].

[Create your account]({url})

It works for {days} days, and only for you. You choose your own username and password.""",
    )


def approved(*, url: str, days: int) -> Text:
    """This will give the mail to somebody whose wish to join staff have approved."""
    return Text(
        "[CompanyName]: your account can be set up",
        f"""Hello [ContactName],

we have checked your details. Set up your account for [CustomerName] here:

[Create your account]({url})

The link works for {days} days, and only for you.""",
    )


def rejected(*, reason: str) -> Text:
    """This will give the mail to somebody whose wish to join staff have refused."""
    return Text(
        "[CompanyName]: your request for an account",
        f"""Hello,

we could not open an account for you: {plain(reason)}

Call us or answer this email if we should look again; have a recent invoice at hand.""",
    )


def welcome(*, home_url: str) -> Text:
    """This will give the mail that confirms a new account."""
    return Text(
        "[CompanyName]: your account is ready",
        f"""Hello [ContactName],

your account for [CustomerName] is ready. Your username is [Username]

[Open your account]({home_url})

Was it not you? Tell us at once.""",
    )


def colleague_joined(*, home_url: str) -> Text:
    """This will give the mail that tells the users of an account of a new one."""
    return Text(
        "[CompanyName]: a colleague has joined your account",
        f"""Hello [ContactName],

somebody else at [CustomerName] now has an account in our customer portal.

[See who]({home_url})

You do not know the person? Tell us.""",
    )


def lasting(minutes: int) -> str:
    """This will say a time in words: 2 hours, 90 minutes."""
    if minutes % HOUR:
        return f"{minutes} minutes"
    hours = minutes // HOUR
    return "1 hour" if hours == 1 else f"{hours} hours"
