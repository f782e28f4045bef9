"""What reports are made from, in small: a plan of two courses with a reader each. Everybody in it is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.changes import ChangeSet, SafetyFacts
from bot.domain.enrolment import Enrolment
from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.messages import DeliveryState, Message
from bot.domain.plan import AudienceRule
from bot.domain.registrations import Answer
from bot.domain.templates import MessageKind
from bot.hr_report.compose import Facts, report_for
from tests.builders.occasions import ANE, PEOPLE, at, course, plan

HR, LINE = "hr@by.example", "line@by.example"
NOW, SINCE = at(10, "07:30"), at(2, "07:30")
MINE = course(enrolment=Enrolment(deadline=datetime(2025, 6, 12, 12), capacity=20))
THEIRS = course(id="andet", title="Andet", responsible=("LINE@by.example",))
PLAN = plan(courses=(MINE, THEIRS), audiences=(AudienceRule(id="ledere", name="Ledere", groups=("alle@by.example",)),))
NOTHING_TO_CHANGE = ChangeSet(
    plan="by",
    revision="sha256:0",
    checksum="9f2c4be1a07d3356",
    changes=(),
    facts=SafetyFacts(managed_future_events=2, cancelled_gone=0, places=0, places_removed=0, mails=0, all_courses_gone=False),
)


def facts(*rows, **changes):
    """Nothing but the rows, and what is said otherwise; of the change set by `changes`, `messages_due` and the like."""
    given = {
        "plan": PLAN, "written": changes.get("plan", PLAN),
        "people": PEOPLE, "rows": rows, "answers": (), "asked": {}, "members": {}, "change_set": NOTHING_TO_CHANGE,
        "passed": (), "observed": (), "messages": (), "bounces": (), "unplaced": (), "reminders": (), "now": NOW,
    }  # fmt: skip
    return Facts(**given | changes)


def report(*rows, reader=HR, since=SINCE, **changes):
    return report_for(reader, facts(*rows, **changes), since=since)


def change_set(*changes, **more):
    return replace(NOTHING_TO_CHANGE, changes=changes, **more)


def key(course="k", session="dag"):
    return SessionKey(plan="by", course=course, offering="main", session=session)


def answer(email=ANE, *, seen_at=NOW, course="k"):
    return Answer(
        key=key(course), email=email, name="", response=ResponseStatus.ACCEPTED, responded_at=SINCE - timedelta(hours=1), seen_at=seen_at
    )


def message(state=DeliveryState.FAILED, *, kind=MessageKind.FULL, course="k", email=ANE, created_at=NOW, **more):
    given = {"plan": "by", "key": f"{kind}/{course}/{email}", "offering": "main", "error": "graph_refused"}
    return Message(kind=kind, course=course, email=email, created_at=created_at, state=state, **given | more)
