"""Messages to put into words: one of each kind, for a plain course and for one that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.approvals import WaitingClash
from bot.domain.broadcasts import BroadcastGroup, BroadcastWords, Whereabouts
from bot.domain.enrolment import Enrolment, EnrolmentMode, Unanswered
from bot.domain.local_tasks import LocalTask
from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.domain.manager_pages import PersonOfManager, PlaceOfPerson, PlaceWord
from bot.domain.messages import Message
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import CourseSession
from bot.domain.programme import Venue
from bot.domain.reminders import ReminderItem
from bot.domain.reports import (
    Coming,
    CourseAnswers,
    FullWeek,
    HeldLimit,
    Pending,
    PendingCourse,
    Remarked,
    Report,
    ReportedClash,
    RoomTrouble,
    SeatCount,
    Silent,
    SpeakerTrouble,
    Undelivered,
)
from bot.domain.templates import NOT_COPIED, TEMPLATES, MessageKind
from bot.messages.approval import render_approval_request, waiting_sign_ups
from bot.messages.broadcast import render_broadcast
from bot.messages.manager_copy import render_manager_copy
from bot.messages.notice import render_notice, times_of
from bot.messages.overview_mail import Matter, OverviewMail, render_overview_mail
from bot.messages.reminder import render_reminder
from bot.messages.reminder_copy import render_copy
from bot.messages.report import render_report
from tests.builders.invitations import HOSTILE, PLAN, course, offering

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
GONE = {"title": "Fælles lederdag – Hold 1", "dates": '[["2025-06-18T09:00:00", "2025-06-18T15:30:00", false]]'}
"""What a message about a date that goes knows of it besides."""

FIRST = offering(
    CourseSession(id="dag", start=datetime(2025, 6, 18, 9), end=datetime(2025, 6, 18, 15, 30)),
    CourseSession(id="igen", start=datetime(2025, 8, 20, 9), end=datetime(2025, 8, 20, 12), venue=Venue(name="Rådhuset")),
    title="Hold 1",
    venue=Venue(name="Kulturhuset", address="Torvet 1"),
)
SECOND = offering(
    CourseSession(id="dag", start=datetime(2025, 9, 3), end=datetime(2025, 9, 5), all_day=True), id="hold-2", title="Hold 2", online=True
)
TASK = LocalTask(
    id="proev", text="Hold et møde med dit team om det, du lærte.", due=timedelta(weeks=6), material="https://aadal.example/opgave"
)
PLAIN = course(
    offerings=(FIRST, SECOND),
    enrolment=Enrolment(
        mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, capacity=20, waiting_list=True, unanswered=Unanswered.RELEASE, minimum=10
    ),
    after=(TASK,),
)
NASTY = "<img src=x onerror=alert(1)>\r\nBcc: alle@aadal.example\x00\u202e{{ 7*7 }} Æøå & \"'"
EVIL = replace(
    HOSTILE,
    title=f"{NASTY} {HOSTILE.title}",
    after=(replace(TASK, text=NASTY, question=NASTY),),
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


REMINDERS = {*TEMPLATES} - {"announcement"}


def item(template="tomorrow", course="lederdag", offering="hold-1", session="dag"):
    rule = TASK.rule.id if template == "local_task" else "regel"
    return ReminderItem(rule, course, offering, session, "2025-06-18", "mail", template)


def reminder(*items, which=PLAIN, plan=PLAN, language=Language.DA, link=LINK, name="Anna Prøve", today=date(2025, 6, 17)):
    with_course = replace(plan, courses=(which,))
    return render_reminder(with_course, items, reader_name=name, language=language, link_for=lambda _course: link, today=today)


def report(title=PLAIN.title, name="Bo Prøve", said="hr@aadal.example", **changes):
    """A report with something in every section; `title`, `name` and `said` are what others have written."""
    about = {"course": "lederdag", "title": title}
    pending = Pending(
        courses=(
            PendingCourse(
                **about,
                checksum="9f2c4be1a07d3356",
                since=datetime(2025, 5, 23, 14),
                mails=1200,
                people=400,
                reasons=(("id", said), ("limits",)),
                clashes=(
                    WaitingClash(
                        kind="people",
                        titles=(title,),
                        start=datetime(2025, 6, 18, 9),
                        end=datetime(2025, 6, 18, 12),
                        all_day=False,
                        count=3,
                    ),
                ),
            ),
        ),
        waiting=1,
        limits=(HeldLimit(limit="cancel_share", number=3, of=10, allowed=2),),
        unknown_groups=((said, "unreadable"), (said, "emptied")),
    )
    given = {
        "address": said,
        "at": datetime(2025, 5, 26, 7, 30),
        "since": datetime(2025, 5, 19, 7, 30),
        "pending": pending,
        "speakers": (
            SpeakerTrouble(**about, start=datetime(2025, 6, 18, 9), name=name, comment=said),
            SpeakerTrouble(**about, start=None, name=name),
        ),
        "clashes": (
            ReportedClash(**about, reason="drift", differences=(name, "Sted: »A« i Outlook, »B« i planen"), people=(name,)),
            ReportedClash(**about, reason="vanished"),
            ReportedClash(**about, reason="drift", people=(name,)),
        ),
        "rooms": (
            RoomTrouble(**about, start=datetime(2025, 6, 18, 9), room="sal-1@aadal.example", declined=True),
            RoomTrouble(**about, start=None, room="sal-2@aadal.example", declined=False),
        ),
        "undelivered": (
            Undelivered(**about, kind="seat_offered", state="failed", cause="graph_refused", addresses=("bo@aadal.exmaple",)),
            Undelivered(**about, kind="tomorrow", state="expired", cause="", addresses=tuple(f"{name}-{at}" for at in range(30))),
            Undelivered(**about, kind="invitation", state="failed", cause="bounced_mailbox_full", addresses=("bo@aadal.example",)),
            Undelivered(**about, kind="follow_up", state="sending", cause="post_unclear", addresses=("",)),
            Undelivered(course="", title="", kind="hr_report", state="sending", cause="graph_unclear", addresses=(said,)),
        ),
        "full_weeks": (FullWeek(**about, kind="practical", people=(name, "Carla Prøve")),),
        "answers": (
            CourseAnswers(**about, yes=1204, maybe=1, no=2, declined=(name, "Dorte Prøve")),
            CourseAnswers(**about, yes=1, maybe=0, no=0),
        ),
        "remarks": (
            Remarked(**about, name=name, text=said, response="declined"),
            Remarked(**about, name=name, text=said),
        ),
        "silent": (
            Silent(**about, count=12, deadline=DEADLINE),
            Silent(**about, count=1, deadline=DEADLINE, is_past=True),
            Silent(**about, count=2),
        ),
        "seats": (
            SeatCount(**about, offering="hold-1", registered=18, tentative=1, waiting=3, capacity=20),
            SeatCount(**about, offering="hold-2", registered=2, tentative=0, waiting=0),
        ),
        "coming": (Coming(**about, day=date(2025, 5, 28), rule="svar", template="please_answer", people=12),),
    }
    return Report(**given | changes)


def overview_mail(what=PLAIN.title, said="Godkendes"):
    """An overview with more matters than a mail has room for; `what` and `said` are what others have written."""
    matters = (
        Matter(what=what, decide=(said, "Beløb fastlægges"), by="straks"),
        *(Matter(what=f"Sag {at}", decide=(said,), by="") for at in range(26)),
    )
    headings = ("Det skal besluttes", "Sag", "Hvad skal besluttes", "Senest")
    return OverviewMail(title="Oversigt over kurser 2025", made="Opgjort den 26. maj 2025 kl. 07.30", headings=headings, matters=matters)


def broadcast(which=PLAIN, *, plan=PLAN, language=Language.DA, link=LINK, name="Anna Prøve", said="Husk computer", **more):
    """HR's own words; `said` is both the subject and the text, `more` says where, why, or that it is a trial."""
    words = BroadcastWords(language=language, subject=said, text=said)
    offering, session = more.pop("offering", which.offerings[0].id), more.pop("session", "")
    where = Whereabouts(course=which.id, offering=offering, session=session)
    given = {"group": BroadcastGroup(more.pop("group", "registered")), "reader_name": name, "language": language, "link": link}
    return render_broadcast(plan, which, where, words, **given, **more)


def copy(*said, leaders=("Carl Chef",), which=PLAIN, plan=PLAN, language=Language.DA, link=LINK, name="Anna Prøve"):
    """What each of the leaders was told, to somebody who answers for all of them."""
    items = [replace(each, leader=leader) for leader in leaders for each in said]
    given = {"language": language, "link_for": lambda *_: link, "today": date(2025, 6, 17), "reader_name": name, "name_of": str}
    return render_copy(replace(plan, courses=(which,)), items, **given)


def approval_request(which, *, plan, language, link, name, who, reminds=False, several=False):
    """To a manager, about one sign-up or two; `who` signed up."""
    at = datetime(2025, 5, 1, 8, tzinfo=UTC)
    asks = [
        ApprovalAsk(
            course=which.id, offering="hold-1", email=email, wished_at=at, who=AskedOf.MANAGER, asked_at=at, due_at=at, looked_at=at,
        )
        for email in ("bo@aadal.example", "carla@aadal.example")[: 1 + several]
    ]  # fmt: skip
    people = PeopleIndex([Person(email="bo@aadal.example", name=who)])
    waiting = tuple(waiting_sign_ups(replace(plan, courses=(which,)), asks, people, language))
    return render_approval_request(plan, waiting, reader_name=name, language=language, link=link, reminds=reminds)


def manager_copy(which, *, plan=PLAN, language=Language.DA, link=LINK, name="Lea Leder", who="Bo Prøve", words=(PlaceWord.REGISTERED,)):
    """To a manager, of what one of their people is signed up to, one course a word; of nobody without words."""
    dates = tuple(times_of(which, which.offerings[0], language, titled=False))
    coming = tuple(PlaceOfPerson(what=f"{which.title} – {which.offerings[0].title}", dates=dates, word=word) for word in words)
    people = [PersonOfManager(email="bo@aadal.example", name=who, department="", coming=coming, past=())] if coming else []
    return render_manager_copy(plan, people, reader_name=name, language=language, link=link)


TO_MANAGERS = {MessageKind.APPROVAL_REQUEST: approval_request, MessageKind.MANAGER_COPY: manager_copy}


def notice(kind, which=PLAIN, *, plan=PLAN, language=Language.DA, link=LINK, name="Anna Prøve", offering=None, params=PARAMS):
    if kind.value in {*REMINDERS, "digest", "copy"}:
        several = REMINDERS - NOT_COPIED if kind is MessageKind.COPY else REMINDERS
        items = [item(template) for template in ([kind.value] if kind.value in REMINDERS else sorted(several))]
        made, more = (copy, {"leaders": (params["colleague"],)}) if kind is MessageKind.COPY else (reminder, {})
        return made(*items, which=which, plan=plan, language=language, link=link, name=name, **more)
    if kind is MessageKind.HR_REPORT:
        return render_report(report(which.title, name, params["command"]), replace(plan, courses=(which,)), language)
    if kind in {MessageKind.OVERVIEW, MessageKind.PARTICIPANTS}:
        mail = overview_mail(which.title, params["command"])
        mail = mail if kind is MessageKind.OVERVIEW else replace(mail, title=which.title, matters=())
        return render_overview_mail(mail, plan, language, kind=kind)
    if kind in TO_MANAGERS:
        return TO_MANAGERS[kind](which, plan=plan, language=language, link=link, name=name, who=params["colleague"])
    if kind is MessageKind.BROADCAST:
        return broadcast(which, plan=plan, language=language, link=link, name=name, said=params["command"])
    if kind is MessageKind.ANNOUNCEMENT:
        which = replace(which, enrolment=replace(which.enrolment, mode=EnrolmentMode.SIGNUP))
    about = None if kind in WHOLE_COURSE else offering or which.offerings[0]
    params = {**GONE, **params} if kind is MessageKind.OFFERING_GONE else params
    return render_notice(plan, which, about, message(kind, params=params), reader_name=name, language=language, link=link)


def evil_notice(kind, language=Language.DA):
    nasty = dict.fromkeys(PARAMS, NASTY) | {"when": "before"} | ({"title": NASTY} if kind is MessageKind.OFFERING_GONE else {})
    link = 'https://kurser.aadal.example/p/"><script>'
    return notice(kind, EVIL, plan=EVIL_PLAN, language=language, link=link, name=NASTY, params=nasty)
