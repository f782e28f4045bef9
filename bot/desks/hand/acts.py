"""One act of HR's hand at the desk: looked ahead at, and carried out as it was shown.

    look        what it would do by the books now                               writes nothing
    do          the same wish is decided, if the same would happen still        else MovedOn, and nothing is written
    newcomers   who has to be asked about in the directory before either       `bot.desks.hand.hr.meet`, through `Reach`

Deciding is the books' alone and done at once; calendar and mails follow by the job `follow_decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desks.hand.hr import (
    Met,
    decide_all_or_none,
    foreseen_of,
    look_by_books,
    names_in_reasons,
    newcomers_among,
)
from bot.desks.hand.story import digest_of, hand_story
from bot.desks.hand.undoing import way_back
from bot.desks.hand.wishes import read_wish
from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.messages import DeliveryState
from bot.domain.seats import Cause, RequestKind
from bot.opening.tenant import graph_findings
from bot.rounds.steps.decide_seats import load_state, settled
from bot.rounds.steps.look_at_outlook import plan_as_it_stands

if TYPE_CHECKING:
    from bot.desks.hand.hr import Look
    from bot.desks.hand.story import HandStory
    from bot.desks.hand.undoing import WayBack
    from bot.desks.hand.wishes import Wish
    from bot.domain.people import Language
    from bot.domain.seats import SeatRequest, Transition
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import Decided

NOBODY_NEW = Met()
A_MOMENT = timedelta(minutes=1)
MOST_LINES = 100
"""How far back in the log a second press is looked for."""
CAUSES_OF: dict[RequestKind, frozenset[Cause]] = {
    RequestKind.ENROL: frozenset({Cause.ENROLLED, Cause.QUEUED}),
    RequestKind.WITHDRAW: frozenset({Cause.WITHDRAWN, Cause.TURNED_AWAY}),
    RequestKind.MOVE: frozenset({Cause.MOVED}),
    RequestKind.PROMOTE: frozenset({Cause.PROMOTED}),
    RequestKind.HAND_OVER: frozenset({Cause.HANDED_OVER}),
}
UNDER_WAY = frozenset({DeliveryState.DUE, DeliveryState.SENDING})


class MovedOn(Exception):
    """Something else would happen by now than what was shown; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAct:
    """An act as it would go now, in words; `named` are others whom the reason names."""

    look: Look
    story: HandStory
    named: tuple[str, ...]
    digest: str

    @property
    def is_possible(self) -> bool:
        """Whether nothing is refused."""
        return not (self.look.met.refused or self.story.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneAct:
    """The numbers of the lines in the seat log that an act wrote."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAct:
    """What an act did: `lines` of the seat log, how many mails are under way still, and the way back."""

    lines: tuple[Transition, ...]
    under_way: int
    back: WayBack | None


class HandDesk:
    """HR's hand on one plan, by the books alone; all raise DatabaseFailed."""

    def __init__(self, books: BookWork, *, by: str) -> None:
        self._books, self._by = books, by

    def request(self, wish: Wish) -> SeatRequest:
        """The wish as it is decided; raises InputError where it cannot be made out."""
        return read_wish(self._books.plan, self._books.stores, wish, now=self._books.now())

    def has_newcomers(self, request: SeatRequest) -> bool:
        """Whether the directory has to be asked about somebody first."""
        return bool(newcomers_among(self._books.plan, self._books.stores, [request]))

    def look(self, request: SeatRequest, language: Language, met: Met = NOBODY_NEW) -> SeenAct:
        """What would happen now."""
        books = self._books
        look = look_by_books(books.settings, books.plan, books.stores, [request], met)
        base = books.settings.web.base_url
        story = hand_story(
            look.shown,
            plan_as_it_stands(books.plan, books.stores),
            language,
            link=None if base is None else f"{str(base).rstrip('/')}/p/eksempel",
            now=books.now(),
        )
        named = names_in_reasons(books.plan, books.stores, look)
        return SeenAct(look=look, story=story, named=named, digest=digest_of(look.shown))

    def do(self, seen: SeenAct, *, digest: str) -> DoneAct:
        """Decide it, if what was shown under this digest is what would happen still; raises MovedOn."""
        books = self._books
        written: list[tuple[int, int]] = []

        def as_shown(decided: Decided) -> None:
            findings = graph_findings(books.settings, books.stores)
            foreseen = foreseen_of(decided, findings=findings, now=books.now())
            if foreseen.settlement.refusals or digest_of(foreseen) != digest:
                raise MovedOn
            lines = len(decided.settlement.transitions)
            written.append((decided.state.last + 1, decided.state.last + lines))

        decide_all_or_none(
            books.settings,
            books.plan,
            books.stores,
            seen.look.requests,
            seen.look.met.people,
            before_writing=as_shown,
        )
        request = seen.look.requests[0]
        books.stores.actions.note(self._line(command_of(request.kind), request.course, request.email))
        first, last = written[-1]
        return DoneAct(first=first, last=last)

    def just_done(self, request: SeatRequest) -> DoneAct | None:
        """The same wish, where the same person had it carried out a moment ago: a button pressed twice."""
        books = self._books
        last, _ = books.stores.seats.load_standings(books.plan.id, course=request.course)
        log = books.stores.seats.load_log(books.plan.id, numbers=(last - MOST_LINES, last))
        mine = [
            number
            for number, one in log
            if (one.after.course, one.after.offering, one.after.email)
            == (request.course, request.offering, request.email)
            and one.after.by == self._by
            and one.after.cause in CAUSES_OF[request.kind]
            and request.at - one.after.since < A_MOMENT
        ]
        return DoneAct(first=mine[-1], last=last) if mine else None

    def told(self, course: str, done: DoneAct) -> ToldAct | None:
        """What an act did to a course, None where it has no such lines."""
        books = self._books
        log = books.stores.seats.load_log(books.plan.id, numbers=(done.first, done.last))
        lines = tuple(one for _, one in log if one.after.course == course)
        if not lines:
            return None
        now = books.now()
        state = load_state(books.plan, books.stores, course=course)
        findings = graph_findings(books.settings, books.stores)
        ahead = foreseen_of(settled(state, books.settings, now=now), findings=findings, now=now)
        letters = [one for one in state.messages if one.state in UNDER_WAY]
        return ToldAct(
            lines=lines,
            under_way=ahead.mails + len(letters),
            back=way_back(lines, state.standings, now=now),
        )

    def _line(self, command: str, course: str, subject: str) -> Action:
        return Action(
            at=self._books.now(),
            by=self._by,
            command=command,
            plan=self._books.plan.id,
            course=course,
            subject=subject,
            door=Door.DESK.value,
        )


def command_of(kind: RequestKind) -> str:
    """The act's name, in addresses and in the log of who did what: that of the command."""
    return "handover" if kind is RequestKind.HAND_OVER else kind.value
