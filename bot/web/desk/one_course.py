"""The page of one course, with a view for each thing that HR asks about it.

GET  /courses/{id}                       `?view=`, by the table in `bot.desks.views.course`; `?format=` is its list    HR, reader
GET  /courses/{id}/messages/{number}     one of the messages as its reader gets it                            HR, reader
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.hand.seat_words import name_of
from bot.desks.messages.broadcasts import broadcasts_of
from bot.desks.messages.reminder_hand import ReminderHand
from bot.desks.registrations.lists import list_file, of_session, participant_lists
from bot.desks.views.course import CoursePage
from bot.domain.approvals import Door
from bot.domain.errors import InputError
from bot.domain.questions import SeenBy, reader_of
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text
from bot.i18n.dates import short_moment_text
from bot.i18n.sorting import danish_key
from bot.messages.characters import typed
from bot.messages.plain_text import text_of
from bot.overview.words import Words
from bot.registrations.answers_by_day import answer_chart
from bot.registrations.attendance import attendance_text
from bot.registrations.course_people import Group
from bot.registrations.question_answers import numbers_of
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.courses import FORMS, LONGEST_WORDS, waiting_courses, whole_list
from bot.web.desk.downloads import own_document
from bot.web.desk.drawing import PAGES
from bot.web.desk.paging import paged
from bot.web.desk.reminders import reminder_address, topic_place
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.desks.messages.reminder_readers import ReminderInHand
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.people import Language
    from bot.domain.plan import Course
    from bot.registrations.course_people import CoursePerson
    from bot.web.desk.access import Caller

Facts = dict[str, Any]

VIEWS = ("people", "answers", "questions", "messages", "history", "money", "about")
PEOPLE_A_PAGE, LINES_A_PAGE = 50, 50


def one_course_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.COURSES))]

    @routes.get("/courses/{course}", dependencies=let_in)
    def show(
        request: Request, course: str, plan: str = "", view: str = "", group: str = "", q: str = "",
        page: str = "", session: str = "", form: Annotated[str, Query(alias="format")] = "",
    ) -> Response:  # fmt: skip
        caller = caller_of(request)
        desk, found = _found(site, request, caller, plan, course)
        if form in FORMS and found.told is not None:
            return (
                _sheet(desk, caller, course, session)
                if session
                else whole_list(desk, caller, form, course=course)
            )
        has_questions = bool(found.told and found.told.questions)
        views = [one for one in VIEWS if one != "questions" or has_questions]
        chosen = view if view in views else views[0]
        facts = _facts(site, desk, caller, found, ViewAsked(view=chosen, group=group, words=q, page=page))
        return site.show(
            request, caller, Area.COURSES, "course", desk=desk, head=found.head, view=chosen, views=views,
            link=_link(desk, course, chosen, group, q), is_hr=Area.CHANGES in caller.areas,
            has_evaluation=bool(found.told and found.told.evaluation_form),
            has_tasks=bool(found.told and found.told.after),
            is_changing=course in waiting_courses(desk), **facts,
        )  # fmt: skip

    @routes.get("/courses/{course}/messages/{number}", dependencies=let_in)
    def message(request: Request, course: str, number: int, plan: str = "") -> Response:
        caller = caller_of(request)
        _, found = _found(site, request, caller, plan, course)
        coming = found.mail().coming
        if not 1 <= number <= len(coming) or not coming[number - 1].html:
            raise TurnedAway(unknown_course(caller, course, plan))
        return own_document(coming[number - 1].html)

    return routes


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAsked:
    """What of the page is asked for: a view, and of a long list which part."""

    view: str
    group: str
    words: str
    page: str


def _facts(site: DeskSite, desk: PlanDesk, caller: Caller, found: CoursePage, asked: ViewAsked) -> Facts:
    """What the view shows."""
    match asked.view:
        case "people":
            return _people(site, desk, caller, found, asked)
        case "answers" | "questions":
            over_time = asked.view == "answers"
            return _answers(found) if over_time else _questions(site, desk, caller, found, asked.page)
        case "messages":
            return _messages(desk, caller, found)
        case "history":
            return _history(site, desk, caller, found, asked.page)
        case "money":
            return _money(caller.language, found)
        case _:
            return _about(found)


def _found(
    site: DeskSite, _request: Request, caller: Caller, plan: str, course: str
) -> tuple[PlanDesk, CoursePage]:
    """The course that is asked for; raises TurnedAway where neither plan nor books know it."""
    desk = site.desk(caller, plan)
    found = CoursePage(desk.books, course, reader=reader_of(caller.visitor.roles))
    if not found.is_known:
        raise TurnedAway(unknown_course(caller, course, desk.written.id))
    return desk, found


def unknown_course(caller: Caller, course: str, plan: str) -> Response:
    """The page that says so, with the way to those that there are."""
    page = PAGES.draw(
        "no_course", caller.language, course=course, way=f"/courses?{urlencode({'plan': plan})}"
    )
    return Response(page, status_code=404, media_type="text/html; charset=utf-8")


def _link(desk: PlanDesk, course: str, view: str, group: str, words: str) -> Callable[..., str]:
    """The address of the page with something else chosen; of another view from its beginning."""

    def link(**other: object) -> str:
        chosen = {"view": view, "group": group, "q": words} if "view" not in other else {}
        said = {name: value for name, value in (chosen | other).items() if value}
        return f"/courses/{course}?{urlencode({'plan': desk.written.id} | said)}"

    return link


def _people(site: DeskSite, desk: PlanDesk, caller: Caller, found: CoursePage, asked: ViewAsked) -> Facts:
    group, words = asked.group, typed(asked.words)[:LONGEST_WORDS]
    everybody = found.people(caller.language)
    named = [person for person in everybody if person.is_called(words)]
    chosen = [person for person in named if person.is_in(group)]
    shown, number, pages = paged(chosen, asked.page, PEOPLE_A_PAGE)
    counts = {one.value: sum(person.is_in(one.value) for person in named) for one in Group}
    desk.look(caller.visitor, "registrations", course=found.id, subject=str(len(everybody)))
    course = found.course
    return {
        "people": shown,
        "person_id": site.person_ids(found.state.people).of,
        "in_all": len(everybody),
        "found": len(chosen),
        "named": len(named),
        "counts": {name: count for name, count in counts.items() if count or name == group},
        "group": group,
        "words": words,
        "number": number,
        "page_count": pages,
        "signs_up": course is not None and course.enrolment.mode.value == "signup",
        "came": _came(found, shown, caller.language),
        "asked": found.asked_managers(caller.language),
        "said": found.said,
        "given": found.given,
    }


def _came(
    found: CoursePage, people: Iterable[CoursePerson], language: Language
) -> dict[tuple[str, str], str]:
    """By (offering, address) whether they came, in words, as far as it is known."""
    offerings = found.course.offerings if found.course else ()
    titles = {
        session.id: session.title or (short_moment_text(language, session.start) if session.start else "")
        for offering in offerings
        for session in offering.sessions
    }
    told = {
        (one.offering, one.email): attendance_text(
            found.attendance, one.offering, one.email, language, titles
        )
        for one in people
    }
    return {key: words for key, words in told.items() if words}


def _answers(found: CoursePage) -> Facts:
    days = found.answers()
    return {"days": days, "chart": answer_chart(days, found.today)}


def _questions(site: DeskSite, desk: PlanDesk, caller: Caller, found: CoursePage, page: str) -> Facts:
    people = found.state.people
    names = {row.email: row.name for row in found.rows if row.name}
    everybody = sorted(found.given, key=lambda email: danish_key(names.get(email) or name_of(people, email)))
    shown, number, pages = paged(everybody, page, PEOPLE_A_PAGE)
    if found.given:
        desk.look(caller.visitor, "answers", course=found.id, subject=str(len(everybody)))
    named = site.person_ids(people).of
    return {
        "asked": found.questions,
        "has_hidden": found.has_hidden_questions,
        "numbers": numbers_of(found.given),
        "answers_of": [
            (names.get(email) or name_of(people, email), named(email), found.given[email]) for email in shown
        ],
        "number": number,
        "page_count": pages,
    }


def _messages(desk: PlanDesk, caller: Caller, found: CoursePage) -> Facts:
    desk.look(caller.visitor, "messages", course=found.id)
    told = broadcasts_of(desk.books, found.id) if Area.WRITE in caller.areas else ()
    facts: Facts = {"written": told, "mail": None, "trouble": "", "text_of": text_of, "reminders": ()}
    if Area.HAND in caller.areas and found.told is not None:
        facts["reminders"] = _reminders(desk, caller, found.told)
    try:
        return facts | {"mail": found.mail()}
    except InputError as error:
        return facts | {"trouble": desk_text(caller.language, error)}


def _reminders(desk: PlanDesk, caller: Caller, course: Course) -> list[tuple[ReminderInHand, str, str]]:
    """Each that is on its way or skipped, with what it is about and where it can be decided on."""
    by = caller.visitor.email or caller.visitor.subject
    hand = ReminderHand(desk.books, course.id, by=by, door=Door.DESK)
    plan = desk.written.id
    return [(one, topic_place(course, one.topic), reminder_address(plan, one.topic)) for one in hand.listed()]


def _history(site: DeskSite, desk: PlanDesk, caller: Caller, found: CoursePage, page: str) -> Facts:
    lines = found.history(caller.language)
    shown, number, pages = paged(lines, page, LINES_A_PAGE)
    desk.look(caller.visitor, "seats", course=found.id, subject=str(len(lines)))
    return {
        "lines": shown,
        "person_id": site.person_ids(found.state.people).of,
        "in_all": len(lines),
        "number": number,
        "page_count": pages,
    }


def _money(language: Language, found: CoursePage) -> Facts:
    money = found.money()
    return {"money": money, "words": Words(language, money.questions)}


def _about(found: CoursePage) -> Facts:
    course, names = found.course, found.audiences
    return {
        "course": course,
        "audience": [names.get(one, one) for one in course.audience] if course else [],
        "optional": [names.get(one, one) for one in course.optional_audience] if course else [],
    }


def _sheet(desk: PlanDesk, caller: Caller, course: str, session: str) -> Response:
    """The sheet to sign of one session."""
    work = desk.books
    lists = participant_lists(
        work.plan, work.stores, course=course, now=work.now(), reader=SeenBy.PARTICIPANTS
    )
    try:
        only = of_session(lists, session)
    except InputError:
        raise TurnedAway(unknown_course(caller, course, desk.written.id)) from None
    desk.note(
        caller.visitor, "registrations", course=course, subject=str(len(lists.addresses)), detail="html"
    )
    return own_document(list_file(only, "html", caller.language))
