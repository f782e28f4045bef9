"""What leaders do at home after a course: the tasks of the plan (pure).

What is said of them is `bot.domain.task_answers`'s.

A task falls due for each date of a course by itself, and is open for answers from then on:

| `due` is | the task falls due |
|---|---|
| a number of days or weeks | so long after the date's last session, at `AT` |
| a day | on that day, at `AT`, and never before the date's last session is over |

| `closes` is | answers are taken |
|---|---|
| silent | for `OPEN_FOR` from then on |
| a number of days or weeks | for so long from then on |
| a day | until the end of that day |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.domain.templates import MessageKind

AT = time(9)
"""The wall time at which a task falls due."""
OPEN_FOR = timedelta(weeks=6)
FOR_WHO_CAME = (ReminderTarget.ATTENDED,)
"""Whom a task is for where the plan is silent."""
LONGEST = timedelta(weeks=26)
"""Until a task falls due, and then until it closes: together less than who came is kept."""
LONGEST_TASK = 500
"""Characters."""
RULE = "after."
"""What the id of the rule that tells of a task begins with; no id of a plan has a full stop."""
TO = (
    ReminderTarget.ATTENDED,
    ReminderTarget.NO_SHOW,
    ReminderTarget.REGISTERED,
    ReminderTarget.DECLINED,
    ReminderTarget.EVERYONE,
)
"""Whom a task may be for."""
Due: TypeAlias = date | timedelta


def rule_of(task: str) -> str:
    """The id of the rule that tells of a task."""
    return f"{RULE}{task}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTask:
    """One task. `question` is "" where it is asked in our words, `material` a link, "" for none.

    `was` is the id that it had before.

    `names`: HR sees who answered what; else numbers, and texts without names.
    """

    id: str
    text: str
    due: Due
    material: str = ""
    to: tuple[ReminderTarget, ...] = FOR_WHO_CAME
    question: str = ""
    closes: Due = OPEN_FOR
    names: bool = False
    was: str | None = None

    @property
    def rule(self) -> ReminderRule:
        """The rule by which people are told of it, once: by Teams where it reaches them, else by mail."""
        due = self.due
        return ReminderRule(
            id=rule_of(self.id),
            before=False,
            anchor=ReminderAnchor.END,
            amount=due.days if isinstance(due, timedelta) else 0,
            unit=ReminderUnit.DAYS,
            on=None if isinstance(due, timedelta) else due,
            at=AT,
            to=self.to,
            channels=(Channel.TEAMS,),
            template=MessageKind.LOCAL_TASK,
        )

    def closes_at(self, due_at: datetime) -> datetime:
        """The wall time until which answers are taken, where it fell due at that wall time."""
        if isinstance(self.closes, timedelta):
            return due_at + self.closes
        return max(due_at, datetime.combine(self.closes + timedelta(days=1), time()))
