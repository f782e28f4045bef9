"""Courses with their offerings and sessions.

One record of the document each, with the places for later checks.

Decisions where the format is silent:
- a course that reaches calendars (`save_the_date`, `approved`) has an audience, its own or one on every
  session, and at least one session; undated sessions are fine, they are never invited;
- a session has `start` or `period`, never both; `end` may be left out of an all-day session only;
- `choose` with fewer than two offerings is a warning (`enrolment.one_offering`): a withdrawn "hold" must
  not make the plan unusable;
- an empty list on a session (`audience: []`) means nobody, a missing key means what the course says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.assumptions import ALWAYS
from bot.domain.certificates import CertificateRule
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.plan import MAIN_OFFERING, Course, CourseSession, CourseStatus, Offering
from bot.domain.programme import AttendanceRules, Material, Speaker, Venue
from bot.plan import fields, keys
from bot.plan.moments import moment, period
from bot.plan.read_after import read_after
from bot.plan.read_approval import read_approval
from bot.plan.read_assumptions import LONGEST_CASE
from bot.plan.read_condition import condition
from bot.plan.read_enrolment import read_enrolment, seats
from bot.plan.read_evaluation import read_evaluation
from bot.plan.read_money import read_funding
from bot.plan.read_questions import read_questions
from bot.plan.read_reminder import PlacedRule, read_reminders
from bot.plan.read_wording import read_texts
from bot.plan.scope import IdsOnce, Scope, check_wall, reference

if TYPE_CHECKING:
    from bot.domain.assumptions import Condition
    from bot.plan.moments import Moment
    from bot.plan.nodes import Spot
    from bot.plan.records import PlanRecord

LONGEST_SESSION = timedelta(hours=24)
LONGEST_THRESHOLD = 24 * 60
IN_CALENDARS = frozenset({CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})
REASON_CHARACTERS = 500
TEAMS_CHANNEL_CHARACTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSession:
    """A session with where its times stand."""

    session: CourseSession
    start: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOffering:
    """An offering with its placed sessions."""

    offering: Offering
    sessions: tuple[PlacedSession, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCourse:
    """A course with the places that checks across records point at."""

    course: Course
    offerings: tuple[PlacedOffering, ...]
    opens: Spot
    deadline: Spot
    waiting_list_until: Spot
    reminders: tuple[PlacedRule, ...]


def read_course(item: PlanRecord, scope: Scope, ids: IdsOnce) -> PlacedCourse:
    """One course; what is wrong is noted and stands as empty."""
    status = item.require("status", fields.choice(CourseStatus)) or CourseStatus.DRAFT
    offerings = _read_offerings(item, scope)
    enrolment_item = item.read_record("enrolment", keys.ENROLMENT_KEYS)
    enrolment = _read_enrolment(enrolment_item, scope, offerings)
    enrolment_spots = enrolment_item or item
    # A choice is between two.
    if enrolment.mode is EnrolmentMode.CHOOSE and len(offerings) < 2:  # noqa: PLR2004
        item.findings.warn("enrolment.one_offering", enrolment_spots.spot_of("mode"))
    reminders = read_reminders(item)
    evaluation, evaluation_form = read_evaluation(item)
    identity = ids.read(item)
    course = Course(
        id=identity,
        title=item.require_text("title", fields.line_text()),
        status=status,
        theme=item.read_text("theme", fields.line_text()),
        description=item.read_text("description", fields.block_text),
        responsible=item.read_each("responsible", fields.address),
        audience=_read_audience(item, "audience", scope) or (),
        optional_audience=_read_audience(item, "optional_audience", scope) or (),
        speakers=item.read_list("speakers", keys.SPEAKER_KEYS, _read_speaker),
        enrolment=enrolment,
        funding=item.read_list("funding", keys.FUNDING_KEYS, lambda part: read_funding(part, scope)),
        venue=_read_venue(item),
        online=item.read("online", fields.flag) or False,
        teams_channel=item.read("teams_channel", fields.line_text(TEAMS_CHANNEL_CHARACTERS)),
        materials=item.read_list("materials", keys.MATERIAL_KEYS, _read_material),
        questions=read_questions(item),
        attendance=_read_attendance(item),
        evaluation=evaluation,
        evaluation_form=evaluation_form,
        certificate=item.read("certificate", fields.choice(CertificateRule)),
        after=read_after(item, tuple(placed.offering for placed in offerings)),
        approval=read_approval(item),
        hide_attendees=item.read("hide_attendees", fields.flag) is not False,
        cancel_reason=item.read_text("cancel_reason", fields.line_text(REASON_CHARACTERS)),
        reminders=tuple(placed.rule for placed in reminders),
        texts=read_texts(item, scope.language),
        offerings=tuple(placed.offering for placed in offerings),
        tags=item.read_each("tags", fields.tag),
        case=item.read_text("case", fields.line_text(LONGEST_CASE)),
        note=item.read_text("note", fields.block_text),
        when=_read_when(item, scope),
        was=ids.read_earlier(item, identity),
    )
    _note_nobody_or_nothing(item, course)
    return PlacedCourse(
        course=course,
        offerings=offerings,
        opens=enrolment_spots.spot_of("opens"),
        deadline=enrolment_spots.spot_of("deadline"),
        waiting_list_until=enrolment_spots.spot_of("waiting_list_until"),
        reminders=reminders,
    )


def _read_enrolment(
    item: PlanRecord | None, scope: Scope, offerings: tuple[PlacedOffering, ...]
) -> Enrolment:
    own_capacity = any(placed.offering.capacity is not None for placed in offerings)
    if item is None:
        return Enrolment(waiting_list=own_capacity)
    return read_enrolment(item, scope, offering_capacity=own_capacity)


def _note_nobody_or_nothing(item: PlanRecord, course: Course) -> None:
    if course.status not in IN_CALENDARS:
        return
    sessions = [session for _, session in course.sessions()]
    if not sessions and not item.given(("sessions", "offerings")):
        item.note_missing("sessions")
    somebody = course.audience or course.optional_audience or item.given(("audience", "optional_audience"))
    if not somebody and not all(session.audience or session.optional_audience for session in sessions):
        item.note_missing("audience")


def _read_offerings(item: PlanRecord, scope: Scope) -> tuple[PlacedOffering, ...]:
    if item.has("offerings"):
        if item.has("sessions"):
            item.note_contradiction("sessions", "offerings")
        ids = IdsOnce()
        return item.read_list("offerings", keys.OFFERING_KEYS, lambda part: _read_offering(part, scope, ids))
    if not item.has("sessions"):
        return ()
    sessions = _read_sessions(item, scope)
    return (
        PlacedOffering(offering=Offering(id=MAIN_OFFERING, sessions=_plain(sessions)), sessions=sessions),
    )


def _read_offering(item: PlanRecord, scope: Scope, ids: IdsOnce) -> PlacedOffering:
    sessions = _read_sessions(item, scope)
    identity = ids.read(item)
    offering = Offering(
        id=identity,
        title=item.read_text("title", fields.line_text()),
        capacity=item.read("capacity", seats),
        venue=_read_venue(item),
        online=item.read("online", fields.flag),
        sessions=_plain(sessions),
        when=_read_when(item, scope),
        was=ids.read_earlier(item, identity),
    )
    return PlacedOffering(offering=offering, sessions=sessions)


def _plain(sessions: tuple[PlacedSession, ...]) -> tuple[CourseSession, ...]:
    return tuple(placed.session for placed in sessions)


def _read_sessions(owner: PlanRecord, scope: Scope) -> tuple[PlacedSession, ...]:
    ids = IdsOnce()
    return owner.read_list("sessions", keys.SESSION_KEYS, lambda item: _read_session(item, scope, ids))


def _read_session(item: PlanRecord, scope: Scope, ids: IdsOnce) -> PlacedSession:
    start, end, all_day = _read_times(item, scope)
    identity = ids.read(item)
    session = CourseSession(
        id=identity,
        title=item.read_text("title", fields.line_text()),
        start=start,
        end=end,
        all_day=all_day,
        period=item.read("period", period),
        audience=_read_audience(item, "audience", scope),
        optional_audience=_read_audience(item, "optional_audience", scope),
        venue=_read_venue(item),
        online=item.read("online", fields.flag),
        description=item.read_text("description", fields.block_text),
        when=_read_when(item, scope),
        was=ids.read_earlier(item, identity),
    )
    return PlacedSession(session=session, start=item.spot_of("start"))


def _read_times(item: PlanRecord, scope: Scope) -> tuple[datetime | None, datetime | None, bool]:
    """Start, end and whether the session is all day; all None and False where the times are no use."""
    nothing = (None, None, False)
    start, end = item.read("start", moment), item.read("end", moment)
    if not item.has("start"):
        if item.has("end") or not item.has("period"):
            item.note_missing("start")
        return nothing
    if item.has("period"):
        item.note_contradiction("period", "start")
    if start is None or (end is None and item.has("end")):
        return nothing
    if end is None and not start.date_only:
        item.note_missing("end")
        return nothing
    last = start if end is None else end
    if start.date_only != last.date_only:
        item.findings.error("value.invalid", item.spot_of("end"), reason="day_and_hour")
        return nothing
    return _span(item, start, last, scope)


def _span(
    item: PlanRecord, start: Moment, last: Moment, scope: Scope
) -> tuple[datetime | None, datetime | None, bool]:
    end = last.wall + timedelta(days=1) if last.date_only else last.wall
    if end <= start.wall:
        item.findings.error(
            "session.end_before_start", item.spot_of("end"), start=_shown(start), end=_shown(last)
        )
        return None, None, False
    if not start.date_only:
        check_wall(start.wall, item.spot_of("start"), scope, item.findings)
        check_wall(last.wall, item.spot_of("end"), scope, item.findings)
        if end - start.wall > LONGEST_SESSION:
            hours = (end - start.wall) // timedelta(hours=1)
            item.findings.error("session.too_long", item.spot_of("end"), hours=hours)
    return start.wall, end, start.date_only


def _shown(instant: Moment) -> date:
    return instant.wall.date() if instant.date_only else instant.wall


def _read_audience(item: PlanRecord, key: str, scope: Scope) -> tuple[str, ...] | None:
    return item.read_names(key, reference("audience", scope.audiences))


def _read_when(item: PlanRecord, scope: Scope) -> Condition:
    return item.read("when", condition(scope.assumptions)) or ALWAYS


def _read_speaker(item: PlanRecord) -> Speaker:
    return Speaker(
        name=item.require_text("name", fields.line_text()), email=item.read("email", fields.address)
    )


def _read_material(item: PlanRecord) -> Material:
    return Material(
        title=item.require_text("title", fields.line_text()),
        url=item.require_text("url", fields.web_address),
    )


def _read_attendance(item: PlanRecord) -> AttendanceRules:
    part = item.read_record("attendance", keys.ATTENDANCE_KEYS)
    if part is None:
        return AttendanceRules()
    return AttendanceRules(
        self_check_in=part.read("self_check_in", fields.flag) or False,
        threshold_minutes=part.read("threshold_minutes", fields.whole(1, LONGEST_THRESHOLD)),
    )


def _read_venue(item: PlanRecord) -> Venue | None:
    part = item.read_record("venue", keys.VENUE_KEYS)
    if part is None:
        return None
    if part.is_empty:
        part.note_missing("name")
    if not part.given(keys.VENUE_KEYS):
        return None
    return Venue(
        name=part.read_text("name", fields.line_text()),
        address=part.read_text("address", fields.line_text()),
        room=part.read("room", fields.address),
    )
