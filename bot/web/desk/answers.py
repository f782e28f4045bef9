"""HR writes down what somebody has answered to a course's questions, on the phone or by mail.

    GET  /courses/{id}/answers?person=…    the questions with what stands             HR    decides nothing
    POST /courses/{id}/answers             keeps what was typed, then 303 back        HR

Who has no place on the course is asked nothing, and is not found here. Addresses stand in no URL; who wrote
what about whom is written down, the answers are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.hand.seat_words import name_of
from bot.desks.registrations.question_answers import keep_answers
from bot.desks.registrations.typed_answers import WhoAnswers, problems_of
from bot.desks.views.course import CoursePage
from bot.domain.approvals import Door
from bot.domain.questions import SeenBy
from bot.domain.sign_in import Area
from bot.web.answer_fields import TypedAnswers
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desks.plan_desk import PlanDesk
    from bot.domain.questions import GivenAnswer, WrongAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnswersAsked:
    """One visit: whose, of which course, and whose answers they are."""

    site: DeskSite
    request: Request
    caller: Caller
    desk: PlanDesk
    page: CoursePage
    email: str
    given: tuple[GivenAnswer, ...]

    def show(
        self, status: int = 200, *, done: bool = False, typed: Mapping[str, str] | None = None,
        problems: Mapping[str, WrongAnswer] | None = None,
    ) -> Response:  # fmt: skip
        """The form, with what was typed and what is wrong with it."""
        self.desk.look(self.caller.visitor, "answers", course=self.page.id, subject=self.email)
        plan = self.desk.written.id
        return self.site.show(
            self.request, self.caller, Area.COURSES, "answer_form", status=status, desk=self.desk,
            course=self.page.course, who=name_of(self.page.state.people, self.email), given=self.given,
            done=done, typed_in=typed or {}, problems=problems or {},
            back=course_address(self.page.id, "", plan=plan, view="questions"),
            address=course_address(self.page.id, "/answers", plan=plan, person=self._name),
        )  # fmt: skip

    @property
    def _name(self) -> str:
        return self.site.person_ids(self.page.state.people).of(self.email)

    def done(self) -> str:
        """Where the form stands, after it was kept."""
        return course_address(
            self.page.id, "/answers", plan=self.desk.written.id, person=self._name, done="yes"
        )


def course_address(course: str, path: str, **query: str) -> str:
    """The address of a page of a course."""
    return f"/courses/{quote(course, safe='')}{path}?{urlencode(query)}"


def answers_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/courses/{course}/answers", dependencies=[Depends(site.access.to(Area.HAND))])
    def show(request: Request, course: str, plan: str = "", person: str = "", done: str = "") -> Response:
        return _asked(site, request, plan, course, person).show(done=bool(done))

    @routes.post("/courses/{course}/answers", dependencies=site.to_send(Area.HAND))
    def keep(
        request: Request, course: str, answers: TypedAnswers, plan: str = "", person: str = ""
    ) -> Response:
        asked = _asked(site, request, plan, course, person)
        problems = problems_of(asked.given, answers, by_hr=True)
        if problems:
            return asked.show(422, typed=answers, problems=problems)
        books, visitor = asked.desk.books, asked.caller.visitor
        who = WhoAnswers(
            plan=books.plan.id, course=course, email=asked.email, by=visitor.email or visitor.subject,
            door=Door.DESK.value, language=asked.caller.language,
        )  # fmt: skip
        keep_answers(books.stores, asked.given, answers, who, now=books.now())
        return RedirectResponse(asked.done(), 303)

    return routes


def _asked(site: DeskSite, request: Request, plan: str, course: str, person: str) -> _AnswersAsked:
    """Raises TurnedAway where there is no such plan or course, or the person is asked nothing."""
    caller = caller_of(request)
    desk = site.desk(caller, plan)
    page = CoursePage(desk.books, course, reader=SeenBy.HR)
    if page.told is None:
        raise TurnedAway(sorry("no_course", caller.language, 404))
    email = site.person_ids(page.state.people).find(person, among=page.given)
    if email is None or email not in page.given:
        raise TurnedAway(sorry("no_such_act", caller.language, 404))
    return _AnswersAsked(
        site=site, request=request, caller=caller, desk=desk, page=page, email=email, given=page.given[email]
    )
