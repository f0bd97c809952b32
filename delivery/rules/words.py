"""What states, purposes and reasons are called on pages."""

from delivery.rules.states import MessageState, Purpose, SuppressionReason

# Tone, icon, words.
STATES: dict[MessageState, tuple[str, str, str]] = {
    MessageState.QUEUED: ("", "clock", "Waiting"),
    MessageState.LEASED: ("", "clock", "Waiting"),
    MessageState.SENDING: ("info", "send", "Being sent"),
    MessageState.UNKNOWN: ("warn", "help", "Outcome not known"),
    MessageState.ACCEPTED: ("ok", "check", "Sent"),
    MessageState.REFUSED: ("bad", "ban", "Refused"),
    MessageState.FAILED: ("bad", "stop", "Failed"),
    MessageState.SUPPRESSED: ("warn", "ban", "Not sent, suppressed"),
    MessageState.CANCELLED: ("", "x", "Withdrawn"),
    MessageState.ABANDONED: ("", "minus", "Left as it is"),
    MessageState.DELIVERED: ("ok", "check", "Delivered"),
    MessageState.BOUNCED: ("bad", "ban", "Bounced"),
    MessageState.COMPLAINED: ("bad", "alert", "Reported as spam"),
}
PURPOSES: dict[Purpose, str] = {
    Purpose.ANNOUNCEMENT: "Announcements",
    Purpose.INVITATION: "Invitations",
    Purpose.REMINDER: "Reminders",
    Purpose.DATA_REQUEST: "Data requests",
    Purpose.BULK: "Bulk email",
    Purpose.ACCOUNT: "Account",
    Purpose.INTERNAL: "To staff",
}
# What a recipient reads of a kind of message that he no longer wants.
TOLD: dict[Purpose, str] = {
    Purpose.ANNOUNCEMENT: "announcements",
    Purpose.INVITATION: "invitations to our customer portal",
    Purpose.REMINDER: "reminders about our customer portal",
    Purpose.DATA_REQUEST: "questions about your contact details",
    Purpose.BULK: "news by email",
}
REASONS: dict[SuppressionReason, tuple[str, str, str]] = {
    SuppressionReason.BOUNCED: ("bad", "ban", "Bounced"),
    SuppressionReason.UNSUBSCRIBED: ("", "mail", "Unsubscribed"),
    SuppressionReason.COMPLAINED: ("bad", "alert", "Complained"),
    SuppressionReason.MANUAL: ("warn", "stop", "Do not contact"),
    SuppressionReason.DOMAIN: ("warn", "globe", "Blocked domain"),
    SuppressionReason.ERASED: ("", "lock", "Erased"),
}
# How a kind of mail is called where its row has no mailing.
KINDS = {
    "test": "Test",
    "password_reset": "Account, new password",
    "username": "Account, username",
    "registration_link": "Account, registration",
    "questions": "Questions to a colleague",
    "confirm_address": "Question about an address",
}


def stops(purpose: str) -> str:
    """This will say which mail a suppression stops."""
    return PURPOSES[Purpose(purpose)] if purpose else "All mail"


def kind_words(kind: str, purpose: str) -> str:
    """This will name a single mail by its kind."""
    return KINDS.get(kind) or PURPOSES[Purpose(purpose)]
