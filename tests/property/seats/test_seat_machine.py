"""Any history of answers, wishes, HR's hand, edits and time: the seats keep their promises at every line of the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.enrolment import EnrolmentMode, LateAnswer
from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.plan import CourseSession, CourseStatus
from bot.domain.registrations import AnswerSource, is_stand_in
from bot.domain.seats import Cause, RequestKind, SeatRequest
from bot.seats.enrolment_rules import rules_of
from tests.property.seats.seat_oracle import Replay, check_messages
from tests.property.seats.town import COURSES, DEADLINE, LATER, OFFERINGS, PEOPLE, Status, Town

COURSE = st.sampled_from([course.id for course in COURSES])
OFFERING = st.sampled_from(OFFERINGS)
PERSON = st.sampled_from([person.email for person in PEOPLE])
RESPONSE = st.sampled_from([ResponseStatus.ACCEPTED, ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED])
BY_LINK = (RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER)
OWN_DOORS = (AnswerSource.WEB, AnswerSource.TEAMS)
BY_HR = (RequestKind.ENROL, RequestKind.WITHDRAW, RequestKind.MOVE, RequestKind.PROMOTE, RequestKind.HAND_OVER)
EXCLUSIVE = {course.id for course in COURSES if course.enrolment.mode is not EnrolmentMode.INVITE}
TAKEN_OFF = {Cause.FREED, Cause.WITHDRAWN, Cause.LEFT, Cause.GAVE_UP, Cause.UNANSWERED, Cause.FULL, Cause.TOO_LATE, Cause.HANDED_OVER}


class SeatMachine(RuleBasedStateMachine):
    """One town; every rule is something that happens, and the invariants hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self._decide(sync=True)

    # -- what happens

    @rule(offering=OFFERING, person=PERSON, response=RESPONSE, session=st.integers(0, 1), read=st.booleans())
    def somebody_answers(self, offering: tuple[str, str], person: str, response: ResponseStatus, session: int, read: bool) -> None:
        """An answer comes from somebody on the event, or from a stale invitation of somebody who was; it is read now or later."""
        sessions = next(one.sessions for one in self.town.course(offering[0]).offerings if one.id == offering[1])
        key = SessionKey(plan="by", course=offering[0], offering=offering[1], session=sessions[session % len(sessions)].id)
        email = self.town.index.canonical(person)
        if self.town.may_answer(key, email):
            self.town.now += timedelta(minutes=1)
            self.town.say(key, email, response)
            if read:
                self.town.collect(offering[0])
                self._decide(sync=False)

    @rule(offering=OFFERING, people=st.permutations([person.email for person in PEOPLE]))
    def a_rush(self, offering: tuple[str, str], people: list[str]) -> None:
        for person in people[:4]:
            self.somebody_answers(offering, person, ResponseStatus.ACCEPTED, 0, read=False)

    @rule(course=st.none() | COURSE)
    def answers_are_collected(self, course: str | None) -> None:
        self.town.collect(course)
        self._decide(sync=False)

    @rule(read=st.booleans())
    def a_sync_runs(self, read: bool) -> None:
        if read:
            self.town.collect()
        self._decide(sync=True)
        wanted = self.town.wanted_lists()
        assert wanted == {key: frozenset(here) for key, here in self.town.on_event.items() if key in wanted}, (
            "the lists are not what is wanted"
        )

    @rule(offering=OFFERING, person=PERSON, other=PERSON, kind=st.sampled_from(BY_LINK), door=st.sampled_from(OWN_DOORS))
    def somebody_wishes_for_themselves(
        self, offering: tuple[str, str], person: str, other: str, kind: RequestKind, door: AnswerSource
    ) -> None:
        self._wish(kind, offering, person, other, door)

    @rule(offering=OFFERING, person=PERSON, other=PERSON, kind=st.sampled_from(BY_HR), queue=st.booleans())
    def hr_decides(self, offering: tuple[str, str], person: str, other: str, kind: RequestKind, queue: bool) -> None:
        self._wish(kind, offering, person, other, AnswerSource.HR, queue=queue)

    @rule(course=COURSE, capacity=st.sampled_from([1, 2, 3, None]), sync=st.booleans())
    def hr_changes_the_seats(self, course: str, capacity: int | None, sync: bool) -> None:
        self.town.edit(course, capacity=capacity)
        self._decide(sync=sync)

    @rule(course=COURSE, status=st.sampled_from([CourseStatus.PROPOSED, CourseStatus.CANCELLED, CourseStatus.APPROVED]))
    def hr_changes_the_status(self, course: str, status: CourseStatus) -> None:
        self.town.edit(course, status=status)
        self._decide(sync=True)

    @rule(
        course=COURSE,
        deadline=st.sampled_from([None, datetime(2025, 5, 2, 12), DEADLINE, LATER]),
        until=st.sampled_from([None, LATER]),
        late=st.sampled_from(LateAnswer),
    )
    def hr_changes_the_rules(self, course: str, deadline: datetime | None, until: datetime | None, late: LateAnswer) -> None:
        self.town.edit(course, deadline=deadline, waiting_list_until=until, late=late)
        self._decide(sync=True)

    @rule(day=st.sampled_from([2, 18]))
    def a_third_date_is_set(self, day: int) -> None:
        start = datetime(2025, 6, day, 9)
        session = CourseSession(id="s0", start=start, end=start + timedelta(hours=3))
        *before, last = self.town.course("frit").offerings
        if last.sessions[0].start is None:
            self.town.edit("frit", offerings=(*before, replace(last, sessions=(session,))))
            self._decide(sync=True)

    @rule(person=PERSON)
    def somebody_leaves_or_returns(self, person: str) -> None:
        email = self.town.index.canonical(person)
        if self.town.index.find(email) is not None:
            self.town.members = self.town.members ^ {email}
            self._decide(sync=True)

    @rule(number=st.integers(0, len(PEOPLE) - 1))
    def an_address_changes(self, number: int) -> None:
        old = self.town.people[number % len(self.town.people)]
        if old.email.count("ny-") < 2:
            self.town.rename(old, replace(old, email=f"ny-{old.email}", aliases=old.aliases | {old.email}))
            self._decide(sync=False)

    @rule(number=st.integers(0, len(PEOPLE) - 1))
    def somebody_is_erased(self, number: int) -> None:
        if len(self.town.people) > 4:
            self.town.erase(self.town.people[number % len(self.town.people)])
            self._decide(sync=True)
            assert not [one for one in self.town.standings if is_stand_in(one.email) and one.has_seat and self._is_ahead(*_where(one))]

    @rule(hours=st.sampled_from([1, 24, 24 * 5, 24 * 15]))
    def time_passes(self, hours: int) -> None:
        self.town.now += timedelta(hours=hours)
        self._decide(sync=False)

    def _wish(
        self, kind: RequestKind, offering: tuple[str, str], person: str, other: str, source: AnswerSource, *, queue: bool = False
    ) -> None:
        self.town.now += timedelta(minutes=1)
        email, to = (self.town.index.canonical(one) for one in (person, other))
        wish = SeatRequest(
            kind=kind, course=offering[0], offering=offering[1], email=email, at=self.town.now, source=source, to=to, queue=queue
        )
        self._decide(wish, sync=False)

    def _decide(self, *wishes: SeatRequest, sync: bool) -> None:
        town = self.town
        settlement = town.settle(*wishes, sync=sync)
        assert settlement == town.settle(*wishes, sync=sync, backwards=True), "the order of the input matters"
        moved = {_where(one.after) for one in settlement.transitions if not one.noted}
        assert settlement.refusals or not wishes or _where(wishes[0]) in moved, "a wish was granted and nothing happened"
        Replay(town).read(settlement)
        before = town.log
        town.log = [*before, *settlement.transitions]
        assert town.settle(sync=sync).transitions == (), "the same input decides more"
        town.log = before
        check_messages(settlement, town.write(settlement, sync=sync))
        again = [one for one in town.settle(sync=sync).transitions if not one.noted]
        assert again == [], "a second settlement decides more"

    def _is_ahead(self, course: str, offering: str) -> bool:
        return not rules_of(self.town.plan, self.town.course(course)).offerings[offering].has_begun(self.town.now)

    # -- what holds

    @invariant()
    def nobody_has_two_seats_of_a_choice(self) -> None:
        rules = {course.id: rules_of(self.town.plan, course) for course in self.town.courses}
        seats = Counter(
            (one.course, one.email)
            for one in self.town.standings
            if one.has_seat and one.course in EXCLUSIVE and not rules[one.course].offerings[one.offering].is_over(self.town.now)
        )
        assert [who for who, count in seats.items() if count > 1] == []

    @invariant()
    def the_line_is_numbered_from_one(self) -> None:
        lines: dict[tuple[str, str], list[int]] = {}
        for row in self.town.rows:
            assert (row.position is not None) == (row.status is Status.WAITLISTED)
            if row.position is not None:
                lines.setdefault(_where(row), []).append(row.position)
        assert all(sorted(places) == list(range(1, len(places) + 1)) for places in lines.values())

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        waiting = {_where(row) for row in self.town.rows if row.status is Status.WAITLISTED}
        for course, offering in waiting:
            rules = rules_of(self.town.plan, self.town.course(course))
            one = rules.offerings[offering]
            if rules.decides and one.line_moves(self.town.now):
                assert one.capacity is not None, "a seat stands empty while somebody waits"
                assert self.town.seats(course, offering) >= one.capacity, "a seat stands empty while somebody waits"

    @invariant()
    def outlook_agrees_with_the_registrations(self) -> None:
        """On the event is who has a seat; who waits, was freed or withdrawn is not; nor who has chosen another date."""
        town = self.town
        seated = {(one.course, one.email) for one in town.standings if one.has_seat and one.course in EXCLUSIVE}
        stood = {(one.course, one.offering, one.email): one for one in town.standings}
        for key, here in town.on_event.items():
            rules = rules_of(town.plan, town.course(key.course))
            if not rules.decides or rules.offerings[key.offering].has_begun(town.now):
                continue
            for one in town.standings:
                if _where(one) == (key.course, key.offering) and not is_stand_in(one.email):
                    if one.has_seat:
                        assert one.email in here, f"{one} is not on the event"
                    elif one.status is Status.WAITLISTED or one.cause in TAKEN_OFF:
                        assert one.email not in here, f"{one} is still on the event"
            silent = [email for email in here if (key.course, key.offering, email) not in stood and (key.course, email) in seated]
            assert silent == [], "invited to a date although another was chosen"

    @invariant()
    def the_lists_are_disjoint_and_hold_every_seat(self) -> None:
        for where, lists in self.town.attendance.items():
            assert len(lists.on | lists.off | lists.stays) == len(lists.on) + len(lists.off) + len(lists.stays)
            assert lists.released <= lists.off
            assert lists.on >= {one.email for one in self.town.standings if _where(one) == where and one.has_seat and "@" in one.email}

    @invariant()
    def no_message_is_sent_twice(self) -> None:
        keys = Counter(message.key for message in self.town.told)
        assert [key for key, count in keys.items() if count > 1] == []

    @invariant()
    def one_row_for_each_person_and_offering(self) -> None:
        who = [(row.course, row.offering, row.email) for row in self.town.rows]
        assert len(who) == len(set(who))
        links = {course.id for course in COURSES if course.enrolment.by_link}
        assert not [row for row in self.town.rows if row.course in links and row.status is Status.INVITED]


def _where(one: object) -> tuple[str, str]:
    return one.course, one.offering  # type: ignore[attr-defined]


class TestSeats(SeatMachine.TestCase):
    settings = settings(max_examples=12, stateful_step_count=40)


@pytest.mark.long
class TestSeatsForLong(SeatMachine.TestCase):
    settings = settings(max_examples=60, stateful_step_count=40)
