"""A course with dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.plan import CourseSession, Offering
from bot.domain.programme import Venue
from tests.builders.registrations import PLAN

START = datetime(2026, 12, 1, 9)


def dated(identity, day=1, **more):
    start = START.replace(day=day)
    return CourseSession(id=identity, start=start, end=start.replace(hour=12), **more)


CHOICE, LEADERS, SENIOR = PLAN.courses
DATED = replace(
    PLAN,
    courses=(
        replace(CHOICE, offerings=(Offering(id="hold-1", sessions=(CourseSession(id="dag", period="2026-H2"),)),)),
        replace(LEADERS, venue=Venue(name="Salen", address="Torvet 1"), offerings=(Offering(id="main", sessions=(dated("dag", 2),)),)),
        replace(SENIOR, offerings=(Offering(id="main", sessions=(dated("del-1"), dated("del-2", 3, title="I praksis"))), Offering(id="b"))),
    ),
)
