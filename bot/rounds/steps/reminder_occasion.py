"""What reminders are computed from, loaded from the books; no request is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.conversations import channels_by_name
from bot.domain.events import LedgerState
from bot.domain.invited import invited_since
from bot.domain.teams import TeamsReach
from bot.registrations.question_answers import unanswered
from bot.reminders.bundles import asked_by_mail, known_reminders, promised_copies
from bot.reminders.occasion import Occasion, OnCalendar
from bot.reminders.words import words_in_force
from bot.rounds.steps.afterwards import known_afterwards
from bot.rounds.steps.decide_seats import load_state, settled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import SeatState
    from config.settings import Settings

GONE_FROM_CALENDAR = frozenset({LedgerState.VANISHED, LedgerState.CANCELLING})


def on_calendar(
    entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex
) -> dict[SessionKey, OnCalendar]:
    """The events whose books are settled, by the session's key, parts together."""
    found: dict[SessionKey, OnCalendar] = {}
    for key, since in invited_since(entries).items():
        entry, first = entries[key], key.first
        if entry.state not in GONE_FROM_CALENDAR:
            others = found[first].invited if first in found else {}
            found[first] = OnCalendar(
                start=entry.start,
                invited={**others, **{people.canonical(email): at for email, at in since.items()}},
            )
    return found


def occasion_of(
    work: BookWork, *, now: datetime, until: datetime, state: SeatState | None = None
) -> tuple[Occasion, SeatState]:
    """What reminders are computed from, and the books that it was made of."""
    state = load_state(work.plan, work.stores) if state is None else state
    has_rules = any(state.plan.rules_for(course) for course in state.plan.courses)
    rows = settled(state, work.settings, now=now).registrations if has_rules else ()
    occasion = Occasion(
        plan=state.plan,
        rows=rows,
        calendar=on_calendar(state.entries, state.people),
        asked=state.announced,
        members=state.members,
        known=known_reminders(state.messages, state.people),
        promised=promised_copies(state.messages, state.people),
        people=state.people,
        now=now,
        until=until,
        reach=_teams_reach(work.settings, work.stores),
        words=words_in_force(
            work.stores.reminder_words.load_words(work.plan.id, course=state.course), state.people
        ),
        unanswered=_unanswered(work, state, rows),
        **known_afterwards(work, state, rows),
    )
    return occasion, state


def _unanswered(work: BookWork, state: SeatState, rows: Sequence[Registration]) -> frozenset[tuple[str, str]]:
    """(course, address) of those who have left questions open, and have not been asked by a mail."""
    if not any(course.questions for course in state.plan.courses):
        return frozenset()
    answers = work.stores.question_answers.load_answers(work.plan.id, course=state.course)
    left_open = unanswered(state.plan, rows, answers, state.people)
    return left_open - asked_by_mail(state.messages, state.people)


def _teams_reach(settings: Settings, stores: Stores) -> TeamsReach:
    """What of Teams is set up, who has a chat with the bot and where it is. Raises DatabaseFailed."""
    has_bot, book = settings.bot.is_set, stores.conversations
    chats = book.load_personal() if has_bot else {}
    known_by = {*chats, *(one.email for one in chats.values() if one.email)}
    return TeamsReach(
        feed=settings.teams.app_id is not None,
        chats=frozenset(known_by) if has_bot else None,
        posts=frozenset(settings.teams.channels),
        channels=frozenset(channels_by_name(book.load_channels())) if has_bot else frozenset(),
    )
