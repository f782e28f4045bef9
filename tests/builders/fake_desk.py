"""A desk without books, for the pages alone: it remembers what it was asked, and seats people by the simplest rule there is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.desks.person.wishes import read_own_wish
from bot.desks.registrations.typed_answers import problems_of
from bot.domain.enrolment import EnrolmentMode
from bot.domain.evaluation import EvaluationState, WrongEvaluation, said_of, wrong_answers
from bot.domain.links import UNDATED_LASTS, EndedLink, Grant, LinkEnd, Purpose, is_over
from bot.domain.notes import LONGEST_NOTE
from bot.domain.pages import (
    CourseView,
    FormProblem,
    OfferingView,
    OtherCourse,
    OwnWish,
    PersonPage,
    SessionView,
    WishAnswer,
)
from bot.domain.people import Language
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import RefusalReason, RequestKind, SeatRequest
from bot.links import make_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.pages import SaidBy
    from bot.domain.questions import WrongAnswer

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
SECRET = "en-lang-hemmelighed-som-kun-findes-i-test"
BASE_URL = "https://kurser.aadal.example"
PLAN, ANNA, BO, COURSE = "aadal", "anna.eksempel@aadal.example", "bo.proeve@aadal.example", "lederdag"
CLARA = "clara@aadal.example"
"""Somebody who has left."""
TOO_OLD = NOW - UNDATED_LASTS
FEED = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
CHOOSE, GIVE_UP, HAND_OVER = RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER


def session(day: int = 18, **facts: object) -> SessionView:
    given = {
        "title": "",
        "start": datetime(2025, 6, day, 9),
        "end": datetime(2025, 6, day, 15, 30),
        "all_day": False,
        "period": None,
        "place": "Kulturhuset, Torvet 1",
        "online": False,
    }
    return SessionView(**given | facts)


def offering(number: int = 1, **facts: object) -> OfferingView:
    given = {
        "offering": f"hold-{number}",
        "title": f"Hold {number}",
        "sessions": (session(17 + number),),
        "status": Status.INVITED,
        "position": None,
        "waiting": 0,
        "free": 12,
        "queues": False,
        "switches": False,
        "actions": frozenset({CHOOSE, GIVE_UP}),
    }
    return OfferingView(**given | facts)


TAKEN = offering(status=Status.REGISTERED, actions=frozenset({GIVE_UP, HAND_OVER}))
FULL = offering(2, free=0, queues=True, waiting=3, status=None, actions=frozenset({CHOOSE}))


def course(*offerings: OfferingView, **facts: object) -> CourseView:
    given = {
        "course": COURSE,
        "title": "Psykologisk tryghed",
        "theme": "Sundt arbejdsmiljø",
        "description": "Et **temakursus** om det, du selv kan gøre.\n\n- tryghed\n- kultur",
        "mode": EnrolmentMode.CHOOSE,
        "deadline": datetime(2025, 5, 1, 12),
        "open": True,
        "cancelled": False,
        "over": False,
        "note": "",
    }
    return CourseView(offerings=offerings or (offering(), FULL), **given | facts)


def person_page(view: CourseView | None = None, **facts: object) -> PersonPage:
    given = {
        "name": "Anna Eksempel",
        "email": ANNA,
        "language": Language.DA,
        "organisation": "Aadal Kommune",
        "contact": "hr@aadal.example",
        "others": (OtherCourse(title="Førstehjælp", when=datetime(2025, 9, 1, 9), status=Status.REGISTERED),),
    }
    return PersonPage(course=view or course(), **given | facts)


@dataclass
class FakeDesk:
    """`shown` is Anna's page, None for nobody, or why there is none; `refuses` is what every wish is answered with."""

    plan: str = PLAN
    shown: PersonPage | EndedLink | None = field(default_factory=person_page)
    refuses: RefusalReason | None = None
    breaks: Exception | None = None
    wishes: list[SeatRequest] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: list[dict[str, str]] = field(default_factory=list)
    evaluations: list[dict[str, str]] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)

    def page(self, grant: Grant) -> PersonPage | EndedLink:
        if self.breaks is not None:
            raise self.breaks
        if isinstance(self.shown, EndedLink):
            return self.shown
        if self.shown is None or grant.course != COURSE or grant.person not in {ANNA, CLARA}:
            return EndedLink(why=LinkEnd.GONE, language=Language.DA, contact="hr@aadal.example")
        if grant.person == ANNA and not is_over(grant, course_ends=None, now=NOW):
            return self.shown
        why = LinkEnd.LEFT if grant.person == CLARA else LinkEnd.EXPIRED
        return EndedLink(why=why, language=self.shown.language, contact=self.shown.contact)

    def decide(self, page: PersonPage, wish: OwnWish) -> WishAnswer:
        request = read_own_wish(page, wish, colleague=lambda address: BO if address.lower() == BO else None, now=NOW)
        if isinstance(request, WishAnswer):
            return request
        self.wishes.append(request)
        if self.refuses is not None:
            return WishAnswer(refused=self.refuses)
        self._show(*(self._after(one, request) for one in self.shown.course.offerings))
        return WishAnswer()

    def note_for(self, _said: SaidBy, page: PersonPage, *, did: str) -> None:
        if page.by:
            self.noted.append((page.by, did))

    def save_note(self, page: PersonPage, text: str) -> FormProblem | None:
        assert (page.email, page.course.course) == (ANNA, COURSE)
        if len(text) > LONGEST_NOTE:
            return FormProblem.NOTE_TOO_LONG
        self.notes.append(text)
        self.shown = replace(self.shown, course=replace(self.shown.course, note=text))
        return None

    def save_answers(self, page: PersonPage, typed: Mapping[str, str]) -> Mapping[str, WrongAnswer]:
        problems = problems_of(page.course.questions, typed)
        if not problems:
            self.answers.append(dict(typed))
        return problems

    def evaluate(self, page: PersonPage, typed: Mapping[str, str]) -> Mapping[str, WrongEvaluation] | None:
        own = page.course.own_evaluation
        if own is None or own.state is not EvaluationState.OPEN:
            return None
        wrong = wrong_answers(own.form, typed)
        if not wrong:
            self.evaluations.append(said_of(own.form, typed))
            self.shown = replace(page, course=replace(page.course, own_evaluation=replace(own, state=EvaluationState.ANSWERED)))
        return wrong

    def feed(self, grant: Grant, *, host: str) -> bytes | None:
        assert host in {"kurser.aadal.example", "127.0.0.1"}
        return None if is_over(grant, course_ends=None, now=NOW) else FEED

    @property
    def untouched(self) -> bool:
        return (self.wishes, self.notes, self.answers) == ([], [], [])

    def _show(self, *offerings: OfferingView) -> None:
        self.shown = replace(self.shown, course=replace(self.shown.course, offerings=offerings))

    @staticmethod
    def _after(one: OfferingView, request: SeatRequest) -> OfferingView:
        meant = one.offering == request.offering
        match request.kind:
            case RequestKind.CHOOSE if meant and one.queues:
                return replace(
                    one, status=Status.WAITLISTED, position=one.waiting + 1, waiting=one.waiting + 1, actions=frozenset({GIVE_UP})
                )
            case RequestKind.CHOOSE if meant:
                return replace(one, status=Status.REGISTERED, switches=False, actions=frozenset({GIVE_UP, HAND_OVER}))
            case RequestKind.CHOOSE:
                return replace(one, status=None, switches=True, actions=frozenset({CHOOSE}))
            case _:
                return replace(one, status=Status.WITHDRAWN, actions=frozenset({CHOOSE})) if meant else one


def token(**facts: object) -> str:
    """Anna's token for the course, a week old; `facts` say what is different."""
    given = {"purpose": Purpose.PERSON, "plan": PLAN, "person": ANNA, "course": COURSE, "made_at": NOW - timedelta(days=7)}
    return make_token(SECRET, Grant(**given | facts))
