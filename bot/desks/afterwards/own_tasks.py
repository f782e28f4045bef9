"""Somebody's own tasks after a course: behind their link, and keeping what they say of them.

| behind a link, when | then |
|---|---|
| the plan has the course no more, nobody is known by the id or address, or no task of theirs has fallen due | `gone` |
| it is a delegate's: what somebody did at home, others cannot say | `no_delegate` |
| the person's links were renewed since | `renewed` |
| the person has nothing to do with the plan any more | `left` |
| the last of their tasks closed more than 14 days ago | `expired` |
| otherwise | their tasks, to answer as long as each is open |

So any link to their page of the course leads here for as long as that, when it opens nothing else any more.
Everything raises DatabaseFailed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.afterwards.tasks import given_tasks
from bot.desks.belonging import belongs
from bot.domain.addresses import plain_address
from bot.domain.links import OUTLASTS_THE_COURSE, EndedLink, LinkEnd, generation_of
from bot.domain.striking import struck
from bot.domain.task_answers import OwnTask, OwnTasks, TaskAnswer, TaskState, wrong_answer
from bot.i18n.tasks import task_question
from bot.opening.clock import clock_of
from bot.registrations.listing import wall_time
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desks.afterwards.tasks import GivenTask
    from bot.domain.links import Grant
    from bot.domain.people import Language, Person
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.task_answers import WrongTask
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import SeatState
    from config.settings import Settings


class OwnTaskDesk:
    """The tasks of one plan, as those who have them see them."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores) -> None:
        self._settings, self._plan, self._stores = settings, plan, stores

    def behind(self, grant: Grant) -> OwnTasks | EndedLink:
        """What a link to somebody's page of a course shows of their tasks."""
        plan = self._plan
        names = self._stores.links.load_old_courses(plan.id) | {one.id: one.id for one in plan.courses}
        return self._behind(
            grant, load_state(plan, self._stores, course=names.get(grant.course, grant.course))
        )

    def _behind(self, grant: Grant, state: SeatState) -> OwnTasks | EndedLink:
        """The same by the books of the course (`state`) as they were read."""
        plan, now = self._plan, clock_of(self._settings).now()
        person = (
            state.people.find(grant.person) if "@" in grant.person else state.people.with_id(grant.person)
        )
        email = person.email if person else plain_address(grant.person)
        language = (person.language if person else None) or plan.language
        course = next(iter(state.plan.courses), None)
        given = self._given(state, course, email, now) if course is not None else []
        why = self._why_ended(grant, state, person, email, given, now)
        if why is not None or course is None:
            return EndedLink(why=why or LinkEnd.GONE, language=language, contact=plan.contact)
        said = {
            (one.offering, one.task): one
            for one in self._stores.task_answers.load_answers(
                plan.id, course=course.id, emails=person.addresses if person else {email}
            )
        }
        return OwnTasks(
            name=person.name if person else "",
            email=email,
            language=language,
            organisation=plan.organisation,
            contact=plan.contact,
            course=course.id,
            title=course.title,
            materials=course.materials,
            tasks=tuple(_own(plan, one, said.get((one.offering, one.task.id)), now) for one in given),
        )

    def has_any(self, grant: Grant, state: SeatState | None = None) -> bool:
        """Whether the link leads to a task that can be answered now.

        `state`: the books of the course, where they were read already.
        """
        course = self._plan.course(grant.course)
        if course is None or not course.after:
            return False
        own = self.behind(grant) if state is None else self._behind(grant, state)
        return isinstance(own, OwnTasks) and any(one.is_open for one in own.tasks)

    def say(
        self, own: OwnTasks, place: str, state: str, said: str, *, language: Language
    ) -> WrongTask | None:
        """Keep what somebody says of an open task of theirs; or what has to be put right first.

        Without the names that we know, where HR is not to see whose it is. Of a task that is not open
        nothing is kept.
        """
        task = next((one for one in own.tasks if one.place == place and one.is_open), None)
        if task is None:
            return None
        wrong = wrong_answer(state, said)
        if wrong is not None:
            return wrong
        state_of = load_state(self._plan, self._stores, course=own.course)
        person = state_of.people.find(own.email)
        words = (
            said
            if task.names
            else struck(said, self._known_names(state_of), spared=(own.title, own.organisation, task.text))
        )
        answer = TaskAnswer(
            plan=self._plan.id,
            course=own.course,
            offering=task.offering,
            task=task.task,
            email=own.email,
            state=TaskState(state) if state else None,
            said=words,
            asked=task_question(task, language),
            names=task.names,
            at=clock_of(self._settings).now(),
        )
        others = frozenset(person.addresses) if person else frozenset[str]()
        self._stores.task_answers.save_answer(answer, others=others)
        return None

    def _known_names(self, state: SeatState) -> set[str]:
        """Of everybody that the plan knows, and who speaks on the course."""
        speakers = {speaker.name for course in state.plan.courses for speaker in course.speakers}
        return speakers | {one.name for one in state.people.everybody} | {row.name for row in rows_of(state)}

    def _given(self, state: SeatState, course: Course, email: str, now: datetime) -> list[GivenTask]:
        """The person's tasks of the course that have fallen due."""
        words = self._stores.attendance.load_words(self._plan.id, course=course.id)
        members = frozenset[str]().union(*state.members.values())
        found = given_tasks(self._plan, course, rows_of(state), words, state.people, members=members)
        return [one for one in found if one.due_at <= now and email in one.whose]

    def _why_ended(
        self,
        grant: Grant,
        state: SeatState,
        person: Person | None,
        email: str,
        given: list[GivenTask],
        now: datetime,
    ) -> LinkEnd | None:
        if grant.delegate:
            return LinkEnd.NO_DELEGATE
        generations = self._stores.links.load_generations(self._plan.id)
        if grant.generation < generation_of(person, email, generations):
            return LinkEnd.RENEWED
        rows = [row for row in rows_of(state) if row.email == email]
        if not belongs(self._plan, email, members=state.members, rows=rows, people=state.people, now=now):
            return LinkEnd.LEFT
        if not given:
            return LinkEnd.GONE
        ends = max(one.closes_at for one in given) + OUTLASTS_THE_COURSE
        return LinkEnd.EXPIRED if ends <= now else None


def _own(plan: CoursePlan, given: GivenTask, answer: TaskAnswer | None, now: datetime) -> OwnTask:
    return OwnTask(
        offering=given.offering,
        task=given.task.id,
        text=given.task.text,
        material=given.task.material,
        question=given.task.question,
        names=given.task.names,
        closes=wall_time(given.closes_at, plan),
        is_open=now < given.closes_at,
        answer=answer,
    )
