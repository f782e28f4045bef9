"""A reminder as its readers get it, before it goes: one for each way and language (pure).

Links to people's own pages are made up: a page of HR's opens nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.delivery.parcels import parcels
from bot.delivery.words import language_of, letter
from bot.domain.reminder_rules import Channel
from bot.messages.card import render_card, render_notification
from bot.messages.plain_text import text_of
from bot.reminders.bundles import message_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.reminders import Reminder
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import SeatState

MADE_UP_PATH = "/p/eksempel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReminder:
    """What `people` people get this way: a subject or headline, and the text; `html` "" in Teams.

    `is_copy`: it is for those who answer for a leader.
    """

    way: Channel
    language: Language
    people: int
    subject: str
    text: str
    html: str = ""
    is_copy: bool = False


def made_up_link(books: BookWork) -> Callable[[str, str], str | None]:
    """Where a mail would lead its reader, to be shown to somebody else; None where there are no pages."""
    base = books.settings.web.base_url
    link = None if base is None else f"{str(base).rstrip('/')}{MADE_UP_PATH}"
    return lambda _email, _course: link


def shown_reminders(
    books: BookWork, state: SeatState, reminders: Iterable[Reminder], *, at: datetime | None
) -> tuple[ShownReminder, ...]:
    """As the first of each way and language gets it, and of the copies.

    `at` that time (UTC), None: when the plan says.
    Raises InputError for words of HR's own that break.
    """
    alike: dict[tuple[Channel, Language, bool], list[Reminder]] = {}
    for one in reminders:
        language = language_of(one.email, state.plan, state.people)
        alike.setdefault((Channel(one.item.channel), language, one.is_copy), []).append(one)
    return tuple(_shown(books, state, alike, at))


def _shown(
    books: BookWork,
    state: SeatState,
    alike: dict[tuple[Channel, Language, bool], list[Reminder]],
    at: datetime | None,
) -> Iterator[ShownReminder]:
    plan, link_for = state.plan, made_up_link(books)
    for (way, language, is_copy), reminders in alike.items():
        item, people, when = reminders[0].item, len(reminders), at or reminders[0].due_at
        today = when.astimezone(ZoneInfo(plan.timezone)).date()
        if way is Channel.MAIL:
            first, *_ = parcels(
                [message_alone(plan, one, when) for one in reminders],
                plan,
                language_of=partial(language_of, plan=plan, people=state.people),
                one_for_all=books.settings.mailbox.one_for_all,
            )
            mail = letter(
                first,
                plan,
                state.people,
                link_for=link_for,
                link_for_leader=lambda by, _leader, course: link_for(by, course),
                now=when,
            )
            subject, said, html = mail.subject, text_of(mail.html), mail.html
        elif way is Channel.TEAMS:
            line = render_notification(
                plan,
                [item],
                language=language,
                link_for=lambda course: link_for("", course),
                today=today,
                app_id="",
            )
            subject, said, html = line.subject, line.preview, ""
        else:
            card = render_card(plan, item, language=language, today=today)
            subject, said, html = card["body"][0]["inlines"][0]["text"], card["fallbackText"], ""
        yield ShownReminder(
            way=way,
            language=language,
            people=people,
            subject=subject,
            text=said,
            html=html,
            is_copy=is_copy,
        )
