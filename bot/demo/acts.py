"""What can happen in the demonstration, as data.

HR edits the plan, people and the tenant act, kursusbot runs.

`bot.demo.story` puts acts together, `bot.demo.stage` carries them out. An act says what is expected of
kursusbot; where that does not come true the demonstration fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.approvals import WaitReason


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPlan:
    """HR replaces a passage of the plan's text; `before` stands in it exactly once."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LosePlanFrom:
    """A broken save: everything from `passage` on is gone. `RestorePlan` brings it back."""

    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePlan:
    """HR takes the version back that was there before `LosePlanFrom`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Membership of a group changes in Entra. `add` and `remove` are addresses of people or groups."""

    group: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColleague:
    """Somebody is hired and put into a group."""

    name: str
    mail: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingColleague:
    """Somebody leaves and the account is closed: the first, by address, of those invited to a session."""

    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditInOutlook:
    """A person edits the event of a session in the organiser's calendar. `changes` is Graph's JSON."""

    session: str
    changes: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Rules for what goes wrong in Graph from now on (see `bot.sandbox.faults`).

    No rules: all is well again.
    """

    rules: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """HR looks at the preview and applies it by its checksum.

    `exit_code` is what is expected; `silent` that nobody gets a mail; `show` how many changes are shown.
    """

    exit_code: int = 0
    silent: bool = False
    show: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The service's round, which nobody watches.

    It does what is approved and what the world did, and the rest waits.

    `waits` are the courses that are expected to wait, each with a reason that is told; nobody gets a mail
    when `silent`. `show` says how many of the changes are shown, 0 none: the number of mails alone.
    """

    exit_code: int = 0
    silent: bool = False
    show: int = 4
    waits: tuple[tuple[str, WaitReason], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """HR approves or rejects what waits.

    All of it by the checksum of the preview, or `course` alone by its own.
    """

    course: str | None = None
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectAnswers:
    """The answers are collected; the registrations of `courses` are shown."""

    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReminders:
    """What is due of the reminders is looked at, and then sent.

    One mail to each person who is to get something.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """HR's report is looked at and then sent, twice: the second time there is none to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtDecisions:
    """HR looks at the overview that the directors get: what is decided, and what is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    """The day itself: people come to a session.

    So many check themselves in `by_code`, all others with a seat but the `absent` are ticked by a helper
    whose phone had no net, and `walk_ins` (names) come without a seat. Then HR closes the list.
    """

    session: str
    by_code: int
    absent: int
    walk_ins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FillInForms:
    """So many (`forms`) of those who are asked say what they think of `course`, or all; each once."""

    course: str
    forms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtEvaluations:
    """HR looks at the evaluation of these courses.

    Expected: `hidden` are those of which nothing may be shown, because too few have answered.
    """

    courses: tuple[str, ...]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCertificates:
    """HR looks at who has earned a certificate of `course` and approves them, twice.

    Then takes back that the last of them came: anybody who asks by the code is told what holds then.
    """

    course: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookForgot:
    """Expected: Outlook shows no answer to the session, while we know so many registered people.

    Of each hundred leaders at least `registered`.
    """

    session: str
    registered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneEventEach:
    """Expected: every session that kursusbot stamped stands in the calendar exactly once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameRegistrations:
    """Expected: what was collected of course `old` in this step stands, person by person, under `new`."""

    old: str
    new: str


Writing = EditPlan | LosePlanFrom | RestorePlan
"""What HR does to the plan's file."""
Happening = Members | NewColleague | LeavingColleague | EditInOutlook | Trouble
"""What happens in the tenant without kursusbot."""
Expectation = OutlookForgot | OneEventEach | SameRegistrations
Lived = LookAtDecisions | AtTheDoor | FillInForms | LookAtEvaluations | GiveCertificates
"""Before the first mail, on the day itself, and after it: by the books, without a plan that changes."""
Act = (
    Writing
    | Happening
    | Sync
    | Round
    | Decide
    | CollectAnswers
    | SendReminders
    | SendReport
    | Lived
    | Expectation
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the story.

    `id` names its texts (`demo.step.<id>.…`), `at` is wall time in the plan's zone.
    """

    id: str
    at: datetime
    acts: tuple[Act, ...]
