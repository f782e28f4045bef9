"""What a person's page shows and decides, from plan and books alone: `bot.ports.desk.Desk` for one plan.

What can be done is what would be granted: each action is tried on the books without writing, so that a page
never offers what is then refused (but for a seat that somebody else takes in between).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desks.afterwards.evaluations import evaluation_of, results_generation
from bot.desks.afterwards.own_certificates import OwnCertificateDesk
from bot.desks.afterwards.own_evaluation import evaluating, keep_evaluation
from bot.desks.afterwards.own_tasks import OwnTaskDesk
from bot.desks.belonging import belongs
from bot.desks.day.check_in import CheckInDesk
from bot.desks.day.door import DoorDesk
from bot.desks.person.books_seen import BooksSeen
from bot.desks.person.course import OwnCourse
from bot.desks.person.courses import leaders, own_courses, own_grant
from bot.desks.person.delegated import acting_for, language_of, turned_away
from bot.desks.person.feed import own_feed
from bot.desks.person.sign_ups import ManagerDesk
from bot.desks.person.visitor import visitor_of
from bot.desks.person.wishes import read_own_wish
from bot.desks.registrations.question_answers import PAGE, keep_answers
from bot.desks.registrations.typed_answers import WhoAnswers, problems_of
from bot.domain.actions import Action
from bot.domain.evaluation import EvaluationState
from bot.domain.links import (
    OUTLASTS_THE_COURSE,
    EndedLink,
    LinkEnd,
    generation_of,
    is_over,
)
from bot.domain.notes import LONGEST_NOTE, Note
from bot.domain.pages import ON_PAGE, FormProblem, PersonPage, WishAnswer
from bot.domain.participation import insiders
from bot.domain.people import PeopleIndex
from bot.domain.questions import answers_of
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RefusalReason, RequestKind, SeatRequest
from bot.i18n.asked import wordings
from bot.links import person_link
from bot.opening.clock import clock_of
from bot.registrations.listing import wall_time
from bot.registrations.own_page import other_courses
from bot.registrations.question_answers import by_person
from bot.rounds.steps.decide_seats import decide, load_state, rows_of, settle_books
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.seats.enrolment_rules import ends_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.desks.person.delegated import Acting
    from bot.desks.person.visitor import PageVisitor
    from bot.domain.evaluation import WrongEvaluation
    from bot.domain.evaluation_results import CourseEvaluation
    from bot.domain.links import Grant
    from bot.domain.pages import OwnWish, PersonCourses, SaidBy
    from bot.domain.people import Language, Person
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.questions import GivenAnswer, WrongAnswer
    from bot.domain.sign_in import Visitor
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import SeatState
    from config.settings import Settings


DOORS = {AnswerSource.TEAMS: "teams"}
"""What the log of who did what calls doors besides the page."""


class BookDesk:
    """The desk of one plan; every call reads the books anew."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores) -> None:
        self._settings, self._plan, self._stores = settings, plan, stores

    @property
    def plan(self) -> str:
        """The id of the plan today; a link may say an older one."""
        return self._plan.id

    @property
    def language(self) -> Language:
        """The plan's own."""
        return self._plan.language

    def door(self, secret: str) -> DoorDesk:
        """The lists at the doors of its sessions; people are named in forms by this secret."""
        return DoorDesk(self._settings, self._plan, self._stores, secret=secret)

    def check_in(self, keys: Sequence[str]) -> CheckInDesk:
        """What people check in to; `keys` made the codes."""
        return CheckInDesk(settings=self._settings, plan=self._plan, stores=self._stores, keys=keys)

    def certificates(self) -> OwnCertificateDesk:
        """The plan's certificates."""
        return OwnCertificateDesk(self._settings, self._plan, self._stores)

    def tasks(self) -> OwnTaskDesk:
        """The plan's tasks after courses."""
        return OwnTaskDesk(self._settings, self._plan, self._stores)

    def managers(self) -> ManagerDesk:
        """What waits for managers."""
        return ManagerDesk(self._settings, self._plan, self._stores)

    def page(
        self, grant: Grant, *, with_actions: bool = True, seen: BooksSeen | None = None
    ) -> PersonPage | EndedLink:
        """The page behind a link to a person and a course, or why it opens nothing any more.

        By the books as they were `seen` just now, where they were; they are seen after it.
        """
        with self._stores.database.one_look():
            return self._page(grant, BooksSeen() if seen is None else seen, with_actions=with_actions)

    def _page(self, grant: Grant, seen: BooksSeen, *, with_actions: bool) -> PersonPage | EndedLink:
        plan, now = plan_as_it_stands(self._plan, self._stores), clock_of(self._settings).now()
        course_id = self._course_called(grant.course)
        state = seen.at(lambda: load_state(self._plan, self._stores, course=course_id, people=seen.people))
        rows = seen.rows
        visitor = visitor_of(grant, state, rows, course_id, self._stores)
        acting = acting_for(plan, state.people, grant, visitor.email)
        reader = acting.person if acting is not None else visitor.person
        course = next(iter(state.plan.courses), None)
        if course is None:
            return turned_away(plan, reader, LinkEnd.GONE)
        why = self._why_ended(grant, visitor, acting, course, plan, state, now)
        if why is not None:
            return turned_away(plan, reader, why)
        # Who answers for somebody was not there.
        asked = None
        if acting is None:
            asked = evaluating(plan, course, self._stores, rows, state.people)
        own = OwnCourse(
            self._settings,
            self._plan,
            state,
            course,
            visitor.email,
            rows={row.offering: row for row in insiders(visitor.here)},
            now=now,
        )
        return PersonPage(
            name=visitor.name,
            email=visitor.email,
            language=language_of(plan, reader),
            organisation=plan.organisation,
            contact=plan.contact,
            course=own.view(
                note=self._note(visitor, course, state),
                questions=self._answers(visitor, course, state),
                evaluation=asked.own(visitor.email, now=now) if asked is not None else None,
                with_actions=with_actions,
            ),
            others=tuple(other_courses(plan, visitor.everywhere, course.id)),
            check_ins=self.check_in(()).open_to(course.id, visitor.email) if acting is None else (),
            by=acting.email if acting is not None else "",
            by_name=acting.name if acting is not None else "",
            certificate=self.certificates().way(grant, course.id) if acting is None else "",
            has_tasks=acting is None and self.tasks().has_any(replace(grant, course=course.id), state),
        )

    def _why_ended(
        self,
        grant: Grant,
        visitor: PageVisitor,
        acting: Acting | None,
        course: Course,
        plan: CoursePlan,
        state: SeatState,
        now: datetime,
    ) -> LinkEnd | None:
        """Why a link opens nothing any more, None while it does."""
        if acting is not None and not acting.is_allowed:
            return LinkEnd.NO_DELEGATE
        whose = acting or visitor
        if grant.generation < generation_of(
            whose.person, whose.email, self._stores.links.load_generations(plan.id)
        ):
            return LinkEnd.RENEWED
        rows = visitor.everywhere
        if not belongs(plan, visitor.email, members=state.members, rows=rows, people=state.people, now=now):
            return LinkEnd.LEFT if acting is None else LinkEnd.NO_DELEGATE
        ends = ends_of(plan, [course])
        form = course.evaluation_form
        # Whoever is asked to evaluate may, though that is later than links are good for.
        lasts = ends + max(form.closes - OUTLASTS_THE_COURSE, timedelta(0)) if form and ends else ends
        return LinkEnd.EXPIRED if is_over(grant, course_ends=lasts, now=now) else None

    def _note(self, visitor: PageVisitor, course: Course, state: SeatState) -> str:
        """What the person wrote to HR about the course."""
        book, own = self._stores.notes.load_notes(self._plan.id), visitor.email
        notes = {one.course: one.text for one in book if state.people.canonical(one.email) == own}
        return notes.get(course.id, "")

    def _answers(self, visitor: PageVisitor, course: Course, state: SeatState) -> tuple[GivenAnswer, ...]:
        """The course's questions, with what the person has answered."""
        if not course.questions:
            return ()
        answers = self._stores.question_answers.load_answers(self._plan.id, course=course.id)
        given = by_person(answers, state.people).get((course.id, visitor.email), {})
        return answers_of(course.questions, given, {one.id: wordings(one) for one in course.questions})

    def _course_called(self, course: str) -> str:
        """The id by which the plan knows a course today, however often it was renamed since."""
        courses = self._plan.courses
        said = {one.was: one.id for one in courses if one.was}
        old = self._stores.links.load_old_courses(self._plan.id)
        return (old | said | {one.id: one.id for one in courses}).get(course, course)

    def leaders(self, visitor: Visitor) -> tuple[Person, ...]:
        """Those for whom whoever is signed in answers by today's plan, in its order."""
        return leaders(self._plan, self._stores, visitor)

    def own_courses(self, visitor: Visitor, leader: Person | None = None) -> PersonCourses | None:
        """The courses of whoever is signed in, or of a leader of theirs; None for nothing to do with it."""
        return own_courses(self._settings, self._plan, self._stores, visitor, leader)

    def own_grant(
        self, visitor: Visitor, course: str, leader: Person | None = None, *, seen: BooksSeen | None = None
    ) -> Grant | None:
        """What opens the page of a course, under any id that it had; None where it is not theirs."""
        with self._stores.database.one_look():
            people = PeopleIndex(self._stores.books.people.load_people(self._plan.id))
            if seen is not None:
                seen.people = people
            today = self._course_called(course)
            return own_grant(self._settings, self._plan, self._stores, visitor, today, leader, people)

    def link(self, grant: Grant) -> str:
        """The address of the page behind a grant, "" where there are no pages."""
        base_url, secret = self._settings.web.base_url, self._settings.web.secret_key
        if base_url is None or secret is None:
            return ""
        return person_link(secret.get_secret_value(), base_url, grant)

    @property
    def contact(self) -> str:
        """Whom people of the plan write to."""
        return self._plan.contact

    def now(self) -> datetime:
        """Wall time where the plan is."""
        return wall_time(clock_of(self._settings).now(), self._plan)

    def note_for(self, said: SaidBy, page: PersonPage, *, did: str) -> None:
        """Write down that somebody saw or did something for another; not what they do for themselves."""
        by = said.by or page.by
        if by and by != page.email:
            line = Action(
                at=clock_of(self._settings).now(),
                by=by,
                command=did,
                plan=self._plan.id,
                course=page.course.course,
                subject=page.email,
                door=DOORS.get(said.source, PAGE),
            )
            self._stores.actions.note(line)

    def decide(
        self, page: PersonPage, wish: OwnWish, said: SaidBy = ON_PAGE, *, seen: BooksSeen | None = None
    ) -> WishAnswer:
        """Decide a wish at once and for good; the calendar and the mails follow.

        By the table in `bot.desks.person.wishes`, and then by the books: what the page did not offer is asked
        for all the same, because somebody may have taken the last seat meanwhile. Answers to questions are
        kept of who got a place alone. The books are as `seen` after it.
        """
        now = clock_of(self._settings).now()
        request = read_own_wish(
            page,
            wish,
            colleague=lambda address: self._colleague(page.course.course, wish.offering, address),
            now=now,
            said=said,
        )
        if isinstance(request, WishAnswer):
            return request
        seen = BooksSeen() if seen is None else seen
        settlement = decide(
            self._settings, self._plan, self._stores, [request], before_writing=seen.decided, seen=seen.state
        )
        if settlement.refusals:
            return WishAnswer(refused=settlement.refusals[0].reason)
        if request.kind is RequestKind.CHOOSE:
            self._keep(page, wish.answers, now, said)
        return WishAnswer()

    def save_answers(
        self, page: PersonPage, typed: Mapping[str, str], said: SaidBy = ON_PAGE
    ) -> Mapping[str, WrongAnswer]:
        """Keep what the person answers to the course's questions; or what has to be put right."""
        if not page.course.may_answer:
            return {}
        problems = problems_of(page.course.questions, typed)
        if not problems:
            self._keep(page, typed, clock_of(self._settings).now(), said)
        return problems

    def evaluate(self, page: PersonPage, typed: Mapping[str, str]) -> Mapping[str, WrongEvaluation] | None:
        """Keep what the person says of the course; by question what has to be put right; None: not any more.

        Who has answered is written down, and nothing that could join it to what they said.
        """
        now, state = (
            clock_of(self._settings).now(),
            load_state(self._plan, self._stores, course=page.course.course),
        )
        course = next(iter(state.plan.courses), None)
        asked = evaluating(state.plan, course, self._stores, rows_of(state), state.people) if course else None
        own = asked.own(page.email, now=now) if asked else None
        is_own = page.course.own_evaluation is not None
        if asked is None or own is None or own.state is not EvaluationState.OPEN or not is_own:
            return None
        return keep_evaluation(self._stores, asked, own, page.email, typed, language=page.language)

    def evaluation_of(self, course: str) -> CourseEvaluation | None:
        """What may be shown of a course's evaluation, under any id that it had; None where there is none."""
        now = clock_of(self._settings).now()
        return evaluation_of(self._plan, self._stores, self._course_called(course), now=now)

    def results_generation(self, course: str) -> int:
        """How often HR ended the links to what was said of a course, under any id that it had."""
        return results_generation(self._plan, self._stores, course)

    def why_not(self, page: PersonPage, kind: RequestKind, offering: str) -> RefusalReason:
        """Why a wish that the page does not offer would be refused now; nothing is written."""
        now, course = clock_of(self._settings).now(), page.course.course
        request = SeatRequest(
            kind=kind,
            course=course,
            offering=offering,
            email=page.email,
            at=now,
            source=AnswerSource.WEB,
        )
        state = load_state(self._plan, self._stores, course=course)
        refused = settle_books(state, self._settings, now=now, requests=[request]).refusals
        return refused[0].reason if refused else RefusalReason.NOTHING_TO_DO

    def _keep(self, page: PersonPage, typed: Mapping[str, str], now: datetime, said: SaidBy) -> None:
        who = WhoAnswers(
            plan=self._plan.id,
            course=page.course.course,
            email=page.email,
            by=said.by or page.by or page.email,
            door=DOORS.get(said.source, PAGE),
            language=page.language,
        )
        keep_answers(self._stores, page.course.questions, typed, who, now=now)

    def _colleague(self, course: str, offering: str, address: str) -> str | None:
        """The canonical address of who could take over a seat: of the audience; None for others."""
        state = load_state(self._plan, self._stores, course=course)
        chosen = next(iter(state.plan.courses), None)
        rules = rules_of(self._plan, chosen).offerings.get(offering) if chosen else None
        email = state.people.canonical(address.strip())
        if rules is None or not any(email in state.members.get(name, ()) for name in rules.audiences):
            return None
        return email

    def save_note(self, page: PersonPage, text: str) -> FormProblem | None:
        """Keep the person's note to HR, an empty text deletes it; or what is wrong with it."""
        if len(text) > LONGEST_NOTE:
            return FormProblem.NOTE_TOO_LONG
        people = PeopleIndex(self._stores.books.people.load_people(self._plan.id))
        note = Note(
            plan=self._plan.id,
            course=page.course.course,
            email=people.canonical(page.email),
            text=text.strip(),
            written_at=clock_of(self._settings).now(),
        )
        self._stores.notes.save_note(note)
        return None

    def feed(self, grant: Grant, *, host: str) -> bytes | None:
        """The overview of the plan's courses as an iCalendar file; None where the link to it has ended."""
        return own_feed(self._settings, self._plan, self._stores, grant, host=host)
