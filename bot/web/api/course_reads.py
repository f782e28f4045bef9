"""What a plan's desk shows of today, and of one course beside who is coming.

GET  /api/v1/plans/{plan}/today                          what waits for a person, what is near      HR; logged
GET  /api/v1/plans/{plan}/courses/{course}/messages      what was sent and what comes               HR, reader; logged
GET  /api/v1/plans/{plan}/courses/{course}/history       the seat log in words, the latest first    HR, reader; logged
GET  /api/v1/plans/{plan}/courses/{course}/answers       what people answered to its questions      HR; logged
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.desks.views.course import CoursePage
from bot.desks.views.today import today_by_the_books
from bot.domain.errors import InputError
from bot.domain.questions import SeenBy
from bot.i18n.asked import question_text
from bot.i18n.catalogue import desk_text
from bot.messages.plain_text import text_of
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, READERS, Asker, asker_of
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, on_the_plans_clock, piece, utc
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.api.paging import DEFAULT
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.hr_report.today import NearDate, TodayItem
    from bot.web.api.access import ApiSite


def course_reading_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])

    @routes.get(
        "/plans/{plan}/today", response_model=shapes.TodayDocument, dependencies=[Depends(site.to(HR))]
    )
    def today(request: Request, plan: str) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        page = today_by_the_books(desk.books, is_wrong=desk.wrong is not None)
        desk.stores.actions.note(line_of(desk, asker, "report", detail="json"))
        zone = desk.written.timezone
        answers = [
            {"course": course, "title": title, "yes": yes, "maybe": maybe, "no": no}
            for course, title, yes, maybe, no in page.answers
        ]
        return answer(
            {
                "plan": plan,
                "at": on_the_plans_clock(page.wall.replace(microsecond=0), zone),
                "items": [_item(one, zone) for one in page.items],
                "near": [_near(one, zone) for one in page.near],
                "answers": answers,
            }
        )

    @routes.get(
        "/plans/{plan}/courses/{course}/messages",
        response_model=shapes.MessagesDocument,
        responses=CONFLICT,
        dependencies=[Depends(site.to(READERS))],
    )
    def messages(request: Request, plan: str, course: str) -> Response:
        asker = asker_of(request)
        desk, page = _found(site, asker, plan, course)
        desk.stores.actions.note(line_of(desk, asker, "messages", course=course, detail="json"))
        try:
            mail = page.mail()
        except InputError as error:
            refused = problem(409, error.code, desk_text(asker.language, error))
            raise AnswerProblem(refused) from None
        sent = [
            {"kind": one.kind, "counts": dict(one.counts), "first": utc(first), "last": utc(last)}
            for one, first, last in mail.sent
        ]
        coming = [
            {
                "kind": one.code,
                "name": one.kind,
                "when": one.when,
                "to": one.to,
                "subject": one.subject,
                "text": one.plain or text_of(one.html),
                "events": [
                    {"subject": what, "when": when, "where": where} for what, when, where in one.events
                ],
            }
            for one in mail.coming
        ]
        return answer({"course": course, "sent": sent, "coming": coming})

    @routes.get(
        "/plans/{plan}/courses/{course}/history",
        response_model=shapes.HistoryRows,
        dependencies=[Depends(site.to(READERS))],
    )
    def history(
        request: Request, plan: str, course: str, limit: Limit = DEFAULT, cursor: Cursor = ""
    ) -> Response:
        asker = asker_of(request)
        desk, page = _found(site, asker, plan, course)
        lines = page.history(asker.language)
        rows: list[Row] = [
            {
                "number": len(lines) - place,
                "at": utc(one.at),
                "email": one.email,
                "name": one.name,
                "offering": one.offering,
                "said": one.said,
                "change": one.change,
                "by": one.by,
                "reason": one.reason,
                "late": one.late,
            }
            for place, one in enumerate(lines)
        ]
        found = piece(site, asker, rows, lambda row: str(row["number"]), limit=limit, cursor=cursor)
        desk.stores.actions.note(line_of(desk, asker, "seats", course=course, detail="json"))
        return found

    @routes.get(
        "/plans/{plan}/courses/{course}/answers",
        response_model=shapes.AnswerRows,
        dependencies=[Depends(site.to(HR))],
    )
    def answers(
        request: Request, plan: str, course: str, limit: Limit = DEFAULT, cursor: Cursor = ""
    ) -> Response:
        asker = asker_of(request)
        desk, page = _found(site, asker, plan, course, reader=SeenBy.HR)
        names = {row.email: row.name for row in page.rows if row.name}
        rows: list[Row] = [
            {
                "email": email,
                "name": names.get(email, ""),
                "question": one.question.id,
                "asked": question_text(asker.language, one.question),
                "kind": one.question.kind.value,
                "required": one.question.required,
                "answer": one.answer or None,
                "at": utc(one.given.at if one.given else None),
                "given": one.given.answer if one.given else None,
                "worth": one.worth.value if one.given else "none",
            }
            for email, given in sorted(page.given.items())
            for one in given
        ]
        found = piece(
            site,
            asker,
            rows,
            lambda row: f"{row['email']} {row['question']}",
            limit=limit,
            cursor=cursor,
        )
        subject = str(len(page.given))
        line = line_of(desk, asker, "answers", course=course, subject=subject, detail="json")
        desk.stores.actions.note(line)
        return found

    return routes


def _found(
    site: ApiSite, asker: Asker, plan: str, course: str, *, reader: SeenBy = SeenBy.RESPONSIBLE
) -> tuple[PlanDesk, CoursePage]:
    desk = site.desk(asker, plan)
    page = CoursePage(desk.books, course, reader=reader)
    if not page.is_known:
        raise AnswerProblem(usual_problem(404, "no_course", asker.language))
    return desk, page


def _item(one: TodayItem, zone: str) -> Row:
    return {
        "kind": one.kind.value,
        "course": one.course,
        "title": one.title,
        "since": on_the_plans_clock(one.since, zone),
        "when": on_the_plans_clock(one.when, zone),
        "names": list(one.names),
        "quote": one.quote,
        "count": one.count,
        "of": one.of,
        "leads_to": one.leads_to,
        "email": one.email,
        # To the last digit: what is marked as read is read until exactly then.
        "until": None if one.until is None else one.until.isoformat().replace("+00:00", "Z"),
    }


def _near(one: NearDate, zone: str) -> Row:
    return {
        "course": one.course,
        "title": one.title,
        "at": on_the_plans_clock(one.at, zone),
        "is_deadline": one.is_deadline,
        "all_day": one.all_day,
        "registered": one.registered,
        "waiting": one.waiting,
        "capacity": one.capacity,
        "unanswered": one.unanswered,
    }
