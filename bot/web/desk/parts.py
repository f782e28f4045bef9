"""The desk as a part of the pages: who signs in with whom, and what they may see then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware

from bot.desks.plans.group_look import GroupLook
from bot.desks.seen import SeenPlans
from bot.desks.service_view import NoService, ServiceView
from bot.web.desk.access import Access, TurnedAway, turn_away
from bot.web.desk.again import again_routes
from bot.web.desk.answers import answers_routes
from bot.web.desk.attendance import attendance_routes
from bot.web.desk.attendance_book import LARGEST_BOOK, attendance_book_routes
from bot.web.desk.broadcasts import broadcast_routes
from bot.web.desk.certificates import certificate_routes
from bot.web.desk.change_look import change_look_routes
from bot.web.desk.changes import changes_routes
from bot.web.desk.check_in import check_in_routes
from bot.web.desk.courses import courses_routes
from bot.web.desk.dates import date_routes
from bot.web.desk.decisions import decision_routes
from bot.web.desk.door import door_routes
from bot.web.desk.door_sheet import door_sheet_routes
from bot.web.desk.evaluations import evaluation_routes
from bot.web.desk.hand import hand_routes
from bot.web.desk.list_mail import list_mail_routes
from bot.web.desk.me import own_routes
from bot.web.desk.my_people import my_people_routes
from bot.web.desk.one_course import one_course_routes
from bot.web.desk.pages import showing_routes
from bot.web.desk.people import people_routes
from bot.web.desk.person_delegates import delegate_routes
from bot.web.desk.person_rights import rights_routes
from bot.web.desk.plan import plan_routes
from bot.web.desk.plan_begin import plan_begin_routes
from bot.web.desk.plan_calendar import calendar_routes
from bot.web.desk.plan_copies import plan_copy_routes
from bot.web.desk.plan_draft import plan_draft_routes
from bot.web.desk.plan_edit import plan_edit_routes
from bot.web.desk.plan_list import plan_list_routes
from bot.web.desk.plan_ways import plan_way_routes
from bot.web.desk.progress import progress_routes
from bot.web.desk.reminders import reminder_routes
from bot.web.desk.revisions import revision_routes
from bot.web.desk.runs import run_routes
from bot.web.desk.site import DeskSite
from bot.web.desk.tasks import task_routes
from bot.web.desk.time import time_routes
from bot.web.desk.wording import wording_routes
from bot.web.limits import Limits
from bot.web.parts import WebPart
from bot.web.sign_in.bearer import Bearers
from bot.web.sign_in.browsers import Browsers
from bot.web.sign_in.in_teams import TeamsFrames
from bot.web.sign_in.provider import Provider
from bot.web.sign_in.routes import SignInDoor
from bot.web.sign_in.tab import TabDoor

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.desks.plans.store import PlanStore
    from bot.desks.reach import Reach
    from bot.ports.moving_time import MovingTime
    from bot.ports.sign_ins import SignInBook
    from config.sign_in import SignInSettings

UNDER_WAY_SECONDS = 600
"""How long somebody may take at the provider."""

LARGEST_DECISION = 256 * 1024
"""A decision names every course that it is about, with its checksum."""

LARGEST_FORM = 4 * 1024 * 1024
"""A form of the plan has every person of every audience in it, as they stood and as they are typed; a
workbook of a whole plan is smaller than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskParts:
    """What the desk is made of: `desks` by plan id, `keys` sign (the first what is new), `clock` gives UTC.

    The clock is the machine's, also where `--now` stands still: it is for waiting, not for what is due.
    `wake(plan, job)` lets a job of a plan come next, `reach` asks Microsoft 365, `service` tells how the
    service fares. `time` is that of a demonstration, where people move it. `has_tab`: the desk is a tab in
    Teams as well.
    """

    settings: SignInSettings
    desks: Mapping[str, PlanDesk]
    sign_ins: SignInBook
    keys: Sequence[str]
    home: str
    clock: Callable[[], datetime]
    wake: Callable[[str, str], None]
    reach: Reach
    time: MovingTime | None = None
    has_tab: bool = False
    service: ServiceView = field(default_factory=NoService)
    empty: Mapping[str, PlanStore] = field(default_factory=dict)
    """The plans that are to be written at the desk and that nobody has begun, by their ids."""


def desk_pages(parts: DeskParts) -> WebPart:
    """The pages for whoever is signed in, and signing in; raises InputError for an unreadable certificate."""
    home, secure = parts.home.rstrip("/"), urlsplit(parts.home).scheme == "https"
    browsers = Browsers(parts.sign_ins, parts.keys, parts.clock, secure=secure, has_tab=parts.has_tab)
    site = DeskSite(
        every_desk=parts.desks,
        access=Access(browsers, parts.clock, SeenPlans(parts.desks, parts.reach, parts.clock)),
        home=home,
        secret=parts.keys[0],
        wake=parts.wake,
        reach=parts.reach,
        groups=GroupLook(parts.reach, parts.clock),
        time=parts.time,
        empty=parts.empty,
    )
    door = SignInDoor(
        provider=Provider(parts.settings), browsers=browsers, home=home, secret=parts.keys[0],
        now=parts.clock, has_tab=parts.has_tab,
    )  # fmt: skip
    router = APIRouter()
    for routes in (
        door.routes(),
        *_tab_routes(parts, browsers, home),
        showing_routes(site),
        changes_routes(site),
        change_look_routes(site),
        progress_routes(site),
        decision_routes(site),
        plan_routes(site),
        wording_routes(site),
        calendar_routes(site),
        revision_routes(site),
        plan_draft_routes(site),
        plan_way_routes(site),
        plan_begin_routes(site),
        plan_edit_routes(site),
        plan_list_routes(site),
        plan_copy_routes(site),
        date_routes(site),
        people_routes(site),
        rights_routes(site),
        delegate_routes(site),
        time_routes(site),
        courses_routes(site),
        one_course_routes(site),
        list_mail_routes(site),
        hand_routes(site),
        door_routes(site),
        door_sheet_routes(site),
        attendance_routes(site),
        attendance_book_routes(site),
        evaluation_routes(site),
        task_routes(site),
        check_in_routes(site),
        reminder_routes(site),
        again_routes(site),
        answers_routes(site),
        own_routes(site),
        my_people_routes(site),
        run_routes(site, parts.service),
        broadcast_routes(site),
        certificate_routes(site),
    ):
        router.routes.extend(routes.routes)
    under_way = Middleware(
        SessionMiddleware,
        secret_key=parts.keys[0],
        # The prefix keeps other hosts of the same domain from setting one.
        session_cookie="__Host-kursusbot_signin" if secure else "kursusbot_signin",
        max_age=UNDER_WAY_SECONDS,
        path="/",
        same_site="lax",
        https_only=secure,
    )
    return WebPart(
        router=router,
        limits=(
            Limits(paths=("/attendance/book",), largest_body=LARGEST_BOOK),
            Limits(paths=("/changes", "/courses/"), largest_body=LARGEST_DECISION),
            Limits(
                paths=("/plan/edit", "/plan/edit/", "/plan/import", "/plan/import/list"),
                largest_body=LARGEST_FORM,
            ),
        ),
        handlers={TurnedAway: turn_away},
        middleware=(under_way, *([Middleware(TeamsFrames, secure=secure)] if parts.has_tab else [])),
    )


def _tab_routes(parts: DeskParts, browsers: Browsers, home: str) -> list[APIRouter]:
    """The tab in Teams, where there is one."""
    if not parts.has_tab:
        return []
    host = urlsplit(home).netloc
    bearers = Bearers(parts.settings, Provider(parts.settings), clock=parts.clock, host=host)
    return [TabDoor(bearers=bearers, browsers=browsers, home=home).routes()]
