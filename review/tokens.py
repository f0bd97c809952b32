"""Links of review: a colleague's page, and the page on which a customer confirms his address.

Both are derived: from the colleague's row and version, and from the message that holds the link.
"""

from uuid import UUID

from core.links import Reference, read_token, token_of
from delivery import tokens
from delivery.tokens import page_url
from review.models import Respondent

QUESTIONS = "review:questions"
CONFIRM = "confirm"


def questions_token(respondent: Respondent) -> str:
    """This will derive the token of a colleague's page."""
    return token_of(QUESTIONS, respondent.pk, respondent.version)


def questions_url(respondent: Respondent) -> str:
    """This will give the link to a colleague's page, as it stands in a mail."""
    return page_url("review:reply", questions_token(respondent))


def read_questions(token: str) -> Reference | None:
    """This will give whose page a token opens; nothing when we did not make it."""
    return read_token(QUESTIONS, token)


def confirm_url(message_id: UUID) -> str:
    """This will give the link that asks whether the address of a message is right."""
    return page_url("review:confirm", tokens.make(CONFIRM, message_id))


def read_confirm(token: str) -> UUID | None:
    """This will give the message that a token was made for; nothing when we did not make it."""
    return tokens.read(CONFIRM, token)
