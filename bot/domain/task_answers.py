"""What became of the tasks after a course: whose they are, and what people say of them (pure).

Whose a task is, by its `to`; of a date that nobody has said anything of, who had a seat was there:

| `to` | the person |
|---|---|
| attended | came, with a seat or without; had a seat where nobody said who came |
| no_show | had a seat and did not come |
| registered | has a seat |
| declined | said no, or gave the seat up |
| everyone | has a seat or a place in line, may come, or was invited and has not answered |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.attendance import Presence
from bot.domain.evaluation import is_asked
from bot.domain.evaluation_results import FEWEST
from bot.domain.participation import IN_PLAY, Part
from bot.domain.reminder_rules import ReminderTarget

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.domain.local_tasks import LocalTask
    from bot.domain.people import Language
    from bot.domain.programme import Material

LONGEST_SAID = 1_000
"""Characters."""


class TaskState(StrEnum):
    """What a person says became of a task."""

    DONE = "done"
    ON_THE_WAY = "on_the_way"
    NOT_YET = "not_yet"


def is_for(
    to: Collection[ReminderTarget], part: Part | None, presence: Presence | None, *, was_said: bool
) -> bool:
    """By the last table above; `part` None for nothing to do with the date."""
    attends = is_asked(presence, has_seat=part is Part.SEATED, was_said=was_said)
    return (
        (ReminderTarget.ATTENDED in to and attends)
        or (ReminderTarget.NO_SHOW in to and presence is Presence.NO_SHOW)
        or (ReminderTarget.REGISTERED in to and part is Part.SEATED)
        or (ReminderTarget.DECLINED in to and part is Part.OUT)
        or (ReminderTarget.EVERYONE in to and (part in IN_PLAY or part is Part.ASKED))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswer:
    """What a person (canonical address) said of a task of the date `offering`, last at `at` (UTC).

    `state` None: a text alone. `asked` is the question in the words that were read, `names` what they were
    promised: whether HR sees their name.
    """

    plan: str
    course: str
    offering: str
    task: str
    email: str
    state: TaskState | None
    said: str
    asked: str
    names: bool
    at: datetime


class WrongTask(StrEnum):
    """What has to be put right before an answer is kept."""

    NOTHING = "nothing"
    TOO_LONG = "too_long"
    NO_STATE = "no_state"


def wrong_answer(state: str, said: str) -> WrongTask | None:
    """What is wrong with an answer as it was typed; None for nothing."""
    if not state and not said:
        return WrongTask.NOTHING
    if state and state not in {*TaskState}:
        return WrongTask.NO_STATE
    return WrongTask.TOO_LONG if len(said) > LONGEST_SAID else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTask:
    """A task of somebody's, as their page shows it; `closes` wall time.

    `question` is "" where it is asked in our words. `names`: HR sees whose answer it is, by today's plan.
    """

    offering: str
    task: str
    text: str
    material: str
    question: str
    names: bool
    closes: datetime
    is_open: bool
    answer: TaskAnswer | None

    @property
    def place(self) -> str:
        """What names it on its page: no id of a plan has a full stop."""
        return f"{self.offering}.{self.task}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTasks:
    """Somebody's tasks of a course that have fallen due (one at least), behind their link."""

    name: str
    email: str
    language: Language
    organisation: str
    contact: str
    course: str
    title: str
    materials: tuple[Material, ...]
    tasks: tuple[OwnTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSaid:
    """One answer as HR reads it; `name` "" where the person was promised that HR does not see it."""

    state: TaskState | None
    said: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """What became of one task of a course: `counts` of (state, how many), and what was written.

    `asked` people have it, `answers` of them have said something; who has not is no answer. `due` and
    `open_until` wall times, None before it is due and when it is closed. `held_back`: answers without names
    are too few to be shown.
    """

    course: str
    title: str
    task: LocalTask
    due: datetime | None
    open_until: datetime | None
    asked: int
    answers: int
    counts: tuple[tuple[TaskState, int], ...]
    said: tuple[TaskSaid, ...]
    held_back: bool

    @property
    def has_counts(self) -> bool:
        """Whether the counts say anything: where all is held back, they are no zeros that mean something."""
        return not self.held_back or any(count for _, count in self.counts)


def counts_for_all(answers: Collection[TaskAnswer]) -> tuple[int, ...] | None:
    """How many say what, by state, for more than HR: what HR counts, and None under `FEWEST`."""
    counts, _, _ = shown_answers(answers, {})
    numbers = tuple(count for _, count in counts)
    return numbers if sum(numbers) >= FEWEST else None


def shown_answers(
    answers: Collection[TaskAnswer], names: Mapping[str, str]
) -> tuple[tuple[tuple[TaskState, int], ...], tuple[TaskSaid, ...], bool]:
    """The counts, what was written, and whether anything is held back.

    What was said under the person's name is shown with it (`names`, by address); what was not, without, and
    only where at least `FEWEST` have said so. Texts stand in an order that says nothing.
    """
    open_ones = [one for one in answers if one.names]
    nameless = [one for one in answers if not one.names]
    shown = [*open_ones, *(nameless if len(nameless) >= FEWEST else ())]
    counts = tuple((state, sum(one.state is state for one in shown)) for state in TaskState)
    said = [
        TaskSaid(state=one.state, said=one.said, name=names.get(one.email, one.email) if one.names else "")
        for one in shown
        if one.said or one.names
    ]
    said.sort(key=lambda one: (one.name, one.state or "", one.said))
    return counts, tuple(said), len(shown) < len(answers)
