"""HR's hand on single mails: one reminder, or one mail about a course once more. Only HR.

GET   /api/v1/plans/{plan}/reminders     what is coming, to whom, `?course=` for one course           logged
POST  /api/v1/plans/{plan}/reminders     one is skipped, sent now, or left to the plan again          logged
POST  /api/v1/plans/{plan}/messages      the mail about signing up, or the answer to a wish, again    logged

What is said is about whoever it is about now; the round that sends comes next.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.messages.reminder_hand import ReminderHand
from bot.desks.messages.reminder_rows import reminder_objects
from bot.desks.messages.told_again import AgainDesk
from bot.domain.approvals import Door
from bot.domain.errors import InputError
from bot.domain.reminders import WordKind
from bot.i18n.catalogue import error_text
from bot.messages.characters import typed
from bot.rounds.reminders import coming_reminders
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, piece
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.api.paging import DEFAULT
from bot.web.api.shapes import LONGEST_ID
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desks.messages.reminder_hand import WordWish
    from bot.desks.plan_desk import PlanDesk
    from bot.web.api.access import ApiSite, Asker

FOLLOW, REMIND = "follow_decisions", "send_reminders"
REMINDERS = "/plans/{plan}/reminders"


def single_mail_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])
    only_hr = [Depends(site.to(HR))]

    @routes.get(REMINDERS, response_model=shapes.ReminderRows, dependencies=only_hr)
    def listed(
        request: Request,
        plan: str,
        course: Annotated[str, Query(max_length=LONGEST_ID)] = "",
        limit: Limit = DEFAULT,
        cursor: Cursor = "",
    ) -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course) if course else site.desk(asker, plan)
        books = desk.books
        standing = plan_as_it_stands(books.plan, books.stores)
        found, _ = coming_reminders(replace(books, plan=standing))
        rows: list[Row] = [*reminder_objects(one for one in found if course in {"", one.item.course})]
        shown = piece(site, asker, rows, _reminder_name, limit=limit, cursor=cursor)
        people = {str(row["email"]) for row in json.loads(bytes(shown.body))["items"]}
        subject = next(iter(people)) if len(people) == 1 else str(len(people))
        desk.stores.actions.note(
            line_of(desk, asker, "messages", course=course, subject=subject, detail="json")
        )
        return shown

    @routes.post(REMINDERS, response_model=shapes.ReminderHeard, responses=CONFLICT, dependencies=only_hr)
    def say(request: Request, plan: str, asked: shapes.ReminderAsked, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, asked.course)
        return once(request, asker, desk, key, asked, partial(_say, site, desk, asker, asked))

    @routes.post(
        "/plans/{plan}/messages",
        response_model=shapes.MessageOnItsWay,
        responses=CONFLICT,
        dependencies=only_hr,
    )
    def send_again(request: Request, plan: str, asked: shapes.MessageAgainAsked, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, asked.course)
        return once(request, asker, desk, key, asked, partial(_send_again, site, desk, asker, asked))

    return routes


def _desk(site: ApiSite, asker: Asker, plan: str, course: str) -> PlanDesk:
    """Raises AnswerProblem where nobody has been told of the course."""
    desk = site.desk(asker, plan)
    if desk.books.plan.course(course) is None:
        raise AnswerProblem(usual_problem(404, "no_course", asker.language))
    return desk


def _say(
    site: ApiSite, desk: PlanDesk, asker: Asker, asked: shapes.ReminderAsked, since: datetime | None
) -> Response:
    try:
        hand = ReminderHand(desk.books, asked.course, by=asker.by, door=Door.API)
        wish = hand.wish(WordKind(asked.action), asked.rule, asked.offering, asked.session, asked.email or "")
        hand.say(wish, digest=None, reason=typed(asked.reason), at_once=asked.at_once, since=since)
    except InputError as error:
        raise AnswerProblem(_refused(error, asker)) from None
    site.wake(desk.written.id, REMIND)
    return answer({"reminders": _as_they_stand(desk, asker, wish)})


def _as_they_stand(desk: PlanDesk, asker: Asker, wish: WordWish) -> list[Row]:
    found = ReminderHand(desk.books, wish.topic.course, by=asker.by, door=Door.API).find(wish.topic)
    readers = found.readers if found else ()
    meant = [one for one in readers if not wish.email or wish.email == one.email]
    return [row for one in meant for row in reminder_objects(one.reminders)]


def _send_again(
    site: ApiSite, desk: PlanDesk, asker: Asker, asked: shapes.MessageAgainAsked, since: datetime | None
) -> Response:
    try:
        again = AgainDesk(desk.books, asked.course, asked.email, by=asker.by, door=Door.API)
        chosen = again.choose(asked.offering, sign_up=asked.what == "sign_up", since=since)
        again.send(chosen.key, reason=typed(asked.reason), at_once=asked.at_once)
    except InputError as error:
        raise AnswerProblem(_refused(error, asker)) from None
    site.wake(desk.written.id, FOLLOW)
    return answer({"kind": chosen.kind.value, "offering": chosen.offering, "email": chosen.email})


def _refused(error: InputError, asker: Asker) -> Response:
    return problem(409, error.code, error_text(asker.language, error))


def _reminder_name(row: Row) -> str:
    said = (row.get(name, "") for name in ("session", "rule", "email", "copy_of", "channel", "due_at"))
    return " ".join(map(str, said))
