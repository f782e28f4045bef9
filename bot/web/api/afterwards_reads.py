"""What comes after a course, for programs: what was said of it, and certificates.

GET   /api/v1/plans/{plan}/evaluations                     every course with a form of our own      HR
GET   /api/v1/plans/{plan}/courses/{course}/evaluation     one, with its texts                      HR
GET   /api/v1/plans/{plan}/courses/{course}/certificates   who has one, and who has earned one      HR; logged
POST  /api/v1/plans/{plan}/certificates/check              whether a code holds           HR, director, reader

Of evaluations what HR may see (`bot.domain.evaluation_results`): few answers are hidden here as well. A code
stands in the body, so that it is in no log, and its answer is yes or no, as on the public page.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.desks.afterwards.certificates import CertificateHand
from bot.desks.afterwards.evaluations import evaluation_of, evaluations_of, question_words
from bot.desks.afterwards.own_certificates import OwnCertificateDesk
from bot.domain.errors import InputError
from bot.web.api import afterwards_shapes as shapes
from bot.web.api.access import EVERYBODY, HR, asker_of
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, on_the_plans_clock, piece, utc
from bot.web.api.openapi import TOLD
from bot.web.api.paging import DEFAULT
from bot.web.problems import AnswerProblem, usual_problem

if TYPE_CHECKING:
    from bot.desks.afterwards.certificates import CertificatesLook
    from bot.domain.evaluation_results import CourseEvaluation, EvaluationGroup, EvaluationSum
    from bot.domain.people import Language
    from bot.web.api.access import ApiSite


def afterwards_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])
    only_hr = [Depends(site.to(HR))]

    @routes.get("/plans/{plan}/evaluations", response_model=shapes.EvaluationsDocument, dependencies=only_hr)
    def evaluations(request: Request, plan: str) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        found = evaluations_of(desk.written, desk.books.stores, now=desk.books.now())
        course = partial(_course, zone=desk.written.timezone, language=asker.language)
        group = partial(_group, language=asker.language)
        return answer(
            {
                "courses": [*map(course, found.courses)],
                "themes": [*map(group, found.themes)],
                "years": [*map(group, found.years)],
            }
        )

    @routes.get(
        "/plans/{plan}/courses/{course}/evaluation", response_model=shapes.EvaluationRow, dependencies=only_hr
    )
    def evaluation(request: Request, plan: str, course: str) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        found = evaluation_of(desk.written, desk.books.stores, course, now=desk.books.now())
        if found is None:
            raise AnswerProblem(usual_problem(404, "no_course", asker.language))
        return answer(_course(found, zone=desk.written.timezone, language=asker.language))

    @routes.get(
        "/plans/{plan}/courses/{course}/certificates",
        response_model=shapes.CertificateRows,
        dependencies=only_hr,
    )
    def certificates(
        request: Request, plan: str, course: str, limit: Limit = DEFAULT, cursor: Cursor = ""
    ) -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        try:
            look = CertificateHand(desk.books, course).look()
        except InputError:
            raise AnswerProblem(usual_problem(404, "no_course", asker.language)) from None
        rows = _certificates(look)
        found = piece(
            site, asker, rows, lambda row: f"{row['offering']} {row['email']}", limit=limit, cursor=cursor
        )
        line = line_of(desk, asker, "certificates", course=course, subject=str(len(rows)), detail="json")
        desk.stores.actions.note(line)
        return found

    @routes.post(
        "/plans/{plan}/certificates/check",
        response_model=shapes.CodeHeard,
        dependencies=[Depends(site.to(EVERYBODY))],
    )
    def check(request: Request, plan: str, asked: shapes.CodeAsked) -> Response:
        books = site.desk(asker_of(request), plan).books
        return answer(
            {"holds": OwnCertificateDesk(books.settings, books.plan, books.stores).holds(asked.code)}
        )

    return routes


def _course(one: CourseEvaluation, *, zone: str, language: Language) -> Row:
    return {
        "course": one.course,
        "title": one.title,
        "theme": one.theme,
        "is_shown": bool(one.batches),
        "open_until": on_the_plans_clock(one.open_until, zone),
        "held_back": one.held_back,
    } | _numbers(one.shown, language)


def _group(one: EvaluationGroup, *, language: Language) -> Row:
    return {"name": one.name, "courses": one.courses} | _numbers(one.shown, language)


def _numbers(shown: EvaluationSum, language: Language) -> Row:
    questions = [
        {
            "question": one.question,
            "kind": one.kind.value,
            "asked": question_words(language, one),
            "mean": None if one.mean is None else round(one.mean, 2),
            "counts": [{"value": value, "count": count} for value, count in one.counts],
            "texts": list(one.texts),
        }
        for one in shown.questions
    ]
    return {"asked": shown.asked, "forms": shown.forms, "rate": shown.rate, "questions": questions}


def _certificates(look: CertificatesLook) -> list[Row]:
    given: list[Row] = [
        {
            "email": one.certificate.email,
            "name": one.name,
            "offering": one.certificate.offering,
            "waits": False,
            "since": utc(one.certificate.issued_at),
            "by": one.certificate.issued_by,
            "holds": one.holds,
            "mail": one.mail.value if one.mail is not None else None,
        }
        for one in look.given
    ]
    waiting: list[Row] = [
        {
            "email": one.earner.email,
            "name": one.name,
            "offering": one.earner.offering,
            "waits": True,
            "since": None,
            "by": "",
            "holds": False,
            "mail": None,
        }
        for one in look.waiting
    ]
    return [*given, *waiting]
