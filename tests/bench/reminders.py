"""The benchmark's figure on reminders: what it costs to know who is to be reminded of what.

j  due for 1,000 sessions × 40 people × 4 rules     CPU, spread over a year, and all on one day (every message falls due)
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.enrolment import Enrolment
from bot.domain.events import SessionKey
from bot.domain.plan import Offering
from bot.domain.reminder_rules import ReminderAnchor, ReminderUnit
from bot.reminders.due import reminders
from bot.reminders.occasion import Occasion, OnCalendar
from tests.bench.rows import Figure, Row
from tests.builders.occasions import INVITED, PEOPLE, ZONE, S, T, at, course, plan, row, rule, session

SESSIONS, ATTENDEES = 1_000, 40
NOW = at(17, "12:00")
NINE = datetime(2025, 6, 18, 9).time()
RULES = (
    rule("svar", T.UNANSWERED, anchor=ReminderAnchor.DEADLINE, amount=3, unit=ReminderUnit.WORKING_DAYS, at=NINE, template="please_answer"),
    rule("praktisk", amount=7, at=NINE, template="practical"),
    rule("i-morgen", T.REGISTERED, T.TENTATIVE),
    rule("tak", before=False, anchor=ReminderAnchor.END, amount=2, unit=ReminderUnit.HOURS, at=None, template="follow_up"),
)  # fmt: skip


def due_reminders() -> Row:
    """Figure j."""
    (year, usual), (day, worst) = _measured(days=250), _measured(days=1)
    return Row(
        f"j  due for {SESSIONS} sessions × {ATTENDEES} × {len(RULES)} rules: {usual:.2f} s CPU over a year ({year} messages near), "
        f"{worst:.2f} s all on one day ({day} messages)   aim: under 1",
        (
            Figure(name="j due over a year, CPU", value=usual, unit="s"),
            Figure(name="j due all on one day, CPU", value=worst, unit="s", aim=1),
        ),
    )


def _measured(*, days: int) -> tuple[int, float]:
    """How many messages are due or near, and the CPU seconds of knowing it."""
    people = [f"p{number:02}@by.example" for number in range(ATTENDEES)]
    courses, rows, calendar = [], [], {}
    for number in range(SESSIONS):
        begin = datetime(2025, 6, 18, 9) + timedelta(days=number % days)
        one = replace(session(), start=begin, end=begin + timedelta(hours=3))
        enrolment = Enrolment(deadline=begin - timedelta(days=10))
        made = course(id=f"k{number}", offerings=(Offering(id="main", sessions=(one,)),), enrolment=enrolment)
        courses.append(made)
        rows += [row(email, S.REGISTERED if at_ % 2 else S.INVITED, course=made.id) for at_, email in enumerate(people)]
        key = SessionKey(plan="by", course=made.id, offering="main", session=one.id)
        calendar[key] = OnCalendar(start=begin.replace(tzinfo=ZONE).astimezone(UTC), invited=dict.fromkeys(people, INVITED))
    occasion = Occasion(
        plan=plan(*RULES, courses=tuple(courses)), rows=rows, calendar=calendar, asked={}, members={}, known={}, people=PEOPLE, now=NOW,
        until=NOW + timedelta(days=1),
    )  # fmt: skip
    begun = time.process_time()
    found = reminders(occasion)
    return len(found), time.process_time() - begun
