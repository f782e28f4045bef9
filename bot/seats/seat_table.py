"""The seats of one course while they are being given out.

Standings as they are by now, and the lines written so far.

The working memory of `bot.seats.settle` and the files beside it, which hold the rules. Always true here:
a seat is counted when its line is written, and a person's other dates are freed before the new seat is taken,
so that no line of the log takes more seats than the capacity allows, but where HR says so. A date that is
over is kept: it is history. `loosened` says that a seat has fallen free since the lines moved, `let_go` where
a wish that kept one has ended, `dropped` whose seat (False) or place in line (True) goes with its offering.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import ANEW, Cause, OfferingSeats, Standing, Transition, is_outsider, own_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.domain.seats import Claim
    from bot.seats.enrolment_rules import CourseRules

Status = RegistrationStatus
FREED_BY_A_SEAT = frozenset(
    {Status.REGISTERED, Status.TENTATIVE, Status.WAITLISTED, Status.AWAITING, Status.INVITED}
)
KEEPS_ITS_PLACE = frozenset({Status.REGISTERED, Status.WAITLISTED, Status.AWAITING})
BEFORE_OTHERS = frozenset({Status.AWAITING, Status.WAITLISTED})
STANDS = frozenset({Cause.WITHDRAWN, Cause.LEFT})
"""Causes that only HR, or coming back to the audience, undoes: no old invitation, and no request by link."""
Members = dict[str, frozenset[str]]
"""Offering to addresses, of the offerings whose audiences are all known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiences:
    """Who belongs where: audience id to canonical addresses.

    `today` has only what was read whole just now; `before` is what the books remember. Where nothing was
    read (`has_read` False: the answers' round, a request), both are the books.
    """

    today: Mapping[str, frozenset[str]]
    before: Mapping[str, frozenset[str]]
    has_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """When and by whom a line comes about.

    `at` (UTC) is when the status begins, `answered_at` the answer behind it.

    `had_seat`: a seat was had in between by answers that are considered together.
    """

    at: datetime
    source: AnswerSource = AnswerSource.RULE
    answered_at: datetime | None = None
    late: bool = False
    by: str = ""
    reason: str = ""
    had_seat: bool = False


class SeatTable:
    """One course at work.

    `claims` and `standings` by (offering, address), `gone` the offerings that the plan takes away.
    """

    def __init__(
        self,
        rules: CourseRules,
        *,
        now: datetime,
        audiences: Audiences,
        claims: Mapping[tuple[str, str], Claim],
        standings: Mapping[tuple[str, str], Standing],
        asked: Mapping[str, datetime],
        gone: frozenset[str] = frozenset(),
    ) -> None:
        self.gone = gone
        self.rules, self.now, self.claims, self.asked = rules, now, claims, asked
        self.standings = dict(standings)
        self.log: list[Transition] = []
        self.loosened = False
        self.let_go: set[str] = set()
        self.dropped: dict[tuple[str, str], bool] = {}
        self.unplaced: defaultdict[str, list[str]] = defaultdict(list)
        self.today, self.before = (_members(rules, side) for side in (audiences.today, audiences.before))
        self.has_read = audiences.has_read
        self._known = {**audiences.before, **audiences.today}
        self._taken = Counter(offering for (offering, _), standing in standings.items() if standing.has_seat)
        self._wishing = Counter(
            offering for (offering, _), standing in standings.items() if standing.status is Status.AWAITING
        )

    def standing(self, offering: str, email: str) -> Standing | None:
        """The last line of the log about somebody, None before the first."""
        return self.standings.get((offering, email))

    def status(self, offering: str, email: str) -> Status | None:
        """Where somebody stands: by the log, else as Outlook says, else nowhere."""
        standing = self.standing(offering, email)
        if standing is not None:
            return standing.status
        claim = self.claims.get((offering, email))
        return claim.status if claim is not None and claim.invited else None

    def free(self, offering: str) -> int | None:
        """Free seats, None without a limit."""
        capacity = self.rules.offerings[offering].capacity
        return None if capacity is None else max(capacity - self._taken[offering], 0)

    def is_free(self, offering: str) -> bool:
        """Whether there is a seat."""
        return self.free(offering) != 0

    def wishes(self, offering: str) -> list[Standing]:
        """Who waits for a manager's yes there."""
        if not self._wishing[offering]:
            return []
        return [
            standing
            for (where, _), standing in self.standings.items()
            if where == offering and standing.status is Status.AWAITING
        ]

    def is_free_beyond(self, standing: Standing) -> bool:
        """Whether there is a seat beyond those of all who wait there since before this one."""
        free = self.free(standing.offering)
        return free is None or free > sum(
            where == standing.offering
            and other.status in BEFORE_OTHERS
            and (other.since, email) < (standing.since, standing.email)
            for (where, email), other in self.standings.items()
        )

    def room(self, offering: str) -> tuple[int, int]:
        """How roomy an offering is, to compare by.

        Without a limit more than any with one, and the emptiest first.
        """
        free = self.free(offering)
        return (1, -self._taken[offering]) if free is None else (0, free)

    def is_stranger(self, offering: str, email: str) -> bool:
        """Whether somebody is known to belong neither to today's audience nor to the remembered one."""
        if offering not in self.today or not self.rules.offerings[offering].audiences:
            return False
        return email not in self.today[offering] and email not in self.before.get(offering, ())

    def is_outsider(self, offering: str, email: str) -> bool:
        """Whether somebody is on the events by a forwarded invitation, and nothing was decided since."""
        return is_outsider(self.claims.get((offering, email)), self.standings.get((offering, email)))

    def is_member(self, offering: str, email: str, *, required: bool = False) -> bool:
        """Whether somebody is known to be of the offering's audience (or of its `required` part)."""
        rules = self.rules.offerings[offering]
        return any(
            email in self._known.get(name, ()) for name in (rules.required if required else rules.audiences)
        )

    def is_running(self, offering: str) -> bool:
        """Whether an offering of the plan is not over and not taken away."""
        rules = self.rules.offerings.get(offering)
        return rules is not None and not rules.is_over(self.now) and offering not in self.gone

    def is_ahead(self, offering: str) -> bool:
        """Whether an offering of the plan has not begun and is not taken away."""
        return self.is_running(offering) and not self.rules.offerings[offering].has_begun(self.now)

    def is_open(self, offering: str) -> bool:
        """Whether an offering of the plan has a date, has not begun and is not taken away."""
        return self.is_ahead(offering) and self.rules.offerings[offering].begins is not None

    def line_moves(self, offering: str) -> bool:
        """Whether a free seat of an offering goes to the first in line by itself."""
        rules = self.rules.offerings.get(offering)
        return rules is not None and offering not in self.gone and rules.line_moves(self.now)

    def moves_up(self, standing: Standing) -> bool:
        """Whether somebody in line may get a seat that is free, also one that a wish has let go of."""
        offering = standing.offering
        kept_back = standing.cause is Cause.APPROVED_IN_LINE and not standing.late and offering in self.let_go
        if not (self.line_moves(offering) or (kept_back and self._can_be_told(offering))):
            return False
        free = self.free(offering)
        return free is None or free > sum(
            (one.since, one.email) < (standing.since, standing.email) for one in self.wishes(offering)
        )

    def _can_be_told(self, offering: str) -> bool:
        """Whether it is not too late to tell somebody of a seat, whatever the deadline."""
        rules = self.rules.offerings.get(offering)
        return rules is not None and offering not in self.gone and rules.can_be_told(self.now)

    def has_a_seat(self, email: str) -> bool:
        """Whether somebody has a seat of the course, on a date that is there or was there."""
        return any(
            standing.has_seat and offering not in self.gone
            for offering in self.rules.offerings
            if (standing := self.standing(offering, email)) is not None
        )

    def is_kept_away(self, offering: str, email: str) -> bool:
        """Whether HR took this person off the offering, or they left.

        Then only HR, or coming back, puts them on it again.
        """
        standing = self.standing(offering, email)
        return standing is not None and standing.cause in STANDS

    def write(self, offering: str, email: str, status: Status | None, cause: Cause, origin: Origin) -> None:
        """One line; what was answered before stays considered."""
        before = self.standing(offering, email)
        answered = [origin.answered_at, before.answered_at if before is not None else None]
        word, word_at = _own_word(status, cause, origin, before)
        after = Standing(
            course=self.rules.course.id,
            offering=offering,
            email=email,
            status=status,
            since=origin.at,
            cause=cause,
            source=origin.source,
            answered_at=max((moment for moment in answered if moment is not None), default=None),
            late=origin.late,
            by=origin.by,
            reason=origin.reason,
            said=word,
            said_at=word_at,
            had_seat=status is Status.REGISTERED or origin.had_seat or _keeps_in_mind(before, cause),
        )
        self.log.append(Transition(before=self._status_before(offering, email), after=after))
        self.standings[offering, email] = after
        had_seat = before is not None and before.has_seat
        self._taken[offering] += int(after.has_seat) - int(had_seat)
        wished = before is not None and before.status is Status.AWAITING
        self._wishing[offering] += int(after.status is Status.AWAITING) - int(wished)
        self.loosened |= had_seat and not after.has_seat
        if wished and after.status not in KEEPS_ITS_PLACE:
            self.let_go.add(offering)
            self.loosened = True

    def _status_before(self, offering: str, email: str) -> Status | None:
        """The status that a line starts from.

        Before the first there was an invitation, or nothing: an answer only counts by being considered.
        """
        standing, claim = self.standing(offering, email), self.claims.get((offering, email))
        if standing is not None:
            return standing.status
        return Status.INVITED if claim is not None and claim.invited else None

    def invite(self, offering: str, email: str, cause: Cause) -> None:
        """Put somebody where an invitation puts them: by link in no row, a message alone asks them."""
        status = None if self.rules.by_link else Status.INVITED
        self.write(offering, email, status, cause, Origin(at=self.now))

    def note(self, standing: Standing, claim: Claim | None, answered_at: datetime) -> None:
        """An answer was considered and changes nothing, but that the person has said it.

        Without a `claim` not even that.
        """
        after = replace(standing, answered_at=answered_at)
        if (
            claim is not None
            and claim.said is not None
            and (standing.said_at is None or standing.said_at <= answered_at)
        ):
            after = replace(after, said=claim.said, said_at=answered_at)
        self.log.append(Transition(before=standing.status, after=after, noted=True))
        self.standings[standing.offering, standing.email] = after

    def seat(self, offering: str, email: str, cause: Cause, origin: Origin, *, alone: bool = False) -> None:
        """Give a seat, freeing first what excludes it, or (`alone`) all that the person has in the course."""
        if self.rules.exclusive or alone:
            others = (
                other
                for other, rules in self.rules.offerings.items()
                if other != offering and not rules.is_over(self.now)
            )
            for other in others:
                if self.status(other, email) in FREED_BY_A_SEAT or self._would_be_invited(other, email):
                    self.write(other, email, None, Cause.FREED, Origin(at=origin.at))
        self.write(offering, email, Status.REGISTERED, cause, origin)

    def free_later_dates(self) -> None:
        """Nobody with a seat is invited to a date that came into the plan after the seat was taken."""
        if not self.rules.exclusive:
            return
        seated = {email for (_, email), standing in self.standings.items() if standing.has_seat}
        for email in sorted(filter(self.has_a_seat, seated)):
            for offering, rules in self.rules.offerings.items():
                if not rules.is_over(self.now) and self._would_be_invited(offering, email):
                    self.write(offering, email, None, Cause.FREED, Origin(at=self.now))

    def _would_be_invited(self, offering: str, email: str) -> bool:
        """Whether the next sync would invite somebody whom no line keeps away."""
        return (
            (offering, email) not in self.standings
            and not self.rules.by_link
            and self.is_member(offering, email)
        )

    def seats(self) -> Iterator[OfferingSeats]:
        """The seats of each offering that is not over, as they are now.

        Nothing of a course that gives out none.
        """
        counted = Counter((offering, standing.status) for (offering, _), standing in self.standings.items())
        if not self.rules.decides:
            return
        for offering, rules in self.rules.offerings.items():
            if not rules.is_over(self.now):
                yield OfferingSeats(
                    course=self.rules.course.id,
                    offering=offering,
                    capacity=rules.capacity,
                    registered=self._taken[offering],
                    tentative=counted[offering, Status.TENTATIVE],
                    waiting=counted[offering, Status.WAITLISTED],
                    awaiting=counted[offering, Status.AWAITING],
                    unplaced=tuple(self.unplaced[offering]),
                )


def _own_word(
    status: Status | None, cause: Cause, origin: Origin, before: Standing | None
) -> tuple[Status | None, datetime | None]:
    """What the person themselves said last, and when, after such a line; nothing where it counts no more."""
    word = own_word(status, cause, origin.source)
    if word is not None:
        return word, origin.answered_at or origin.at
    if before is None or cause in ANEW:
        return None, None
    return before.said, before.said_at


def _keeps_in_mind(before: Standing | None, cause: Cause) -> bool:
    """Whether a seat that somebody had is remembered after a line with this cause.

    Also one that was lost with its date: for those who look after people without a place.
    """
    return before is not None and before.had_seat and (cause not in ANEW or cause is Cause.OFFERING_GONE)


def _members(rules: CourseRules, audiences: Mapping[str, frozenset[str]]) -> Members:
    return {
        name: frozenset[str]().union(*(audiences[audience] for audience in offering.audiences))
        for name, offering in rules.offerings.items()
        if offering.audiences <= audiences.keys()
    }
