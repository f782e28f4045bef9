"""Who gave a chosen seat up in time, so that the course stands open to them again (pure).

In an approved course where people choose between dates, somebody counts as not having answered, although a
row says that they gave a seat up, when all of this holds:

    the seat      they gave it up themselves, in Outlook or on their page. HR who takes somebody off has decided, and who
                  hands a seat over has settled it
    when          before the deadline
    elsewhere     they have no seat of the course, wait for none, and may come to none
    what is left  another date that they may take had not begun then, and they have not said no to it

They are not put back on the events: the reminders to who has not answered, the report and the lists count
them, and the person's page (or HR) takes another date. After the deadline `unanswered: assign` finds them a
seat like everybody else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode
from bot.domain.registrations import RegistrationStatus, is_stand_in
from bot.domain.seats import Cause
from bot.seats.enrolment_rules import rules_of
from bot.seats.plan_changes import IN_PLAY
from bot.seats.seat_table import Audiences, SeatTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Claim, Standing, StandingKey

Status = RegistrationStatus
LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""The clock does not matter: what counts is what was open when the seat was given up."""
BY_THEIR_OWN_WORD = frozenset({Cause.ANSWERED, Cause.GAVE_UP})
NOT_ANSWERED = frozenset({None, Status.INVITED})


def reopened(table: SeatTable) -> frozenset[tuple[str, str]]:
    """(Offering, address) of every seat that was given up so, by the table above."""
    if table.rules.course.enrolment.mode is not EnrolmentMode.CHOOSE or not table.rules.decides:
        return frozenset()
    return frozenset(
        (offering, email)
        for (offering, email), standing in table.standings.items()
        if standing.status is Status.WITHDRAWN
        and standing.cause in BY_THEIR_OWN_WORD
        and not table.rules.is_late(standing.since)
        and not is_stand_in(email)
        and not any(table.status(other, email) in IN_PLAY for other in table.rules.offerings)
        and dates_left(table, email, standing.since)
    )


def reopened_dates(
    plan: CoursePlan,
    claims: Collection[Claim],
    standings: Collection[Standing],
    members: Mapping[str, frozenset[str]],
) -> frozenset[StandingKey]:
    """(Course, offering, address) of every such seat of the plan.

    `members` are the audiences, addresses canonical.
    """
    courses = {standing.course for standing in standings if standing.status is Status.WITHDRAWN}
    audiences = Audiences(today=members, before=members, has_read=False)
    given_up: set[StandingKey] = set()
    for course in plan.only(courses).courses:
        table = SeatTable(
            rules_of(plan, course),
            now=LONG_AGO,
            audiences=audiences,
            claims={(claim.offering, claim.email): claim for claim in claims if claim.course == course.id},
            standings={
                (standing.offering, standing.email): standing
                for standing in standings
                if standing.course == course.id
            },
            asked={},
        )
        given_up |= {(course.id, offering, email) for offering, email in reopened(table)}
    return frozenset(given_up)


def dates_left(table: SeatTable, email: str, at: datetime) -> list[str]:
    """The offerings somebody may still take and has said nothing to, in the plan's order.

    Those that had not begun at `at` (UTC).
    """
    return [
        offering
        for offering, rules in table.rules.offerings.items()
        if rules.begins is not None
        and rules.begins > at
        and table.status(offering, email) in NOT_ANSWERED
        and table.is_member(offering, email)
        and not table.is_kept_away(offering, email)
    ]
