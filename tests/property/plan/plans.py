"""Course plans by chance: everything that the format can say, and nothing that it cannot.

A strategy is made once: Hypothesis looks through each that it has not seen, which takes longer than to draw from it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.assumptions import Assumption, Term
from bot.domain.certificates import CertificateRule
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.delegates import Delegate
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.funding import CourseFunding, Expense, ExpenseStatus, FundingPool
from bot.domain.manager_approval import MOST_WORKING_DAYS, ApprovalRule, Overdue
from bot.domain.manager_people import ManagersGet
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import AttendanceRules, Material, Speaker, Venue
from bot.domain.reminder_rules import WHO_CAME, Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.domain.sending import SendingRules
from bot.domain.templates import IN_RULES, MessageKind
from bot.plan.moments import WallTime, occurrence
from bot.plan.read_reminder import CLOCK_UNITS
from tests.property.plan.asked import questions
from tests.property.plan.evaluated import evaluations
from tests.property.plan.parts import (
    addresses,
    amounts,
    blocks,
    clocks,
    few,
    flags,
    groups,
    ids,
    lines,
    minutes,
    names_of,
    needed_lines,
    once,
    one_of,
    some,
    tags,
    wall_days,
    walls,
    walls_in,
)
from tests.property.plan.taken_home import tasks
from tests.property.plan.wordings import texts

AUDIENCES = ("ledere", "on", "null", "æøå-1")
POOLS = ("pulje-2025", "no")
PURPOSES = ("central", "on")
ASSUMPTIONS: dict[str, tuple[bool | str, ...]] = {
    "midler": (True, False),
    "not-1": (False, True),
    "form": ("flere-dage", "ja", "1"),
    "1e3": ("no", "forløb"),
}

conditions = few(
    st.sampled_from([Term(assumption=key, outcome=option) for key, options in ASSUMPTIONS.items() for option in options]), unique=True
)


def earlier(draw, identity):
    """No id that was drawn, and another one for each."""
    return f"{identity[:30]}-zz-old" if draw(flags) else None


people = st.builds(Person, email=addresses, name=lines, language=some(st.sampled_from(Language)))
venues = st.builds(Venue, name=lines, address=lines, room=some(addresses)).filter(lambda venue: venue != Venue())
named_venues = needed_lines.map(lambda name: Venue(name=name))
links = st.sampled_from(("https://a.example/x?y=1#z", "https://æ.example/"))
speakers = few(st.builds(Speaker, name=needed_lines, email=some(addresses)))
materials = few(st.builds(Material, title=needed_lines, url=links))

approvals = st.builds(
    ApprovalRule, deputy=some(addresses), working_days=st.integers(1, MOST_WORKING_DAYS), overdue=st.sampled_from(Overdue)
)


@cache
@st.composite
def audience_rules(draw):
    found = []
    for key in draw(st.lists(st.sampled_from(AUDIENCES), unique=True)) or ["ledere"]:
        rule = AudienceRule(
            id=key,
            name=draw(needed_lines),
            groups=tuple(dict.fromkeys(draw(few(groups)))),
            people=draw(few(people)),
            exclude=tuple(dict.fromkeys(draw(few(groups)))),
        )
        found.append(rule if rule.groups or rule.people else AudienceRule(id=key, name=rule.name, groups=("g@a.example",)))
    return tuple(found)


@cache
def names(known):
    return st.lists(st.sampled_from(known), unique=True, min_size=1)


without_channels = names(Channel).filter(lambda ways: Channel.CHANNEL not in ways)


@cache
@st.composite
def reminders(draw):
    unit, before, anchor = draw(one_of(ReminderUnit)), draw(flags), draw(one_of(ReminderAnchor))
    is_over = anchor is ReminderAnchor.END and not before
    template = draw(one_of(tuple(name for name in sorted(IN_RULES) if is_over or name != MessageKind.NO_SHOW)))
    targets = names(tuple(one for one in ReminderTarget if is_over or one not in WHO_CAME))
    channels = names(Channel)
    if template == MessageKind.NO_SHOW:
        targets, channels = st.just([ReminderTarget.NO_SHOW]), without_channels
    return ReminderRule(
        id=draw(ids),
        before=before,
        anchor=anchor,
        amount=draw(st.integers(0, 90)),
        unit=unit,
        to=tuple(draw(targets)),
        channels=tuple(draw(channels)),
        template=template,
        at=draw(clocks) if unit in CLOCK_UNITS else None,
        expires=draw(some(minutes)),
        urgent=draw(flags),
    )


@cache
@st.composite
def sessions(draw, audiences, zone):
    start = end = period = None
    all_day = False
    match draw(one_of(("timed", "day", "period"))):
        case "timed":
            start = draw(walls_in(zone))
            end = start + timedelta(minutes=draw(st.integers(1, 24 * 60)))
            if occurrence(end, zone) is WallTime.NEVER:
                end += timedelta(hours=-1) if end - start > timedelta(hours=1) else timedelta(hours=1)
        case "day":
            start = draw(walls).replace(hour=0, minute=0)
            end, all_day = start + timedelta(days=draw(st.integers(1, 3))), True
        case _:
            period = draw(one_of(("2024", "2024-Q3", "2024-H2", "2024-09")))
    identity = draw(ids)
    return CourseSession(
        id=identity, was=earlier(draw, identity), title=draw(lines), start=start, end=end, all_day=all_day, period=period,
        audience=draw(some(names_of(audiences))), optional_audience=draw(some(names_of(audiences))),
        venue=draw(some(venues)), online=draw(some(flags)), description=draw(blocks), when=draw(conditions),
    )  # fmt: skip


@cache
def offerings_of(audiences, zone):
    one = st.builds(
        lambda identity, was, **given: Offering(id=identity, was=f"{identity[:30]}-zz-old" if was else None, **given),
        identity=st.just("main") | ids,
        was=flags,
        title=st.just("") | lines,
        capacity=some(st.integers(1, 500)),
        venue=some(venues),
        online=some(flags),
        sessions=once(sessions(audiences, zone)),
        when=conditions,
    )
    return once(one)


# `save_the_date` and `approved` ask for an audience and sessions; their other keys are the same.
FREE_STATUSES = (CourseStatus.DRAFT, CourseStatus.LISTED, CourseStatus.PROPOSED, CourseStatus.CANCELLED)


@cache
@st.composite
def courses(draw, audiences, zone):
    offerings = draw(offerings_of(audiences, zone))
    identity = draw(ids)
    ends = [session.end for offering in offerings for session in offering.sessions if session.end]
    starts = [session.start for offering in offerings for session in offering.sessions if session.start]
    return Course(
        id=identity,
        was=earlier(draw, identity),
        title=draw(needed_lines),
        status=draw(one_of(FREE_STATUSES)),
        theme=draw(lines),
        description=draw(blocks),
        responsible=tuple(dict.fromkeys(draw(few(addresses)))),
        audience=draw(names_of(audiences)),
        optional_audience=draw(names_of(audiences)),
        speakers=draw(speakers),
        enrolment=draw(enrolments(min(starts, default=None), any(offering.capacity for offering in offerings))),
        funding=draw(few(fundings())),
        venue=draw(some(venues)),
        online=draw(flags),
        teams_channel=draw(some(needed_lines)),
        materials=draw(materials),
        questions=draw(once(questions(ids, needed_lines, tags))),
        attendance=AttendanceRules(self_check_in=draw(flags), threshold_minutes=draw(some(st.integers(1, 1440)))),
        **draw(evaluations(ids, needed_lines, tags)),
        certificate=draw(some(one_of(CertificateRule))),
        after=draw(once(tasks(ids, needed_lines, max(ends, default=None), earlier))),
        approval=draw(some(approvals)),
        hide_attendees=draw(flags),
        cancel_reason=draw(lines),
        reminders=draw(once(reminders())),
        texts=draw(texts(blocks)),
        offerings=offerings,
        tags=draw(few(tags, unique=True)),
        case=draw(lines),
        note=draw(blocks),
        when=draw(conditions),
    )


@cache
@st.composite
def simple_courses(draw, audiences, zone):
    """A course that says no more than one row of the narrow sheet has room for, or a little more."""
    start = draw(walls)
    end = start + timedelta(minutes=draw(st.integers(1, 900)))
    day = start.replace(hour=0, minute=0)
    session = draw(
        st.sampled_from(
            (
                CourseSession(id="dag", start=start, end=end),
                CourseSession(id="dag", start=day, end=day + timedelta(days=1), all_day=True),
                CourseSession(id="dag", period="2024-H2"),
            )
        ).filter(lambda one: one.all_day or not {occurrence(start, zone), occurrence(end, zone)} & {WallTime.NEVER})
    )
    capacity = draw(some(st.integers(1, 500)))
    last = draw(one_of((time(23, 59), time(12))))
    return Course(
        id=draw(ids),
        title=draw(needed_lines),
        status=draw(one_of(FREE_STATUSES)),
        responsible=tuple(dict.fromkeys(draw(few(addresses)))),
        audience=draw(names_of(audiences)),
        enrolment=Enrolment(
            deadline=draw(some(st.just(datetime.combine(day - timedelta(days=9), last)))),
            capacity=capacity,
            waiting_list=capacity is not None,
        ),
        venue=draw(some(named_venues)),
        offerings=draw(st.sampled_from(((Offering(id="main", sessions=(session,)),), ()))),
    )


@cache
@st.composite
def fundings(draw):
    return CourseFunding(
        pool=draw(one_of(POOLS)),
        amount=draw(some(amounts)),
        purpose=draw(some(one_of(PURPOSES))),
        spent=draw(some(amounts)),
        when=draw(conditions),
    )


@st.composite
def enrolments(draw, first, own_capacity):
    mode = draw(one_of(EnrolmentMode))
    chooses = mode is EnrolmentMode.CHOOSE
    last = first or datetime(2030, 1, 1)
    noon = last.replace(hour=12, minute=0) - timedelta(days=1)
    days = draw(some(st.integers(0, 30)))
    deadline = None if days is None else noon - timedelta(days=days)
    capacity = draw(some(st.integers(1, 500)))
    has_capacity = capacity is not None or own_capacity
    waiting_list = has_capacity and draw(flags)
    return Enrolment(
        mode=mode,
        via=draw(one_of(ChooseVia)) if chooses else ChooseVia.OUTLOOK,
        opens=deadline - timedelta(days=3) if deadline and draw(flags) else None,
        deadline=deadline,
        capacity=capacity,
        waiting_list=waiting_list,
        waiting_list_until=noon if waiting_list and draw(flags) else None,
        unanswered=draw(one_of(Unanswered)) if chooses and deadline else Unanswered.LEAVE,
        minimum=1 if deadline and draw(flags) else None,
        late=draw(one_of(LateAnswer if waiting_list else (LateAnswer.ACCEPT, LateAnswer.REFUSE))),
        handover=draw(flags),
    )


days_of_plans = st.dates(datetime(2024, 1, 1).date(), datetime(2026, 1, 1).date())
two_days = st.tuples(days_of_plans, days_of_plans)


@cache
@st.composite
def closing_days(draw):
    day = draw(days_of_plans)
    return ClosingDay(month=day.month, day=day.day, year=draw(some(st.just(day.year))))


two_addresses = st.tuples(addresses, addresses).filter(lambda pair: pair[0] != pair[1])


@cache
@st.composite
def delegates(draw):
    pairs = draw(few(two_addresses))
    return tuple(Delegate(leader=leader, by=by, copies=draw(flags)) for leader, by in dict.fromkeys(pairs))


@cache
@st.composite
def school_holidays(draw):
    first, last = sorted(draw(two_days))
    return SchoolHoliday(first=first, last=draw(st.sampled_from((first, last))))


@cache
@st.composite
def sending_rules(draw):
    opens, closes = sorted((draw(clocks), draw(clocks)))
    if opens == closes:
        return SendingRules()
    return SendingRules(from_time=opens, to_time=closes, weekends=draw(flags), digest=draw(flags), max_per_week=draw(st.integers(1, 9)))


@cache
@st.composite
def pools(draw, key):
    return FundingPool(
        id=key,
        name=draw(needed_lines),
        year=draw(some(st.just(2025))),
        amount=draw(some(amounts)),
        currency=draw(one_of(("DKK", "EUR"))),
        reserved=tuple((purpose, draw(amounts)) for purpose in PURPOSES),
        expenses=draw(few(expenses())),
    )


@cache
def expenses():
    return st.builds(
        Expense,
        title=needed_lines,
        amount=some(amounts),
        purpose=some(st.sampled_from(PURPOSES)),
        status=st.sampled_from(ExpenseStatus),
        note=blocks,
        when=conditions,
    )


@cache
@st.composite
def assumptions(draw, key):
    return Assumption(
        id=key,
        value=draw(some(one_of(ASSUMPTIONS[key]))),
        question=draw(lines),
        options=ASSUMPTIONS[key],
        decided_by=draw(lines),
        decided_on=draw(some(wall_days)),
        case=draw(lines),
        note=draw(blocks),
    )


@st.composite
def course_plans(draw):
    audiences = draw(audience_rules())
    known = tuple(audience.id for audience in audiences)
    zone = draw(one_of(("Europe/Copenhagen", "America/Nuuk", "UTC")))
    return CoursePlan(
        id=draw(one_of(("norddjurs", "no", "-", "1"))),
        was=draw(some(st.just("sidste-aar"))),
        revision="",
        organisation=draw(needed_lines),
        timezone=zone,
        language=draw(one_of(Language)),
        organiser=draw(addresses),
        contact=draw(addresses),
        holidays=draw(some(one_of(("DK", "NO")))),
        closing_days=tuple(dict.fromkeys(draw(few(closing_days())))),
        school_holidays=tuple(dict.fromkeys(draw(few(school_holidays())))),
        sending=draw(sending_rules()),
        managers=draw(some(one_of(ManagersGet))),
        audiences=audiences,
        delegates=draw(delegates()),
        funding=tuple(draw(pools(key)) for key in POOLS),
        assumptions=tuple(draw(assumptions(key)) for key in ASSUMPTIONS),
        reminders=draw(once(reminders())),
        texts=draw(texts(blocks)),
        courses=draw(once(simple_courses(known, ZoneInfo(zone)) | courses(known, ZoneInfo(zone)), min_size=1)),
    )
