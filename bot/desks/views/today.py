"""What the desk shows HR today, from the books of a plan: without a question to Microsoft 365."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desks.views.courses import course_list
from bot.domain.job_runs import JobOutcome
from bot.domain.people import PeopleIndex
from bot.hr_report.today import TodayItem, Urgency, today_of
from bot.rounds.steps.ask_managers import open_asks
from bot.rounds.todays_report import todays_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.domain.manager_approval import ApprovalAsk
    from bot.hr_report.today import Today
    from bot.opening.work import BookWork

WELL = frozenset({JobOutcome.DONE, JobOutcome.HELD, JobOutcome.PARTLY, JobOutcome.LOCKED})


def today_by_the_books(work: BookWork, *, is_wrong: bool) -> Today:
    """The page as it stands now; `is_wrong`: the plan cannot be read. Raises DatabaseFailed."""
    now = work.now()
    report = todays_report(work, now=now)
    changing = frozenset(one.course for one in report.pending.courses) if report.pending else frozenset()
    courses = course_list(work, changing)
    others = [
        *([_plan_item(work)] if is_wrong else []),
        *_failed_jobs(work),
        *_edits(work, now=now),
        *_sign_ups(work, now=now),
    ]
    return today_of(report, courses, others=others)


def _plan_item(work: BookWork) -> TodayItem:
    """With who saved it and when, where Microsoft 365 tells that of what cannot be used."""
    if work.bad_save is None:
        return TodayItem(kind=Urgency.PLAN)
    file = work.bad_save.file
    zone = ZoneInfo(work.written.timezone)
    return TodayItem(
        kind=Urgency.PLAN,
        since=file.saved_at.astimezone(zone).replace(tzinfo=None) if file.saved_at else None,
        names=(file.saved_by,) if file.saved_by else (),
    )


def _failed_jobs(work: BookWork) -> Iterator[TodayItem]:
    """One item for all jobs whose last run failed, since the first of them did."""
    latest = work.stores.job_runs.load_latest(1, plan=work.written.id)
    failed = [runs[0] for runs in latest.values() if runs and runs[0].outcome not in WELL]
    if failed:
        zone = ZoneInfo(work.written.timezone)
        since = min(one.finished_at for one in failed).astimezone(zone).replace(tzinfo=None)
        yield TodayItem(kind=Urgency.SERVICE, since=since, count=len(failed))


def _sign_ups(work: BookWork, *, now: datetime) -> Iterator[TodayItem]:
    """Of each course the sign-ups that wait, and it is HR who has to decide: the oldest first."""
    zone, plan, people = (
        ZoneInfo(work.written.timezone),
        work.plan,
        PeopleIndex(work.stores.books.people.load_people(work.plan.id)),
    )
    waiting: dict[str, list[ApprovalAsk]] = {}
    for ask in open_asks(plan, work.stores, people, now=now):
        if ask.is_hrs:
            waiting.setdefault(ask.course, []).append(ask)
    for course, asks in waiting.items():
        names = (person.name if (person := people.find(ask.email)) else ask.email for ask in asks)
        yield TodayItem(
            kind=Urgency.SIGN_UP, course=course, title=plan.title_of(course), names=tuple(names),
            since=asks[0].wished_at.astimezone(zone).replace(tzinfo=None), count=len(asks),
        )  # fmt: skip


def _edits(work: BookWork, *, now: datetime) -> Iterator[TodayItem]:
    """Edits in Outlook that stand, of what is still to come."""
    zone, titles = ZoneInfo(work.written.timezone), work.written.titles | work.plan.titles
    wall = now.astimezone(zone).replace(tzinfo=None)
    for key, edit in work.stores.books.ledger.load_edits(work.plan.id).items():
        if edit.end > wall:
            since = edit.modified_at
            yield TodayItem(
                kind=Urgency.EDIT, course=key.course, when=edit.start,
                title=titles.get(key.course, key.course),
                since=since.astimezone(zone).replace(tzinfo=None) if since else None,
            )  # fmt: skip
