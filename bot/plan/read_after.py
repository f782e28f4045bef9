"""The tasks that leaders take home from a course.

    due, closes     a day, or so long after the date's last session (`closes`: after it fell due), in whole days or weeks
    to              who came, where the plan is silent
    question        asked in our words, where the plan is silent

A day is after every last session that the course has, for nobody has anything to take home before; and
answers are not closed before the task falls due.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.domain.local_tasks import FOR_WHO_CAME, LONGEST, LONGEST_TASK, OPEN_FOR, TO, LocalTask
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.moments import DURATION, day, duration
from bot.plan.scope import IdsOnce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.local_tasks import Due
    from bot.domain.plan import Offering
    from bot.domain.reminder_rules import ReminderTarget
    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar
    from bot.plan.records import PlanRecord

NAMES = {target.value: target for target in TO}
A_DAY = timedelta(days=1)


def read_after(course: PlanRecord, offerings: Iterable[Offering]) -> tuple[LocalTask, ...]:
    """The tasks under `after` of a course with these dates, in their order; what is wrong is noted."""
    ids = IdsOnce()
    ends = [session.end for offering in offerings for session in offering.sessions if session.end is not None]
    over = max(ends, default=None)
    return course.read_list(
        "after", keys.AFTER_KEYS, lambda item: _read_task(item, ids, over.date() if over else None)
    )


def _read_task(item: PlanRecord, ids: IdsOnce, over: date | None) -> LocalTask:
    said, (closes,) = item.require("due", _due), item.read("closes", _due) or (OPEN_FOR,)
    due = said[0] if said is not None else None
    if isinstance(due, date) and over is not None and due < over:
        item.findings.error("value.invalid", item.spot_of("due"), reason="task_early", value=due, over=over)
    if isinstance(closes, date) and _is_before(closes, due, over):
        item.findings.error("value.invalid", item.spot_of("closes"), reason="task_closes")
    own = ids.read(item)
    return LocalTask(
        id=own,
        was=ids.read_earlier(item, own),
        text=item.require_text("text", fields.line_text(LONGEST_TASK)),
        material=item.read_text("material", fields.web_address),
        due=OPEN_FOR if due is None else due,
        to=item.read_each("to", _target) or FOR_WHO_CAME,
        question=item.read_text("question", fields.line_text()),
        closes=closes,
        names=item.read("names", fields.flag) or False,
    )


def _is_before(closes: date, due: Due | None, over: date | None) -> bool:
    """Whether a day to close on comes before the task falls due, as far as both are days."""
    if isinstance(due, timedelta):
        return over is not None and closes < over + due
    return due is not None and closes < due


def _due(scalar: Scalar, findings: Findings) -> tuple[Due] | None:
    """A day, or a length in whole days."""
    if DURATION.fullmatch(scalar.text) is None:
        on = day(scalar, findings)
        return None if on is None else (on,)
    found = duration(scalar, findings)
    if found is not None and (found % A_DAY or found > LONGEST):
        findings.error(
            "value.invalid",
            scalar.spot,
            reason="task_days",
            value=shown(scalar.as_written),
            limit=LONGEST.days,
        )
        return None
    return None if found is None else (found,)


def _target(scalar: Scalar, findings: Findings) -> ReminderTarget | None:
    found = NAMES.get(scalar.text)
    if found is None:
        fields.note_choice(scalar, findings, NAMES)
    return found
