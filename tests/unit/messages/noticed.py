"""Messages to put into words: one of each kind, for a plain course and for one that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.messages import Message, MessageKind
from bot.domain.people import Language
from bot.domain.plan import CourseSession, Enrolment, EnrolmentMode, Unanswered, Venue
from bot.messages.notice import render_notice
from tests.unit.messages.invited import HOSTILE, PLAN, course, offering

DEADLINE = datetime(2025, 6, 4, 12)
WHOLE_COURSE = frozenset({MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE})
LINK = "https://kurser.aadal.example/p/abc?a=1&b=2"
PARAMS = {
    "position": "3",
    "colleague": "Bo Prøve",
    "registered": "4",
    "minimum": "10",
    "when": "before",
    "command": "kursusbot preview --if-cancelled lederdag",
}

FIRST = offering(
    CourseSession(id="dag", start=datetime(2025, 6, 18, 9), end=datetime(2025, 6, 18, 15, 30)),
    CourseSession(id="igen", start=datetime(2025, 8, 20, 9), end=datetime(2025, 8, 20, 12), venue=Venue(name="Rådhuset")),
    title="Hold 1",
    venue=Venue(name="Kulturhuset", address="Torvet 1"),
)
SECOND = offering(
    CourseSession(id="dag", start=datetime(2025, 9, 3), end=datetime(2025, 9, 5), all_day=True), id="hold-2", title="Hold 2", online=True
)
PLAIN = course(
    offerings=(FIRST, SECOND),
    enrolment=Enrolment(
        mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, capacity=20, waiting_list=True, unanswered=Unanswered.RELEASE, minimum=10
    ),
)
NASTY = "<img src=x onerror=alert(1)>\r\nBcc: alle@aadal.example\x00\u202e{{ 7*7 }} Æøå & \"'"
EVIL = replace(
    HOSTILE,
    title=f"{NASTY} {HOSTILE.title}",
    offerings=(replace(FIRST, title=NASTY, venue=Venue(name=NASTY, address=NASTY)), replace(SECOND, title=NASTY)),
)
EVIL_PLAN = replace(PLAN, organisation=NASTY, contact='"><script>@aadal.example')


def message(kind: MessageKind, **facts: object) -> Message:
    """A message about the first offering, or the whole course; `facts` say what is different."""
    given = {
        "plan": "aadal",
        "key": f"{kind.value}/lederdag/anna@aadal.example",
        "kind": kind,
        "course": "lederdag",
        "offering": "" if kind in WHOLE_COURSE else "hold-1",
        "email": "anna@aadal.example",
        "created_at": datetime(2025, 5, 1, 8, tzinfo=UTC),
        "params": PARAMS,
    }
    return Message(**given | facts)


def notice(kind, which=PLAIN, *, plan=PLAN, language=Language.DA, link=LINK, name="Anna Prøve", offering=None, params=PARAMS):
    about = None if kind in WHOLE_COURSE else offering or which.offerings[0]
    return render_notice(plan, which, about, message(kind, params=params), reader_name=name, language=language, link=link)


def evil_notice(kind, language=Language.DA):
    nasty = dict.fromkeys(PARAMS, NASTY) | {"when": "before"}
    link = 'https://kurser.aadal.example/p/"><script>'
    return notice(kind, EVIL, plan=EVIL_PLAN, language=language, link=link, name=NASTY, params=nasty)
