"""Any history of answers, wishes, HR's hand, edits and time: the seats keep their promises at every line of the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.plan import CourseStatus, EnrolmentMode
from bot.domain.registrations import AnswerSource
from bot.domain.seats import Cause, RequestKind, SeatRequest
from bot.registrations.enrolment_rules import by_link, rules_of
from tests.property.registrations.town import COURSES, OFFERINGS, PEOPLE, Status, Town

OFFERING = st.sampled_from(OFFERINGS)
PERSON = st.sampled_from([person.email for person in PEOPLE])
RESPONSE = st.sampled_from([ResponseStatus.ACCEPTED, ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED])
BY_LINK = (RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER)
BY_HR = (RequestKind.ENROL, RequestKind.WITHDRAW, RequestKind.MOVE, RequestKind.PROMOTE, RequestKind.HAND_OVER)
EXCLUSIVE = {course.id for course in COURSES if course.enrolment.mode is not EnrolmentMode.INVITE}


class SeatMachine(RuleBasedStateMachine):
    """One town; every rule is something that happens, and the invariants hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self.most: dict[tuple[str, str], int] = {}
        self._decide(sync=True)

    # -- what happens

    @rule(offering=OFFERING, person=PERSON, response=RESPONSE, session=st.integers(0, 1))
    def somebody_answers(self, offering: tuple[str, str], person: str, response: ResponseStatus, session: int) -> None:
        sessions = next(one.sessions for course in COURSES if course.id == offering[0] for one in course.offerings if one.id == offering[1])
        key = SessionKey(plan="by", course=offering[0], offering=offering[1], session=sessions[session % len(sessions)].id)
        # An answer comes from somebody on the event, or from a stale invitation of somebody who was.
        if person in self.town.on_event.get(key, {}) or any(one.key == key and one.email == person for one in self.town.answers):
            self.town.now += timedelta(minutes=1)
            self.town.say(*offering, key.session, person, response)

    @rule()
    def answers_are_collected(self) -> None:
        self._decide(sync=False)

    @rule()
    def a_sync_runs(self) -> None:
        self._decide(sync=True)

    @rule(offering=OFFERING, person=PERSON, other=PERSON, kind=st.sampled_from(BY_LINK))
    def somebody_wishes_by_link(self, offering: tuple[str, str], person: str, other: str, kind: RequestKind) -> None:
        self._wish(kind, offering, person, other, AnswerSource.WEB)

    @rule(offering=OFFERING, person=PERSON, other=PERSON, kind=st.sampled_from(BY_HR), queue=st.booleans())
    def hr_decides(self, offering: tuple[str, str], person: str, other: str, kind: RequestKind, queue: bool) -> None:
        self._wish(kind, offering, person, other, AnswerSource.HR, queue=queue)

    @rule(course=st.sampled_from([course.id for course in COURSES]), capacity=st.sampled_from([1, 2, 3, None]))
    def hr_changes_the_seats(self, course: str, capacity: int | None) -> None:
        self.town.edit(course, capacity=capacity)
        self._decide(sync=True)

    @rule(course=st.sampled_from([course.id for course in COURSES]), status=st.sampled_from([CourseStatus.PROPOSED, CourseStatus.APPROVED]))
    def hr_changes_the_status(self, course: str, status: CourseStatus) -> None:
        self.town.edit(course, status=status)
        self._decide(sync=True)

    @rule(person=PERSON)
    def somebody_leaves_or_returns(self, person: str) -> None:
        email = self.town.index.canonical(person)
        self.town.members = self.town.members ^ {email}
        self._decide(sync=True)

    @rule(number=st.integers(0, len(PEOPLE) - 1))
    def an_address_changes(self, number: int) -> None:
        people = list(self.town.people)
        old = people[number]
        new = replace(old, email=f"ny-{old.email}"[-40:], aliases=old.aliases | {old.email})
        if new.email.count("ny-") > 2:
            return
        people[number] = new
        self.town.people = tuple(people)
        rename = {old.email: new.email}
        self.town.members = frozenset(rename.get(one, one) for one in self.town.members)
        self.town.remembered = frozenset(rename.get(one, one) for one in self.town.remembered)
        for here in self.town.on_event.values():
            if old.email in here:
                here[new.email] = here.pop(old.email)
        self.town.asked = {(course, rename.get(email, email)): at for (course, email), at in self.town.asked.items()}

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
        before = {(one.course, one.offering, one.email): one for one in town.standings}
        settlement = town.settle(*wishes, sync=sync)
        assert settlement == town.settle(*wishes, sync=sync, backwards=True), "the order of the input matters"
        taken = Counter((one.course, one.offering) for one in before.values() if one.has_seat)
        line = {key: one for key, one in before.items() if one.status is Status.WAITLISTED}
        for transition in settlement.transitions:
            after = transition.after
            key = (after.course, after.offering, after.email)
            was = before.get(key)
            taken[key[:2]] += int(after.has_seat) - int(was is not None and was.has_seat)
            capacity = town.capacity(*key[:2])
            if after.has_seat and not (was and was.has_seat):
                assert capacity is None or taken[key[:2]] <= capacity, f"a seat too many: {transition}"
                if after.cause is Cause.SEAT_OFFERED:
                    mine = line.get(key) or was
                    earlier = [
                        one for other, one in line.items() if other[:2] == key[:2] and (one.since, one.email) < (mine.since, mine.email)
                    ]
                    assert earlier == [], "somebody was passed over"
            if was is not None and was.cause is Cause.WITHDRAWN and after.cause is not Cause.WITHDRAWN and not transition.noted:
                assert after.source is not AnswerSource.OUTLOOK, "HR's decision was undone by an old invitation"
            before[key] = after
            if after.status is Status.WAITLISTED:
                line[key] = after
            else:
                line.pop(key, None)
        town.write(settlement, sync=sync)
        again = [one for one in town.settle(sync=sync).transitions if not one.noted]
        assert again == [], "a second settlement decides more"

    # -- what holds

    @invariant()
    def nobody_has_two_seats_of_a_choice(self) -> None:
        seats = Counter((one.course, one.email) for one in self.town.standings if one.has_seat and one.course in EXCLUSIVE)
        assert [who for who, count in seats.items() if count > 1] == []

    @invariant()
    def the_line_is_numbered_from_one(self) -> None:
        lines: dict[tuple[str, str], list[int]] = {}
        for row in self.town.rows:
            assert (row.position is not None) == (row.status is Status.WAITLISTED)
            if row.position is not None:
                lines.setdefault((row.course, row.offering), []).append(row.position)
        assert all(sorted(places) == list(range(1, len(places) + 1)) for places in lines.values())

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        for course in self.town.courses:
            rules = rules_of(self.town.plan, course)
            for offering, one in rules.offerings.items():
                waiting = [
                    row for row in self.town.rows if (row.course, row.offering, row.status) == (course.id, offering, Status.WAITLISTED)
                ]
                free = one.capacity is None or self.town.seats(course.id, offering) < one.capacity
                if waiting and rules.decides and one.line_moves(self.town.now):
                    assert not free, "a seat stands empty while somebody waits"

    @invariant()
    def outlook_agrees_with_the_registrations(self) -> None:
        """On the event is who has a seat; who waits, was freed or withdrawn is not."""
        for one in self.town.standings:
            course = next(found for found in self.town.courses if found.id == one.course)
            rules = rules_of(self.town.plan, course)
            if not rules.decides or rules.offerings[one.offering].has_begun(self.town.now):
                continue
            for key, here in self.town.on_event.items():
                if (key.course, key.offering) == (one.course, one.offering):
                    if one.has_seat:
                        assert one.email in here, f"{one} is not on the event"
                    elif one.status is Status.WAITLISTED or one.cause in {Cause.FREED, Cause.WITHDRAWN, Cause.LEFT, Cause.GAVE_UP}:
                        assert one.email not in here, f"{one} is still on the event"

    @invariant()
    def no_message_is_sent_twice(self) -> None:
        keys = Counter(message.key for message in self.town.told)
        assert [key for key, count in keys.items() if count > 1] == []

    @invariant()
    @precondition(lambda self: bool(self.town.rows))
    def one_row_for_each_person_and_offering(self) -> None:
        who = [(row.course, row.offering, row.email) for row in self.town.rows]
        assert len(who) == len(set(who))
        assert not [
            row for row in self.town.rows if by_link(next(c for c in COURSES if c.id == row.course)) and row.status is Status.INVITED
        ]


SeatMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=30)
TestSeats = SeatMachine.TestCase
