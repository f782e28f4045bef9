"""Whatever is planned and answered: sheet, table, workbook, JSON, departments, report, reminders and pages name the same people."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.fold import fold_claims
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.events import SessionKey
from bot.domain.invited import invited_since
from bot.domain.participation import Part
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker
from bot.domain.registrations import Registration, RegistrationStatus
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.hr_report.enrolment import seat_counts
from bot.invitations.as_it_stands import as_it_stands
from bot.messages.attendance_sheet import sign_in_sheet
from bot.registrations.export import registrations_json, registrations_table
from bot.registrations.own_page import own_sessions
from bot.registrations.participants import department_counts, session_lists
from bot.registrations.workbook import registrations_xlsx
from bot.reminders.recipients import AudienceRoom, Recipients
from bot.rounds.steps.decide_seats import SeatState, settled
from config.settings import Settings
from tests.builders.registrations import ACCEPTED, DECLINED, NOW, PLAN, TENTATIVE, answer, day, entry

Status = RegistrationStatus
NO = {None, Status.DECLINED, Status.WITHDRAWN}
ON = {CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}
LANGUAGE = Language.DA
NAMES = ("Anna", "Bodil", "Carl", "Dorte", "Erik")
STAFF = [Person(email=f"{name.lower()}@by.example", name=f"{name} Prøvesen", department="Børn") for name in NAMES]
EVERYBODY = [one.email for one in STAFF]
GUEST = "ven@firma.example"
PEOPLE = PeopleIndex(STAFF)
AUDIENCES = ("alle", "chefer", "tr")
REGISTERED = ReminderRule(
    id="r", before=True, anchor=ReminderAnchor.START, amount=1, unit=ReminderUnit.DAYS, to=(ReminderTarget.REGISTERED,),
    channels=(Channel.MAIL,), template="tomorrow",
)  # fmt: skip
BY_DEFAULT = Settings()
STATUSES = st.sampled_from([*[CourseStatus.APPROVED] * 4, CourseStatus.SAVE_THE_DATE, CourseStatus.CANCELLED, CourseStatus.PROPOSED])
OWN_AUDIENCES = st.sampled_from([None, ("alle",), ("chefer",), ("tr",), ()])
SOME, WHO_ANSWER = st.lists(st.sampled_from(EVERYBODY), min_size=1, unique=True), st.lists(st.sampled_from([*EVERYBODY, GUEST]), max_size=5)
OPTIONAL, SPEAKERS = st.sampled_from([(), ("tr",)]), st.sampled_from([(), (Speaker(name="Erik", email=EVERYBODY[4]),)])
CAPACITIES, WHETHER, MOVED = st.sampled_from([None, 1, 2]), st.booleans(), st.sampled_from([None, day(3)])
ANSWERS, DAYS = st.sampled_from([ACCEPTED, ACCEPTED, TENTATIVE, DECLINED]), st.integers(1, 6)


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan, who is invited, and who is coming by the books."""

    plan: CoursePlan
    members: dict[str, frozenset[str]]
    on_event: dict[SessionKey, frozenset[str]]
    rows: tuple[Registration, ...]

    def sessions(self):
        for course in self.plan.courses:
            for offering in course.offerings:
                for session in offering.sessions:
                    yield course, offering, session

    def seated(self, course, offering, session):
        """By the rule in words: seated and invited to that session, and has not said no to it; nobody on what is not on."""
        if course.status not in ON:
            return set()
        return {
            row.email
            for row in self.of(course, offering)
            if row.status is Status.REGISTERED and (len(offering.sessions) == 1 or dict(row.answers).get(session.id) not in NO)
        }

    def of(self, course, offering):
        return [row for row in self.rows if (row.course, row.offering) == (course.id, offering.id) and row.invited]

    def seats(self, course, offering):
        return sum(row.status is Status.REGISTERED for row in self.of(course, offering)) if course.status in ON else 0


@st.composite
def towns(draw):
    """Courses with sessions of their own audiences and alternatives; answers, forwarded ones too; dates that were moved."""
    members = {name: frozenset(draw(SOME)) for name in AUDIENCES}
    number = iter(range(1, 60))

    def offering(identity, sessions):
        made = []
        for place in range(sessions):
            start = datetime(2026, 12, 1, 9) + timedelta(days=next(number))
            own, optional = (draw(OWN_AUDIENCES), draw(OWN_AUDIENCES)) if sessions > 1 else (None, None)
            made.append(
                CourseSession(
                    id=f"s{place}",
                    title=f"Del {place}",
                    start=start,
                    end=start + timedelta(hours=3),
                    audience=own,
                    optional_audience=optional,
                )
            )
        return Offering(id=identity, sessions=tuple(made))

    courses = tuple(
        Course(
            id=identity,
            title=f"Kursus {identity}",
            status=draw(STATUSES),
            audience=("alle",),
            optional_audience=draw(OPTIONAL),
            speakers=draw(SPEAKERS),
            enrolment=Enrolment(mode=mode, capacity=draw(CAPACITIES), waiting_list=draw(WHETHER)),
            offerings=tuple(offering(f"hold-{place}", sessions) for place in range(offerings)),
        )
        for identity, mode, offerings, sessions in (
            ("fælles", EnrolmentMode.INVITE, 1, 2),
            ("valg", EnrolmentMode.CHOOSE, 2, 1),
            ("forløb", EnrolmentMode.CHOOSE, 2, 2),
        )
    )  # fmt: skip
    plan = replace(PLAN, courses=courses)
    books, lines = {}, []
    for course in courses:
        for one in course.offerings:
            for session in one.sessions:
                key = SessionKey(plan=plan.id, course=course.id, offering=one.id, session=session.id)
                here = sorted(
                    {email for name in course.audiences_of(session) for email in members[name]} | {one.email for one in course.speakers}
                )
                starts = session.start.replace(tzinfo=ZoneInfo(plan.timezone))
                made = replace(entry(key, here, event_id=f"e{key}", starts=starts), moved_at=draw(MOVED))
                books[key] = made
                for email in draw(WHO_ANSWER):
                    said = draw(ANSWERS)
                    lines.append(answer(key, email, said, draw(DAYS), known=email in here))
    return _seen(plan, members, books, lines, synced=draw(WHETHER))


def _seen(plan, members, books, lines, *, synced):
    plan = as_it_stands(plan, {})
    state = SeatState(
        plan=plan, course=None, people=PEOPLE, entries=books, members=members, standings=(), last=0, messages=(), announced={},
        answers=tuple(lines), claims=fold_claims(plan, invited_since(books), lines, PEOPLE, members), sent_keys=frozenset(), previous=(),
    )  # fmt: skip
    rows = settled(state, BY_DEFAULT, now=NOW, today=members if synced else None).registrations
    return Seen(plan, members, {key: frozenset(one.desired_attendees) for key, one in books.items()}, rows)


def nobody_is_on_a_session_that_they_are_not_invited_to(seen):
    """What a row counts as a person's own are events that the person is on; who was not invited is in no number."""
    for course, offering, session in seen.sessions():
        key = SessionKey(plan=seen.plan.id, course=course.id, offering=offering.id, session=session.id)
        assert seen.seated(course, offering, session) <= seen.on_event[key]
    assert all(row.invited is False and row.status is Status.DECLINED for row in seen.rows if row.email == GUEST)


def the_list_at_the_door_and_the_sheet_to_sign_have_those_who_are_seated_in_the_session(seen):
    lists = {(one.course, one.start): one for one in session_lists(seen.rows, seen.plan)}
    for course, offering, session in seen.sessions():
        seated = seen.seated(course, offering, session)
        one = lists.get((course.id, session.start))
        coming = {person.email for person in one.coming if person.status is Status.REGISTERED} if one else set()
        assert coming == seated
        assert (one is not None and one.cancelled) is (course.status is CourseStatus.CANCELLED)
        if one is not None:
            sheet = sign_in_sheet([one], organisation="Byen", language=LANGUAGE)
            listed = {row.name for row in seen.of(course, offering) if row.name in sheet}
            assert listed == {person.name for person in (*one.coming, *one.reserves)}
            assert ("Aflyst" in sheet) is one.cancelled


def numbers_agree_in_table_report_and_departments(seen):
    """A seat is a seat; what is not on has none."""
    table = registrations_table(seen.rows, seen.plan, LANGUAGE)
    parts = re.split(r"^.*\((\S+)/(\S+)\)$", table, flags=re.MULTILINE)[1:]
    told = {tuple(parts[at : at + 2]): parts[at + 2] for at in range(0, len(parts), 3)}
    report = {(one.course, one.offering): one for one in seat_counts(seen.plan, seen.plan.courses, seen.rows, now=NOW)}
    for course in seen.plan.courses:
        for offering in course.offerings:
            lines = told.get((course.id, offering.id), "")
            number = re.search(r"^  Tilmeldt (\d+)", lines, flags=re.MULTILINE)
            assert (int(number[1]) if number else 0) == seen.seats(course, offering)
            assert ("  Aflyst" in lines) is (course.status is CourseStatus.CANCELLED)
            if course.status is CourseStatus.APPROVED:
                counted = report[course.id, offering.id]
                unconfirmed = sum(row.unconfirmed for row in seen.of(course, offering))
                assert (counted.registered, counted.unconfirmed) == (seen.seats(course, offering), unconfirmed)
            else:
                assert (course.id, offering.id) not in report
        people = {row.email for one in course.offerings for row in seen.of(course, one) if row.status is Status.REGISTERED}
        departments = sum(counts[Part.SEATED] for of, _, counts, _ in department_counts(seen.rows, seen.plan) if of == course.id)
        assert departments == (len(people) if course.status in ON else 0)


def every_seat_is_in_some_session_and_the_json_says_in_which(seen):
    listed = json.loads(registrations_json(seen.rows, seen.plan))
    for course in seen.plan.courses:
        for offering in course.offerings:
            seated = [seen.seated(course, offering, session) for session in offering.sessions]
            assert len(set().union(*seated)) == seen.seats(course, offering)
            for session, people in zip(offering.sessions, seated, strict=True):
                told = {
                    one["email"]
                    for one in listed
                    if (one["course"], one["offering"], one["status"]) == (course.id, offering.id, "registered")
                    and one["course_status"] in ON
                    and one["sessions"].get(session.id, None if one["sessions"] else "registered") not in NO
                }
                assert told == people


def those_who_are_reminded_of_a_session_are_those_who_are_seated_in_it(seen):
    for course, offering, session in seen.sessions():
        if course.status is CourseStatus.APPROVED:
            rows = [row for row in seen.rows if row.course == course.id]
            readers = Recipients(seen.plan, course, rows, {}, PEOPLE, members=seen.members, room=AudienceRoom.SEATS)
            key = SessionKey(plan=seen.plan.id, course=course.id, offering=offering.id, session=session.id)
            told = readers.of(REGISTERED, offering.id, session.id, dict.fromkeys(seen.on_event[key], day(0)), is_first=True)
            assert {one.email for one in told} == seen.seated(course, offering, session)


def a_persons_page_shows_the_sessions_on_whose_lists_the_person_is(seen):
    """All of them, and one with a no as that."""
    for course in seen.plan.courses:
        for offering in course.offerings:
            for row in seen.of(course, offering):
                shown = own_sessions(course, offering, row.email, row, seen.members)
                if row.status is Status.REGISTERED and course.status in ON:
                    mine = {one.start for one in offering.sessions if row.email in seen.seated(course, offering, one)}
                    assert {one.start for one in shown if not one.said_no} == mine


@given(towns())
def test_whatever_is_planned_and_answered_all_who_tell_of_it_name_the_same_people(seen):
    """Each of these of the same town, since a town takes longer to make than to look at; whoever fails is named by where it does."""
    for holds in (
        nobody_is_on_a_session_that_they_are_not_invited_to,
        the_list_at_the_door_and_the_sheet_to_sign_have_those_who_are_seated_in_the_session,
        numbers_agree_in_table_report_and_departments,
        every_seat_is_in_some_session_and_the_json_says_in_which,
        those_who_are_reminded_of_a_session_are_those_who_are_seated_in_it,
        a_persons_page_shows_the_sessions_on_whose_lists_the_person_is,
    ):
        holds(seen)


@settings(max_examples=20)
@given(towns())
def test_the_workbook_has_the_same_people_and_numbers(seen):
    book = openpyxl.load_workbook(BytesIO(registrations_xlsx(seen.rows, seen.plan, LANGUAGE)), read_only=True)
    heads, *overview = book["Oversigt"].iter_rows(values_only=True)
    numbers = [line[heads.index("Tilmeldt")] for line in overview]
    off = {CourseStatus.PROPOSED}
    listed = [(course, one) for course in seen.plan.courses for one in course.offerings if course.status not in off or seen.of(course, one)]
    assert sorted(number or 0 for number in numbers) == sorted(seen.seats(course, one) for course, one in listed)
    sheet = list(book["Deltagere pr. mødegang"].iter_rows(values_only=True)) if "Deltagere pr. mødegang" in book.sheetnames else [()]
    found: dict[datetime, set[str]] = {}
    for line in sheet[1:]:
        cells = dict(zip(sheet[0], line, strict=True))
        if cells["Status"].startswith("Tilmeldt"):
            found.setdefault(cells["Start"], set()).add(cells["E-mail"])
    wanted = {session.start: seen.seated(course, offering, session) for course, offering, session in seen.sessions()}
    assert found == {start: people for start, people in wanted.items() if people}
