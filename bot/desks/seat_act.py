"""One seat decided by a program: enrol, withdraw, move or promote somebody, or say why not.

It is HR's hand (`bot.desks.hr`), with the books decided at once and calendar and mails left to the job that
follows decisions. A refusal is data: nothing was written then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.hr import decide_all_or_none, look_ahead, names_in_reasons
from bot.desks.seat_words import moved_objects
from bot.desks.wishes import read_wish
from bot.domain.actions import Action
from bot.errors import InputError, SafetyRefused

if TYPE_CHECKING:
    from bot.desks.wishes import Wish
    from bot.domain.approvals import Door
    from bot.domain.seats import Refusal
    from bot.opening.work import Work
    from bot.seats.newcomers import RefusedNewcomer


@dataclass(frozen=True, slots=True, kw_only=True)
class ActedSeat:
    """What became of a wish: the lines that were written, or why there are none."""

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
    settlement = decide_all_or_none(work.settings, work.plan, work.stores, look.requests, look.met.people)
    if settlement.refusals:
        return ActedSeat(refusal=settlement.refusals[0])
    decided = look.requests[0]
    work.stores.actions.note(
        Action(
            at=work.now(),
            by=wish.by,
            command=wish.kind.value,
            plan=work.plan.id,
            course=decided.course,
            subject=decided.email,
            door=door.value,
        )
    )
    return ActedSeat(moved=moved_objects(settlement), strangers=tuple(look.met.from_outside))
