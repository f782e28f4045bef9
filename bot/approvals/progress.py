"""What became of what was decided about each course: on its way, sent, or rejected (pure).

By the last word about a course, of its latest change:

    the last word                              the course is
    a yes of too few                           not told here: it waits, and stands with what waits
    enough of a yes, carried out               done, for a day
    enough of a yes, something of it is sent   under way
    enough of a yes                            next: the service begins with it within a minute
    a no, and the plan still says it           rejected, until the plan says something else

What is sent of it by the books: whoever was invited or told of a new time since it was decided, and the
messages about the course that went since then. Once it is done it is all of its mails but those that failed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.approvals.verdicts import by_course, is_approved
from bot.domain.messages import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from bot.domain.approvals import Decision, Record
    from bot.domain.events import LedgerEntry
    from bot.domain.messages import Message

TOLD_OF_DONE = timedelta(days=1)
NOT_GONE = frozenset({DeliveryState.FAILED, DeliveryState.EXPIRED})


class Progress(StrEnum):
    """Where a decided change is; texts are `changes_progress.state.<value>`."""

    NEXT = "next"
    UNDER_WAY = "under_way"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseProgress:
    """One course: its latest decision, where it is, and how many of its mails went or failed."""

    decision: Decision
    state: Progress
    sent: int = 0
    failed: int = 0

    @property
    def is_moving(self) -> bool:
        """Whether it is worth looking again soon."""
        return self.state in {Progress.NEXT, Progress.UNDER_WAY}


def worth_telling_of(decisions: Iterable[Decision], *, now: datetime) -> frozenset[str]:
    """The courses whose last word is not used up, or was within a day; the others need no reading."""
    last = {decision.course: decision for decision in decisions}
    return frozenset(course for course, decision in last.items() if _is_news(decision, now))


def progress_of(
    record: Record,
    entries: Iterable[LedgerEntry],
    messages: Iterable[Message],
    *,
    changed: Collection[str],
    approvers: int,
    now: datetime,
) -> tuple[CourseProgress, ...]:
    """Each course by the table, the latest decision first.

    `entries` are the plan's, `messages` those about courses, `changed` the courses that the plan says
    otherwise than what is in force; `now` UTC.
    """
    of_course: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        of_course[entry.key.course].append(entry)
    about: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        about[message.course].append(message)
    found = (
        _progress(said, of_course[course], about[course], is_changed=course in changed, approvers=approvers)
        for course, said in by_course(record.decisions).items()
    )
    told = [one for one in found if one is not None and _is_news(one.decision, now)]
    return tuple(sorted(told, key=lambda one: one.decision.at, reverse=True))


def _is_news(decision: Decision, now: datetime) -> bool:
    return decision.done_at is None or now - decision.done_at <= TOLD_OF_DONE


def _progress(
    said: list[Decision],
    entries: list[LedgerEntry],
    messages: list[Message],
    *,
    is_changed: bool,
    approvers: int,
) -> CourseProgress | None:
    last = said[-1]
    if not last.approved:
        return CourseProgress(decision=last, state=Progress.REJECTED) if is_changed else None
    after_a_no = said[max((at + 1 for at, one in enumerate(said) if not one.approved), default=0) :]
    if last.done_at is None and not is_approved(after_a_no, last.checksum, approvers):
        return None
    since = [one for one in messages if one.created_at >= last.at]
    failed = sum(one.state in NOT_GONE for one in since)
    if last.done_at is not None:
        return CourseProgress(
            decision=last, state=Progress.DONE, sent=max(last.mails - failed, 0), failed=failed
        )
    sent = sum(_told(entries, last.at)) + sum(one.state is DeliveryState.SENT for one in since)
    state = Progress.UNDER_WAY if sent else Progress.NEXT
    return CourseProgress(decision=last, state=state, sent=min(sent, last.mails), failed=failed)


def _told(entries: Iterable[LedgerEntry], since: datetime) -> Iterator[int]:
    """How many each event has told something since then."""
    for entry in entries:
        if entry.moved_at is not None and entry.moved_at >= since:
            yield len(entry.desired_attendees)
        else:
            yield sum(at >= since for at in entry.invited_since.values())
