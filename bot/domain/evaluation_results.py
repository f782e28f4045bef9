"""What was said of courses that are over, added up so that nobody can be made out (pure).

What is added up is batches. The forms of one course are taken date by date as these closed:

| the dates that have closed | are |
|---|---|
| those that were shown together before, whatever the plan says of them now | a batch as they were |
| so many of the others that at least `FEWEST` forms lie in them, and no fewer dates would do | a batch, shown for good |
| what is left after the last batch | held back, until a later date brings it to `FEWEST` |
| open dates | held back |

What is shown for the first time is written down, and no answer comes to it any more (`EvaluationBook`).
Whatever is shown (a course, a theme, a year, all) is a sum of whole batches. So two pages, today's and
yesterday's, or a theme's and its courses', differ by batches too, and never by one to four people.

Of a question, a batch counts where at least `FEWEST` have answered it there; texts of a batch are shown
as they are, in an order that says nothing, since nobody knows who of the batch has written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.evaluation import FORM, SCALE, EvaluationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.evaluation import EvaluationAnswer

FEWEST = 5
"""Forms, before anything of them is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedDate:
    """One date of a course whose form has closed, or will: `closes` UTC, None where the plan knows no more.

    `asked` is how many were asked, `answers` what they said. `shown` is the number of the batch that the date
    was shown in, None where it was not.
    """

    offering: str
    closes: datetime | None
    asked: int
    answers: tuple[EvaluationAnswer, ...]
    shown: int | None = None

    def is_closed(self, now: datetime) -> bool:
        """Whether nobody answers any more; `now` UTC."""
        return self.shown is not None or self.closes is None or self.closes <= now

    @property
    def forms(self) -> int:
        """How many have answered."""
        return sum(one.kind == FORM for one in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationBatch:
    """Forms of one course that are shown together, by the table above; `closed` UTC, None: long ago.

    `number` tells it from the course's others, `dates` are their offerings.
    """

    course: str
    number: int
    dates: tuple[str, ...]
    closed: datetime | None
    asked: int
    forms: int
    answers: tuple[EvaluationAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What was said to one question: (value, how many) of numbers and choices, or the texts."""

    question: str
    kind: EvaluationKind
    asked: str
    counts: tuple[tuple[str, int], ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def answers(self) -> int:
        """How many answers it has."""
        return sum(count for _, count in self.counts) if self.counts else len(self.texts)

    @property
    def mean(self) -> float | None:
        """Of a scale, from 1 to 5; None of anything else."""
        if self.kind is not EvaluationKind.SCALE or not self.answers:
            return None
        return sum(int(value) * count for value, count in self.counts) / self.answers


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSum:
    """Some batches added up; `forms` of `asked` have answered."""

    asked: int
    forms: int
    questions: tuple[QuestionResult, ...]

    @property
    def rate(self) -> int:
        """Per cent, rounded."""
        return round(100 * self.forms / self.asked) if self.asked else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEvaluation:
    """One course: what may be shown, and how far the rest is.

    `open_until` is the wall time at which its last open form closes, None where none is open. `held_back`:
    there are answers of closed dates, too few to be shown.
    """

    course: str
    title: str
    theme: str
    shown: EvaluationSum
    batches: tuple[EvaluationBatch, ...]
    open_until: datetime | None
    held_back: bool

    @property
    def overall(self) -> QuestionResult | None:
        """The first question that is answered by a number."""
        return next((one for one in self.shown.questions if one.mean is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationGroup:
    """A theme or a year: its batches added up, of the ready-made questions alone, for they are the same."""

    name: str
    courses: int
    shown: EvaluationSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluations:
    """All of a plan: its courses in the plan's order, then by theme and by year, and together."""

    courses: tuple[CourseEvaluation, ...]
    themes: tuple[EvaluationGroup, ...]
    years: tuple[EvaluationGroup, ...]


def batches_of(course: str, dates: Iterable[EvaluatedDate], *, now: datetime) -> tuple[EvaluationBatch, ...]:
    """By the table above; `now` UTC."""
    closed = [one for one in dates if one.is_closed(now)]
    closed.sort(key=lambda one: (one.closes is not None, one.closes or now, one.offering))
    together: defaultdict[int, list[EvaluatedDate]] = defaultdict(list)
    for date in closed:
        if date.shown is not None:
            together[date.shown].append(date)
    waiting: list[EvaluatedDate] = []
    number = max(together, default=0) + 1
    for date in closed:
        if date.shown is None:
            waiting.append(date)
        if sum(one.forms for one in waiting) >= FEWEST:
            together[number], waiting, number = waiting, [], number + 1
    return tuple(_batch(course, number, dates) for number, dates in sorted(together.items()))


def added_up(batches: Sequence[EvaluationBatch]) -> EvaluationSum:
    """The batches together; questions in the order in which they are met, those of numbers first."""
    counts: dict[tuple[str, EvaluationKind], Counter[str]] = {}
    texts: dict[tuple[str, EvaluationKind], list[str]] = {}
    words: dict[tuple[str, EvaluationKind], str] = {}
    for batch in batches:
        given = [one for one in batch.answers if one.kind != FORM]
        answered = Counter((one.question, one.kind) for one in given)
        for one in given:
            key = (one.question, EvaluationKind(one.kind))
            if key[1] is EvaluationKind.TEXT:
                texts.setdefault(key, []).append(one.answer)
            elif answered[one.question, one.kind] >= FEWEST:
                counts.setdefault(key, Counter())[one.answer] += 1
            else:
                continue
            words.setdefault(key, one.asked)
    numbers = [
        QuestionResult(question=key[0], kind=key[1], asked=words[key], counts=_in_order(key[1], found))
        for key, found in counts.items()
    ]
    said = [
        QuestionResult(question=key[0], kind=key[1], asked=words[key], texts=tuple(sorted(found)))
        for key, found in texts.items()
    ]
    return EvaluationSum(
        asked=sum(one.asked for one in batches),
        forms=sum(one.forms for one in batches),
        questions=(*numbers, *said),
    )


def _batch(course: str, number: int, dates: Sequence[EvaluatedDate]) -> EvaluationBatch:
    forms = sum(one.forms for one in dates)
    return EvaluationBatch(
        course=course,
        number=number,
        dates=tuple(one.offering for one in dates),
        closed=dates[-1].closes,
        asked=max(sum(one.asked for one in dates), forms),
        forms=forms,
        answers=tuple(answer for one in dates for answer in one.answers),
    )


def _in_order(kind: EvaluationKind, found: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Of a scale every value, from the least; of a choice what was chosen, the most chosen first."""
    if kind is EvaluationKind.SCALE:
        return tuple((value, found[value]) for value in SCALE)
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))
