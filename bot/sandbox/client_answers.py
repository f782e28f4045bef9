"""What Teams' client makes of the bot's answer to a press: a card, a word, or an error that says little.

That a card in an answer may be no larger than one in a message is assumed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from http import HTTPStatus

from bot.sandbox.cards_seen import CARD_TYPE, MOST_BYTES, refusal_of
from bot.sandbox.chats import Called
from bot.sandbox.wire import JsonObject

UNREACHABLE = "Unable to reach app. Please try again."
WRONG = "Something went wrong. Please try again."
MESSAGE_TYPE = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What somebody sees after a press: the card that stands there now, a word of the bot's, or an error."""

    status: int
    card: JsonObject | None = None
    message: str = ""
    error: str = ""
    activity: str = ""

    def as_json(self) -> JsonObject:
        """Return it for the control plane."""
        return asdict(self)


def read_answer(called: Called) -> Pressed:
    """What is seen then; whatever is not exactly as it is to be is an error."""
    activity, status, body = called.activity["id"], called.status, called.body
    if called.kind != "adaptiveCard/action":
        error = "" if status in range(200, 300) else UNREACHABLE
        return Pressed(status=status, error=error, activity=activity)
    if status != HTTPStatus.OK:
        return Pressed(status=status, error=UNREACHABLE, activity=activity)
    if not isinstance(body, dict) or body.get("statusCode") != HTTPStatus.OK:
        return Pressed(status=status, error=WRONG, activity=activity)
    value = body.get("value")
    if body.get("type") == MESSAGE_TYPE and isinstance(value, str):
        return Pressed(status=status, message=value, activity=activity)
    too_large = len(json.dumps(value, ensure_ascii=False).encode()) > MOST_BYTES
    if body.get("type") != CARD_TYPE or refusal_of(value) or not isinstance(value, dict) or too_large:
        return Pressed(status=status, error=WRONG, activity=activity)
    return Pressed(status=status, card=value, activity=activity)
