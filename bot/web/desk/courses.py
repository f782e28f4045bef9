"""The courses of a plan: the list of them, and everybody's lists to take along.

GET  /courses            the list, chosen and searched by the address; `?format=` is everybody's list     HR, reader
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.registrations.lists import list_file, participant_lists
from bot.desks.views.courses import course_list
from bot.domain.plan import CourseStatus
from bot.domain.questions import reader_of
from bot.domain.sign_in import Area
from bot.i18n.catalogue import text
from bot.messages.characters import typed
from bot.overview.course_list import GONE, Choice, Concern, counted_choices
from bot.web.desk.access import caller_of
from bot.web.desk.downloads import file_named, own_document
from bot.web.desk.paging import paged
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desks.plan_desk import PlanDesk
    from bot.web.desk.access import Caller

A_PAGE = 100
LONGEST_WORDS = 100
STATUSES = (*(status.value for status in CourseStatus), GONE)
FORMS = frozenset({"xlsx", "csv", "html"})


def courses_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/courses", dependencies=[Depends(site.access.to(Area.COURSES))])
    def show(
        request: Request, plan: str = "", status: str = "", half: str = "", look: str = "", q: str = "",
        page: str = "", form: Annotated[str, Query(alias="format")] = "",
    ) -> Response:  # fmt: skip
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        if form in FORMS:
            return whole_list(desk, caller, form)
        choice = Choice(status=status, half=half, look=look, words=typed(q)[:LONGEST_WORDS])
        courses = course_list(desk.books, waiting_courses(desk))
        counts = counted_choices(courses, choice)
        found = [course for course in courses if choice.has(course)]
        shown, number, pages = paged(found, page, A_PAGE)
        return site.show(
            request, caller, Area.COURSES, "courses", desk=desk, courses=shown, found=len(found),
            in_all=len(courses), is_hr=Area.CHANGES in caller.areas, choice=choice,
            link=_link(desk, choice), number=number, page_count=pages, counts=counts,
            statuses=[one for one in STATUSES if counts["status"][one] or one == status],
            halves=sorted(counts["half"].keys() | ({half} if half else set())),
            looks=[one.value for one in Concern if counts["look"][one.value] or one.value == look],
        )  # fmt: skip

    return routes


def waiting_courses(desk: PlanDesk) -> frozenset[str]:
    """The ids of the courses with a change that waits for a person."""
    pending = desk.pending()
    return frozenset(one.course for one in pending.courses) if pending else frozenset()


def whole_list(desk: PlanDesk, caller: Caller, form: str, *, course: str | None = None) -> Response:
    """The list of a course or of all, to take along; who took it is written down.

    Raises InputError for a course that nobody has been told of, DatabaseFailed.
    """
    work = desk.books
    reader = reader_of(caller.visitor.roles)
    lists = participant_lists(work.plan, work.stores, course=course, now=work.now(), reader=reader)
    desk.note(
        caller.visitor, "registrations", course=course or "", subject=str(len(lists.addresses)), detail=form
    )
    data = list_file(lists, form, caller.language)
    if form == "html":
        return own_document(data)
    title = work.plan.title_of(course) if course else work.plan.organisation
    called = text(caller.language, "course.file", title=title)
    return file_named(data, form, plain=f"{course or work.plan.id}", called=called)


def _link(desk: PlanDesk, choice: Choice) -> Callable[..., str]:
    """The address of the list with something else chosen; what is chosen already stays."""

    def link(**other: object) -> str:
        chosen = {
            "status": choice.status, "half": choice.half, "look": choice.look, "q": choice.words, "page": "",
        } | other  # fmt: skip
        said = {name: value for name, value in chosen.items() if value}
        return f"/courses?{urlencode({'plan': desk.written.id} | said)}"

    return link
