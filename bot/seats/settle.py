"""Who has a seat.

The one state machine of registrations, as a pure function from claims and requests to lines of the log.

The statuses are `invited registered tentative waitlisted awaiting declined withdrawn` and none (no row).
Every move has a cause, in `bot.domain.seats`, and nothing moves without one:

| from | by | to | cause | who |
|---|---|---|---|---|
| any but seated | accepts in Outlook, a seat is free | registered | answered | person |
| any but seated | accepts, no seat, the line is open (or late under `late: waitlist`) | waitlisted | queued | person |
| any but seated | accepts, no seat, no line | declined | full | person |
| any but seated | accepts late under `late: refuse` | declined | too_late | person |
| registered, waitlisted | accepts again | as before | answered again (noted) | person |
| on the event, waitlisted | tentative | tentative: no seat, one held is given up | answered | person |
| registered, or had a seat and may come now | declines | withdrawn | answered | person |
| on the event | declines | declined; withdrawn where a yes read together with it had got a seat | answered | person |
| tentative, declined, withdrawn | says the same again | as before (noted) | – | person |
| registered by an answer, tentative | takes back one session of several, another is not answered | invited | answered | person |
| registered by an answer | what got the yes goes, and all that is left got a no | withdrawn | answered | person |
| waitlisted | declines | declined | gave_up | person |
| none, taken off | tentative, declines | as before (noted): an old invitation says nothing new | – | person |
| withdrawn by HR, left | any answer | as before (noted): what HR decided stands | – | person |
| decided since by a request or HR, or has taken another date since (accepts) | an older answer | as before (noted) | – | person |
| any but seated | chooses by link | registered or waitlisted | chosen, queued | person |
| registered, or had a seat and may come now | gives up by link | withdrawn | gave_up | person |
| any other | gives up by link | declined | gave_up | person |
| registered | hands over / the colleague takes over, in one step | withdrawn / registered | handed_over / taken_over | person |
| any but seated | HR enrols (`queue`: or in line; `above`: beyond the seats) | registered, waitlisted | enrolled, queued | HR |
| registered (or had a seat) / any other | HR withdraws | withdrawn / declined | withdrawn | HR |
| any | HR moves to another offering (also beyond its seats) | registered there, none elsewhere | moved, freed | HR |
| waitlisted | HR promotes, a seat is free (or beyond the seats) | registered | promoted | HR |
| waitlisted | first in line, a seat is free, the line moves | registered | seat_offered | rule |
| registered, tentative, waitlisted, invited elsewhere in an exclusive course | got a seat here | none | freed | rule |
| unanswered after the deadline, `release` | | none | unanswered | rule |
| unanswered after the deadline, `assign` | a seat is free, nobody waits for it since before the deadline | registered | assigned | rule |
| nothing yet, in an exclusive course via Outlook | has a seat already when a date is new | none | freed | rule |
| registered / withdrawn / other, not withdrawn by HR | left the audience | withdrawn / withdrawn / none | left | audience |
| nothing yet, not of the audience | any answer | none, once today's audience was read | left | audience |
| left | came back | invited (by link: none) | returned | audience |
| any but withdrawn by HR, left | the offering goes | none | offering_gone | plan |
| freed, in an exclusive course | the date goes where they had the seat, no other seat | invited (by link: none) | invited_again | plan |
| none, because it went | it is back; and a seat elsewhere excludes it | invited (by link: none); none | invited_again; freed | plan |
| nobody's guest | HR withdraws | none, and off the events | turned_away | HR |
| turned_away | joined the audience | invited (by link: none) | returned | audience |

Where the plan asks for a manager's yes, a sign-up waits for it first: the rows of `bot.seats.approving`.

First what the plan takes away or brings back (`bot.seats.plan_changes`). Answers are taken in the order of
their time, ties by address and then by the plan's order of offerings; then requests, then the audience, then
the line, then the deadline. The line also moves, until nothing moves, before the first answer and after each
that sets a seat free: nobody who comes later finds it first. Seats given are never taken back, also when the
capacity is lowered: then they are reported. Courses that are not approved are left as they are but for those
who leave, and offerings that are over altogether. An answer is considered once: `Standing.answered_at`
remembers which.

Only people of a required audience are assigned. Answers are taken in `bot.seats.take_answers`, requests in
`bot.seats.requests`, the audience is followed in `bot.seats.follow_audience`, and what becomes of those who
have not answered stands in `bot.seats.unanswered`. Does not know Outlook's lists (`bot.seats.guest_lists`) or
what a message says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from bot.domain.plan import Course, CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import Cause, Settlement
from bot.seats.approving import release_wishes
from bot.seats.enrolment_rules import QUIET_HOURS, rules_of
from bot.seats.follow_audience import follow_audience
from bot.seats.plan_changes import follow_plan, is_gone, whose_date_goes
from bot.seats.requests import decide_request
from bot.seats.seat_table import Audiences, Origin, SeatTable
from bot.seats.take_answers import new_answers, take_answer
from bot.seats.unanswered import after_deadline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Claim, SeatRequest, Standing

OfCourse = TypeVar("OfCourse", "Claim", "Standing")

__all__ = ["Audiences", "settle"]


def settle(
    plan: CoursePlan,
    claims: Iterable[Claim],
    standings: Iterable[Standing],
    audiences: Audiences,
    *,
    now: datetime,
    requests: Sequence[SeatRequest] = (),
    announced: Mapping[tuple[str, str], datetime] | None = None,
    ahead: Collection[tuple[str, str]] = (),
    quiet_hours: float = QUIET_HOURS,
) -> Settlement:
    """Decide everything that is to be decided at `now` (UTC), by the table above.

    Equal for equal input in any order.

    `claims` and `standings` of any courses, addresses canonical; `announced` maps (course, address) to the
    instant at which somebody was asked by message; `ahead` are the (course, offering) with an event in the
    books that has not ended. Requests are decided in their order; each names a course of the plan.
    """
    claims_of, standings_of = _by_course(claims), _by_course(standings)
    asked: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for (course_id, email), at in (announced or {}).items():
        asked[course_id][email] = at
    settlements: list[Settlement] = []
    for course in [*plan.courses, *_not_in_plan(plan, {*claims_of, *standings_of})]:
        rules = rules_of(plan, course, quiet_hours=quiet_hours)
        known = {*claims_of[course.id], *standings_of[course.id]}
        offerings = {*rules.offerings, *(offering for offering, _ in known)}
        table = SeatTable(
            rules,
            now=now,
            audiences=audiences,
            claims=claims_of[course.id],
            standings=standings_of[course.id],
            asked=asked[course.id],
            gone=frozenset(offering for offering in offerings if is_gone(rules, offering, ahead, now)),
        )
        own = [request for request in requests if request.course == course.id]
        settlements.append(_settle_course(table, own))
    return _of_all(settlements)


def _of_all(settlements: Sequence[Settlement]) -> Settlement:
    return Settlement(
        transitions=tuple(line for course in settlements for line in course.transitions),
        refusals=tuple(refusal for course in settlements for refusal in course.refusals),
        seats=tuple(seats for course in settlements for seats in course.seats),
        gone=frozenset(offering for course in settlements for offering in course.gone),
        dropped=tuple(dropped for course in settlements for dropped in course.dropped),
    )


def _by_course(rows: Iterable[OfCourse]) -> defaultdict[str, dict[tuple[str, str], OfCourse]]:
    """Course to (offering, address) to the row."""
    by_course: defaultdict[str, dict[tuple[str, str], OfCourse]] = defaultdict(dict)
    for row in rows:
        by_course[row.course][row.offering, row.email] = row
    return by_course


def _not_in_plan(plan: CoursePlan, courses: Iterable[str]) -> list[Course]:
    """Courses that the plan has no longer, as what they are now: without dates."""
    return [
        Course(id=course, title="", status=CourseStatus.DRAFT)
        for course in sorted({*courses})
        if plan.course(course) is None
    ]


def _settle_course(table: SeatTable, requests: Iterable[SeatRequest]) -> Settlement:
    """Everything about one course, in the order of the text above."""
    follow_plan(table)
    if table.rules.decides:
        table.free_later_dates()
        release_wishes(table)
        _move_lines(table)
        for answer in new_answers(table):
            take_answer(table, answer)
            if table.loosened:
                _move_lines(table)
    decided = [decide_request(table, request) for request in requests]
    follow_audience(table)
    if table.rules.decides:
        _move_lines(table)
        after_deadline(table)
    return Settlement(
        transitions=tuple(table.log),
        refusals=tuple(refusal for refusal in decided if refusal is not None),
        seats=tuple(table.seats()),
        gone=frozenset((table.rules.course.id, offering) for offering in table.gone if table.has_read),
        dropped=tuple(whose_date_goes(table)),
    )


def _move_lines(table: SeatTable) -> None:
    """Free seats go to the first in line, and what those give up elsewhere to the first there."""
    table.loosened = False
    while waiting := _may_move_up(table):
        _, email, offering = min(waiting)
        table.seat(offering, email, Cause.SEAT_OFFERED, Origin(at=table.now))


def _may_move_up(table: SeatTable) -> list[tuple[datetime, str, str]]:
    """Who waits, in lines with a free seat that is for them: since when, address, offering."""
    # Asked once for each line: there are hundreds in some, and nearly always nobody may.
    roomy = frozenset(filter(table.is_free, table.rules.offerings))
    return [
        (standing.since, email, offering)
        for (offering, email), standing in table.standings.items()
        if standing.status is RegistrationStatus.WAITLISTED and offering in roomy and table.moves_up(standing)
    ]
