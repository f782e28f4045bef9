"""What a person may ask for on a page of their own: row by row of the table, before the books are asked."""

from __future__ import annotations

import pytest

from bot.desks.person.wishes import asks_first, read_own_wish, what_happened
from bot.domain.pages import LONGEST_ADDRESS, LONGEST_REASON, FormProblem, OwnWish, SaidBy, WishAnswer
from bot.domain.questions import GivenAnswer, Question, QuestionKind, WrongAnswer
from bot.domain.registrations import AnswerSource
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import RefusalReason, RequestKind, SeatRequest
from tests.builders.fake_desk import ANNA, BO, COURSE, NOW, TAKEN, course, offering, person_page

CHOOSE, GIVE_UP, HAND_OVER = RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER
HELD = TAKEN
ASKED = offering(2, status=Status.INVITED, actions=frozenset({CHOOSE, GIVE_UP}))
NOT_ASKED = offering(3, status=None, actions=frozenset({CHOOSE}))
NOT_ASKED_BUT_OFFERED = offering(4, status=None, actions=frozenset({CHOOSE, GIVE_UP}))
SHUT = offering(5, status=Status.INVITED, actions=frozenset())
PAGE = person_page(course(HELD, ASKED, NOT_ASKED, NOT_ASKED_BUT_OFFERED, SHUT))
LONG = "x" * (LONGEST_REASON + 1)


def answer(kind, about=HELD, **facts):
    wish = OwnWish(kind=kind, offering=about if isinstance(about, str) else about.offering, **facts)
    return read_own_wish(PAGE, wish, colleague=lambda address: BO if address == BO else None, now=NOW)


@pytest.mark.parametrize(
    ("kind", "about", "reason"),
    [
        (CHOOSE, "hold-9", RefusalReason.UNKNOWN_OFFERING),
        (None, "hold-9", RefusalReason.UNKNOWN_OFFERING),
        (None, HELD, RefusalReason.NOTHING_TO_DO),
        (RequestKind.ENROL, HELD, RefusalReason.NOTHING_TO_DO),
        (RequestKind.PROMOTE, HELD, RefusalReason.NOTHING_TO_DO),
        (GIVE_UP, NOT_ASKED, RefusalReason.NOTHING_TO_DO),
    ],
)
def test_what_is_not_there_or_is_not_theirs_to_ask_is_refused(kind, about, reason):
    """The other kinds are HR's, and a date that somebody was not asked about is left alone, not declined."""
    assert answer(kind, about, reason=LONG) == WishAnswer(refused=reason)


@pytest.mark.parametrize(
    ("kind", "facts", "problem"),
    [
        (GIVE_UP, {"reason": LONG}, FormProblem.REASON_TOO_LONG),
        (HAND_OVER, {"reason": LONG, "colleague": BO}, FormProblem.REASON_TOO_LONG),
        (HAND_OVER, {}, FormProblem.COLLEAGUE_MISSING),
        (HAND_OVER, {"colleague": "ingen@aadal.example"}, FormProblem.COLLEAGUE_UNKNOWN),
        (HAND_OVER, {"colleague": "x" * (LONGEST_ADDRESS + 1)}, FormProblem.COLLEAGUE_UNKNOWN),
    ],
)
def test_what_can_be_put_right_is_said_before_anything_is_decided(kind, facts, problem):
    """A reason that is too long first, whatever else is wrong."""
    assert answer(kind, **facts) == WishAnswer(problem=problem)


@pytest.mark.parametrize("facts", [{"reason": LONG}, {}, {"colleague": "ingen@aadal.example"}])
def test_what_the_page_does_not_offer_is_the_books_to_refuse(facts):
    """They know what has happened meanwhile; nothing of it is worth putting right."""
    asked = answer(HAND_OVER, SHUT, **facts)
    assert isinstance(asked, SeatRequest)
    assert (asked.kind, asked.to, asked.reason) == (HAND_OVER, "", facts.get("reason", "")[:LONGEST_REASON])


@pytest.mark.parametrize(
    ("kind", "about", "facts"),
    [
        (CHOOSE, NOT_ASKED, {}),
        (GIVE_UP, HELD, {"reason": "Jeg er syg"}),
        (GIVE_UP, ASKED, {}),
        (GIVE_UP, NOT_ASKED_BUT_OFFERED, {}),
        (CHOOSE, SHUT, {}),
        (HAND_OVER, HELD, {"colleague": BO, "reason": "x" * LONGEST_REASON}),
    ],
)
def test_everything_else_is_asked_of_the_books_in_the_persons_own_name(kind, about, facts):
    """By the page's person, about its course, now."""
    assert answer(kind, about, **facts) == SeatRequest(
        kind=kind,
        course=COURSE,
        offering=about.offering,
        email=ANNA,
        at=NOW,
        source=AnswerSource.WEB,
        by=ANNA,
        reason=facts.get("reason", ""),
        to=facts.get("colleague", ""),
    )


BUS = GivenAnswer(question=Question(id="bus", text="Bus?", kind=QuestionKind.YES_NO, required=True))


@pytest.mark.parametrize(
    ("kind", "about", "answers", "problems"),
    [
        (CHOOSE, ASKED, {}, {"bus": WrongAnswer.MISSING}),
        (CHOOSE, ASKED, {"bus": "måske"}, {"bus": WrongAnswer.NO_OPTION}),
        (CHOOSE, ASKED, {"bus": "no"}, {}),
        (CHOOSE, SHUT, {}, {}),
        (GIVE_UP, HELD, {}, {}),
    ],
)
def test_a_seat_is_taken_with_the_answers_that_it_needs_and_given_up_without(kind, about, answers, problems):
    """What is not offered is for the books to refuse."""
    page = person_page(course(HELD, ASKED, SHUT, questions=(BUS,)))
    wish = OwnWish(kind=kind, offering=about.offering, answers=answers)
    found = read_own_wish(page, wish, colleague=lambda _address: None, now=NOW)
    assert (found == WishAnswer(answers=problems)) if problems else isinstance(found, SeatRequest)


@pytest.mark.parametrize(
    ("status", "facts", "may"),
    [
        (Status.REGISTERED, {}, True),
        (Status.WAITLISTED, {}, True),
        (Status.TENTATIVE, {}, True),
        (Status.INVITED, {}, False),
        (Status.WITHDRAWN, {}, False),
        (None, {}, False),
        (Status.REGISTERED, {"over": True}, False),
        (Status.REGISTERED, {"cancelled": True}, False),
        (Status.REGISTERED, {"questions": ()}, False),
    ],
)
def test_whoever_has_a_place_may_answer_until_the_course_is_over(status, facts, may):
    assert course(offering(status=status), **({"questions": (BUS,)} | facts)).may_answer is may


def test_who_speaks_by_which_door_stands_in_the_wish():
    wish = OwnWish(kind=CHOOSE, offering=ASKED.offering)
    by = SaidBy(source=AnswerSource.TEAMS, by=BO)
    asked = read_own_wish(PAGE, wish, colleague=lambda _address: None, now=NOW, said=by)
    assert (asked.email, asked.by, asked.source) == (ANNA, BO, AnswerSource.TEAMS)
    assert answer(CHOOSE, ASKED).by == ANNA


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (CHOOSE, Status.REGISTERED, "seat"),
        (CHOOSE, Status.WAITLISTED, "line"),
        (CHOOSE, None, "seat"),
        (GIVE_UP, Status.WITHDRAWN, "given_up"),
        (HAND_OVER, Status.WITHDRAWN, "handed_over"),
    ],
)
def test_what_became_of_a_wish_is_called_the_same_at_every_door(kind, status, code):
    assert what_happened(kind, offering(2, status=status) if status else None) == code


def test_what_cannot_be_undone_or_needs_words_is_asked_about_first():
    """A question that is answered is not asked again."""
    question = Question(id="mad", text="Mad?", kind=QuestionKind.TEXT)
    asked = person_page(course(ASKED, questions=(GivenAnswer(question=question),)))
    assert asks_first(PAGE, GIVE_UP, ASKED)
    assert asks_first(PAGE, HAND_OVER, HELD)
    assert not asks_first(PAGE, CHOOSE, ASKED)
    assert asks_first(PAGE, CHOOSE, offering(2, status=Status.INVITED, switches=True))
    assert asks_first(asked, CHOOSE, ASKED)
