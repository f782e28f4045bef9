"""A small plan with rules, and its books, for the tests of reminders. Everybody in it is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.enrolment import Enrolment
from bot.domain.events import SessionKey
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker
from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.reminders.occasion import Occasion, OnCalendar

ZONE = ZoneInfo("Europe/Copenhagen")
ANE, BO, CAI, DAN = (f"{name}@by.example" for name in ("ane", "bo", "cai", "dan"))
PEOPLE = PeopleIndex([Person(email=ANE, name="Ane Ås", aliases=frozenset({"aas@by.example"}))])
INVITED = datetime(2025, 5, 1, 7, 0, tzinfo=UTC)
S, T = RegistrationStatus, ReminderTarget


def at(day, clock="12:00", month=6, year=2025):
    """A wall time in Copenhagen as an instant."""
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def rule(identity="regel", *to, **facts):
    given = {
        "before": True, "anchor": ReminderAnchor.START, "amount": 1, "unit": ReminderUnit.DAYS, "at": time(12), "to": to or (T.REGISTERED,),
        "channels": (Channel.MAIL,), "template": "tomorrow",
    }  # fmt: skip
    return ReminderRule(id=identity, **given | facts)


def session(identity="dag", day=18, start=9, end=12, **facts):
    return CourseSession(id=identity, start=datetime(2025, 6, day, start), end=datetime(2025, 6, day, end), **facts)


def course(*sessions, **facts):
    offerings = (Offering(id="main", sessions=sessions or (session(),)),)
    given = {
        "id": "k",
        "title": "Kursus",
        "status": CourseStatus.APPROVED,
        "offerings": offerings,
        "enrolment": Enrolment(),
        "audience": ("ledere",),
    }
    return Course(**given | facts)


def plan(*rules, courses=None, **facts):
    given = {
        "id": "by", "revision": "sha256:0", "organisation": "Byens Kommune", "timezone": "Europe/Copenhagen", "language": Language.DA,
        "organiser": "kurser@by.example", "contact": "HR@by.example", "holidays": "DK", "reminders": rules,
        "courses": courses or (course(),),
    }  # fmt: skip
    return CoursePlan(**given | facts)


def row(email=ANE, status=S.REGISTERED, **facts):
    given = {"course": "k", "offering": "main", "name": "", "since": INVITED, "source": AnswerSource.OUTLOOK}
    return Registration(email=email, status=status, **given | facts)


def on_calendar(made, rows, *, invited=INVITED):
    """Everybody with a row is on every session of the offering, since `invited`."""
    found = {}
    for one in made.courses:
        for offering in one.offerings:
            for each in offering.sessions:
                if each.start is not None:
                    who = {entry.email: invited for entry in rows if (entry.course, entry.offering) == (one.id, offering.id)}
                    start = each.start.replace(tzinfo=ZONE).astimezone(UTC)
                    found[SessionKey(plan="by", course=one.id, offering=offering.id, session=each.id)] = OnCalendar(
                        start=start, invited=who
                    )
    return found


def occasion(made, *rows, now, **facts):
    given = {
        "plan": made, "rows": rows, "calendar": on_calendar(made, rows), "asked": {}, "members": {"ledere": frozenset({ANE, BO, CAI, DAN})},
        "known": {}, "people": PEOPLE, "now": now, "until": now + timedelta(days=14),
    }  # fmt: skip
    return Occasion(**given | facts)


def with_speaker(made, *speakers):
    return replace(made, speakers=tuple(Speaker(name="Taler", email=email) for email in speakers))
