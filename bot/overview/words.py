"""How the overview says things: dates, periods, conditions, amounts, statuses (pure)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.plan import CourseStatus
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import clock_text, date_text, day_of_month_text, month_name, month_text
from bot.i18n.money import money_text
from bot.i18n.spoken import outcome_text, spoken
from bot.messages.characters import one_line
from bot.overview.document import Cell
from bot.overview.lines import Need

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.assumptions import Condition, Outcome
    from bot.domain.money import Amounts
    from bot.domain.people import Language
    from bot.overview.lines import CourseLine, DecisionLine, SessionLine


class Words:
    """The overview's words in one language; `questions` are what the decisions ask, by id.

    Decisions are numbered in their order, so that a course can name one without repeating what it asks.
    """

    def __init__(self, language: Language, questions: Mapping[str, str]) -> None:
        self.language = language
        self._questions = questions
        self._numbers = {name: number for number, name in enumerate(questions, start=1)}

    def __call__(self, key: str, **params: object) -> str:
        """A text of the overview's catalogue."""
        return text(self.language, f"overview.{key}", **params)

    def count(self, key: str, count: int) -> str:
        """A text that counts."""
        return plural(self.language, f"overview.{key}", count)

    def day(self, day: date) -> str:
        """`18. juni 2025`."""
        return date_text(self.language, day)

    def day_of_month(self, day: date) -> str:
        """`tirs. d. 5.`, where the month is known."""
        return day_of_month_text(self.language, day)

    def month(self, month: int) -> str:
        """`Marts`, as a heading where the year is known."""
        return month_name(self.language, month)

    def moment(self, wall: datetime) -> str:
        """`1. februar 2024 kl. 09.00`."""
        return f"{self.day(wall.date())} {clock_text(self.language, wall)}"

    def period(self, period: str) -> str:
        """`2. halvår 2024`, `3. kvartal 2024`, `september 2024`, `2024`."""
        year, _, part = period.partition("-")
        if not part:
            return year
        if part[0] in {"H", "Q"}:
            return self(f"period.{part[0].lower()}", number=part[1:], year=year)
        return month_text(self.language, date(int(year), int(part), 1))

    def time(self, session: SessionLine) -> str:
        """When a session is, as far as it is known."""
        if session.start is None or session.end is None:
            return self("undated", period=self.period(session.period)) if session.period else self("no_date")
        start, end = session.start, session.end
        if session.all_day:
            last = end - timedelta(days=1)
            return (
                self.day(start.date())
                if last.date() <= start.date()
                else f"{self.day(start.date())} – {self.day(last.date())}"
            )
        if start.date() != end.date():
            return f"{self.moment(start)} – {self.moment(end)}"
        return f"{self.moment(start)}–{clock_text(self.language, end).removeprefix('kl. ')}"

    def times(self, sessions: Iterable[SessionLine]) -> tuple[str, ...]:
        """Each session with its name where it has one, its date and what it waits for.

        Those that say the same once.
        """
        return tuple(dict.fromkeys(map(self._named_time, sessions)))

    def _named_time(self, session: SessionLine) -> str:
        name = one_line(", ".join(part for part in (session.offering, session.title) if part))
        said = f"{name}: {self.time(session)}" if name else self.time(session)
        return f"{said} ({self.condition(session.waits_for)})" if session.waits_for else said

    def outcome(self, value: Outcome) -> str:
        """`ja`, `nej`, or the option as it is called."""
        return outcome_text(self.language, value)

    def number(self, assumption: str) -> str:
        """`beslutning 3`."""
        return self("decision", number=self._numbers[assumption])

    def question(self, assumption: str) -> str:
        """`Beslutning 3: Får området midler?`."""
        return self(
            "question", number=self._numbers[assumption], question=one_line(self._questions[assumption])
        )

    def standing(self, decision: DecisionLine) -> str:
        """Where a decision stands, and how soon it is needed while it is open."""
        if decision.assumption.value is not None:
            return self("decided", value=self.outcome(decision.assumption.value))
        by = decision.needed_by
        return self("undecided_by", day=self.day(by)) if by else self("undecided")

    def to_settle(self, decision: DecisionLine, titles: Mapping[str, str]) -> tuple[str, ...]:
        """Who is to settle an open decision, as far as it is known, and which courses it is about.

        Of one without any, its note.
        """
        who = one_line(decision.assumption.decided_by)
        courses = one_line(", ".join(titles[course] for course in decision.courses))
        about = self("decide_about", courses=courses) if courses else one_line(decision.assumption.note)
        return (self("decide_by", who=who) if who else self("decide"), about)

    def condition(self, condition: Condition) -> str:
        """`hvis beslutning 3 bliver ja`."""
        terms = (
            self("if", decision=self.number(term.assumption), value=self.outcome(term.outcome))
            for term in condition
        )
        return self("and").join(terms)

    def assignment(self, assignment: Iterable[tuple[str, Outcome]]) -> str:
        """`beslutning 3: ja, beslutning 4: nej`."""
        return ", ".join(
            self("comes_to", what=self.number(name), value=self.outcome(value)) for name, value in assignment
        )

    def scenario(self, assignment: Iterable[tuple[str, Outcome]]) -> tuple[str, ...]:
        """Each decision with what it asks and what it comes to."""
        return tuple(
            self("answered", what=self.question(name), value=self.outcome(value))
            for name, value in assignment
        )

    def status(self, course: CourseLine) -> tuple[str, ...]:
        """The status, why it was cancelled, and what the course waits for."""
        said = self(f"status.{course.status.value}")
        if course.status is CourseStatus.CANCELLED and course.cancel_reason:
            said = self("cancelled_because", reason=one_line(course.cancel_reason))
        return (
            (said, self("only", condition=self.condition(course.waits_for))) if course.waits_for else (said,)
        )

    def needs(self, course: CourseLine) -> tuple[str, ...]:
        """What is to be decided about the course, each open decision by what it asks."""
        needs = [self(f"need.{need.value}") for need in course.needs if need is not Need.DECISION]
        waits_for = course.depends_on if Need.DECISION in course.needs else ()
        return (*needs, *(self("need.decision", decision=self.number(name)) for name in waits_for))

    def purpose(self, purpose: str | None) -> str:
        """A purpose by its name, or that there is none."""
        return self("no_purpose") if purpose is None else spoken(one_line(purpose))

    def amount(self, amount: Decimal | None, currency: str) -> Cell:
        """An amount, or that it is not known."""
        if amount is None:
            return Cell(lines=(self("unknown"),))
        return Cell(lines=(money_text(self.language, amount, currency),), number=amount, currency=currency)

    def planned(self, amounts: Amounts, currency: str) -> Cell:
        """All that is used; at least that where amounts are missing."""
        if not amounts.unknown:
            return self.amount(amounts.planned, currency)
        if not amounts.planned:
            return Cell(lines=(self("unknown"),))
        return Cell(lines=(self("at_least", amount=money_text(self.language, amounts.planned, currency)),))

    def left(self, free: Decimal | None, amounts: Amounts, currency: str) -> str:
        """`40.000 kr. er frit`, `der mangler mindst 5.000 kr.`."""
        if free is None or free >= 0:
            return self("is_free", amount=self.free(free, amounts, currency).text)
        lacking = replace(amounts, planned=-free)
        return self("is_lacking", amount=self.planned(lacking, currency).text)

    def free(self, free: Decimal | None, amounts: Amounts, currency: str) -> Cell:
        """What is left; at most that where amounts are missing."""
        if free is None or not amounts.unknown:
            return self.amount(free, currency)
        return Cell(lines=(self("at_most", amount=money_text(self.language, free, currency)),))
