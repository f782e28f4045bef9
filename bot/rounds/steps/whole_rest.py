"""Whether a whole plan is as it was when the last round found nothing to do: then there still is nothing.

The answers' round reads those courses that something happened to (`bot.seats.at_rest`). Reminders are
bundled by person and a sync is weighed as a whole, so these two do everything or nothing. Beside what is
noticed there,

    what else                                     is noticed by
    messages of every kind                        their digest
    of a sync: groups, calendar, approvals        comparing what was read just now
    what was found of the tenant                  comparing
    of reminders: one falls due, or expires       the next such instant

An absence is never an answer: what could not be read is read anew each time (a sync with an unknown group
is not at rest), and the first round of a process and one a day do everything, so that no mistake here lasts
longer than a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rounds.steps.courses_to_read import around_plan
from bot.seats.at_rest import WHOLE_EVERY, AtRest, at_rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.opening.work import Work
    from bot.rounds.steps.decide_seats import SeatState
    from bot.seats.at_rest import RestingRound, Surroundings

THE_PLAN = ""
"""Where the rest of a plan as a whole stands among those of its courses: no course is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeLook:
    """What a round goes by, as it was before it read anything else; `is_at_rest`: there is nothing to do.

    `around` is None where nothing is remembered of this round.
    """

    around: Surroundings | None
    digests: Mapping[str, int]
    is_at_rest: bool


NOT_REMEMBERED = WholeLook(around=None, digests={}, is_at_rest=False)


def look_at_whole(
    work: Work, plan: CoursePlan, kind: RestingRound, *besides: object, now: datetime
) -> WholeLook:
    """Whether all is as the last round of this kind left it, at `now` (UTC).

    `besides` is what else it was decided by. Raises DatabaseFailed.
    """
    rests = work.stores.rests.get(kind)
    if rests is None:
        return NOT_REMEMBERED
    digests = work.stores.digests.load_digests(plan.id, messages_as=THE_PLAN)
    around = around_plan(work.settings, plan, work.stores, *besides)
    restless = rests.restless(plan, around, digests, now=now)
    return WholeLook(around=around, digests=digests, is_at_rest=restless == frozenset())


def note_whole(
    work: Work,
    plan: CoursePlan,
    kind: RestingRound,
    look: WholeLook,
    state: SeatState | None,
    *,
    now: datetime,
    moments: Iterable[datetime] = (),
) -> None:
    """Remember that a round found nothing to do, by these books, until the next of the `moments` (UTC).

    `state` None: it found something.
    """
    if look.around is None:
        return
    rests = work.stores.rests[kind]
    if state is None:
        rests.note(plan, look.around, None, {}, now=now)
        return
    written = {course.id: course for course in plan.courses}
    found = at_rest(
        state.plan,
        {*written, *look.digests} - {THE_PLAN},
        written=written,
        busy=(),
        entries=state.entries.values(),
        standings=state.standings,
        digests=look.digests,
        now=now,
        quiet_hours=work.settings.seats.quiet_hours,
    )
    until = min((moment for moment in moments if moment > now), default=now + WHOLE_EVERY)
    found[THE_PLAN] = AtRest(course=None, digest=look.digests[THE_PLAN], until=until)
    rests.note(plan, look.around, None, found, now=now)
