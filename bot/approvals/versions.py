"""A course's version in force, and the plan that is put together from such versions (pure).

A version is a plan of one course: what its invitations, lists and seats are made from, and nothing else. Said
at once, without approval, because nobody is mailed for it, is what stands in `AT_ONCE`. For one course:

    written in the plan   version in force   may go   the plan in force has
    as in the version     any                any      what is written
    otherwise             yes                yes      what is written
    otherwise             yes                no       the version, with what is said at once
    yes                   no, has events     any      what is written (the books of an older program: nobody knows what was approved)
    yes                   no                 yes      what is written
    yes                   no                 no       a proposal (or listed, as it is): in the overview, and nobody is invited
    no                    yes                yes      nothing
    no                    yes                no       the version

An audience that a version knows otherwise than the plan gets a name of its own beside it. Organiser and time
zone belong to the plan as a whole: they change when nothing waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.called_off import NO_GROUNDS, grounds_of
from bot.domain.plan import Course, CoursePlan, CourseStatus
from bot.domain.sending import SendingRules
from bot.domain.wording import IN_CALENDAR, INVITATION, SAVE_THE_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.approvals import Record
    from bot.domain.called_off import Grounds
    from bot.domain.plan import AudienceRule, Offering
    from bot.domain.plan_head import PlanHead
    from bot.domain.wording import Wording

AT_ONCE = (
    "responsible",
    "funding",
    "teams_channel",
    "questions",
    "evaluation",
    "attendance",
    "evaluation_form",
    "certificate",
    "after",
    "reminders",
    "tags",
    "case",
    "note",
    "was",
)
"""What of a course is said as it is written, approved or not.

Who looks after it, money, HR's own notes, what is asked, and rules still to come. Of HR's own words in
messages it is those that stand in no event.
"""
STILL_TO_STAND = MappingProxyType(
    {
        CourseStatus.SAVE_THE_DATE: (SAVE_THE_DATE, INVITATION),
        CourseStatus.APPROVED: (INVITATION,),
    }
)
"""Whose words of HR's belong to a version: the event as it is, and as it will be."""
ASIDE = "@"
"""Stands in the id of an audience as an older version knows it; no id of a plan has it."""
_SILENT = Course(id="", title="", status=CourseStatus.DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A course that the plan says otherwise than its version in force.

    Either side is None where it has no such course.

    `grounds` are what the plan tells of what a decision has taken away of it.
    """

    course: str
    before: CoursePlan | None
    after: CoursePlan | None
    grounds: tuple[Grounds, ...] = ()


def version_of(plan: CoursePlan, course: Course) -> CoursePlan:
    """The plan of this course alone, with what its events and seats are made from.

    Equal versions make equal events.
    """
    names = {*course.invited_audiences, *course.audience, *course.optional_audience}
    at_once = {name: getattr(_SILENT, name) for name in AT_ONCE if name in _FIELDS}
    head = plan.for_course(course.id)
    return CoursePlan(
        id=plan.id,
        revision="",
        organisation=head.organisation,
        timezone=plan.timezone,
        language=head.language,
        organiser=plan.organiser,
        contact=head.contact,
        sending=SendingRules(),
        audiences=tuple(rule for rule in plan.audiences if rule.id in names),
        texts=tuple(_texts_in_events(head, course)),
        courses=(
            replace(course, offerings=tuple(map(_without_old_name, course.offerings)), texts=(), **at_once),
        ),
    )


def _texts_in_events(head: CoursePlan, course: Course) -> Iterator[Wording]:
    """HR's own words as the course's events have them, the course's or the plan's: for all one language."""
    for message in STILL_TO_STAND.get(course.status, ()):
        if (wording := head.wording(course, message, head.language)) is not None:
            yield wording


def changed_courses(plan: CoursePlan, record: Record) -> tuple[Changed, ...]:
    """The courses written otherwise than their version in force: the plan's order, then those that left it.

    A draft is as good as not there. Where no version is known, every course is changed.
    """
    changed: list[Changed] = []
    written = {course.id: course for course in plan.courses if course.status is not CourseStatus.DRAFT}
    for course in written.values():
        before, after = record.versions.get(course.id), version_of(plan, course)
        if before != after:
            changed.append(
                Changed(
                    course=course.id,
                    before=before,
                    after=after,
                    grounds=_grounds(plan, course.id, before, after),
                )
            )
    gone = [course for course in (*record.versions, *sorted(record.unreadable)) if course not in written]
    changed += [
        Changed(
            course=course,
            before=record.versions.get(course),
            after=None,
            grounds=_grounds(plan, course, None, None),
        )
        for course in gone
    ]
    return tuple(changed)


def _grounds(
    plan: CoursePlan, course: str, before: CoursePlan | None, after: CoursePlan | None
) -> tuple[Grounds, ...]:
    """Why the course, or else the parts of it that are sent no more, are called off.

    A course that is called cancelled says it itself.
    """
    if after is None:
        parts = [(course, "", "")]
    else:
        stay = set(_parts(after))
        parts = [part for part in _parts(before) if part not in stay]
    grounds = (
        grounds_of(plan, *part)
        for part in parts
        if after is None or after.courses[0].status is not CourseStatus.CANCELLED
    )
    return tuple(dict.fromkeys(each for each in grounds if each != NO_GROUNDS))


def _parts(version: CoursePlan | None) -> Iterator[tuple[str, str, str]]:
    for course, offering, session in version.sessions() if version is not None else ():
        yield course.id, offering.id, session.id


def fingerprint(changed: Changed) -> str:
    """What changes, and why, as a digest.

    Equal for the same change, whoever belongs to the audiences meanwhile.
    """
    sides = [repr(side) for side in (changed.before, changed.after)]
    return sha256("\n".join([*sides, *map(repr, changed.grounds)]).encode()).hexdigest()


def plan_in_force(
    plan: CoursePlan,
    record: Record,
    *,
    with_events: Collection[str],
    may_go: Collection[str] = (),
    changed: Iterable[Changed] | None = None,
) -> CoursePlan:
    """The plan by the table above.

    `with_events` are the courses that the ledger knows, `may_go` those whose change may be carried out;
    `changed` are the `changed_courses` of the two, where somebody has them.

    The plan as it is written, where nothing waits.
    """
    changed = changed_courses(plan, record) if changed is None else changed
    waiting = {each.course: each for each in changed if each.course not in may_go}
    if not waiting:
        return plan
    courses: list[Course] = []
    rules = {rule.id: rule for rule in plan.audiences}
    heads: list[tuple[str, PlanHead]] = []
    for course in (*plan.courses, *(gone for gone in _left(plan, waiting))):
        change = waiting.get(course.id)
        if change is None:
            courses.append(course)
        elif change.before is not None:
            version = _beside(change.before, rules)
            courses.append(_with_at_once(version.courses[0], course if change.after is not None else None))
            if (head := version.head) != plan.head:
                heads.append((course.id, head))
        elif course.id in with_events:
            courses.append(course)
        else:
            courses.append(
                course
                if course.status is CourseStatus.LISTED
                else replace(course, status=CourseStatus.PROPOSED)
            )
    organiser, timezone = plan.organiser, plan.timezone
    if record.accepted is not None:
        organiser, timezone = record.accepted.organiser, record.accepted.timezone
    return replace(
        plan,
        organiser=organiser,
        timezone=timezone,
        audiences=tuple(rules.values()),
        courses=tuple(courses),
        heads=tuple(heads),
    )


def what_was_approved(plan: CoursePlan, record: Record) -> CoursePlan:
    """The plan with the versions in force alone, to compare with what is written."""
    courses = tuple(version.courses[0] for version in record.versions.values())
    timezone = record.accepted.timezone if record.accepted is not None else plan.timezone
    return replace(plan, timezone=timezone, courses=courses)


def read_together(plans: Iterable[CoursePlan]) -> CoursePlan:
    """A plan whose audiences are those of all: what has to be read to know who belongs to any of them.

    Good for nothing else.
    """
    first, *others = plans
    rules = {rule.id: rule for plan in (first, *others) for rule in plan.audiences}
    return replace(
        first,
        audiences=tuple(rules.values()),
        courses=tuple(course for plan in (first, *others) for course in plan.courses),
    )


def known_members(members: Mapping[str, frozenset[str]], plan: CoursePlan) -> dict[str, frozenset[str]]:
    """The audiences as last read, for a plan in force.

    One that stands aside is what it was before it did, until it is read itself; who belonged to one that
    stands aside no longer has belonged to the audience.
    """
    aside = {rule.id for rule in plan.audiences if ASIDE in rule.id}
    by_name = {name: emails for name, emails in members.items() if ASIDE not in name or name in aside}
    for name in aside - members.keys():
        if stem(name) in members:
            by_name[name] = members[stem(name)]
    for name, emails in members.items():
        if ASIDE in name and name not in aside:
            by_name[stem(name)] = by_name.get(stem(name), frozenset()) | emails
    return by_name


def stem(audience: str) -> str:
    """The audience's id in the plan, also of one that stands aside."""
    return audience.partition(ASIDE)[0]


def _without_old_name(offering: Offering) -> Offering:
    return replace(
        offering, was=None, sessions=tuple(replace(session, was=None) for session in offering.sessions)
    )


def _left(plan: CoursePlan, waiting: Mapping[str, Changed]) -> Iterable[Course]:
    return (
        changed.before.courses[0]
        for changed in waiting.values()
        if changed.before is not None and plan.course(changed.course) is None
    )


def _with_at_once(course: Course, written: Course | None) -> Course:
    if written is None:
        return course
    texts = tuple(wording for wording in written.texts if wording.message not in IN_CALENDAR)
    at_once = {name: getattr(written, name) for name in AT_ONCE if name in _FIELDS}
    return replace(course, texts=texts, **at_once)


def _beside(version: CoursePlan, rules: dict[str, AudienceRule]) -> CoursePlan:
    """The version with its audiences under names under which `rules` have them as it knows them.

    Those missing are added.
    """
    names: dict[str, str] = {}
    for rule in version.audiences:
        if rules.get(rule.id) != rule:
            names[rule.id] = f"{rule.id}{ASIDE}{sha256(repr(rule).encode()).hexdigest()[:8]}"
            rules.setdefault(names[rule.id], replace(rule, id=names[rule.id]))
    if not names:
        return version

    def renamed(audiences: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if audiences is None else tuple(names.get(name, name) for name in audiences)

    (course,) = version.courses
    offerings = tuple(
        replace(
            offering,
            sessions=tuple(
                replace(
                    session,
                    audience=renamed(session.audience),
                    optional_audience=renamed(session.optional_audience),
                )
                for session in offering.sessions
            ),
        )
        for offering in course.offerings
    )
    course = replace(
        course,
        audience=renamed(course.audience) or (),
        optional_audience=renamed(course.optional_audience) or (),
        offerings=offerings,
    )
    return replace(version, courses=(course,))


_FIELDS = frozenset(field.name for field in fields(Course))
