"""A session's list as a workbook: out of the desk to be filled in, and back with a look at it first.

    GET  /courses/{id}/door/list.xlsx?…    the list to fill in                                        HR
    POST /courses/{id}/door/list?…         a file: what it says, and what in it is not understood     HR
    POST /courses/{id}/door/list/take?…    what was shown, said by HR; then 303 to the door           HR

What was read goes along in the form, so nothing of the file is kept before HR says so.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from bot.desks.day.door import DoorDesk
from bot.desks.day.door_sheets import filled_in, sheet_to_fill_in
from bot.domain.approvals import Door as Doors
from bot.domain.attendance import AttendanceSaid, AttendanceSource
from bot.domain.door import MOST_WORDS, DoorKeeper, Tick
from bot.domain.errors import InputError
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text, text
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.downloads import file_named
from bot.web.desk.plan_visit import sent_form
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from datetime import datetime

    from bot.registrations.door_sheet import ReadSheet

LARGEST_FILE = 200_000


def door_sheet_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/courses/{course}/door/list.xlsx", dependencies=[Depends(site.access.to(Area.HAND))])
    def take_along(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = ""
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books, where = desk.books, (course, offering, session)
        data = sheet_to_fill_in(books.plan, books.stores, where, secret=site.secret, language=caller.language)
        if data is None:
            raise TurnedAway(sorry("no_course", caller.language, 404))
        desk.note(caller.visitor, "attendance", course=course, detail=f"{offering}/{session}: xlsx")
        called = text(caller.language, "door_sheet.file", title=books.plan.title_of(course))
        return file_named(data, "xlsx", plain="attendance", called=called)

    @routes.post("/courses/{course}/door/list", dependencies=site.to_send(Area.HAND))
    def look(
        request: Request, course: str, data: Annotated[FormData, Depends(sent_form)],
        plan: str = "", offering: str = "", session: str = "",
    ) -> Response:  # fmt: skip
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books, wrong, read = desk.books, "", None
        file = data.get("file")
        try:
            sent = file.file.read(LARGEST_FILE + 1) if isinstance(file, UploadFile) else b""
            name = str(getattr(file, "filename", ""))
            where = (course, offering, session)
            read = filled_in(books.plan, books.stores, where, sent, name, secret=site.secret)
        except InputError as error:
            wrong = desk_text(caller.language, error)
        if read is None and not wrong:
            raise TurnedAway(sorry("no_course", caller.language, 404))
        return site.show(
            request, caller, Area.COURSES, "door_sheet", desk=desk, status=422 if wrong else 200,
            title=books.plan.title_of(course), wrong=wrong, read=read, along=_packed(read),
            address=_address(course, "door/list/take", desk.written.id, offering, session),
            back=_address(course, "door", desk.written.id, offering, session),
        )  # fmt: skip

    @routes.post("/courses/{course}/door/list/take", dependencies=site.to_send(Area.HAND))
    def take(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = "",
        said: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books, visitor = desk.books, caller.visitor
        keeper = DoorKeeper(
            source=AttendanceSource.HR, name=visitor.email or visitor.subject, door=Doors.DESK.value
        )
        door = DoorDesk(books.settings, books.plan, books.stores, secret=site.secret)
        if door.note(course, offering, session, _unpacked(said, books.now()), keeper) is None:
            raise TurnedAway(sorry("no_course", caller.language, 404))
        return RedirectResponse(_address(course, "door", desk.written.id, offering, session), 303)

    return routes


def _address(course: str, what: str, plan: str, offering: str, session: str) -> str:
    query = urlencode({"plan": plan, "offering": offering, "session": session})
    return f"/courses/{quote(course, safe='')}/{what}?{query}"


def _packed(read: ReadSheet | None) -> str:
    marks = read.marks if read is not None else ()
    return json.dumps([[one.who, one.name, one.said.value] for one in marks], ensure_ascii=False)


def _unpacked(said: str, now: datetime) -> list[Tick]:
    """What went along; nothing where it is not what we put there. The door takes only whom it knows."""
    try:
        marks = json.loads(said or "[]")
    except ValueError:
        return []
    ticks: list[Tick] = []
    for one in marks[:MOST_WORDS] if isinstance(marks, list) else ():
        match one:
            case [str(who), str(name), ("came" | "absent") as word]:
                about = {"who": who} if who else {"name": name}
                key = secrets.token_urlsafe(12)
                ticks.append(Tick(key=key, said=AttendanceSaid(word), at=now, **about))
    return ticks
