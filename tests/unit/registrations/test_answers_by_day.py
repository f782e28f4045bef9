"""How a course's answers came in: each person's last word, day by day."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.people import PeopleIndex, Person
from bot.domain.registrations import Answer, AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing, Transition
from bot.registrations.answers_by_day import answer_chart, answers_by_day

NOON = datetime(2025, 5, 1, 12, tzinfo=UTC)
YES, MAYBE, NO = ResponseStatus.ACCEPTED, ResponseStatus.TENTATIVE, ResponseStatus.DECLINED
PEOPLE = PeopleIndex([Person(email="a@x.example", aliases=frozenset({"alias@x.example"}))])


def answer(email, days, response, offering="main", session="dag"):
    at = NOON + timedelta(days=days)
    key = SessionKey(plan="by", course="k", offering=offering, session=session)
    return Answer(key=key, email=email, name="", response=response, responded_at=at, seen_at=at)


def line(email, days, cause, status=RegistrationStatus.REGISTERED, source=AnswerSource.WEB, offering="main"):
    after = Standing(
        course="k", offering=offering, email=email, status=status, since=NOON + timedelta(days=days), cause=cause, source=source
    )
    return Transition(before=None, after=after)


def days_of(answers=(), log=(), asked=("main",)):
    invited = dict.fromkeys(("a@x.example", "b@x.example"), asked)
    found = answers_by_day(answers, log, PEOPLE, invited=invited, timezone="Europe/Copenhagen")
    return [((one.day - date(2025, 5, 1)).days, one.yes, one.maybe, one.no) for one in found]


def test_each_day_tells_how_many_have_said_what_by_its_end():
    answers = [answer("a@x.example", 0, YES), answer("b@x.example", 0, MAYBE), answer("b@x.example", 2, NO)]
    assert days_of(answers) == [(0, 1, 1, 0), (2, 1, 0, 1)]


def test_a_new_word_takes_the_place_of_the_old_under_whatever_address():
    assert days_of([answer("a@x.example", 0, YES), answer("alias@x.example", 1, NO)]) == [(0, 1, 0, 0), (1, 0, 0, 1)]


def test_of_several_dates_the_best_word_counts():
    answers = [answer("a@x.example", 0, NO, "h1"), answer("a@x.example", 1, YES, "h2"), answer("a@x.example", 2, NO, "h2")]
    assert days_of(answers, asked=("h1", "h2")) == [(0, 0, 0, 0), (1, 1, 0, 0), (2, 0, 0, 1)]


def test_no_to_one_date_is_no_answer_while_another_is_open():
    """As HR's report tells it: they may still choose."""
    answers = [answer("a@x.example", 0, NO, "h1"), answer("a@x.example", 1, NO, "h2")]
    assert days_of(answers, asked=("h1", "h2")) == [(0, 0, 0, 0), (1, 0, 0, 1)]
    assert days_of(answers, asked=("h1", "h2", "h3"))[-1] == (1, 0, 0, 0)


def test_what_is_said_on_a_page_counts_too_and_is_about_all_of_a_date():
    log = [line("a@x.example", 1, Cause.CHOSEN), line("a@x.example", 2, Cause.GAVE_UP, RegistrationStatus.WITHDRAWN)]
    assert days_of([answer("a@x.example", 0, NO)], log) == [(0, 0, 0, 1), (1, 1, 0, 0), (2, 0, 0, 1)]
    assert days_of([answer("a@x.example", 3, YES)], log)[-1] == (3, 1, 0, 0)


def test_what_hr_or_a_rule_did_is_no_answer_nor_is_a_guest_s_or_silence():
    log = [
        line("a@x.example", 0, Cause.ENROLLED, source=AnswerSource.HR),
        line("a@x.example", 0, Cause.SEAT_OFFERED, source=AnswerSource.RULE),
    ]
    answers = [answer("guest@y.example", 0, YES), answer("a@x.example", 1, ResponseStatus.NOT_RESPONDED)]
    assert days_of(answers, log) == []


def test_the_chart_has_a_line_for_each_word_up_to_today_on_one_scale():
    invited = {"a@x.example": ("main",), "b@x.example": ("main",)}
    days = answers_by_day([answer("a@x.example", 0, YES), answer("b@x.example", 1, YES)], (), PEOPLE, invited=invited, timezone="UTC")
    chart = answer_chart(days, date(2025, 5, 4))
    assert (chart.most, chart.first, chart.last, [one.word for one in chart.lines]) == (
        2,
        date(2025, 5, 1),
        date(2025, 5, 4),
        ["yes", "maybe", "no"],
    )
    assert chart.lines[0].points == ((0, 0), (250, 0), (250, 500), (500, 500), (500, 1000), (1000, 1000))
    assert chart.lines[2].points[-1] == (1000, 0)
    assert answer_chart((), date(2025, 5, 4)) is None


def test_a_chart_of_words_that_are_no_answer_yet_is_flat():
    days = answers_by_day([answer("a@x.example", 0, NO, "h1")], (), PEOPLE, invited={"a@x.example": ("h1", "h2")}, timezone="UTC")
    chart = answer_chart(days, date(2025, 5, 4))
    assert (chart.most, {point[1] for one in chart.lines for point in one.points}) == (0, {0})
