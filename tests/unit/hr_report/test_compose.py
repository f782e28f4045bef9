"""What stands in a report: who has answered, who is silent, what is in the way, and only of the reader's own courses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.bounces import Bounce, BounceReason
from bot.domain.changes import Cancel, Conflict, Reason, Update, no_changes
from bot.domain.comments import AnswerComment
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.events import AttendeeType, EventField, ResponseStatus
from bot.domain.letting_go import ErasureMark, WaitsFor
from bot.domain.messages import NO_RECEIPT, POST_UNCLEAR, DeliveryState
from bot.domain.notes import Note
from bot.domain.plan import CourseSession, CourseStatus, Offering
from bot.domain.registrations import ERASED_PREFIX, AnswerSource
from bot.domain.reminder_rules import ReminderTarget
from bot.domain.reminders import NotSent, Reminder, ReminderItem, ReminderState, items_text
from bot.domain.reports import Coming, CourseAnswers, ErasureWaits, FullWeek, Remarked, RoomTrouble, SeatCount, SpeakerTrouble, Undelivered
from bot.domain.templates import MessageKind
from bot.hr_report.readers import readers_of
from bot.hr_report.remarks import unread
from bot.registrations.said import SessionName, SpeakerAnswer
from tests.builders.occasions import ANE, BO, CAI, DAN, S, at, course, plan, row, session
from tests.builders.report_facts import HR, LINE, MINE, NOW, PLAN, SINCE, THEIRS, answer, change_set, facts, key, message, report
from tests.builders.samples import make_attendee, make_desired, make_observed
from tests.unit.hr_report.composing import NEW, OLD, counts, with_course

HOLD = tuple(Offering(id=f"hold-{at_}", title=f"Hold {at_}", sessions=(session(day=day),)) for at_, day in ((1, 18), (2, 19), (3, 4)))
CHOICE = replace(MINE, offerings=HOLD, enrolment=replace(MINE.enrolment, mode=EnrolmentMode.CHOOSE))
BY_LINK = replace(CHOICE, enrolment=replace(CHOICE.enrolment, via=ChooseVia.LINK))


# --- readers


def test_everybody_responsible_is_a_reader_once_and_so_is_the_contact():
    """Whatever is about no course, or one that has left the plan, is the contact's."""
    readers = readers_of(PLAN)
    assert readers.addresses == (HR, LINE)
    assert (readers.of("k"), readers.of("andet"), readers.of("væk"), readers.of("")) == ((HR,), (LINE,), (HR,), (HR,))


def test_with_nothing_to_say_it_is_not_worth_sending_however_many_seats_are_taken():
    told = report(row(since=OLD))
    assert (told.seats[0].registered, told.is_worth_sending, told.titles) == (1, False, ("Kursus",))
    assert (told.at, told.since) == (datetime(2025, 6, 10, 7, 30), datetime(2025, 6, 2, 7, 30))
    assert report(row(status=S.WAITLISTED, since=OLD)).is_worth_sending


# --- answers


def test_answers_since_the_last_report_are_counted_by_person_and_who_said_no_is_named():
    rows = [row(ANE, S.DECLINED, since=NEW, name="Ane Ås"), row(BO, since=NEW), row(CAI, S.TENTATIVE, since=NEW), row(DAN, since=OLD)]
    told = CourseAnswers(course="k", title="Kursus", yes=1, maybe=1, no=1, declined=("Ane Ås",), in_all=(2, 1, 1))
    assert report(*rows).answers == (told,)
    assert counts(report(*rows, since=None)) == [(2, 1, 1, ("Ane Ås",))]
    assert report(*rows, since=None).since is None
    assert report(*rows, reader=LINE).answers == ()


def test_an_answer_that_was_given_before_and_read_after_the_last_report_is_new():
    """Outlook tells late; what had been read then was told then."""
    assert counts(report(row(ANE, since=OLD), answers=(answer(),))) == [(1, 0, 0, ())]
    assert counts(report(row(ANE, since=OLD), answers=(answer(seen_at=OLD),))) == []


@pytest.mark.parametrize("source", [AnswerSource.HR, AnswerSource.RULE])
def test_what_hr_or_a_rule_did_is_no_answer(source):
    assert counts(report(row(ANE, since=NEW, source=source))) == []


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ((S.DECLINED, S.INVITED), [(0, 0, 1, (ANE,))]),
        ((S.DECLINED, S.REGISTERED), [(1, 0, 0, ())]),
        ((S.DECLINED, S.WAITLISTED), [(1, 0, 0, ())]),
        ((S.TENTATIVE, S.INVITED), [(0, 1, 0, ())]),
        ((S.DECLINED, S.WITHDRAWN), [(0, 0, 1, (ANE,))]),
    ],
)
def test_of_several_dates_a_person_has_one_answer(statuses, told):
    """Who said no to one date and nothing of the other counts as the department sheet has them: not as silent; in line is a yes."""
    rows = [row(ANE, status, offering=f"hold-{number}", since=NEW) for number, status in enumerate(statuses, 1)]
    assert counts(report(*rows, plan=with_course(CHOICE))) == told


def test_somebody_who_was_erased_counts_and_has_no_name():
    assert counts(report(row(f"{ERASED_PREFIX}1", S.DECLINED, since=NEW))) == [(0, 0, 1, ())]


# --- the silent, and the seats


def test_the_silent_are_counted_before_the_deadline_and_after_it():
    rows = [row(ANE, S.INVITED), row(BO, S.INVITED), row(CAI, S.DECLINED, since=OLD)]
    (silent,) = report(*rows).silent
    assert (silent.count, silent.deadline, silent.is_past) == (2, datetime(2025, 6, 12, 12), False)
    (silent,) = report(*rows, now=at(13)).silent
    assert silent.is_past
    (silent,) = report(row(ANE, S.INVITED), plan=with_course(replace(MINE, enrolment=Enrolment()))).silent
    assert (silent.deadline, silent.is_past) == (None, False)


@pytest.mark.parametrize(
    "made",
    [
        replace(MINE, status=CourseStatus.SAVE_THE_DATE),
        replace(MINE, offerings=(replace(MINE.offerings[0], sessions=(session(day=9),)),)),
    ],
)
def test_nobody_is_silent_about_what_asks_for_no_answer_or_has_begun(made):
    told = report(row(ANE, S.INVITED), plan=with_course(made))
    assert (told.silent, told.seats) == ((), ())


def test_of_several_dates_only_those_ahead_wait_for_an_answer():
    rows = [
        row(ANE, S.INVITED, offering="hold-3"),
        row(BO, S.INVITED, offering="hold-1"),
        row(BO, S.DECLINED, offering="hold-2", since=OLD),
    ]
    assert report(*rows, plan=with_course(CHOICE)).silent == ()


def test_who_was_asked_to_choose_by_link_is_silent_until_they_choose_and_while_they_are_meant():
    asked = {("k", ANE): OLD, ("k", BO): OLD, ("k", DAN): OLD, ("andet", CAI): OLD}
    told = report(
        row(BO, offering="hold-1", since=OLD), plan=with_course(BY_LINK), asked=asked, members={"ledere": frozenset({ANE, BO, CAI})}
    )
    assert [one.count for one in told.silent] == [1]


def test_seats_are_told_of_each_dated_offering_that_has_not_begun():
    vague = Offering(id="hold-4", sessions=(CourseSession(id="dag", period="2025-H2"),))
    made = replace(CHOICE, offerings=(*HOLD, vague))
    rows = [row(ANE, offering="hold-1"), row(BO, S.TENTATIVE, offering="hold-1"), row(CAI, S.WAITLISTED, offering="hold-2")]
    assert report(*rows, plan=with_course(made)).seats == (
        SeatCount(course="k", offering="hold-1", title="Kursus – Hold 1", registered=1, tentative=1, waiting=0, capacity=20),
        SeatCount(course="k", offering="hold-2", title="Kursus – Hold 2", registered=0, tentative=0, waiting=1, capacity=20),
    )


# --- Outlook and the rooms


def cancel(which="k"):
    observed = make_observed(make_desired("ane", key=key(which)))
    return Cancel(key=key(which), course=which, subject="Kursus", reason=Reason.GONE_FROM_PLAN, observed=observed, mails=1)


def conflict(which="k", reason=Reason.DRIFT, **more):
    return Conflict(key=key(which), course=which, subject="Titlen i Outlook", reason=reason, **more)


def test_what_somebody_did_in_outlook_is_told_with_names_and_by_the_title_of_the_plan():
    found = conflict(fields=(EventField.SUBJECT,), missing=(ANE, BO))
    (clash,) = report(change_set=change_set(found, conflict("andet"))).clashes
    assert (clash.title, clash.reason, clash.differences, clash.people) == ("Kursus", "drift", ("Titel",), ("Ane Ås", BO))
    (clash,) = report(change_set=change_set(conflict("væk"))).clashes
    assert clash.title == "Titlen i Outlook"


def test_a_speaker_who_cannot_come_is_told_of_with_the_words_until_somebody_does_something():
    start = datetime(2025, 6, 15, 9)
    desired = make_desired(key=key(), start=start, end=start + timedelta(hours=3))
    speaker = replace(make_attendee("tale", response=ResponseStatus.DECLINED), name="Tale")
    event = make_observed(desired, attendees=(speaker,))
    found = conflict(reason=Reason.SPEAKER_DECLINED, missing=(speaker.email, BO, ANE))
    words = comment(email=speaker.email, seen_at=OLD)
    told = report(change_set=change_set(found), observed=(event,), comments=(words,))
    assert told.clashes == ()
    assert told.speakers == (
        SpeakerTrouble(course="k", title="Kursus", start=start, name="Tale", comment="Jeg er syg"),
        SpeakerTrouble(course="k", title="Kursus", start=start, name=BO),
        SpeakerTrouble(course="k", title="Kursus", start=start, name="Ane Ås"),
    )
    assert told.is_worth_sending
    (gone,) = report(change_set=change_set(conflict("væk", Reason.SPEAKER_DECLINED, missing=(BO,)))).speakers
    assert (gone.title, gone.start, gone.name) == ("Titlen i Outlook", None, BO)


def test_a_speakers_no_stands_when_the_event_was_moved_and_outlook_has_forgotten_it():
    """Once, also where Outlook knows it too; and it is told to those whose course it is."""
    start = datetime(2025, 6, 15, 9)
    where = SessionName(key=key(), course="Kursus", offering="", session="", start=start)
    no = SpeakerAnswer(where=where, name="Tale", email=BO, response=ResponseStatus.DECLINED, at=OLD, comment="Jeg er syg")
    told = SpeakerTrouble(course="k", title="Kursus", start=start, name="Tale", comment="Jeg er syg")
    assert report(said_no=(no,)).speakers == (told,)
    assert report(said_no=(no,), reader=LINE).speakers == ()
    (nameless,) = report(said_no=(replace(no, name=""),)).speakers
    assert nameless.name == BO
    (known,) = report(change_set=change_set(conflict(reason=Reason.SPEAKER_DECLINED, missing=(BO,))), said_no=(no,)).speakers
    assert known.name == BO


def comment(**more):
    given = {"key": key(), "email": ANE, "response": ResponseStatus.DECLINED, "text": "Jeg er syg", "at": OLD, "seen_at": NEW}
    return AnswerComment(**(given | more))


def test_what_people_wrote_is_told_once_to_the_reader_of_the_course():
    """By when it was read: Outlook tells late."""
    note = Note(plan="by", course="k", email=BO, text="Tåler ikke nødder", written_at=NEW)
    comments = (comment(), comment(email=CAI, seen_at=OLD))
    told = report(comments=comments, notes=(note, replace(note, written_at=OLD)))
    assert told.remarks == (
        Remarked(course="k", title="Kursus", name="Ane Ås", text="Jeg er syg", response="declined", email=ANE, at=NEW),
        Remarked(course="k", title="Kursus", name=BO, text="Tåler ikke nødder", email=BO, at=NEW),
    )
    assert told.is_worth_sending
    assert len(report(comments=comments, notes=(note, note), since=None).remarks) == 4
    assert report(comments=comments, notes=(note,), reader=LINE).remarks == ()


def test_what_was_read_is_left_out_until_the_same_person_writes_again():
    """By person and course; what is as old as the mark has been read."""
    note, words = Note(plan="by", course="k", email=BO, text="Tåler ikke nødder", written_at=NEW), comment()
    for read, waits in (
        ({}, (1, 1)),
        ({("k", BO): NEW}, (1, 0)),
        ({("k", BO): OLD, ("k", ANE): NEW}, (0, 1)),
        ({("l", BO): NEW, ("k", CAI): NEW}, (1, 1)),
    ):
        assert tuple(map(len, unread([words], [note], read))) == waits


def room_event(which="k", response=ResponseStatus.NONE, day=15, **more):
    start = datetime(2025, 6, day, 9)
    room = make_attendee("Sal-1@by.example", type=AttendeeType.RESOURCE, response=response)
    desired = make_desired(key=key(which, **more), start=start, end=start + timedelta(hours=3))
    return make_observed(desired, attendees=(make_attendee("ane"), room))


def test_a_room_that_said_no_is_told_whenever_it_did():
    found = conflict(reason=Reason.ROOM_DECLINED, missing=("sal-1@by.example",))
    declined = room_event(response=ResponseStatus.DECLINED, day=28)
    told = report(change_set=change_set(found), observed=(declined,))
    assert told.clashes == ()
    assert told.rooms == (RoomTrouble(course="k", title="Kursus", start=datetime(2025, 6, 28, 9), room="sal-1@by.example", declined=True),)
    (gone,) = report(change_set=change_set(found)).rooms
    assert gone.start is None


@pytest.mark.parametrize(
    ("event", "is_told"),
    [
        (room_event(), True),
        (room_event(response=ResponseStatus.TENTATIVE), True),
        (room_event(response=ResponseStatus.ACCEPTED), False),
        (room_event(day=18), False),
        (room_event(day=9), False),
        (room_event("andet"), False),
    ],
)
def test_a_room_that_is_silent_is_told_in_the_last_week(event, is_told):
    assert [(one.room, one.declined) for one in report(observed=(event,)).rooms] == [("Sal-1@by.example", False)] * is_told


def test_a_room_that_is_about_to_be_let_go_is_nobodys_trouble():
    event = room_event()
    desired = make_desired(key=event.key)
    leaves = Update(
        key=event.key, course="k", subject="Kursus", reason=Reason.PLAN, desired=desired, observed=event, remove=("sal-1@by.example",)
    )
    assert report(change_set=change_set(leaves), observed=(event,)).rooms == ()
    assert report(change_set=change_set(cancel()), observed=(event,)).rooms == ()


# --- messages


@pytest.mark.parametrize(
    ("sent", "is_told"),
    [
        (message(), True),
        (message(created_at=OLD), False),
        (message(created_at=OLD, ended_at=NEW, error="bounced_expired"), True),
        (message(created_at=OLD, ended_at=OLD), False),
        (message(DeliveryState.SENDING, created_at=OLD), True),
        (message(DeliveryState.SENDING, error=NO_RECEIPT), True),
        (message(DeliveryState.SENDING, created_at=OLD, error=NO_RECEIPT), False),
        (message(DeliveryState.EXPIRED), True),
        (message(DeliveryState.SENDING, created_at=OLD, ended_at=NEW, error=POST_UNCLEAR), True),
        (message(DeliveryState.SENDING, created_at=OLD, ended_at=OLD, error=POST_UNCLEAR), False),
        (message(DeliveryState.EXPIRED, created_at=OLD, ended_at=NEW), True),
        (message(DeliveryState.EXPIRED, created_at=OLD, ended_at=OLD), False),
        (message(DeliveryState.EXPIRED, created_at=OLD), False),
        (message(DeliveryState.SENT), False),
        (message(DeliveryState.DUE), False),
        (message(DeliveryState.SKIPPED), False),
        (message(course="andet"), False),
        (message(kind=MessageKind.HR_REPORT, course=""), True),
        (message(DeliveryState.SENDING, kind=MessageKind.HR_REPORT, course=""), False),
        (message(DeliveryState.EXPIRED, kind=MessageKind.HR_REPORT, course=""), False),
    ],
)
def test_a_message_that_did_not_go_is_told_once_or_while_nobody_knows(sent, is_told):
    assert bool(report(messages=(sent,)).undelivered) is is_told


@pytest.mark.parametrize(
    ("noted_at", "since", "is_told"), [(NEW, SINCE, True), (OLD, SINCE, False), (None, SINCE, True), (OLD, None, True)]
)
def test_an_invitation_that_came_back_is_told_once(noted_at, since, is_told):
    """Exchange's report of it may have lain there a while before we read it."""
    reason = BounceReason.UNKNOWN_ADDRESS
    mine = [Bounce(session=key(), email=email, reason=reason, received_at=NOW, noted_at=noted_at) for email in (BO, ANE)]
    theirs = replace(mine[0], session=key("andet"))
    told = Undelivered(course="k", title="Kursus", kind="invitation", state="failed", cause="bounced_unknown_address", addresses=(ANE, BO))
    assert report(bounces=(*mine, theirs), since=since).undelivered == (told,) * is_told


def test_messages_alike_are_one_line_with_every_address_and_a_digest_counts_for_its_courses():
    both = items_text(ReminderItem("regel", of, "main", "dag", "2025-06-18", "mail", "tomorrow") for of in ("k", "andet"))
    sent = (message(), message(email=BO), message(kind=MessageKind.DIGEST, course="", params={"items": both}, key="reminder/digest/1"))
    refused = {"state": "failed", "cause": "graph_refused"}
    assert report(messages=sent).undelivered == (
        Undelivered(course="k", title="Kursus", kind="digest", addresses=(ANE,), **refused),
        Undelivered(course="k", title="Kursus", kind="full", addresses=(ANE, BO), **refused),
    )
    assert [one.kind for one in report(messages=sent, reader=LINE).undelivered] == ["digest"]
    assert report(messages=(message(course="væk"),), since=None).undelivered[0].title == "væk"


def test_who_missed_a_reminder_for_the_week_is_named():
    full = [message(DeliveryState.SKIPPED, email=email, kind=MessageKind.TOMORROW, error=NotSent.WEEK_IS_FULL) for email in (ANE, BO)]
    old = replace(full[0], created_at=OLD)
    week = FullWeek(course="k", title="Kursus", kind="tomorrow", people=("Ane Ås", BO))
    assert report(messages=full).full_weeks == (week,)
    assert report(messages=(old,)).full_weeks == ()
    assert report(messages=(old,), since=None).full_weeks == (replace(week, people=("Ane Ås",)),)


def reminder(email=ANE, state=ReminderState.SCHEDULED, *, which="k", due_at=None):
    item = ReminderItem("regel", which, "main", "dag", "2025-06-18", "mail", "tomorrow")
    due_at = due_at or at(11, "23:30")
    return Reminder(
        item=item,
        session=key(which),
        email=email,
        target=ReminderTarget.REGISTERED,
        due_at=due_at,
        expires_at=due_at + timedelta(days=1),
        state=state,
    )


def test_what_is_coming_is_counted_by_the_day_of_the_plans_zone_and_by_rule():
    """What has been due since yesterday goes today at the earliest; a channel's post is for nobody."""
    coming = (reminder(), reminder(BO), reminder(""), reminder(CAI, ReminderState.SENT), reminder(which="andet"))
    late = reminder(CAI, ReminderState.DUE, due_at=NOW - timedelta(days=1))
    line = Coming(day=date(2025, 6, 11), course="k", title="Kursus", rule="regel", template="tomorrow", people=2)
    assert report(reminders=(*coming, late)).coming == (replace(line, day=date(2025, 6, 10), people=1), line)


def test_the_courses_of_the_plan_may_all_be_somebody_elses():
    assert report(row(ANE, since=NEW), plan=plan(courses=(THEIRS,))).is_worth_sending is False
    assert facts().plan.courses == (MINE, THEIRS)
    assert course().id == "k"


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        (None, None),
        (ErasureMark(believed_at=OLD), None),
        (ErasureMark(waits=WaitsFor.MANY), ErasureWaits(why="many")),
        (ErasureMark(waits=WaitsFor.CLOCK_JUMPED, since=NOW), ErasureWaits(why="clock_jumped", since=datetime(2025, 6, 10, 7, 30))),
    ],
)
def test_that_letting_go_of_old_data_waits_is_told_to_the_contact_alone(mark, told):
    """It is about no course, and worth a mail where nothing else is."""
    assert report(erasure=mark).erasure == told
    assert report(erasure=mark, reader=LINE).erasure is None
    made = report(erasure=mark, plan=plan(courses=(THEIRS,)))
    assert made.is_worth_sending is (told is not None)


def test_who_looks_after_all_courses_is_told_of_all_of_them():
    """As the desk shows it: the courses of the contact, and those of others."""
    rows = [row(), row(course="andet")]
    told = report(*rows, reader="", answers=(answer(), answer(course="andet")), change_set=no_changes("by", "r"))
    assert {one.course for one in told.answers} == {"k", "andet"}
