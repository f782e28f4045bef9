"""The plan against the world: who belongs where, what is in Outlook, the seats, and what has to change.

    read      groups and calendar, with what the books say of approvals, of the ledger, and of people
    compare   what the books have of seats, the seats that follow, the whole difference, and what it does not show

Each is read once, and all that is decided of it afterwards (`bot.rounds.steps.propose`), by the plan as it
is written and by what of it may go, goes by the same. A seat that somebody else decides meanwhile is noticed
where seats are written (`bot.rounds.steps.decide_seats.write`); then all of it is compared anew. Nothing is
written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.answers.responses import answers_from
from bot.approvals.versions import plan_in_force, read_together
from bot.domain.invited import invited_addresses
from bot.invitations.changeset import Following
from bot.invitations.edits import with_edits
from bot.invitations.offering_news import offering_news
from bot.opening.versions import changed_by_now, load_record
from bot.rounds.steps.closer_look import look_closer
from bot.rounds.steps.decide_seats import load_state, settled
from bot.rounds.steps.read_world import difference, members_today, read_world
from bot.rounds.steps.seat_post import about_seats
from bot.rounds.steps.seat_rows import load_rows
from bot.seats.asked_messages import news_for_those_asked
from bot.seats.guest_lists import attendance_of
from bot.seats.seat_messages import still_worth_sending
from bot.seats.waiting_list_messages import news_for_those_in_line, what_has_happened
from config.settings import Drift

if TYPE_CHECKING:
    from bot.approvals.versions import Changed
    from bot.domain.approvals import Record
    from bot.domain.messages import Message
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer
    from bot.opening.work import Work
    from bot.rounds.steps.closer_look import Found
    from bot.rounds.steps.decide_seats import Decided
    from bot.rounds.steps.read_world import Reading, Seen
    from bot.rounds.steps.seat_rows import SeatRows


async def read(work: Work) -> tuple[Seen, Record]:
    """The world, with everybody whom the plan names as it is written or as it is in force.

    Also what the books say of approvals.
    """
    plan, stores = work.written, work.stores
    record = load_record(plan, stores)
    entries = stores.books.ledger.load_entries(plan.id)
    known = frozenset(key.course for key in entries)
    changed = changed_by_now(plan, record, stores)
    in_force = plan_in_force(plan, record, with_events=known, changed=changed)
    plans = {id(one): one for one in (plan, in_force)}
    seen = await read_world(
        read_together(plans.values()),
        ledger=entries,
        calendar=work.tenant.calendar,
        directory=work.tenant.directory,
        books=stores.books,
        now=work.now(),
    )
    return replace(
        seen, ledger=with_edits(seen.ledger, seen.observed, keep=work.settings.drift is Drift.KEEP)
    ), record


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The plan as it is written against the world, before anybody has said a word to it.

    `changed` are its courses that are not as in force, `answers` those that stand on the events, `rows` what
    the books have of seats; `decided` and `whole` follow, and `found` is what they do not show.
    """

    seen: Seen
    record: Record
    changed: tuple[Changed, ...]
    rows: SeatRows
    answers: tuple[Answer, ...]
    decided: Decided
    whole: Reading
    found: Found

    @property
    def new_answers(self) -> tuple[Answer, ...]:
        """Of the answers those that the log did not have when it was read: nearly always none."""
        known = set(map(_line, self.rows.answers))
        return tuple(one for one in self.answers if _line(one) not in known)

    @property
    def has_other_people(self) -> bool:
        """Whether an audience has other people than when it was last read."""
        before = self.rows.members
        return any(before.get(name) != members for name, members in members_today(self.seen).items())


def _line(answer: Answer) -> tuple[object, ...]:
    """What makes it one line of the log."""
    return answer.key, answer.email, answer.response, answer.responded_at


def compare(work: Work, seen: Seen, record: Record) -> Compared:
    """The whole difference, and what else is found, by one look at the books; raises DatabaseFailed."""
    plan, stores = work.written, work.stores
    with stores.database.one_look():
        rows, answers = load_rows(plan.id, stores), _answers_on(seen)
        decided, whole = decide_by(work, plan, seen, rows, answers)
        return Compared(
            seen=seen,
            record=record,
            changed=changed_by_now(plan, record, stores),
            rows=rows,
            answers=answers,
            decided=decided,
            whole=whole,
            found=look_closer(plan, stores, seen, record, whole),
        )


def _answers_on(seen: Seen) -> tuple[Answer, ...]:
    """The answers that stand on the events."""
    return answers_from(
        seen.observed, seen.people, seen_at=seen.now, known=invited_addresses(seen.ledger, seen.people)
    )


def decide_by(
    work: Work, plan: CoursePlan, seen: Seen, rows: SeatRows, answers: tuple[Answer, ...]
) -> tuple[Decided, Reading]:
    """The seats, and the difference that goes with them.

    What it does to courses that people wait for, they are told.
    """
    state = load_state(
        plan, work.stores, people=seen.people, entries=seen.ledger, more_answers=answers, rows=rows
    )
    decided = settled(state, work.settings, now=seen.now, today=members_today(seen))
    under_way = about_seats(rows.messages)
    # What an earlier round could not send goes out with this one.
    waiting = still_worth_sending(what_has_happened(under_way, lambda: seen.in_books), seen.now)
    reading = _difference(work, plan, seen, decided, (*waiting, *decided.messages))
    happens = offering_news(plan, reading.change_set.changes)
    # Who had a seat that goes just now is told by Outlook, or of the dates that are open.
    had_word = (*state.standings, *decided.standings)
    news = (
        *news_for_those_in_line(plan, decided.standings, happens, state.messages, now=seen.now),
        *news_for_those_asked(
            plan,
            state.announced,
            state.members,
            had_word,
            happens,
            (*state.messages, *decided.messages),
            now=seen.now,
        ),
    )
    pending = {one.key for one in under_way}
    awaited = tuple(
        one
        for one in still_worth_sending(news, seen.now)
        if one.key not in state.sent_keys or one.key in pending
    )
    if not awaited:
        return decided, reading
    reading = _difference(work, plan, seen, decided, (*waiting, *decided.messages, *awaited))
    return replace(
        decided, messages=(*decided.messages, *(one for one in awaited if one.key not in pending))
    ), reading


def _difference(
    work: Work, plan: CoursePlan, seen: Seen, decided: Decided, messages: tuple[Message, ...]
) -> Reading:
    following = Following(
        attendance=attendance_of(decided.standings),
        moves=tuple(transition for transition in decided.settlement.transitions if not transition.noted),
        messages=messages,
        seats=decided.settlement.seats,
        without_link=decided.without_link,
    )
    return difference(
        plan,
        seen,
        restore=work.settings.drift is Drift.RESTORE,
        following=following,
        findings=work.findings,
    )
