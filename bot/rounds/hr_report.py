"""A round of HR's reports, from the books and the calendar to the mails.

What `report` shows, and what it and the clock send.

    show    read as a preview does, put the reports together                                            writes nothing
    send    lock, look up what was begun, ask who is due, read, put together, into the outbox, deliver

Nothing of a report is kept: the outbox has the reader's address and the day, and the words are made when it
goes. One that has nothing to tell is written down as skipped, so that nobody writes later what was not worth
it then. One that could not go is overtaken by the next (`expires_at`), so after a pause there is one report
and not several.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.telling import still_waiting
from bot.delivery.bounces import still_wanted
from bot.domain.changes import no_changes
from bot.domain.messages import REPORT_PREFIX, DeliveryState, Message
from bot.domain.reminders import NotSent
from bot.domain.templates import MessageKind
from bot.hr_report.compose import Facts, report_for
from bot.hr_report.due import ReportTiming, due_moment, may_go, next_moment
from bot.hr_report.readers import readers_of
from bot.invitations.as_it_stands import as_it_stands, edits_of
from bot.messages.report import render_report
from bot.opening.desk_home import desk_home
from bot.opening.versions import load_record
from bot.reminders.moments import instant_of
from bot.rounds.preview import preview_round
from bot.rounds.reminders import coming_reminders
from bot.rounds.results import RoundResult
from bot.rounds.steps.ask_managers import open_asks
from bot.rounds.steps.carried import NOTHING_CARRIED
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.rounds.steps.deliver_mail import deliver_messages, look_up_begun
from bot.rounds.steps.look_at_outlook import plan_as_it_stands, said_by_people
from bot.rounds.steps.postman import postman_for
from bot.rounds.steps.propose import waiting_of
from bot.rounds.webhooks import given_up
from bot.seats.plan_changes import without_a_place
from bot.store.erasure_marks import load_marks
from config.settings import ReportEvery, Weekday

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.plan import CoursePlan
    from bot.domain.reports import Report
    from bot.messages.notice import Rendered
    from bot.opening.stores import Stores
    from bot.opening.work import BookWork, Work
    from bot.rounds.steps.decide_seats import SeatState
    from config.settings import Settings

UNPLACED_TOLD = timedelta(days=14)
"""How long a report that could be placed nowhere is of use to anybody."""
AHEAD = timedelta(days=7)
"""How far a report looks where none follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(RoundResult):
    """What became of the reports that were due or under way."""

    @property
    def is_idle(self) -> bool:
        """Whether there was no report to send."""
        return self.carried == NOTHING_CARRIED


NOTHING_REPORTED = Reported()


async def current_reports(work: Work) -> tuple[Report, ...]:
    """What each reader would read now, the contact first; nothing is written.

    Of the plan as it is written: what of it waits is told. Raises SignInFailed, GraphError, DatabaseFailed.
    """
    facts = await _facts(work)
    last = _last_sent(facts.messages)
    return tuple(
        report_for(address, facts, since=last.get(address)) for address in readers_of(work.written).addresses
    )


async def report_round(work: Work) -> Reported:
    """Send the reports that are due and finish those begun, each once.

    Without any, nothing is read from Graph.

    Of the plan as it is written: what of it waits is told. Raises RunLocked, SignInFailed, GraphError when
    the calendar cannot be read, DatabaseFailed.
    """
    plan, stores, timing = work.written, work.stores, timing_of(work.settings)
    if timing is None:
        return NOTHING_REPORTED
    async with work.locked() as still_mine:
        now = work.now()
        if not may_go(now, timing, plan):
            return NOTHING_REPORTED
        before = [
            one
            for one in stores.outbox.load_messages(plan.id, kind=MessageKind.HR_REPORT)
            if one.is_due_report
        ]
        started = [one for one in before if one.state is DeliveryState.SENDING]
        await look_up_begun(started, mailbox=work.tenant.mailbox, outbox=stores.outbox, now=now)
        made = _due(plan, timing, before, now=now)
        if not (made or _pending(plan, stores)):
            return NOTHING_REPORTED
        facts = await _facts(work)
        stores.outbox.add_messages(made)
        written = _put_into_words(work, facts)
        postman = postman_for(work, people=facts.people, now=now, still_mine=still_mine)
        carried = await deliver_messages(_pending(plan, stores), replace(postman, written=written))
        uncertain = any(message.state is DeliveryState.SENDING for message in carried.messages)
        return Reported(carried=carried, left_over=uncertain)


def _pending(plan: CoursePlan, stores: Stores) -> list[Message]:
    return [message for message in stores.outbox.load_pending(plan.id) if message.is_due_report]


def _put_into_words(work: Work, facts: Facts) -> dict[str, Rendered]:
    """The reports that wait, by key; one that has nothing to tell is skipped, unless it was begun."""
    plan, stores = work.written, work.stores
    last, written = _last_sent(facts.messages), {}
    for message in _pending(plan, stores):
        report = report_for(message.email, facts, since=last.get(message.email))
        if report.is_worth_sending or message.state is DeliveryState.SENDING:
            written[message.key] = render_report(report, plan, plan.language, desk=desk_home(work.settings))
        else:
            nothing = replace(message, state=DeliveryState.SKIPPED, error=NotSent.NOTHING_TO_TELL)
            stores.outbox.save_message(nothing)
    return written


def timing_of(settings: Settings) -> ReportTiming | None:
    """When the settings want reports, None for never."""
    wanted = settings.report
    if wanted.every is ReportEvery.NEVER:
        return None
    weekday = [*Weekday].index(wanted.weekday) if wanted.every is ReportEvery.WEEK else None
    return ReportTiming(weekday=weekday, at=time.fromisoformat(wanted.at))


def _due(
    plan: CoursePlan, timing: ReportTiming, messages: Iterable[Message], *, now: datetime
) -> tuple[Message, ...]:
    """A message for each reader who is due; `messages` are the reports so far.

    The key has the day that it is for, so that it is one whatever is repeated.
    """
    made_at: defaultdict[str, list[datetime]] = defaultdict(list)
    for message in messages:
        made_at[message.email].append(message.created_at)
    due = {
        email: due_moment(max(made_at[email], default=None), now, timing, plan)
        for email in readers_of(plan).addresses
    }
    zone, expires_at = ZoneInfo(plan.timezone), next_moment(now, timing, plan)
    return tuple(
        Message(
            plan=plan.id,
            key=f"{REPORT_PREFIX}{moment.astimezone(zone):%Y-%m-%d}/{email}",
            kind=MessageKind.HR_REPORT,
            course="",
            offering="",
            email=email,
            created_at=now,
            expires_at=expires_at,
        )
        for email, moment in due.items()
        if moment is not None
    )


def _last_sent(messages: Iterable[Message]) -> Mapping[str, datetime]:
    """When each reader was last sent a report, UTC."""
    found: dict[str, datetime] = {}
    for message in messages:
        if message.is_due_report and message.sent_at is not None:
            found[message.email] = max(message.sent_at, found.get(message.email, message.sent_at))
    return found


async def _facts(work: Work) -> Facts:
    proposal = await preview_round(work)
    reading = proposal.whole
    known = facts_of_books(work.afresh(), now=reading.seen.now, entries=reading.seen.ledger)
    return replace(
        known,
        people=reading.world.people,
        change_set=reading.change_set,
        waiting=waiting_of(proposal, work.written),
        found=proposal.found.lines,
        passed=proposal.passed,
        observed=reading.seen.observed,
        # The desk's page of today has them as they stand when somebody looks.
        sign_ups=open_asks(work.plan, work.stores, known.people, now=reading.seen.now),
    )


def facts_of_books(
    work: BookWork,
    *,
    now: datetime,
    entries: Mapping[SessionKey, LedgerEntry] | None = None,
    state: SeatState | None = None,
) -> Facts:
    """What the books alone know at `now` (UTC), without a question to Outlook.

    So of what waits that what the last sync found, and of rooms and edits nothing. `state` are the books of
    some courses, where only those are asked for. Raises DatabaseFailed.
    """
    settings, plan, standing, stores = work.settings, work.written, work.plan, work.stores
    state = load_state(standing, stores, entries=entries) if state is None else state
    reminders, _ = coming_reminders(work, until=reported_until(settings, plan, now), state=state)
    wall = now.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
    return Facts(
        plan=state.plan,
        written=as_it_stands(plan, edits_of(state.entries))
        if state.course is None
        else plan_as_it_stands(plan, stores),
        people=state.people,
        rows=rows_of(state),
        left_without=without_a_place(state.standings),
        waiting=still_waiting(load_record(plan, stores), approvers=settings.approvers),
        answers=state.answers,
        asked=state.announced,
        members=state.members,
        change_set=no_changes(plan.id, plan.revision),
        passed=(),
        observed=(),
        messages=state.messages,
        bounces=still_wanted(stores.bounces.load_bounces(plan.id), state.entries.values(), now=now),
        unplaced=stores.bounces.load_unplaced(plan.id, since=now - UNPLACED_TOLD),
        reminders=reminders,
        now=now,
        comments=stores.comments.load_comments(plan.id),
        notes=stores.notes.load_notes(plan.id),
        erasure=load_marks(stores.database).get(plan.id),
        untold=given_up(settings, stores, plan.id),
        said_no=said_by_people(state, stores).ahead(wall).cancelled_speakers
        if any(speaker.email for course in state.plan.courses for speaker in course.speakers)
        else (),
    )


def reported_until(settings: Settings, plan: CoursePlan, now: datetime) -> datetime:
    """The end of the day on which the next report goes, UTC."""
    timing = timing_of(settings)
    following = next_moment(now, timing, plan) if timing else None
    if following is None:
        return now + AHEAD
    zone = ZoneInfo(plan.timezone)
    day = following.astimezone(zone).date() + timedelta(days=1)
    return instant_of(datetime.combine(day, time()), zone)
