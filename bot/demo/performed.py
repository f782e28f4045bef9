"""What happened in a step of the demonstration.

What kursusbot said, who got what, and what did not come true (pure).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.demo.mails import MailCount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.demo.acts import Step
    from bot.domain.approvals import Decision
    from bot.domain.check_in import CheckInAnswer
    from bot.domain.evaluation_results import CourseEvaluation
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Registration
    from bot.domain.reminders import Reminder
    from bot.domain.reports import Report
    from bot.overview.lines import DecisionLine
    from bot.registrations.attendance_counts import AttendanceCount
    from bot.rounds.results import Synced
    from bot.rounds.steps.proposal import Proposal

NO_MAILS = MailCount()


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What kursusbot said before a sync, and what became of it.

    `show`: how many changes are worth showing; `sent`: mails in all.
    """

    plan: CoursePlan
    proposal: Proposal
    synced: Synced
    sent: int
    unwatched: bool
    show: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """What HR wrote in the plan after kursusbot had said something in the same step.

    None: the version before was brought back.
    """

    lines: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What HR said to what waits.

    `typed` is the checksum that was approved or rejected; `enough`: nobody else has to approve.
    """

    plan: CoursePlan
    made: tuple[Decision, ...]
    typed: str
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The registrations of `courses` after a round of collecting."""

    plan: CoursePlan
    courses: tuple[str, ...]
    registrations: tuple[Registration, ...]
    new_answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a round of reminders was about, with what became of each."""

    plan: CoursePlan
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The reports that were worth sending."""

    plan: CoursePlan
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overviewed:
    """What the overview says of decisions, with the titles of courses by id."""

    decisions: tuple[DecisionLine, ...]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameToDoor:
    """How a session went at the door, and what a `refused` guest was answered who checked in without a seat.

    `numbers` are those of the whole course, `departments` the same by department, the most absent first.
    """

    by_code: int
    ticked: int
    sent_again: int
    refused: CheckInAnswer
    numbers: AttendanceCount
    departments: tuple[AttendanceCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """So many forms about a course were kept, of people who were `asked` and might answer."""

    title: str
    forms: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What HR may see of the evaluation of some courses."""

    courses: tuple[CourseEvaluation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Certificates that HR approved: how many, of which the page says that it holds and that it does not.

    `kilobytes` of the PDF that HR looked at.
    """

    title: str
    people: int
    kilobytes: int
    holds: str
    holds_no_more: str


Said = (
    Previewed | Wrote | Decided | Collected | Reminded | Reported
    | Overviewed | CameToDoor | FilledIn | Evaluated | Certified
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Performed:
    """One step as it went, filled in act by act; `disappointments` say what did not come true.

    `lines` counts what came into activity feeds, by address, and `posts` what came into channels.
    """

    step: Step
    said: list[Said] = field(default_factory=list)
    foretold: MailCount = NO_MAILS
    sent: MailCount = NO_MAILS
    sent_by_people: MailCount = NO_MAILS
    lines: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    delayed: int = 0
    disappointments: list[str] = field(default_factory=list)
