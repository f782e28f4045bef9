"""How a course's answers came in, day by day, and the lines of a chart of them (pure).

What counts is what people said themselves last, by whatever door, up to the end of each day: of several dates
the best word (yes before maybe before no), as HR is told of answers (`bot.hr_report.enrolment`): who said no
to one and is asked about another has not answered yet. Whoever was not invited counts nowhere. What HR or a
rule did is no answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.events import ResponseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import own_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.registrations import Answer
    from bot.domain.seats import Transition

WORDS = ("yes", "maybe", "no")
OF_RESPONSE = {
    ResponseStatus.ACCEPTED: "yes",
    ResponseStatus.TENTATIVE: "maybe",
    ResponseStatus.DECLINED: "no",
}
OF_STATUS = {
    RegistrationStatus.REGISTERED: "yes",
    RegistrationStatus.WAITLISTED: "yes",
    RegistrationStatus.AWAITING: "yes",
    RegistrationStatus.TENTATIVE: "maybe",
    RegistrationStatus.DECLINED: "no",
    RegistrationStatus.WITHDRAWN: "no",
}
ON_PAGES = frozenset({AnswerSource.WEB, AnswerSource.TEAMS})
"""The doors whose answers stand in the seat log alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDay:
    """A day on which somebody answered, and how many have said what by its end."""

    day: date
    yes: int
    maybe: int
    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One line of the chart: the word, its points in thousandths of width and height, and where it ends."""

    word: str
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChart:
    """The lines of one scale: `most` answers are the whole height; the days are the first and the last."""

    lines: tuple[AnswerLine, ...]
    most: int
    first: date
    last: date


def answers_by_day(
    answers: Iterable[Answer],
    log: Iterable[Transition],
    people: PeopleIndex,
    *,
    invited: Mapping[str, Collection[str]],
    timezone: str,
) -> tuple[AnswerDay, ...]:
    """The days with answers of `invited` (canonical address to the offerings they are asked about).

    Oldest first.
    """
    zone = ZoneInfo(timezone)
    said = sorted(_said(answers, log, people), key=lambda one: one[0])
    last: dict[str, dict[tuple[str, str], str]] = {}
    verdicts: Counter[str] = Counter()
    days: dict[date, AnswerDay] = {}
    for at, email, place, word in said:
        if email not in invited:
            continue
        mine = last.setdefault(email, {})
        verdicts.subtract([_verdict(mine, invited[email])])
        # On a page people speak of all of a date; in Outlook of one session.
        over = {key for key in mine if key[0] == place[0] and "" in {key[1], place[1]}}
        mine = last[email] = {key: value for key, value in mine.items() if key not in over} | {place: word}
        verdicts.update([_verdict(mine, invited[email])])
        day = at.astimezone(zone).date()
        days[day] = AnswerDay(day=day, yes=verdicts["yes"], maybe=verdicts["maybe"], no=verdicts["no"])
    return tuple(days.values())


def answer_chart(days: Sequence[AnswerDay], until: date) -> AnswerChart | None:
    """The lines from the day before the first answer to `until`; None without answers."""
    if not days:
        return None
    first, last = days[0].day, max(until, days[-1].day)
    span = max((last - first).days + 1, 1)
    most = max(max(day.yes, day.maybe, day.no) for day in days)
    lines = []
    for word in WORDS:
        points, height = [(0, 0)], 0
        for day in days:
            at = ((day.day - first).days + 1) * 1000 // span
            points += [(at, height), (at, height := getattr(day, word) * 1000 // (most or 1))]
        lines.append(AnswerLine(word=word, points=(*points, (1000, height))))
    return AnswerChart(lines=tuple(lines), most=most, first=first, last=last)


def _said(
    answers: Iterable[Answer], log: Iterable[Transition], people: PeopleIndex
) -> Iterable[tuple[datetime, str, tuple[str, str], str]]:
    """When, who, of which offering and session ("": all of it), and the word."""
    for answer in answers:
        word = OF_RESPONSE.get(answer.response)
        if word is not None:
            place = (answer.key.offering, answer.key.session)
            yield answer.responded_at, people.canonical(answer.email), place, word
    for line in log:
        after = line.after
        status = own_word(after.status, after.cause, after.source)
        if after.source in ON_PAGES and status is not None:
            yield after.since, people.canonical(after.email), (after.offering, ""), OF_STATUS[status]


def _verdict(words: dict[tuple[str, str], str], asked: Collection[str]) -> str:
    """The best of somebody's words; "" while they have said nothing, or no to some of the offerings alone."""
    best = next((word for word in WORDS if word in words.values()), "")
    still_open = set(asked).difference(offering for offering, _ in words)
    return "" if best == "no" and still_open else best
