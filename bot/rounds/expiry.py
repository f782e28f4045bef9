"""A round that lets go of personal data whose time is over (`KURSUSBOT_RETENTION__…`).

docs/privacy.md tells it to people.

    lock, look up when the plan's offerings end, foresee what would go, let go of what is over or wait,
    rewrite the files

Whether it waits for a person is decided by `bot.domain.letting_go`, once for all that the round would let go
of; `kursusbot expire --yes` is that person's word.

Idempotent: what has gone is not found again. Microsoft Graph is not asked; Outlook's own events and mails are
the mailbox's business. What is over, table by table, stands in `bot.store.expiry`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.domain.conversations import REPLAY_LASTS, UNSEEN_CHAT_LASTS
from bot.domain.errors import RunLocked, SafetyRefused
from bot.domain.letting_go import LONGEST_AWAY, ErasureMark, Foreseen, why_it_waits
from bot.domain.sign_in import IDLE, LONGEST
from bot.log_lines import get_logger
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.seats.enrolment_rules import rules_of
from bot.store.erasure_marks import load_marks, save_mark
from bot.store.expired import AnswersKept, KeptSince
from bot.store.expiry import expire
from bot.store.locks import run_lock
from bot.store.places import count_places
from bot.store.plan_ids import load_plan_ids

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.opening.work import BookWork
    from bot.store.expired import Expired
    from config.settings import Settings

LOG = get_logger()

PLACELESS = timedelta(days=1)
"""How long answers of somebody without a place are kept: who meant another date has it by then."""
LEFT_ALONE = timedelta(days=30)
"""A plan that no round was for in so long is served by nobody.

Its data goes by what its events and rows say of its time.
"""


async def erase_expired(work: BookWork, *, apart: timedelta | None = None, approved: bool = False) -> Expired:
    """Let go of what is over in the plan's books, `approved` by a person or by itself.

    Raises RunLocked, DatabaseFailed.

    `apart`: how far Microsoft Graph's clock is ahead of this machine's, None where that is not known. Raises
    SafetyRefused `erasure_waits` where nothing went because it waits for a person.
    """
    now, here = work.now(), SystemClock().now()
    work.stores.sign_ins.let_go(begun_before=here - LONGEST, seen_before=here - IDLE)
    work.stores.repeats.forget(now=here)
    work.stores.conversations.let_go(
        activities_before=here - REPLAY_LASTS, seen_before=here - UNSEEN_CHAT_LASTS
    )
    work.stores.app_installs.let_go(before=here - UNSEEN_CHAT_LASTS)
    left = _left_plans(work, now=now)
    async with work.locked():
        if approved:
            save_mark(work.stores.database, work.plan.id, ErasureMark(believed_at=now))
        else:
            _brake(work, _foresee(work, left, now=now), now=now, apart=apart)
        expired = _expire(work, now=now)
    for other in left:
        with suppress(RunLocked):
            async with run_lock(work.stores.database, other, 0):
                expired += _expire_left(work, other, now=now)
    if expired.found:
        LOG.info(
            "expiry.erased",
            places=expired.places,
            messages=expired.messages,
            bounces=expired.bounces,
            notes=expired.notes,
            people=expired.people,
            revisions=expired.revisions,
            unfinished=expired.unfinished,
        )
    return expired


def foresee(work: BookWork) -> Expired:
    """What a round would let go of now, by kind."""
    now = work.now()
    return _foresee(work, _left_plans(work, now=now), now=now)


def _foresee(work: BookWork, left: Iterable[str], *, now: datetime) -> Expired:
    mine = _expire(work, now=now, only_foresee=True)
    return sum((_expire_left(work, other, now=now, only_foresee=True) for other in left), mine)


def _left_plans(work: BookWork, *, now: datetime) -> tuple[str, ...]:
    """The other plans of the books that nobody works for any more.

    By a clock that jumped that is every one of them.
    """
    return tuple(
        other.id
        for other in load_plan_ids(work.stores.database, now=now)
        if other.id != work.plan.id and other.last_seen is not None and other.last_seen < now - LEFT_ALONE
    )


def _expire(work: BookWork, *, now: datetime, only_foresee: bool = False) -> Expired:
    return expire(
        work.stores.database,
        work.plan.id,
        dated=_ends_of(plan_as_it_stands(work.plan, work.stores)),
        audiences={audience.id for audience in work.plan.audiences},
        kept=_kept_since(work.settings, now),
        answers_kept=answers_kept(work.plan, work.settings, now),
        only_foresee=only_foresee,
    )


def _expire_left(work: BookWork, other: str, *, now: datetime, only_foresee: bool = False) -> Expired:
    """Of a plan that nobody works for any more: its time is known by its events, or by its rows."""
    return expire(
        work.stores.database,
        other,
        dated={},
        audiences=(),
        kept=_kept_since(work.settings, now),
        only_foresee=only_foresee,
    )


def _brake(work: BookWork, found: Expired, *, now: datetime, apart: timedelta | None) -> None:
    """Keep the time as believed, or keep and raise why it is not.

    `found` is all that the round would let go of.
    """
    database, plan = work.stores.database, work.plan.id
    mark = load_marks(database).get(plan, ErasureMark())
    foreseen = Foreseen(anything=found.found, places=found.places, of=count_places(database))
    why = why_it_waits(foreseen, now=now, believed_at=mark.believed_at, apart=apart)
    if why is None:
        believed_at = now if _is_close(mark, now) or found.found else mark.believed_at
        save_mark(database, plan, ErasureMark(believed_at=believed_at))
        return
    since = mark.since if mark.waits is not None and mark.since is not None else now
    save_mark(database, plan, ErasureMark(believed_at=mark.believed_at, waits=why, since=since))
    LOG.warning("expiry.waits", why=why.value, places=found.places, of=foreseen.of)
    raise SafetyRefused("erasure_waits", why=why.value, places=found.places, of=foreseen.of)


def _is_close(mark: ErasureMark, now: datetime) -> bool:
    """Whether there is no reason to doubt a time at which nothing would go."""
    return mark.believed_at is None or now - mark.believed_at <= LONGEST_AWAY


def _ends_of(plan: CoursePlan) -> dict[tuple[str, str], datetime | None]:
    return {
        (course.id, offering): rules.ends
        for course in plan.courses
        for offering, rules in rules_of(plan, course).offerings.items()
    }


def answers_kept(plan: CoursePlan, settings: Settings, now: datetime) -> AnswersKept:
    """Since when the answers to the plan's questions are kept; none longer than the registrations."""
    most = settings.retention.participation_days
    return AnswersKept(
        ended={
            (course.id, question.id): now - timedelta(days=min(question.keep_days or most, most))
            for course in plan.courses
            for question in course.questions
        },
        placeless=now - PLACELESS,
    )


def _kept_since(settings: Settings, now: datetime) -> KeptSince:
    days = settings.retention
    return KeptSince(
        participation=now - timedelta(days=days.participation_days),
        messages=now - timedelta(days=days.messages_days),
        bounces=now - timedelta(days=days.bounces_days),
        notes=now - timedelta(days=days.notes_days),
        people=now - timedelta(days=days.people_days),
        plan=now - timedelta(days=days.plan_days),
    )
