"""Who has a seat.

The one state machine of registrations, as a pure function from claims and wishes to lines of the log.

The statuses are `invited registered tentative waitlisted declined withdrawn` and none (no row). Every move
has a cause, in `bot.domain.seats`, and nothing moves without one:

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
| decided since by a wish or HR, or has taken another date since (accepts) | an older answer | as before (noted) | – | person |
| any but seated | chooses by link | registered or waitlisted | chosen, queued | person |
| registered, or had a seat and may come now | gives up by link | withdrawn | gave_up | person |
| any other | gives up by link | declined | gave_up | person |
| registered | hands over / the colleague takes over, in one step | withdrawn / registered | handed_over / taken_over | person |
| any but seated | HR enrols (with `queue`: or a place in line) | registered, waitlisted | enrolled, queued | HR |
| registered (or had a seat) / any other | HR withdraws | withdrawn / declined | withdrawn | HR |
| any | HR moves to another offering | registered there, none elsewhere | moved, freed | HR |
| waitlisted | HR promotes, a seat is free | registered | promoted | HR |
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

First what the plan takes away or brings back (`bot.seats.plan_changes`). Answers are taken in the order of
their time, ties by address and then by the plan's order of offerings; then wishes, then the audience, then
the line, then the deadline. The line also moves, until nothing moves, before the first answer and after each
that sets a seat free: nobody who comes later finds it first. Seats given are never taken back, also when the
capacity is lowered: then they are reported. Courses that are not approved are left as they are but for those
who leave, and offerings that are over altogether. An answer is considered once: `Standing.answered_at`
remembers which.

Only people of a required audience are assigned. Does not know Outlook's lists (`bot.seats.guest_lists`) or
what a message says.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.plan import Course, CourseStatus, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.registrations import AnswerSource, RegistrationStatus, is_stand_in
from bot.domain.seats import Cause, Place, Settlement
from bot.seats.enrolment_rules import QUIET_HOURS, rules_of
from bot.seats.plan_changes import IN_PLAY, follow_plan, is_gone, whose_date_goes
from bot.seats.reopening import reopened
from bot.seats.seat_table import STANDS, Audiences, SaidWish, SeatTable
from bot.seats.wishes import decide_wish

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Claim, Dropped, OfferingSeats, Refusal, SeatRequest, Standing, Transition

Status = RegistrationStatus
TURNED_DOWN = frozenset({Status.DECLINED, Status.WITHDRAWN})


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
    claimed: defaultdict[str, dict[tuple[str, str], Claim]] = defaultdict(dict)
    stood: defaultdict[str, dict[tuple[str, str], Standing]] = defaultdict(dict)
    asked: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for claim in claims:
        claimed[claim.course][claim.offering, claim.email] = claim
    for standing in standings:
        stood[standing.course][standing.offering, standing.email] = standing
    for (course_id, email), at in (announced or {}).items():
        asked[course_id][email] = at
    transitions: list[Transition] = []
    refusals: list[Refusal] = []
    seats: list[OfferingSeats] = []
    gone: set[tuple[str, str]] = set()
    dropped: list[Dropped] = []
    for course in [*plan.courses, *_not_in_plan(plan, {*claimed, *stood})]:
        rules = rules_of(plan, course, quiet_hours=quiet_hours)
        known = {*rules.offerings, *(offering for offering, _ in [*claimed[course.id], *stood[course.id]])}
        table = SeatTable(
            rules,
            now=now,
            audiences=audiences,
            claims=claimed[course.id],
            standings=stood[course.id],
            asked=asked[course.id],
            gone=frozenset(offering for offering in known if is_gone(rules, offering, ahead, now)),
        )
        gone |= {(course.id, offering) for offering in table.gone if table.has_read}
        follow_plan(table)
        wishes = [request for request in requests if request.course == course.id]
        if table.rules.decides:
            table.free_later_dates()
            _move_lines(table)
            for at, claim in _news(table):
                _consider(table, claim, at)
                if table.loosened:
                    _move_lines(table)
        refusals += [refusal for request in wishes if (refusal := decide_wish(table, request)) is not None]
        _follow_audience(table)
        if table.rules.decides:
            _move_lines(table)
            _after_deadline(table)
        transitions += table.log
        seats += table.seats()
        dropped += whose_date_goes(table)
    return Settlement(
        transitions=tuple(transitions),
        refusals=tuple(refusals),
        seats=tuple(seats),
        gone=frozenset(gone),
        dropped=tuple(dropped),
    )


def _not_in_plan(plan: CoursePlan, courses: Iterable[str]) -> list[Course]:
    """Courses that the plan has no longer, as what they are now: without dates."""
    return [
        Course(id=one, title="", status=CourseStatus.DRAFT)
        for one in sorted({*courses})
        if plan.course(one) is None
    ]


def _news(table: SeatTable) -> list[tuple[datetime, Claim]]:
    """The answers not yet considered, with the instant that each counts from, in the order they are taken."""
    found: list[tuple[datetime, str, int, Claim]] = []
    order = {offering: at for at, offering in enumerate(table.rules.offerings)}
    for (offering, email), claim in table.claims.items():
        rules = table.rules.offerings.get(offering)
        if (
            rules is None
            or rules.is_over(table.now)
            or offering in table.gone
            or not claim.invited
            or claim.answered_at is None
        ):
            continue
        standing = table.standings.get((offering, email))
        # one session answered with no, another not at all
        if standing is None and claim.status is Status.INVITED:
            continue
        if standing is None and table.is_stranger(offering, email):
            # Left, and still on the event because the calendar could not be written; or new, and not in the
            # books yet. A sync knows.
            continue
        if (
            standing is not None
            and _is_considered(standing, claim)
            and not _only_a_no_is_left(standing, claim)
        ):
            continue
        seen = standing.answered_at if standing else None
        # An accept that was repeated counts from the first; one given after what we know counts from itself.
        at = (
            claim.since
            if claim.status is not Status.INVITED and (seen is None or claim.since > seen)
            else claim.answered_at
        )
        found.append((at, email, order[offering], claim))
    return [(at, claim) for at, _, _, claim in sorted(found, key=lambda one: one[:3])]


def _is_considered(standing: Standing, claim: Claim) -> bool:
    return (
        standing.answered_at is not None
        and claim.answered_at is not None
        and claim.answered_at <= standing.answered_at
    )


def _only_a_no_is_left(standing: Standing, claim: Claim) -> bool:
    """Of an answer that was considered.

    Whether the session that took the seat is gone, and the others had got a no before.
    """
    by_answer = standing.has_seat and standing.cause is Cause.ANSWERED
    return by_answer and claim.status in TURNED_DOWN and claim.source is not AnswerSource.RULE


def _consider(table: SeatTable, claim: Claim, at: datetime) -> None:
    standing = table.standings.get((claim.offering, claim.email))
    if standing is not None and _is_considered(standing, claim):
        if _only_a_no_is_left(standing, claim):
            table.write(
                claim.offering,
                claim.email,
                Status.WITHDRAWN,
                Cause.ANSWERED,
                SaidWish(at=table.now, source=claim.source),
            )
        return
    if standing is not None and (
        _says_nothing_new(standing, claim.status) or _is_outdated(table, standing, claim)
    ):
        table.note(standing, claim, claim.answered_at or at)
        return
    late, had_seat = table.rules.is_late(at), _had_seat(table, standing, claim)
    said = SaidWish(at=at, source=claim.source, answered_at=claim.answered_at, late=late, had_seat=had_seat)
    match claim.status:
        case Status.REGISTERED:
            _accept(table, claim, said)
        case Status.TENTATIVE:
            table.write(claim.offering, claim.email, Status.TENTATIVE, Cause.ANSWERED, said)
        case Status.INVITED:
            table.write(claim.offering, claim.email, Status.INVITED, Cause.ANSWERED, said)
        case _:
            cause = Cause.LEFT if claim.source is AnswerSource.RULE else Cause.ANSWERED
            if standing is not None and standing.place is Place.OFF:
                # In line, so not on the event any more: giving that up must not bring the invitation back.
                cause = Cause.GAVE_UP
            table.write(
                claim.offering, claim.email, Status.WITHDRAWN if had_seat else Status.DECLINED, cause, said
            )


def _had_seat(table: SeatTable, standing: Standing | None, claim: Claim) -> bool:
    """Whether a no to this gives a seat up.

    There was one, or a yes that is read together with the no would have got one.
    """
    if standing is not None and standing.had_seat:
        return True
    seen = standing.answered_at if standing is not None else None
    accepted = claim.accepted_at
    if accepted is None or (seen is not None and accepted <= seen):
        return False
    return table.is_free(claim.offering) and not (
        table.rules.is_late(accepted) and table.rules.course.enrolment.late is not LateAnswer.ACCEPT
    )


def _says_nothing_new(standing: Standing, answer: Status) -> bool:
    if standing.cause in STANDS:
        return True
    if answer is Status.REGISTERED:
        return standing.status in {Status.REGISTERED, Status.WAITLISTED}
    if answer is Status.INVITED:  # a seat that was not taken by an answer is not given up by what is none
        return (
            standing.status not in {Status.REGISTERED, Status.TENTATIVE}
            or standing.cause is not Cause.ANSWERED
        )
    if standing.status is answer or (standing.status in TURNED_DOWN and answer in TURNED_DOWN):
        return True
    return standing.place is Place.OFF and standing.status is not Status.WAITLISTED


def _is_outdated(table: SeatTable, standing: Standing, claim: Claim) -> bool:
    """Whether the person or HR has had a later word than this answer, which was read late."""
    assert claim.answered_at is not None  # noqa: S101 - only claims with an answer are news
    if standing.source is not AnswerSource.RULE and claim.answered_at < standing.since:
        return True
    if claim.status is not Status.REGISTERED or not (table.rules.exclusive or standing.cause is Cause.FREED):
        return False
    elsewhere = [
        table.standings.get((offering, claim.email))
        for offering in table.rules.offerings
        if offering != claim.offering
    ]
    return any(
        one is not None
        and one.has_seat
        and one.source is not AnswerSource.RULE
        and claim.answered_at < one.since
        for one in elsewhere
    )


def _accept(table: SeatTable, claim: Claim, said: SaidWish) -> None:
    offering, rule = claim.offering, table.rules.course.enrolment.late
    if said.late and rule is LateAnswer.REFUSE:
        status, cause = Status.DECLINED, Cause.TOO_LATE
    elif table.is_free(offering) and not (said.late and rule is LateAnswer.WAITLIST):
        table.seat(offering, claim.email, Cause.ANSWERED, said)
        return
    elif table.rules.takes_a_place_in_line(offering, said.at):
        status, cause = Status.WAITLISTED, Cause.QUEUED
    else:
        status, cause = Status.DECLINED, Cause.FULL
    table.write(offering, claim.email, status, cause, said)


def _follow_audience(table: SeatTable) -> None:
    """Who left (or was erased) frees the seat; who came back is where an invitation puts them."""
    said = SaidWish(at=table.now)
    # Who has answered one session of several, and nothing is decided about, leaves as well.
    answered = {
        key: claim for key, claim in table.claims.items() if claim.invited and claim.answered_at is not None
    }
    for offering, email in sorted({*table.standings, *answered}):
        standing, rules = table.standings.get((offering, email)), table.rules.offerings.get(offering)
        if rules is None or rules.has_begun(table.now) or offering in table.gone:
            continue
        if is_stand_in(email):
            here, was_here = False, True
        elif offering in table.today:
            here, was_here = email in table.today[offering], email in table.before.get(offering, ())
        else:
            continue
        if standing is None:
            if (was_here and not here) or (table.has_read and table.is_stranger(offering, email)):
                answer = replace(said, answered_at=answered[offering, email].answered_at)
                table.write(offering, email, None, Cause.LEFT, answer)
        elif here and (
            standing.cause is Cause.LEFT or (standing.cause is Cause.TURNED_AWAY and not was_here)
        ):
            table.write(
                offering, email, None if table.rules.by_link else Status.INVITED, Cause.RETURNED, said
            )
        elif standing.cause not in STANDS | {Cause.OFFERING_GONE} and was_here and not here:
            kept = standing.status in {Status.REGISTERED, Status.WITHDRAWN}
            table.write(offering, email, Status.WITHDRAWN if kept else None, Cause.LEFT, said)


def _after_deadline(table: SeatTable) -> None:
    """What the plan says about those who chose nothing: release their invitations, or find them a seat."""
    enrolment, deadline = table.rules.course.enrolment, table.rules.deadline
    if enrolment.mode is not EnrolmentMode.CHOOSE or deadline is None or table.now <= deadline:
        return
    said = SaidWish(at=table.now)
    match enrolment.unanswered:
        case Unanswered.RELEASE if not table.rules.by_link:
            for email, offerings in _unanswered(table, deadline, frozenset()).items():
                for offering in offerings:
                    table.write(offering, email, None, Cause.UNANSWERED, said)
        case Unanswered.ASSIGN:
            # Fair and the same every time: who has fewest dates to go to comes first, each to the date with
            # most room. A seat that falls free after the deadline is for those who waited in time, once HR
            # says so.
            lines = {
                offering
                for (offering, _), one in table.standings.items()
                if one.status is Status.WAITLISTED and not one.late
            }
            gave_up = frozenset(email for _, email in reopened(table))
            for email, offerings in sorted(
                _unanswered(table, deadline, gave_up).items(), key=lambda one: (len(one[1]), one[0])
            ):
                wanted = [
                    offering for offering in offerings if table.is_member(offering, email, required=True)
                ]
                room = [offering for offering in wanted if table.is_free(offering) and offering not in lines]
                if room:
                    table.seat(max(room, key=table.room), email, Cause.ASSIGNED, said)
                elif wanted:
                    table.unplaced[wanted[0]].append(email)
        case _:
            pass


def _unanswered(table: SeatTable, deadline: datetime, gave_up: frozenset[str]) -> dict[str, list[str]]:
    """Address to the offerings somebody was asked about in time and has said nothing to.

    In the plan's order.

    `gave_up` are those who gave a chosen seat up in time: what that seat had freed is what they have not
    answered.
    """
    ahead = [offering for offering in table.rules.offerings if table.is_open(offering)]
    people = table.asked if table.rules.by_link else {email for (_, email) in table.claims}
    found: dict[str, list[str]] = {}
    for email in sorted(people):
        if any(table.status(offering, email) in IN_PLAY for offering in table.rules.offerings):
            continue
        asked = [
            offering
            for offering in ahead
            if _was_asked(table, offering, email, deadline, freed=email in gave_up)
        ]
        if asked:
            found[email] = asked
    return found


def _was_asked(table: SeatTable, offering: str, email: str, deadline: datetime, *, freed: bool) -> bool:
    standing = table.standings.get((offering, email))
    if freed and standing is not None and standing.cause is Cause.FREED:
        return True
    if table.rules.by_link:
        return (
            standing is None
            or (standing.cause in {Cause.RETURNED, Cause.INVITED_AGAIN} and standing.since <= deadline)
        ) and table.asked[email] <= deadline
    if table.status(offering, email) is not Status.INVITED:
        return False
    return (standing.since if standing is not None else table.claims[offering, email].since) <= deadline


def _move_lines(table: SeatTable) -> None:
    """Free seats go to the first in line, and what those give up elsewhere to the first there."""
    table.loosened = False
    while True:
        waiting = [
            (standing.since, email, offering)
            for (offering, email), standing in table.standings.items()
            if standing.status is Status.WAITLISTED
            and offering in table.rules.offerings.keys() - table.gone
            and table.rules.offerings[offering].line_moves(table.now)
            and table.is_free(offering)
        ]
        if not waiting:
            return
        _, email, offering = min(waiting)
        table.seat(offering, email, Cause.SEAT_OFFERED, SaidWish(at=table.now))
