"""A plan whose books have everything that a course's page can show: answers, a line, a guest, comments, notes, a course that is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.bounces import BounceReason
from bot.domain.comments import AnswerComment
from bot.domain.enrolment import Enrolment
from bot.domain.events import LedgerEntry, LedgerState, ResponseStatus, SessionKey
from bot.domain.funding import CourseFunding, FundingPool
from bot.domain.messages import DeliveryState, Message
from bot.domain.notes import Note
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker, Venue
from bot.domain.registrations import Answer
from bot.domain.templates import MessageKind
from bot.rounds.steps.decide_seats import load_state, settled, write

if TYPE_CHECKING:
    from bot.opening.stores import Stores
    from config.settings import Settings

NOW = datetime(2025, 6, 10, 7, tzinfo=UTC)
INVITED = datetime(2025, 5, 5, 7, tzinfo=UTC)
LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"
HOSTILE = f"<script>alert(1)</script> Ærø's »{LONG}«"
NAMES = (
    "Åse Ågård", "Bo O'Prøve", "<script>alert(2)</script>", "Carl Æbelø", f"Dorte {LONG}", "Erik Prøve", "Fie Prøve", "Gro Prøve",
    "Hans Prøve", "Ida Prøve", "Jens Prøve", "Kaj Prøve",
)  # fmt: skip
PEOPLE = tuple(
    Person(email=f"leder{number:02}@by.example", name=name, department=("Børn og Unge", "Teknik", "")[number % 3])
    for number, name in enumerate(NAMES)
)
GUEST = "gaest@udefra.example"
YES, MAYBE, NO = ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED
SAID = (YES, YES, YES, YES, MAYBE, NO, YES)
"""What the first of the people said, one after the other; the others are silent."""


def day(key: str, wall: str, **more: object) -> CourseSession:
    start = datetime.fromisoformat(wall)
    return CourseSession(id=key, start=start, end=start + timedelta(hours=6), **more)


def course(key: str, *sessions: CourseSession, **more: object) -> Course:
    given = {"title": key.capitalize(), "status": CourseStatus.APPROVED, "audience": ("ledere",)}
    given |= {"offerings": (Offering(id="main", sessions=sessions),)}
    return Course(id=key, **(given | more))


LEADERSHIP = course(
    "psykologisk-tryghed",
    title=HOSTILE,
    theme="Arbejdsmiljø",
    description="Vi arbejder med **praksis**.\n\n- Oplæg\n- Dialog",
    responsible=("anna@by.example",),
    venue=Venue(name="Kulturhuset", address="Torvet 1"),
    speakers=(Speaker(name="Tale Talersen"),),
    enrolment=Enrolment(
        capacity=4, waiting_list=True, minimum=6, deadline=datetime(2025, 6, 16, 12), handover=True
    ),
    funding=(CourseFunding(pool="pulje", amount=Decimal(30000)),),
    note="Kun til HR",
    offerings=(
        Offering(
            id="hold-1",
            title="Hold 1",
            sessions=(day("dag-1", "2025-06-18T09:00"), day("dag-2", "2025-06-25T09:00", title="Anden dag")),
        ),
    ),
)  # fmt: skip
PLAN = CoursePlan(
    id="by",
    revision="sha256:0",
    organisation="Byens Kommune",
    timezone="Europe/Copenhagen",
    language=Language.DA,
    organiser="lederudvikling@by.example",
    contact="hr@by.example",
    audiences=(AudienceRule(id="ledere", name="Alle ledere", people=PEOPLE),),
    funding=(FundingPool(id="pulje", name="Puljen", amount=Decimal(100000)),),
    courses=(
        LEADERSHIP,
        course("lederdag", day("dag", "2025-09-03T09:00"), status=CourseStatus.SAVE_THE_DATE),
        course("boarding", CourseSession(id="dag", period="2025-H2"), status=CourseStatus.PROPOSED),
        course("foraar", day("dag", "2025-03-03T09:00")),
        course("aflyst", day("dag", "2025-10-01T09:00"), status=CourseStatus.CANCELLED, cancel_reason="For få tilmeldte"),
        course("kladde", status=CourseStatus.DRAFT, offerings=()),
    ),
)  # fmt: skip
GONE = SessionKey(plan="by", course="gammelt", offering="main", session="dag")


def fill(stores: Stores, settings: Settings, plan: CoursePlan = PLAN) -> None:
    """Write it all down, and let the seats be decided as a round would."""
    stores.books.people.save_people(plan.id, PEOPLE, now=INVITED)
    stores.books.audiences.save_members(plan.id, {"ledere": frozenset(one.email for one in PEOPLE)}, now=INVITED)
    planned = [
        (plan.key_of(one), one.course.title, one.session.start)
        for one in plan.sessions()
        if one.session.start and one.course.status is not CourseStatus.PROPOSED
    ]
    stores.books.ledger.save_entries(
        _entry(key, title, start) for key, title, start in [*planned, (GONE, "Gammelt kursus", datetime(2025, 8, 1, 9))]
    )
    stores.answers.append_answers(_answers(plan))
    keys = [key for key, _, _ in planned if key.course == LEADERSHIP.id]
    words = "Jeg kommer <b>gerne</b>"
    comment = AnswerComment(key=keys[0], email=PEOPLE[0].email, response=YES, text=words, at=INVITED, seen_at=INVITED)
    stores.comments.save_comments(plan.id, [comment], looked_at=NOW)
    stores.notes.save_note(
        Note(plan=plan.id, course=LEADERSHIP.id, email=PEOPLE[1].email, text="Jeg tåler ikke nødder", written_at=INVITED)
    )
    decided = settled(load_state(plan, stores), settings, now=NOW)
    assert write(stores, replace(decided, messages=()), now=NOW)
    sent = [
        Message(
            plan=plan.id, key=f"reminder/{number}", kind=MessageKind.PLEASE_ANSWER, course=LEADERSHIP.id, offering="", email=one.email,
            created_at=INVITED, state=state, error=error,
            sent_at=INVITED + timedelta(days=number) if state is DeliveryState.SENT else None,
        )
        for number, (one, state, error) in enumerate(
            [
                (PEOPLE[7], DeliveryState.SENT, ""),
                (PEOPLE[8], DeliveryState.SENT, ""),
                (PEOPLE[9], DeliveryState.FAILED, BounceReason.UNKNOWN_ADDRESS.value),
            ]
        )
    ]  # fmt: skip
    stores.outbox.add_messages(sent)
    stores.outbox.save_message(*sent)


def _entry(key: SessionKey, title: str, start: datetime) -> LedgerEntry:
    emails = [one.email for one in PEOPLE]
    return LedgerEntry(
        key=key,
        state=LedgerState.APPLIED,
        transaction_id=f"t-{key}",
        event_id=f"e-{key}",
        subject=title,
        start=start.replace(tzinfo=UTC),
        end=(start + timedelta(hours=6)).replace(tzinfo=UTC),
        desired_fields={},
        observed_fields={},
        desired_attendees=dict.fromkeys(emails, "required"),
        invited_since=dict.fromkeys(emails, INVITED),
    )


def _answers(plan: CoursePlan) -> list[Answer]:
    keys = [plan.key_of(one) for one in plan.sessions() if one.course.id == LEADERSHIP.id]
    said = [(one.email, one.name, word, True) for one, word in zip(PEOPLE, SAID, strict=False)]
    said.append((GUEST, "Gæst Udefra", YES, False))
    return [
        Answer(
            key=key, email=email, name=name, response=word, responded_at=INVITED + timedelta(days=2 * number, hours=1),
            seen_at=INVITED + timedelta(days=2 * number, hours=2), known=known,
        )
        for number, (email, name, word, known) in enumerate(said)
        for key in keys
    ]  # fmt: skip
