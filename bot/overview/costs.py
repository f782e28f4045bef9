"""What a course costs in all, by seat, by who comes and by department (pure; to the øre).

    of a course, in each currency    is                                                           not known where
    amounts                          all that is planned for it, at the dearest of what is open   an amount is missing (at least this)
    per seat                         that by the seats that there are                             there is no limit of seats
    per registered                   that by those who have a seat                                nobody has one yet
    per attended                     that by those who came                                       nobody noted who came, or nobody came
    by department                    that shared out by how many each has of those registered     nobody has a seat yet

What departments get adds up to the whole to the last øre: what does not go up goes to those whose share was
rounded down most. The department of a person is the directory's; where it has none they are counted under "".
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.money import dearest_of, shares_of
from bot.i18n.sorting import danish_key
from bot.overview.lines import CENT, CourseCost, DepartmentCost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.money import Share
    from bot.domain.plan import CoursePlan
    from bot.overview.lines import CourseLine, Seats


def course_costs(plan: CoursePlan, lines: Iterable[CourseLine]) -> tuple[CourseCost, ...]:
    """What is known to cost something, in the order of `lines`; `plan` as it is written."""
    currencies = {pool.id: pool.currency for pool in plan.funding}
    shares: defaultdict[str | None, defaultdict[str, list[Share]]] = defaultdict(lambda: defaultdict(list))
    for share in shares_of(plan):
        if share.pool in currencies:
            shares[share.course][currencies[share.pool]].append(share)
    return tuple(cost for line in lines for cost in _costs(plan, line, shares[line.id].items()))


def by_department(costs: Iterable[CourseCost], currency: str) -> tuple[tuple[DepartmentCost, ...], Decimal]:
    """Each department with all its people, over all courses in the currency, as Danish sorts with "" last.

    Also what is for nobody yet.

    Who takes part in two courses counts twice. Together they are all that the courses cost.
    """
    found: dict[str, list[DepartmentCost]] = {}
    nobody = Decimal(0)
    for cost in costs:
        if cost.currency == currency:
            for department in cost.departments:
                found.setdefault(department.department, []).append(department)
            if not cost.departments:
                nobody += cost.amounts.planned
    return tuple(
        _together(name, found[name]) for name in sorted(found, key=lambda name: (not name, danish_key(name)))
    ), nobody


def shared_out(amount: Decimal, parts: Sequence[int]) -> tuple[Decimal, ...]:
    """The amount by these parts, to the øre and adding up to it; of equal remainders the first gets more.

    Some part is above 0.
    """
    cents, whole = int(amount / CENT), sum(parts)
    shares = [cents * part // whole for part in parts]
    left = cents - sum(shares)
    for at in sorted(range(len(parts)), key=lambda at: (-(cents * parts[at] % whole), at))[:left]:
        shares[at] += 1
    return tuple(share * CENT for share in shares)


def _costs(
    plan: CoursePlan, line: CourseLine, by_currency: Iterable[tuple[str, list[Share]]]
) -> Iterator[CourseCost]:
    for currency, shares in by_currency:
        amounts = dearest_of(plan, shares)
        if amounts.planned:
            departments = _departments(amounts.planned, line.seats)
            yield CourseCost(
                course=line.id, currency=currency, amounts=amounts, seats=line.seats, departments=departments
            )


def _departments(amount: Decimal, seats: Seats) -> tuple[DepartmentCost, ...]:
    taking = [department for department in seats.departments if department.registered]
    if not taking:
        return ()
    amounts = shared_out(amount, [one.registered for one in taking])
    return tuple(
        DepartmentCost(department=one.name, registered=one.registered, attended=one.attended, amount=share)
        for one, share in zip(taking, amounts, strict=True)
    )


def _together(name: str, parts: Sequence[DepartmentCost]) -> DepartmentCost:
    attended = [part.attended for part in parts if part.attended is not None]
    return DepartmentCost(
        department=name,
        registered=sum(part.registered for part in parts),
        attended=sum(attended) if len(attended) == len(parts) else None,
        amount=sum((part.amount for part in parts), Decimal(0)),
    )
