"""HR's own words tried out on a real course: what they become in a message, before they stand in the plan.

    GET  /plan/texts         `course`, `message`, `language`: the words that the plan has there, and what can be filled in
    POST /plan/texts         those and `opening`, `closing`: the message with these words            HR; keeps and sends nothing

What the form sends has the names of the columns of the sheet `texts` (`bot.plan.sheets`). What is wrong with
the words stands beside them, with 422.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from markupsafe import Markup

from bot.desks.messages.reminder_mail import made_up_link
from bot.desks.messages.shown import MessageReader
from bot.desks.messages.wording import (
    CHOICES,
    courses_to_try,
    fields_of,
    message_name,
    try_words,
    words_now,
)
from bot.domain.desk_plans import DeskSave
from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.sign_in import Area
from bot.domain.wording import LONGEST_WORDING, WORDED, Wording
from bot.i18n.catalogue import error_text, text
from bot.messages.characters import typed
from bot.messages.plain_html import without_looks
from bot.messages.plain_text import text_of
from bot.plan.report import problem_text
from bot.plan.sheets import TEXTS
from bot.web.desk.access import caller_of
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from bot.desks.messages.wording import TriedWords
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.plan import Course

LANGUAGES = {language.value: language for language in Language}


def wording_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/plan/texts", dependencies=[Depends(site.access.to(Area.PLAN))])
    def show(
        request: Request, plan: str = "", course: str = "", message: str = "", language: str = ""
    ) -> Response:
        desk = site.desk(caller_of(request), plan)
        about = _about(desk, course)
        asked = _asked(desk, message, language)
        wording = words_now(desk.written, about, *asked) if about else None
        return _page(site, request, desk, about, wording or Wording(message=asked[0], language=asked[1]))

    @routes.post("/plan/texts", dependencies=site.to_send(Area.PLAN))
    def try_out(
        request: Request,
        plan: str = "",
        course: Annotated[str, Form()] = "",
        message: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "",
        opening: Annotated[str, Form()] = "",
        closing: Annotated[str, Form()] = "",
    ) -> Response:
        desk = site.desk(caller_of(request), plan)
        chosen, speaks = _asked(desk, message, language)
        words = {"opening": typed(opening), "closing": typed(closing)}
        wording = Wording(message=chosen, language=speaks, **words)
        return _page(site, request, desk, _about(desk, course), wording)

    return routes


def _about(desk: PlanDesk, course: str) -> Course | None:
    """The course asked for, else the first that can be shown; None where the plan has none."""
    courses = courses_to_try(desk.written)
    return next((one for one in courses if one.id == course), courses[0] if courses else None)


def _asked(desk: PlanDesk, message: str, language: str) -> tuple[str, Language]:
    """What is asked for, else the first message in the plan's language."""
    return (message if message in WORDED else CHOICES[0]), LANGUAGES.get(language, desk.written.language)


def _page(
    site: DeskSite, request: Request, desk: PlanDesk, course: Course | None, wording: Wording
) -> Response:
    caller = caller_of(request)
    tried, broken = None, ""
    if course is not None:
        try:
            tried = _tried(desk, course, wording)
        except InputError as error:
            broken = error_text(caller.language, error)
    problems = tried.problems if tried else {}
    mail = tried.mail if tried else None
    return site.show(
        request, caller, Area.PLAN, "wording", status=422 if problems or broken else 200, desk=desk,
        course=course, wording=wording, broken=broken, longest=LONGEST_WORDING,
        wrong={
            part: " ".join(problem_text(caller.language, one) for one in found)
            for part, found in problems.items()
        },
        mail=mail,
        body=Markup(without_looks(mail.html)) if mail else "",  # noqa: S704 - made safe where it was made
        plain=text_of(mail.html) if mail else "",
        courses=courses_to_try(desk.written), languages=tuple(Language),
        messages=[(message, message_name(message, caller.language)) for message in CHOICES],
        fields=fields_of(wording.message, wording.language),
        sheet=TEXTS.danish if caller.language is Language.DA else TEXTS.english,
        is_here=isinstance(desk.books.origin, DeskSave),
        columns=[one.danish if caller.language is Language.DA else one.english for one in TEXTS.columns],
    )  # fmt: skip


def _tried(desk: PlanDesk, course: Course, wording: Wording) -> TriedWords:
    """As somebody who is made up would get it: nobody's name stands on the page."""
    name = text(wording.language, "messages.made_up_name")
    reader = MessageReader(name=name, link=made_up_link(desk.books)("", course.id))
    today = desk.books.now().astimezone(ZoneInfo(desk.written.timezone)).date()
    return try_words(desk.written, course, wording, reader, today=today)
