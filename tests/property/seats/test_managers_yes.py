"""Sign-ups that wait for managers: whoever is answered first, the seats go by the order of the sign-ups, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.manager_approval import ApprovalRule
from bot.domain.people import PeopleIndex
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from bot.domain.templates import MessageKind
from bot.seats.seat_messages import seat_messages
from tests.builders.settling import AFTER, NOW, S, decide, make

MOST = 6
PEOPLE = [f"p{number}@by.example" for number in range(MOST)]
TOLD = {MessageKind.APPROVED, MessageKind.DISAPPROVED, MessageKind.PLACED_IN_LINE, MessageKind.SEAT_OFFERED, MessageKind.FULL}
WORDS = ("yes", "no", "gives up", "nothing")


def with_approval(plan):
    (course,) = plan.courses
    return replace(plan, courses=(replace(course, approval=ApprovalRule()),))


class Office:
    """One course, and every line of its log so far."""

    def __init__(self, plan):
        self.plan, self.standings, self.lines, self.keys = plan, {}, [], []

    def settle(self, *requests, now=NOW):
        settled = decide(
            self.plan, standings=[*self.standings.values()], now=now, members=frozenset(PEOPLE), before=frozenset(PEOPLE), requests=requests
        )
        assert not settled.refusals
        for line in settled.transitions:
            self.standings[line.after.offering, line.after.email] = line.after
        self.lines += settled.transitions
        on_event = {("k", "main", email) for email in PEOPLE}
        told = seat_messages(self.plan, settled.transitions, (), PeopleIndex([]), on_event=on_event, now=now)
        self.keys += [(one.email, one.kind, one.key) for one in told]
        return settled

    def stands(self, email):
        standing = self.standings.get(("main", email))
        return standing.status if standing is not None else None


def request(kind, email, at, source=AnswerSource.WEB):
    return SeatRequest(kind=kind, course="k", offering="main", email=email, at=at, source=source, by="leder@by.example")


def expected(said, capacity):
    """By the order of the sign-ups: a yes has a seat where one is left beyond those before, a wish keeps its own."""
    left, found = capacity, []
    for word in said:
        if word == "yes":
            found.append(S.REGISTERED if left > 0 else S.WAITLISTED)
            left -= 1
        elif word == "nothing":
            found.append(S.AWAITING)
            left -= 1
        else:
            found.append(S.DECLINED)
    return found


@given(
    said=st.lists(st.sampled_from(WORDS), min_size=1, max_size=MOST),
    capacity=st.integers(1, MOST),
    order=st.permutations(range(MOST)),
    late=st.booleans(),
)
def test_the_order_in_which_managers_answer_makes_no_odds(said, capacity, order, late):
    office = Office(with_approval(make(capacity=capacity, waiting_list=True, deadline=NOW.replace(tzinfo=None) + timedelta(days=19))))
    for minutes, email in enumerate(PEOPLE[: len(said)]):
        office.settle(request(RequestKind.CHOOSE, email, NOW + timedelta(minutes=minutes)))
        assert office.stands(email) is S.AWAITING
    later = AFTER if late else NOW + timedelta(hours=1)
    for place in order:
        if place < len(said) and said[place] != "nothing":
            kind = {"yes": RequestKind.APPROVE, "no": RequestKind.DISAPPROVE, "gives up": RequestKind.GIVE_UP}[said[place]]
            office.settle(request(kind, PEOPLE[place], later), now=later)
    wanted = expected(said, capacity)
    assert [office.stands(email) for email in PEOPLE[: len(said)]] == wanted
    assert not office.settle(now=later).transitions
    keys = [key for _, _, key in office.keys]
    assert len(keys) == len({*keys})
    for email, word in zip(PEOPLE, said, strict=False):
        kinds = [kind for whose, kind, _ in office.keys if whose == email and kind in TOLD]
        if word == "no":
            assert kinds == [MessageKind.DISAPPROVED]
        elif word == "yes":
            assert kinds in ([MessageKind.APPROVED], [MessageKind.PLACED_IN_LINE], [MessageKind.PLACED_IN_LINE, MessageKind.SEAT_OFFERED])
        else:
            assert kinds == []


@given(said=st.lists(st.sampled_from(("yes", "nothing")), min_size=1, max_size=MOST), capacity=st.integers(1, MOST))
def test_when_the_plan_asks_for_no_yes_any_more_the_wishes_come_in_the_order_of_the_sign_ups(said, capacity):
    office = Office(with_approval(make(capacity=capacity, waiting_list=True)))
    for minutes, email in enumerate(PEOPLE[: len(said)]):
        office.settle(request(RequestKind.CHOOSE, email, NOW + timedelta(minutes=minutes)))
    for email, word in zip(PEOPLE, said, strict=False):
        if word == "yes":
            office.settle(request(RequestKind.APPROVE, email, NOW + timedelta(hours=1)), now=NOW + timedelta(hours=1))
    office.plan = make(capacity=capacity, waiting_list=True)
    office.settle(now=NOW + timedelta(hours=2))
    seated = [email for email in PEOPLE[: len(said)] if office.stands(email) is S.REGISTERED]
    assert seated == PEOPLE[: min(capacity, len(said))]
    assert {office.stands(email) for email in PEOPLE[: len(said)]} <= {S.REGISTERED, S.WAITLISTED}
