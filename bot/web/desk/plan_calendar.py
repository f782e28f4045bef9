"""The year of the plan as a calendar: what is held when, and what stands in each other's way.

GET  /plan/calendar?year=     by what is written; changes nothing     HR
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.domain.sign_in import Area
from bot.plan.report import problem_text
from bot.plan.year_calendar import calendar_of
from bot.web.desk.access import caller_of
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.plan.year_calendar import CalendarEntry

FIRST_YEAR, LAST_YEAR = 2000, 2199


def calendar_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/plan/calendar", dependencies=[Depends(site.access.to(Area.PLAN))])
    def show(request: Request, plan: str = "", year: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books = desk.books
        today = books.now().astimezone(ZoneInfo(books.written.timezone)).date()
        asked = int(year) if year.isascii() and year.isdigit() and len(year) == len("2027") else today.year
        calendar = calendar_of(
            books.whole,
            min(max(asked, FIRST_YEAR), LAST_YEAR),
            now=books.now(),
            courses_a_week=books.settings.courses_a_week,
        )
        return site.show(
            request,
            caller,
            Area.PLAN,
            "plan_calendar",
            desk=desk,
            calendar=calendar,
            today=today,
            told=lambda entry: _told(entry, caller.language),
        )

    return routes


def _told(entry: CalendarEntry, language: Language) -> list[str]:
    """What is wrong with it, each thing once."""
    return list(dict.fromkeys(problem_text(language, problem) for problem in entry.problems))
