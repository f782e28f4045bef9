"""One seat decided by a program: enrol, withdraw, move or promote somebody, or say why not.

It is HR's hand (`bot.desks.hand.hr`), with the books decided at once and calendar and mails left to the job
that follows decisions. A refusal is data: nothing was written then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.hand.acts import CAUSES_OF, command_of
from bot.desks.hand.hr import decide_all_or_none, look_ahead, names_in_reasons
from bot.desks.hand.seat_words import moved_objects
from bot.desks.hand.wishes import read_wish
from bot.domain.actions import Action
from bot.domain.errors import InputError, SafetyRefused
from bot.domain.people import PeopleIndex
from bot.domain.seats import Cause
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.desks.hand.wishes import Wish
    from bot.domain.approvals import Door
    from bot.domain.seats import Refusal, Transition
    from bot.opening.work import BookWork, Work
    from bot.rounds.steps.decide_seats import Decided
    from bot.seats.newcomers import RefusedNewcomer

BY_HAND = frozenset().union(*CAUSES_OF.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ActedSeat:
    """What became of a wish: the lines that were written, or why there are none.

    `first` and `last` are their numbers in the seat log, by which it is taken back.
    """

    first: int = 0
    last: int = 0
    moved: tuple[dict[str, object], ...] = ()
    strangers: tuple[str, ...] = ()
    refusal: Refusal | None = None
    newcomer: RefusedNewcomer | None = None
    error: InputError | SafetyRefused | None = None

    @property
    def code(self) -> str:
        """Why nothing was done, "" where it was."""
        if self.refusal is not None:
            return self.refusal.reason.value
        if self.newcomer is not None:
            return f"newcomer_{self.newcomer.problem}"
        return self.error.code if self.error is not None else ""


async def act_on_seat(work: Work, wish: Wish, *, door: Door, names_others: bool) -> ActedSeat:
    """Decide the wish, with a line in the log of who did what.

    `names_others`: whoever wrote the reason says that it may name others. Raises GraphError where the
    directory cannot be asked about somebody new, and DatabaseFailed.
    """
    try:
        request = read_wish(work.plan, work.stores, wish, now=work.now())
        look = await look_ahead(work.settings, work.plan, work.stores, work.tenant.directory, [request])
    except InputError as error:
        return ActedSeat(error=error)
    if look.met.refused:
        newcomer = look.met.refused[0]
        if newcomer.error is not None:
            raise newcomer.error
        return ActedSeat(newcomer=newcomer)
    named = () if names_others else names_in_reasons(work.plan, work.stores, look)
    if named:
        return ActedSeat(error=SafetyRefused("reason_names_others", names=", ".join(named)))
    numbers: list[int] = []

    def count(decided: Decided) -> None:
        numbers[:] = [decided.state.last + 1, decided.state.last + len(decided.settlement.transitions)]

    settlement = decide_all_or_none(
        work.settings, work.plan, work.stores, look.requests, look.met.people, before_writing=count
    )
    if settlement.refusals:
        return ActedSeat(refusal=settlement.refusals[0])
    decided = look.requests[0]
    work.stores.actions.note(
        Action(
            at=work.now(),
            by=wish.by,
            command=command_of(wish.kind),
            plan=work.plan.id,
            course=decided.course,
            subject=decided.email,
            door=door.value,
        )
    )
    first, last = numbers
    return ActedSeat(
        first=first,
        last=last,
        moved=moved_objects(settlement.transitions),
        strangers=tuple(look.met.from_outside),
    )


def acted_since(books: BookWork, wish: Wish, since: datetime) -> ActedSeat | None:
    """The same wish where the same person had it carried out since then, None where they had not.

    For a door that does not know whether it was heard. Raises DatabaseFailed.
    """
    log = books.stores.seats.load_log(books.plan.id, course=wish.course)
    people = PeopleIndex(books.stores.books.people.load_people(books.plan.id))
    about = {people.canonical(wish.email), wish.email.lower()}
    mine = [
        (number, line)
        for number, line in log
        if line.after.email in about
        and wish.offering in {"", line.after.offering}
        and (line.after.by, line.after.reason) == (wish.by, one_line(wish.reason))
        and line.after.cause in CAUSES_OF[wish.kind]
        and line.after.since >= since
    ]
    if not mine:
        return None
    written = _decided_with(mine[0][0], dict(log))
    return ActedSeat(
        first=written[0][0], last=written[-1][0], moved=moved_objects(line for _, line in written)
    )


def _decided_with(number: int, log: Mapping[int, Transition]) -> list[tuple[int, Transition]]:
    """All lines that one act wrote: of one instant, what it freed before it, and what followed after it."""
    act = log[number].after
    first = last = number
    while (line := log.get(first - 1)) and (line.after.since, line.after.email, line.after.cause) == (
        act.since,
        act.email,
        Cause.FREED,
    ):
        first -= 1
    while (line := log.get(last + 1)) and line.after.since == act.since and line.after.cause not in BY_HAND:
        last += 1
    return [(one, log[one]) for one in range(first, last + 1)]
