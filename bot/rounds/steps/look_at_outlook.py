"""What people did in Outlook since the last look, read once for everything that follows from it.

    what changed on the events   answers into the log; edits by hand and rooms that said no into the ledger
    their response messages      what they wrote, as comments
    what the books say           the plan as it stands in people's calendars: what everybody is told

Only the difference between plan and Outlook is computed from the plan itself (`bot.rounds.steps.propose`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.invitations.as_it_stands import as_it_stands
from bot.invitations.edits import with_edits
from bot.registrations.said import said
from bot.rounds.steps.collect_answers import collect_answers
from bot.rounds.steps.collect_comments import collect_comments
from config.settings import Drift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, ObservedEvent, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.registrations.said import Said
    from bot.rounds.steps.decide_seats import SeatState


def plan_as_it_stands(plan: CoursePlan, stores: Stores) -> CoursePlan:
    """The plan with what was edited in Outlook and kept, as far as the books know; raises DatabaseFailed."""
    return as_it_stands(plan, stores.books.ledger.load_edits(plan.id))


async def look_at_outlook(
    work: Work, *, people: PeopleIndex, entries: Mapping[SessionKey, LedgerEntry], now: datetime
) -> int:
    """Note what is new; how many answers were.

    Under the run lock; raises GraphError when the calendar cannot be read, DatabaseFailed.
    """
    plan, stores = work.plan, work.stores

    def seen(events: Sequence[ObservedEvent]) -> None:
        note_edits(stores, entries, with_edits(entries, events, keep=work.settings.drift is Drift.KEEP))

    new = await collect_answers(
        work.tenant.calendar,
        answer_log=stores.answers,
        people=people,
        entries=entries,
        plan=plan,
        now=now,
        seen=seen,
    )
    await collect_comments(
        work.tenant.replies,
        book=stores.comments,
        people=people,
        entries=entries,
        answered=lambda: {
            (answer.key.first, answer.email) for answer in stores.answers.load_answers(plan.id)
        },
        plan=plan.id,
        has_answers=new > 0,
        now=now,
    )
    return new


def said_by_people(state: SeatState, stores: Stores) -> Said:
    """What people said beside their places, for the lists: of the courses whose books `state` has.

    Raises DatabaseFailed.
    """
    plan, course = state.plan, state.course
    some = frozenset({course}) if isinstance(course, str) else course
    return said(
        plan,
        answers=state.answers,
        comments=[
            comment
            for comment in stores.comments.load_comments(plan.id)
            if some is None or comment.key.course in some
        ],
        notes=[note for note in stores.notes.load_notes(plan.id) if some is None or note.course in some],
        entries=state.entries,
        people=state.people,
    )


def note_edits(
    stores: Stores, before: Mapping[SessionKey, LedgerEntry], after: Mapping[SessionKey, LedgerEntry]
) -> None:
    """Write down which entries have become others."""
    stores.books.ledger.save_entries(entry for key, entry in after.items() if before.get(key) != entry)
