"""What must hold at every line of a settlement: the lines are replayed one by one, on what stood before."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.messages import Message
    from bot.domain.seats import Settlement, Standing, StandingKey, Transition
    from tests.property.seats.office import Office
    from tests.property.seats.town import Town

Status = RegistrationStatus
AFTER_THE_LINE = frozenset({Cause.ANSWERED, Cause.CHOSEN})
"""By these somebody gets a seat who may not overtake a line that moves; HR may, and a handover is no free seat."""

ASKED_AGAIN = frozenset({Cause.RETURNED, Cause.INVITED_AGAIN, Cause.FREED})
"""By link nobody is on an event for being asked; and what a seat had freed is open to whoever gave that seat up in time."""


class Replay:
    """The standings while the lines of one settlement are read."""

    def __init__(self, town: Town | Office) -> None:
        self._town = town
        self._rules = {course.id: rules_of(town.plan, course) for course in town.courses}
        self._stood: dict[StandingKey, Standing] = {(one.course, one.offering, one.email): one for one in town.standings}
        self._taken = Counter((one.course, one.offering) for one in self._stood.values() if one.has_seat)
        self._unseated: dict[tuple[str, str], list[Standing]] = {}

    def read(self, settlement: Settlement) -> None:
        for line in settlement.transitions:
            after = line.after
            key = (after.course, after.offering, after.email)
            was = self._stood.get(key)
            if was is not None:
                assert line.before is was.status, f"a line that does not follow on the one before: {line}"
            if line.noted:
                assert was is not None
                assert (was.status, was.cause, was.since) == (after.status, after.cause, after.since), "a note moved somebody"
            else:
                self._check(line, was)
            self._stood[key] = after

    def _check(self, line: Transition, was: Standing | None) -> None:
        after = line.after
        where, who = (after.course, after.offering), (after.course, after.email)
        gained = after.has_seat and not (was and was.has_seat)
        self._taken[where] += int(after.has_seat) - int(was is not None and was.has_seat)
        if was is not None:
            self._check_last_word(line, was)
        if was is not None and was.has_seat and not after.has_seat and after.cause is Cause.FREED:
            self._unseated.setdefault(who, []).append(was)
        if gained:
            self._check_seat(after, was)
        assert after.cause is not Cause.ASSIGNED or was is None or was.status is Status.INVITED or was.cause in ASKED_AGAIN, line

    def _check_last_word(self, line: Transition, was: Standing) -> None:
        after = line.after
        if was.cause is Cause.WITHDRAWN:
            assert after.source is AnswerSource.HR, f"HR's withdrawal was undone: {line}"
        if was.source in {AnswerSource.WEB, AnswerSource.TEAMS, AnswerSource.HR} and after.source is AnswerSource.OUTLOOK:
            assert after.answered_at is not None
            assert after.answered_at >= was.since, f"an old answer undid a later wish: {line}"

    def _check_seat(self, after: Standing, was: Standing | None) -> None:
        course, offering = after.course, after.offering
        rules = self._rules[course]
        assert rules.decides, "a seat of a course that is not approved"
        capacity = self._town.capacity(course, offering)
        assert capacity is None or self._taken[course, offering] <= capacity, f"a seat too many: {after}"
        for former in self._unseated.get((course, after.email), ()):
            if former.source is not AnswerSource.RULE and after.source is AnswerSource.OUTLOOK:
                assert after.answered_at is not None
                assert after.answered_at >= former.since, f"an old accept took a later seat away: {after}"
        line = [
            one
            for (its_course, its_offering, email), one in self._stood.items()
            if (its_course, its_offering, one.status) == (course, offering, Status.WAITLISTED) and email != after.email
        ]
        if after.cause is Cause.SEAT_OFFERED:
            assert was is not None
            assert was.status is Status.WAITLISTED
            assert rules.offerings[offering].line_moves(self._town.now), "the line moved when it stands still"
            assert not [one for one in line if (one.since, one.email) < (was.since, was.email)], f"somebody was passed over: {after}"
        if after.cause in AFTER_THE_LINE and rules.offerings[offering].line_moves(self._town.now):
            assert not [one for one in line if one.since < after.since], f"somebody overtook the line: {after}"
        if after.cause is Cause.ASSIGNED:
            assert not [one for one in line if not one.late], f"somebody silent came before the line: {after}"


def check_messages(settlement: Settlement, messages: Iterable[Message]) -> None:
    """Only who moved is told, of where they ended, once."""
    ended = {(one.after.course, one.after.offering, one.after.email): one.after for one in settlement.transitions if not one.noted}
    told = [(one.course, one.offering, one.email) for one in messages]
    assert len(told) == len(set(told))
    assert set(told) <= ended.keys(), "somebody was told of what did not happen"
