"""The registrations workbook given back with who came in it.

    POST /attendance/book         a file: what it says, and what in it is not understood     HR
    POST /attendance/book/take    what was shown, said by HR; then 303 to the numbers        HR

Where a list has changed since HR looked, none of it is taken (409), and HR is told to send the file again.
What was read goes along in the form, so nothing of the file is kept before HR says so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from bot.desks.registrations.attendance_book import by_session, checked, packed, read_back, say_back
from bot.domain.approvals import Door as Doors
from bot.domain.attendance import AttendanceSource
from bot.domain.door import DoorKeeper
from bot.domain.errors import InputError
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text, text
from bot.web.desk.access import caller_of
from bot.web.desk.plan_visit import sent_form
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from bot.registrations.attendance_book import AttendanceRead

LARGEST_FILE = 3_000_000
LARGEST_BOOK = LARGEST_FILE + 100_000
"""A file with the form around it."""


def attendance_book_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.post("/attendance/book", dependencies=site.to_send(Area.HAND))
    def look(request: Request, data: Annotated[FormData, Depends(sent_form)], plan: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books, wrong = desk.books, ""
        read: AttendanceRead | None = None
        file = data.get("file")
        try:
            sent = file.file.read(LARGEST_FILE + 1) if isinstance(file, UploadFile) else b""
            read = read_back(books, sent, str(getattr(file, "filename", "")))
        except InputError as error:
            wrong = desk_text(caller.language, error)
        return site.show(
            request, caller, Area.COURSES, "attendance_book", desk=desk, status=422 if wrong else 200,
            wrong=wrong, read=read, sessions=by_session(read, books) if read else (),
            along=json.dumps(packed(read, books, secret=site.secret), ensure_ascii=False) if read else "",
        )  # fmt: skip

    @routes.post("/attendance/book/take", dependencies=site.to_send(Area.HAND))
    def take(request: Request, plan: str = "", said: Annotated[str, Form()] = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        visitor = caller.visitor
        keeper = DoorKeeper(
            source=AttendanceSource.HR, name=visitor.email or visitor.subject, door=Doors.DESK.value
        )
        try:
            is_kept = say_back(desk.books, checked(json.loads(said or "[]")), keeper, secret=site.secret)
        except (ValueError, InputError):
            is_kept = False
        if not is_kept:
            return site.show(
                request, caller, Area.COURSES, "attendance_book", desk=desk, status=409,
                wrong=text(caller.language, "attendance_book.changed"), read=None, sessions=(), along="",
            )  # fmt: skip
        return RedirectResponse(f"/attendance?{urlencode({'plan': desk.written.id})}", 303)

    return routes
