"""What waits for a person, looked at closer, and HR's word about it. Only HR.

GET   /api/v1/plans/{plan}/changes/{course}/people     whom it would mail, `?q=` by name or department      logged
GET   /api/v1/plans/{plan}/changes/{course}/mail       each text that they would get, and what it changes
GET   /api/v1/plans/{plan}/changed-ids                 the ids that look changed, and what was said of them
POST  /api/v1/plans/{plan}/changed-ids                 one is the same, another one, or open again          logged
POST  /api/v1/plans/{plan}/courses/{course}/read       what somebody wrote about the course is read         logged

As the last sync found it, by the books; approving is `bot.web.api.acting`'s.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.plans.changed_ids import IdWish, said_ids, say_of_id, waiting_ids
from bot.desks.plans.waiting_look import letters_to_look_at, mailed_people, waiting_mail_of
from bot.desks.views.reading import mark_read, who_wrote
from bot.domain.approvals import Door
from bot.domain.changed_ids import IdWord
from bot.domain.people import PeopleIndex
from bot.i18n.catalogue import text
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, on_the_plans_clock, piece
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.api.paging import DEFAULT
from bot.web.api.people_reads import LONGEST_SEARCH
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desks.plan_desk import PlanDesk
    from bot.desks.plans.waiting_look import LookedAtLetter, MailedPerson
    from bot.domain.approvals import LetterDate, WaitingMail
    from bot.web.api.access import ApiSite, Asker

SYNC = "sync_plan"
CHANGED_IDS = "/plans/{plan}/changed-ids"


def waiting_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD, dependencies=[Depends(site.token())])
    _add_looks(site, routes)
    _add_words(site, routes)
    return routes


def _add_looks(site: ApiSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.to(HR))]

    @routes.get(
        "/plans/{plan}/changes/{course}/people", response_model=shapes.MailedRows, dependencies=only_hr
    )
    def people(
        request: Request,
        plan: str,
        course: str,
        q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
        limit: Limit = DEFAULT,
        cursor: Cursor = "",
    ) -> Response:
        asker = asker_of(request)
        if "@" in q:
            raise AnswerProblem(usual_problem(422, "address_in_url", asker.language))
        desk, mail = _waiting(site, asker, plan, course)
        everybody = mailed_people(desk.books, mail)
        rows = [_mailed(one) for one in everybody if one.is_called(q)]
        found = piece(site, asker, rows, lambda row: str(row["email"]), limit=limit, cursor=cursor)
        desk.stores.actions.note(line_of(desk, asker, "preview", course=course, subject=str(len(everybody))))
        return found

    @routes.get(
        "/plans/{plan}/changes/{course}/mail", response_model=shapes.WaitingLetters, dependencies=only_hr
    )
    def mail(request: Request, plan: str, course: str) -> Response:
        _, waiting = _waiting(site, asker_of(request), plan, course)
        return answer({"course": course, "letters": [_letter(one) for one in letters_to_look_at(waiting)]})

    @routes.get(CHANGED_IDS, response_model=shapes.ChangedIdsDocument, dependencies=only_hr)
    def ids(request: Request, plan: str) -> Response:
        return answer(_ids(site.desk(asker_of(request), plan)))


def _add_words(site: ApiSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.to(HR))]

    @routes.post(
        CHANGED_IDS, response_model=shapes.ChangedIdsDocument, responses=CONFLICT, dependencies=only_hr
    )
    def say(request: Request, plan: str, asked: shapes.ChangedIdAsked, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        return once(request, asker, desk, key, asked, partial(_say, site, desk, asker, asked))

    @routes.post(
        "/plans/{plan}/courses/{course}/read",
        response_model=shapes.ReadHeard,
        responses=CONFLICT,
        dependencies=only_hr,
    )
    def read(request: Request, plan: str, course: str, asked: shapes.ReadAsked, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = site.desk(asker, plan)
        return once(request, asker, desk, key, asked, partial(_read, desk, asker, course, asked))


def _waiting(site: ApiSite, asker: Asker, plan: str, course: str) -> tuple[PlanDesk, WaitingMail]:
    """Raises AnswerProblem where nothing of the course waits."""
    desk = site.desk(asker, plan)
    mail = waiting_mail_of(desk.books, course)
    if mail is None:
        raise AnswerProblem(usual_problem(404, "no_change", asker.language))
    return desk, mail


def _mailed(one: MailedPerson) -> Row:
    why = [reason.value for reason in one.why]
    return {"email": one.email, "name": one.name, "department": one.department, "why": why}


def _letter(one: LookedAtLetter) -> Row:
    letter = one.letter
    return {
        "kind": letter.kind,
        "subject": letter.subject,
        "language": letter.language,
        "sender": letter.sender,
        "people": letter.people,
        "text": one.plain,
        "changes": [{"kind": piece.kind.value, "text": piece.text} for piece in one.changes],
        "dates": [_date(date) for date in letter.dates],
    }


def _date(one: LetterDate) -> Row:
    return {
        "subject": one.subject,
        "start": on_the_plans_clock(one.start, one.timezone),
        "end": on_the_plans_clock(one.end, one.timezone),
        "all_day": one.all_day,
        "place": one.place,
        "online": one.online,
    }


def _ids(desk: PlanDesk) -> Row:
    found = waiting_ids(desk.books)
    said = said_ids(desk.books, found)
    rows = [
        {
            "level": one.level.value,
            "course": one.course,
            "offering": one.offering or None,
            "old": one.old,
            "new": one.new,
            "title": one.title,
            "word": said.words[one].value,
        }
        for one in found
    ]
    return {"known": said.known, "ids": rows}


def _say(
    site: ApiSite, desk: PlanDesk, asker: Asker, asked: shapes.ChangedIdAsked, since: datetime | None
) -> Response:
    stands = _ids(desk)
    is_said = any(
        (one["level"], one["course"], one["offering"], one["old"], one["new"], one["word"])
        == (asked.level, asked.course, asked.offering, asked.old, asked.new, asked.word)
        for one in stands["ids"]
    )
    if since is not None and is_said and stands["known"] > asked.known:
        # It was written down, and nobody heard of it.
        site.wake(desk.written.id, SYNC)
        return answer(stands)
    wish = IdWish(
        level=asked.level,
        course=asked.course,
        offering=asked.offering or "",
        old=asked.old,
        new=asked.new,
        word=IdWord(asked.word),
        known=asked.known,
    )
    wrong = say_of_id(desk.books, wish, by=asker.by, door=Door.API)
    if wrong is not None:
        said = text(asker.language, f"web.changes.problem.{wrong.value}")
        raise AnswerProblem(problem(409, wrong.value, said))
    site.wake(desk.written.id, SYNC)
    return answer(_ids(desk))


def _read(
    desk: PlanDesk, asker: Asker, course: str, asked: shapes.ReadAsked, _since: datetime | None
) -> Response:
    """What was read already is read: asked again, nothing is written."""
    books = desk.books
    email = PeopleIndex(books.stores.books.people.load_people(books.plan.id)).canonical(asked.email)
    if email not in who_wrote(books, course):
        raise AnswerProblem(usual_problem(404, "nothing_written", asker.language))
    mark_read(books, course, email, until=asked.until, by=asker.by, door=Door.API)
    return answer({"course": course, "email": email})
