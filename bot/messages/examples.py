"""Every message as it reads, about a made-up course: for HR to look at before anything is sent (pure).

The organisation, the contact and the zone are the plan's; the course, its people and its places are nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from bot.domain.broadcasts import BroadcastGroup, BroadcastWords, Whereabouts
from bot.domain.changes import NewsKind
from bot.domain.enrolment import Enrolment, EnrolmentMode, Unanswered
from bot.domain.local_tasks import OPEN_FOR, LocalTask
from bot.domain.messages import ANEW, ASKED, Message
from bot.domain.people import Language
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.domain.programme import Material, Venue
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.domain.reminders import ReminderItem
from bot.domain.reports import Coming, CourseAnswers, Report, ReportedClash, RoomTrouble, SeatCount, Silent
from bot.domain.templates import NOT_COPIED, TEMPLATES, MessageKind
from bot.i18n.catalogue import text
from bot.i18n.dates import day_text
from bot.messages.broadcast import render_broadcast
from bot.messages.card import render_card, render_notification
from bot.messages.characters import one_line
from bot.messages.managers_examples import MANAGERS_EXAMPLES
from bot.messages.notice import render_notice
from bot.messages.overview_mail import Matter, OverviewMail, render_overview_mail
from bot.messages.reminder import render_reminder
from bot.messages.reminder_copy import render_copy
from bot.messages.report import render_report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.domain.plan import CoursePlan
    from bot.domain.teams import Notification
    from bot.messages.notice import Rendered


def _wall(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour)  # noqa: DTZ001 - wall time of the plan's zone


LINK = "https://kurser.kommune.example/p/eksempel"
THE_DAY_BEFORE = date(2026, 3, 9)
BY_RULE = tuple(row.kind for row in TEMPLATES.values() if row.kind is not MessageKind.ANNOUNCEMENT)
COPIED = tuple(kind for kind in BY_RULE if kind not in NOT_COPIED)
ABOUT_THE_COURSE = frozenset({MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE})
TO_BOTH = frozenset({MessageKind.CHANGED, MessageKind.CANCELLED})
"""What those in line are told, and in other words those who were asked and have not answered."""
EVALUATE = tuple(
    ReminderRule(
        id=name,
        before=False,
        anchor=ReminderAnchor.END,
        amount=days,
        unit=ReminderUnit.DAYS,
        to=(ReminderTarget.REGISTERED,),
        channels=(Channel.MAIL,),
        template=MessageKind.FOLLOW_UP,
    )
    for name, days in (("tak", 1), ("igen", 7))
)
COURSE = Course(
    id="eksempel",
    title="Et kursus som eksempel",
    status=CourseStatus.APPROVED,
    venue=Venue(name="Eksempelhallen", address="Prøvevej 1"),
    enrolment=Enrolment(
        mode=EnrolmentMode.CHOOSE,
        deadline=_wall(2, 20, 12),
        capacity=20,
        waiting_list=True,
        unanswered=Unanswered.ASSIGN,
        minimum=8,
    ),
    materials=(Material(title="Læs før kurset", url="https://kommune.example/materiale"),),
    evaluation="https://kommune.example/evaluering",
    reminders=EVALUATE,
    offerings=tuple(
        Offering(
            id=f"hold-{number}",
            title=f"Hold {number}",
            sessions=(CourseSession(id="dag", start=_wall(3, day, 9), end=_wall(3, day, 15)),),
        )
        for number, day in ((1, 10), (2, 17))
    ),
)
TASK = LocalTask(
    id="eksempel",
    text="Hold et møde med dit team om det, du lærte.",
    due=OPEN_FOR,
    material="https://kommune.example/opgave",
)


def with_task(course: Course) -> Course:
    """The course with a task to do afterwards: a made-up one where it has none."""
    return course if course.after else replace(course, after=(TASK,))


TO_SIGN_UP_FOR = replace(COURSE, enrolment=replace(COURSE.enrolment, mode=EnrolmentMode.SIGNUP))
ONLINE_WITHOUT_A_DEADLINE = replace(
    COURSE,
    enrolment=Enrolment(),
    offerings=COURSE.offerings[:1],
    venue=None,
    online=True,
    materials=(),
    evaluation=None,
)
SHOWN: dict[str, Any] = {"course": COURSE.id, "title": COURSE.title}
REPORT = Report(
    address="hr@kommune.example",
    at=_wall(2, 16, 7),
    since=_wall(2, 9, 7),
    clashes=(ReportedClash(**SHOWN, reason="drift"),),
    rooms=(RoomTrouble(**SHOWN, start=_wall(3, 10, 9), room="sal-1@kommune.example", declined=True),),
    answers=(CourseAnswers(**SHOWN, yes=7, maybe=1, no=2, declined=("Bo Eksempel", "Carla Eksempel")),),
    silent=(Silent(**SHOWN, count=12, deadline=COURSE.enrolment.deadline),),
    seats=(SeatCount(**SHOWN, offering="hold-1", registered=18, tentative=1, waiting=0, capacity=20),),
    coming=(Coming(**SHOWN, day=date(2026, 2, 17), rule="svar", template="please_answer", people=12),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One message in one language.

    `again`: as it reads the second time; `asked`: to who was asked to sign up, and has not answered.

    Of what a rule can send to Teams also the line in the feed, and the card where there can be one.
    """

    kind: MessageKind
    language: Language
    notice: Rendered
    again: bool = False
    asked: bool = False
    line: Notification | None = None
    card: Mapping[str, Any] | None = None


def examples(
    plan: CoursePlan,
    course: Course = COURSE,
    *,
    link: str | None = LINK,
    today: date = THE_DAY_BEFORE,
    again: bool = False,
    news: NewsKind = NewsKind.CANCELLED,
    kinds: Collection[MessageKind] = tuple(MessageKind),
) -> Iterator[Example]:
    """Every kind of message (of `kinds`) in every language, about the course, written on the day `today`.

    The evaluation is asked for twice.

    What tells of a change goes to two kinds of reader: in line, and asked to sign up. `again`: all of it as
    it reads later, when the evaluation is asked for again and the deadline has passed. `news`: why the dates
    of a course are off.
    """
    # The plan's own rules would say thank you first.
    course = with_task(course)
    about = replace(plan, courses=(course,), reminders=())
    for kind in kinds:
        for later in sorted({again, again or (kind is MessageKind.FOLLOW_UP and bool(course.evaluation))}):
            for language in Language:
                of_kind = (
                    TO_SIGN_UP_FOR if kind is MessageKind.ANNOUNCEMENT and course.id == COURSE.id else course
                )
                here = replace(about, courses=(of_kind,))
                line, card = _in_teams(here, of_kind, kind, language, link, today, again=later)
                for asked in (False, True) if kind in TO_BOTH else (False,):
                    told = _params(kind, again=later, asked=asked, news=news)
                    notice = _notice(here, of_kind, kind, language, link, today, again=later, told=told)
                    yield Example(
                        kind=kind,
                        language=language,
                        notice=notice,
                        again=later,
                        asked=asked,
                        line=line,
                        card=card,
                    )


def message_html(plan: CoursePlan, course: Course, kind: MessageKind, language: Language) -> str:
    """One message about the course in one language, the day before."""
    course = with_task(course)
    about = replace(plan, courses=(course,), reminders=())
    told = _params(kind, again=False, asked=False, news=NewsKind.CANCELLED)
    return _notice(about, course, kind, language, LINK, THE_DAY_BEFORE, again=False, told=told).html


def _in_teams(
    plan: CoursePlan,
    course: Course,
    kind: MessageKind,
    language: Language,
    link: str | None,
    today: date,
    *,
    again: bool,
) -> tuple[Notification | None, Mapping[str, Any] | None]:
    if kind not in {*BY_RULE, MessageKind.DIGEST, MessageKind.ANNOUNCEMENT}:
        return None, None
    items = _items(course, kind, again=again)
    line = render_notification(
        plan, items, language=language, link_for=lambda _: link, today=today, app_id=""
    )
    # A post is about one thing.
    return line, render_card(plan, items[0], language=language, today=today) if len(items) == 1 else None


def _items(course: Course, kind: MessageKind, *, again: bool) -> list[ReminderItem]:
    several = {MessageKind.DIGEST: BY_RULE, MessageKind.COPY: COPIED}
    kinds = several.get(kind, (kind,))
    rules = {MessageKind.LOCAL_TASK: next((task.rule.id for task in course.after), "")}
    return [
        ReminderItem(
            rules.get(each, EVALUATE[again].id),
            course.id,
            course.offerings[0].id,
            "dag",
            "2026-03-10",
            "mail",
            each.value,
        )
        for each in kinds
    ]


def _params(kind: MessageKind, *, again: bool, asked: bool, news: NewsKind) -> dict[str, str]:
    """What only the moment knows."""
    stage = news.value if kind is MessageKind.CANCELLED else "deadline" if again else "before"
    return {
        "position": "3",
        "colleague": "Bo Eksempel",
        "registered": "5",
        "minimum": "8",
        "when": stage,
        "command": "kursusbot preview --if-cancelled eksempel",
        **({ANEW: "yes"} if again else {}),
        **({ASKED: "yes"} if asked else {}),
    }


def _overview_mail(course: Course, language: Language, today: date) -> OverviewMail:
    """Of one course that is to be approved."""

    def said(name: str, **more: object) -> str:
        return text(language, f"overview.{name}", **more)

    by, title = (
        said("before", day=day_text(language, datetime.combine(THE_DAY_BEFORE, time()))),
        said("title", years=str(today.year)),
    )
    return OverviewMail(
        title=title,
        made=said("made", moment=day_text(language, datetime.combine(today, time()))),
        headings=(said("to_decide"), said("column.matter"), said("column.decide"), said("column.by")),
        matters=(
            Matter(what=one_line(course.title), decide=(said("need.approval"), said("need.amount")), by=by),
        ),
    )


def _broadcast(plan: CoursePlan, course: Course, language: Language, link: str | None, name: str) -> Rendered:
    """In words that could be HR's, to who has a seat."""
    words = BroadcastWords(
        language=language,
        subject=text(language, "messages.made_up_subject"),
        text=text(language, "messages.made_up_text"),
    )
    where = Whereabouts(course=course.id, offering=course.offerings[0].id)
    return render_broadcast(
        plan,
        course,
        where,
        words,
        group=BroadcastGroup.REGISTERED,
        reader_name=name,
        language=language,
        link=link,
    )


def _by_rule(
    plan: CoursePlan,
    items: Sequence[ReminderItem],
    kind: MessageKind,
    language: Language,
    link: str | None,
    today: date,
    name: str,
) -> Rendered:
    """What a rule asks for; or the copy of it, for who answers for a leader."""
    if kind is not MessageKind.COPY:
        return render_reminder(
            plan, items, reader_name=name, language=language, link_for=lambda _: link, today=today
        )
    leader = text(language, "messages.made_up_leader")
    return render_copy(
        plan,
        [replace(each, leader=leader) for each in items],
        reader_name=name,
        name_of=str,
        language=language,
        link_for=lambda *_: link,
        today=today,
    )


TO_OTHERS = frozenset(
    {MessageKind.HR_REPORT, MessageKind.OVERVIEW, MessageKind.PARTICIPANTS, *MANAGERS_EXAMPLES}
)
"""What goes to others than the participants."""
BY_THE_DAY = tuple(
    sorted({*BY_RULE, *TO_OTHERS, MessageKind.DIGEST, MessageKind.COPY, MessageKind.ANNOUNCEMENT})
)
"""What reads otherwise on another day; all else is the same whenever it is written."""


def _to_others(
    plan: CoursePlan, course: Course, kind: MessageKind, language: Language, link: str, today: date
) -> Rendered:
    if kind is MessageKind.HR_REPORT:
        return render_report(REPORT, plan, language)
    if kind in MANAGERS_EXAMPLES:
        return MANAGERS_EXAMPLES[kind](plan, course, language, link)
    mail = _overview_mail(course, language, today)
    if kind is MessageKind.PARTICIPANTS:
        mail = replace(mail, title=course.title, matters=())
    return render_overview_mail(mail, plan, language, kind=kind)


def _notice(
    plan: CoursePlan,
    course: Course,
    kind: MessageKind,
    language: Language,
    link: str | None,
    today: date,
    *,
    again: bool,
    told: Mapping[str, str],
) -> Rendered:
    name = text(language, "messages.made_up_name")
    if kind in {*BY_RULE, MessageKind.DIGEST, MessageKind.COPY}:
        return _by_rule(plan, _items(course, kind, again=again), kind, language, link, today, name)
    if kind in TO_OTHERS:
        return _to_others(plan, course, kind, language, link or "", today)
    if kind is MessageKind.BROADCAST:
        return _broadcast(plan, course, language, link, name)
    if kind is MessageKind.CANCELLED and told["when"] == NewsKind.CANCELLED:
        course = replace(
            course, status=CourseStatus.CANCELLED, cancel_reason=text(language, "messages.made_up_reason")
        )
    offering = None if kind in ABOUT_THE_COURSE or ASKED in told else course.offerings[0]
    message = Message(
        plan=plan.id,
        key="",
        kind=kind,
        course=course.id,
        offering=offering.id if offering else "",
        email="",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        params=told,
    )
    return render_notice(plan, course, offering, message, reader_name=name, language=language, link=link)
