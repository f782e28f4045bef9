"""Where the bot is in Teams, and what is said there, as data: conversations, what people write and press.

A conversation is one person's chat with the bot, or a channel that the bot was added to. Teams tells of each
as it begins; nothing can be said in one that it has not told of. Does not say how cards look (`bot.cards`),
nor how they travel (`bot.connector`, `bot.teams`). Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

REPLAY_LASTS = timedelta(hours=2)
"""How long an activity is known again: a token is good for one hour, and Teams asks again within minutes."""
UNSEEN_CHAT_LASTS = timedelta(days=730)
"""How long a person's chat is kept in which nobody wrote or pressed and to which nothing was brought."""
LONGEST_TYPED = 2000
"""Characters of one field of a card, or of a line in a chat, that are read; the rest is nobody's."""
MOST_FIELDS = 40
"""Fields of a press that are read: eight questions and what every press has come nowhere near it."""


class ConversationKind(StrEnum):
    """Where it is."""

    PERSONAL = "personal"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One place where the bot may speak.

    `id` and `service_url` are Teams' own. `subject` is whose it is: a person by directory id, or a team by
    Teams' own id. `email` is the person's address as the books had it then, "" for a channel; `name` is the
    channel's, "" for a person.
    """

    id: str
    kind: ConversationKind
    service_url: str
    added_at: datetime
    seen_at: datetime
    subject: str = ""
    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCard:
    """A card of a course that stands in a conversation and is kept as the course is.

    `activity` is what Teams knows it by, `digest` of what it shows. Without an `activity` it was begun and
    nobody knows what became of it, or it was taken away there: it is left alone.
    """

    plan: str
    course: str
    conversation: str
    activity: str
    digest: str
    shown_at: datetime


def channel_key(name: str) -> str:
    """By which a channel is known, whatever the case and the spaces of its name."""
    return " ".join(name.split()).casefold()


def channels_by_name(channels: Iterable[Conversation]) -> dict[str, Conversation]:
    """The channels by the keys of their names; none of those whose name another one has as well."""
    named: dict[str, list[Conversation]] = {}
    for one in channels:
        named.setdefault(channel_key(one.name), []).append(one)
    return {key: alike[0] for key, alike in named.items() if key and len(alike) == 1}


class ChatWish(StrEnum):
    """What somebody who writes to the bot wants to see."""

    MINE = "mine"
    COMING = "coming"
    UNANSWERED = "unanswered"
    COURSE = "course"
    HELP = "help"
    UNKNOWN = "unknown"


class PressVerb(StrEnum):
    """What a button of a card is for.

    | verb | does | needs |
    |---|---|---|
    | `mine` `coming` `unanswered` `help` | shows a list | – |
    | `course` | shows the course as it is now; a card's refresh is the same | plan, course |
    | `ask` | asks before what cannot be undone, or for what it needs | plan, course, offering, kind |
    | `decide` | decides | plan, course, offering, kind |
    | `answers` | keeps answers to the course's questions; asks them where the press brings none | plan, course |
    | `note` | keeps a note to HR | plan, course |
    """

    MINE = "mine"
    COMING = "coming"
    UNANSWERED = "unanswered"
    HELP = "help"
    COURSE = "course"
    ASK = "ask"
    DECIDE = "decide"
    ANSWERS = "answers"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed, as it came: nothing of it is known to be true.

    `kind` is a `RequestKind`'s value. `acts_for` is the directory id or address of whom somebody answers for,
    "" for themselves. `typed` are the card's fields by their ids (`reason`, `colleague`, `note`, and
    `q.QUESTION` for an answer). `is_refresh`: the client asks by itself, nobody pressed. `was_asked`: it is
    the yes to a question whether it is meant; without it, what cannot be undone is asked about first.
    """

    verb: PressVerb
    plan: str = ""
    course: str = ""
    offering: str = ""
    kind: str = ""
    acts_for: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    is_refresh: bool = False
    was_asked: bool = False


KEYS = ("plan", "course", "offering", "kind", "acts_for")
"""What a button carries besides its verb; `verb` itself stands in `Action.Submit`'s data alone."""
FLAGS = ("refresh", "asked")
"""What it may carry as well."""


def press_data(press: Press) -> dict[str, str]:
    """What a card's button carries for this press, as `read_press` reads it; empty values are left out."""
    values = {name: str(getattr(press, name)) for name in KEYS}
    flags = {"refresh": press.is_refresh, "asked": press.was_asked}
    return {name: value for name, value in values.items() if value} | {
        name: "yes" for name, is_so in flags.items() if is_so
    }


def read_press(verb: object, data: object) -> Press | None:
    """The press of a verb and its data, as a client sent them; None for what no card of ours sends.

    Everything but text is left out, and text is cut.
    """
    if not isinstance(data, Mapping) or verb not in {one.value for one in PressVerb}:
        return None
    texts = {
        name: value[:LONGEST_TYPED]
        for name, value in [*data.items()][:MOST_FIELDS]
        if isinstance(name, str) and isinstance(value, str)
    }
    return Press(
        verb=PressVerb(verb),
        **{name: texts.get(name, "") for name in KEYS},
        typed={name: value for name, value in texts.items() if name not in {*KEYS, "verb", *FLAGS}},
        is_refresh=texts.get("refresh") == "yes",
        was_asked=texts.get("asked") == "yes",
    )
