"""Whatever HR edits and people answer: nobody who had a seat ends without one and without a word, and lists and calendars agree."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import SessionKey
from bot.domain.messages import DeliveryState
from bot.domain.participation import is_on, lost_seat
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause
from bot.registrations.participants import without_place_list
from bot.seats.enrolment_rules import rules_of
from bot.seats.plan_changes import INVITING, without_a_place
from tests.builders.outlook_model import balance
from tests.property.seats.office import GUEST, key_of
from tests.property.seats.years import EDITS, KINDS, OTHERS, Year, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


Status = RegistrationStatus
BY_THEMSELVES = {AnswerSource.OUTLOOK, AnswerSource.WEB, AnswerSource.TEAMS}
OFF = {Cause.FREED, Cause.WITHDRAWN, Cause.LEFT, Cause.GAVE_UP, Cause.UNANSWERED, Cause.FULL, Cause.TOO_LATE, Cause.HANDED_OVER,
       Cause.TURNED_AWAY, Cause.OFFERING_GONE}  # fmt: skip
turns = st.tuples(st.sampled_from([*EDITS, *OTHERS]), st.integers(0, 9999), st.booleans())
Turn = tuple["Callable[[Year, int], None]", int, bool]


@dataclass(slots=True)
class Watch:
    """What the checks remember from the whole run before: seats, and how many mails and messages there were."""

    year: Year
    seated: frozenset[tuple[str, str]] = frozenset()
    mails: int = 0
    log: int = 0
    sent: set[str] = field(default_factory=set)

    def whole_run(self) -> None:
        """A sync that nobody interrupts, and everything that holds of it and after it."""
        office = self.year.office
        if office.broken_since is not None:
            # While a write is under way the books say nothing of who is on its event: one run finishes it, the next decides.
            office.sync()
        office.sync()
        self._nothing_is_left_to_do()
        self._what_is_in_the_plan_is_in_the_calendars()
        self._lists_and_calendars_agree()
        self._nobody_stands_on_what_is_not_there()
        self._nothing_stays_freed_by_a_seat_that_is_gone()
        self._nobody_lost_a_seat_without_a_word()
        self._nobody_is_invited_twice()
        self._whoever_has_not_confirmed_since_a_move_is_marked()
        self.seated = self._seats()
        self.mails, self.log = len(office.outlook.mails), len(office.log)
        self.sent = self._sent()

    def _seats(self) -> frozenset[tuple[str, str]]:
        return frozenset((one.offering, one.email) for one in self.year.office.standings if one.has_seat)

    def _sent(self) -> set[str]:
        return {key for key, one in self.year.office.outbox.items() if one.state is DeliveryState.SENT}

    def _nothing_is_left_to_do(self) -> None:
        decided, changes = self.year.office.look()
        assert changes == [], "a second run writes more"
        assert [one for one in decided.settlement.transitions if not one.noted] == [], "a second run decides more"
        assert decided.messages == (), "a second run tells more"

    def _what_is_in_the_plan_is_in_the_calendars(self) -> None:
        office = self.year.office
        ahead = [event for event in office.live() if office.begins(event) > office.now]
        stands = sorted((str(key_of(one)), one.content.start) for one in ahead)
        wanted = [
            (str(SessionKey(plan="demo", course="k", offering=offering.id, session=session.id)), session.start)
            for offering in office.course.offerings
            for session in offering.sessions
            if is_on(office.course) and session.start is not None
        ]
        begun = [one for one in stands if one not in wanted]
        assert begun == [], "what is not in the plan is in the calendars"

    def _lists_and_calendars_agree(self) -> None:
        office = self.year.office
        rows = {(row.offering, row.email): row for row in office.rows}
        standings = {(one.offering, one.email): one for one in office.standings}
        rules, asks_in_outlook = rules_of(office.plan, office.course).offerings, not office.course.enrolment.by_link
        for event in office.live():
            key = key_of(event)
            if office.begins(event) <= office.now or key.offering not in rules or rules[key.offering].has_begun(office.now):
                continue
            here = {one.email for one in event.attendees}
            for email in {*here, *office.staff, *(who for of, who in rows if of == key.offering)}:
                row, standing = rows.get((key.offering, email)), standings.get((key.offering, email))
                is_here = email in here
                if row is None:
                    assert not is_here, f"{email} is on {key} and in no list"
                elif row.status is Status.REGISTERED or (row.status is Status.INVITED and asks_in_outlook and email in office.staff):
                    assert is_here, f"{row} is not on {key}"
                elif email in office.staff and (row.status is Status.WAITLISTED or (standing is not None and standing.cause in OFF)):
                    # A guest who is on it by a hand in Outlook all the same is HR's business.
                    assert not is_here, f"{row} is on {key}"
        for row in office.rows:
            offering = next((one for one in office.course.offerings if one.id == row.offering), None)
            known = {session.id for session in offering.sessions} if offering else set()
            if row.invited and offering is not None:
                assert {name for name, _ in row.answers} <= known, f"an answer to what is not in the plan is shown: {row}"

    def _nobody_stands_on_what_is_not_there(self) -> None:
        office = self.year.office
        rules = rules_of(office.plan, office.course).offerings
        for row in office.rows:
            if row.status in {Status.DECLINED, Status.WITHDRAWN}:
                continue
            one = rules.get(row.offering)
            entries = [entry for key, entry in office.shelf.entries.items() if key.offering == row.offering and key.course == "k"]
            begun = (one is not None and one.has_begun(office.now)) or (one is None and any(entry.start <= office.now for entry in entries))
            is_past = not entries and one is None
            # HR may give a seat before there is a date.
            early = one is not None and one.begins is None and not entries
            there = one is not None and one.begins is not None and office.course.status in INVITING
            assert there or early or begun or is_past, f"{row} stands on what is not in the plan"

    def _nothing_stays_freed_by_a_seat_that_is_gone(self) -> None:
        office = self.year.office
        rules = rules_of(office.plan, office.course)
        mine = defaultdict(list)
        for one in office.standings:
            mine[one.email].append(one)
        for lines in mine.values():
            holds = [one for one in lines if one.had_seat and one.cause is not Cause.OFFERING_GONE]
            for one in lines:
                offering = rules.offerings.get(one.offering)
                is_open = offering is not None and offering.begins is not None and not offering.has_begun(office.now)
                if one.cause is Cause.FREED and is_open and is_on(office.course) and one.email in office.staff:
                    assert holds, f"{one} is freed by no seat: {lines}"

    def _nobody_lost_a_seat_without_a_word(self) -> None:
        office = self.year.office
        standings = {(one.offering, one.email): one for one in office.standings}
        mailed = {mail.address for mail in office.outlook.mails[self.mails :] if mail.by_bot}
        mailed |= {office.outbox[key].email for key in self._sent() - self.sent}
        named = {one.email for one in without_place_list([office.course], without_a_place(office.standings), office.people)}
        seated = {email for _, email in self._seats()}
        new = office.log[self.log :]
        undated = {one.id for one in office.course.offerings if not any(session.start for session in one.sessions)}
        had = self.seated | {(one.after.offering, one.after.email) for one in new if one.after.has_seat}
        for offering, email in sorted(had - self._seats()):
            one = standings[offering, email]
            themselves = one.source in BY_THEMSELVES
            if offering in undated and one.cause is not Cause.OFFERING_GONE:
                continue  # a seat that was taken while there was no date: nobody was told of it either
            assert themselves or email in mailed or email in seated, f"{one} has lost a seat and heard nothing"
            is_listed = any(lost_seat(row) and (row.offering, row.email) == (offering, email) for row in office.rows)
            cancelled = office.course.status is CourseStatus.CANCELLED and any(other.id == offering for other in office.course.offerings)
            assert is_listed is (cancelled and one.cause is Cause.OFFERING_GONE and one.had_seat), f"whom HR may have to ring up: {one}"
            again = any(
                line.after.cause is Cause.INVITED_AGAIN and (line.after.offering, line.after.email) == (offering, email) for line in new
            )
            if one.cause is Cause.OFFERING_GONE and email not in seated and is_on(office.course) and not again:
                others = [other for other in office.standings if other.email == email and other.offering != offering]
                said_no = any(other.said_at is not None and other.said_at > one.since for other in others)
                in_play = any(other.status in {Status.TENTATIVE, Status.WAITLISTED} for other in others)
                assert email in named or said_no or in_play, f"HR does not hear that {one} has no place"

    def _nobody_is_invited_twice(self) -> None:
        counted = balance(mail for mail in self.year.office.outlook.mails if mail.by_bot)
        assert {count for (email, _), count in counted.items() if email != GUEST.email} <= {0, 1}, (
            "invited twice, or told twice that it is off"
        )
        assert max(counted.values(), default=0) <= 1
        told = Counter((one.kind, one.offering, one.email, one.created_at) for one in self.year.office.outbox.values())
        assert [one for one, count in told.items() if count > 1] == [], "told twice of one thing"

    def _whoever_has_not_confirmed_since_a_move_is_marked(self) -> None:
        """By the times that stand in the calendars, whatever the sessions are called: one that takes the place of another is a move."""
        office = self.year.office
        for row in office.rows:
            here = [
                one for one in office.live() if key_of(one).offering == row.offering and row.email in {who.email for who in one.attendees}
            ]
            if row.status is Status.REGISTERED and here:
                moves = [office.moved[one.event_id] for one in here if one.event_id in office.moved]
                word = max(row.since, row.said_at or row.since)
                if not any(begun <= word < done for begun, done in moves):  # a word in the middle of a move may be to either date
                    assert row.unconfirmed is any(word < done for _, done in moves), f"{row} of what was moved: {moves}"


def live(kind: int, shape: int, history: Iterable[Turn]) -> Year:
    with asyncio.Runner() as runner:
        year = begin(runner.get_loop(), kind, shape)
        watch = Watch(year)
        watch.whole_run()
        for happening, number, whole in history:
            happening(year, number)
            if whole:
                watch.whole_run()
        watch.whole_run()
    return year


@given(kind=st.integers(0, len(KINDS) - 1), shape=st.integers(0, 3), history=st.lists(turns, min_size=4, max_size=12))
def test_nobody_who_had_a_seat_is_left_without_one_and_without_a_word(kind: int, shape: int, history: list[Turn]) -> None:
    live(kind, shape, history)
