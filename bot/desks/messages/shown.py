"""What people get, as it is shown to whoever asks: a message, its reader, and what is made up (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.messages import Message
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.teams import Notification
    from bot.domain.templates import MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """One thing that people get.

    `code` is its kind in short, `kind` names it, and `when` and `to` say so in words.

    `html` is its body, "" where `plain` is all of it. `events` are (subject, when, where) of those whose body
    it is; of a message, nothing.
    """

    code: str
    kind: str
    when: str
    to: str
    subject: str
    html: str = ""
    plain: str = ""
    events: tuple[tuple[str, str, str], ...] = ()
    line: Notification | None = None
    card: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReader:
    """Whose messages they are.

    A name to greet ("" for nobody known), and the address of the page (None where no web address is set).
    """

    name: str
    link: str | None


def message_text(language: Language, code: str, **params: object) -> str:
    """`messages.<code>` of the catalogue."""
    return text(language, f"messages.{code}", **params)


def made_up_message(
    plan: CoursePlan, course: Course, kind: MessageKind, params: Mapping[str, str]
) -> Message:
    """A message about the course to nobody, to be rendered for whoever reads it through."""
    return Message(
        plan=plan.id,
        key="",
        kind=kind,
        course=course.id,
        offering="",
        email="",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        params=params,
    )
