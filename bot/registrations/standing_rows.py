"""Who is coming: claims and standings put together into registrations, with places in line (pure).

For one person and one offering, the first line that fits:

| there is | the row says |
|---|---|
| a seat that went with a course that was cancelled | withdrawn by rule, with `offering_gone` for its cause: HR may have to ring them up |
| another standing without a status (another date was taken, the invitation was released), and the person is no outsider since | no row |
| a standing with one | what the standing says, with the sessions as answered |
| no claim newer than what was shown, and the offering is not in the books (past, cancelled, under way) | what was shown before |
| a claim of somebody who is invited | what was said in Outlook: nothing was decided about it (no seats to give) |
| a claim of somebody who is not | declined (never had a seat), not invited, with `OUTSIDER` for its cause |

The place in line is counted by when the place was taken, ties by address.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.domain.delegates import spoken_by
from bot.domain.registrations import OUTSIDER, Registration, RegistrationStatus
from bot.domain.seats import Cause, is_outsider

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.seats import Claim, Standing, StandingKey

WAITLISTED, WITHDRAWN = RegistrationStatus.WAITLISTED, RegistrationStatus.WITHDRAWN
GONE = Cause.OFFERING_GONE
COMING = frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.TENTATIVE})
NOT_MOVED: Mapping[StandingKey, datetime] = MappingProxyType({})


def registration_rows(
    claims: Iterable[Claim],
    standings: Iterable[Standing],
    previous: Iterable[Registration],
    *,
    in_books: Collection[tuple[str, str]],
    people: PeopleIndex,
    moved: Mapping[StandingKey, datetime] = NOT_MOVED,
    reopened: Collection[StandingKey] = (),
    gone: Collection[tuple[str, str]] = (),
    cancelled: Collection[tuple[str, str]] = (),
) -> tuple[Registration, ...]:
    """The rows by the table above, sorted by course, offering, address.

    `previous` are the rows of the last time; `in_books` the (course, offering) with an event in the books.
    Addresses of claims and standings are canonical. `moved` is when a person's events of an offering were
    last moved (UTC), `reopened` who is to be asked again (`bot.seats.reopening`), `gone` the (course,
    offering) that the plan takes away just now: nobody has a row there, and none comes back from an old
    answer; but for whose seat it was in a course that is cancelled (`cancelled`).
    """
    shown = {(row.course, row.offering, people.canonical(row.email)): row for row in previous}
    claimed = {(claim.course, claim.offering, claim.email): claim for claim in claims}
    decided = {(each.course, each.offering, each.email): _shown(each, cancelled) for each in standings}
    kept = {key for key in shown if key[:2] not in in_books}
    nothing = {
        key
        for key in {*claimed, *kept} - decided.keys()
        if key[:2] in gone or _is_of_nobody(claimed.get(key), key, shown, in_books)
    }
    rows: dict[StandingKey, tuple[Registration, dict[str, Any]]] = {}
    for key in {*claimed, *decided, *kept} - nothing:
        row = _row(claimed.get(key), decided.get(key), shown.get(key) if key in kept else None)
        if row is not None:
            rows[key] = (
                row,
                {
                    "unconfirmed": _is_unconfirmed(row, moved.get(key)),
                    "reopened": key in reopened,
                    **_who(row, shown.get(key), people),
                },
            )
    places = _places(rows)
    return tuple(_with(*rows[key], places.get(key)) for key in sorted(rows))


def _shown(standing: Standing, cancelled: Collection[tuple[str, str]]) -> Standing:
    """The standing, of a seat that went with its course as one that was taken back."""
    is_lost = standing.cause is GONE and standing.had_seat
    if is_lost and (standing.course, standing.offering) in cancelled:
        return replace(standing, status=WITHDRAWN)
    return standing


def canonical_standings(standings: Iterable[Standing], people: PeopleIndex) -> tuple[Standing, ...]:
    """The standings under today's addresses: a person whose address changed stays the same person.

    `standings` in the order of the log: where both addresses have one, the later line counts, whenever it
    began.
    """
    latest: dict[StandingKey, Standing] = {}
    for standing in standings:
        email = people.canonical(standing.email)
        mine = standing if email == standing.email else replace(standing, email=email)
        latest[mine.course, mine.offering, email] = mine
    return tuple(latest.values())


def _is_of_nobody(
    claim: Claim | None,
    key: StandingKey,
    shown: Collection[StandingKey],
    in_books: Collection[tuple[str, str]],
) -> bool:
    """Whether it is an old answer of somebody whom we never invited, to an event that is gone."""
    return claim is not None and not claim.invited and key not in shown and key[:2] not in in_books


def _is_unconfirmed(row: Registration, moved_at: datetime | None) -> bool:
    """Whether the date was moved after the last word and after the seat was given.

    Whoever gave it then, gave it for the new date.
    """
    if moved_at is None or row.status not in COMING:
        return False
    return max(row.since, row.said_at or row.since) < moved_at


def _row(claim: Claim | None, standing: Standing | None, before: Registration | None) -> Registration | None:
    """The row of one person and offering, by the table above; `before` where it may be shown again."""
    if standing is not None and standing.status is None and not is_outsider(claim, standing):
        return None
    if standing is not None and standing.status is not None:
        known = claim or before
        return _row_of_standing(standing, standing.status, claim, known.answers if known else ())
    if claim is None or (before is not None and not _is_newer(claim, before.since)):
        return before
    return _row_of_claim(claim)


def _row_of_standing(
    standing: Standing,
    status: RegistrationStatus,
    claim: Claim | None,
    answers: tuple[tuple[str, RegistrationStatus], ...],
) -> Registration:
    return Registration(
        course=standing.course,
        offering=standing.offering,
        email=standing.email,
        name=claim.name if claim else "",
        department=claim.department if claim else "",
        status=status,
        since=standing.since,
        source=standing.source,
        answers=answers,
        late=standing.late,
        cause=standing.cause.value,
        said=standing.said,
        said_at=standing.said_at,
        answered_by=spoken_by(standing),
    )


def _row_of_claim(claim: Claim) -> Registration:
    return Registration(
        course=claim.course,
        offering=claim.offering,
        email=claim.email,
        name=claim.name,
        status=claim.status if claim.invited else RegistrationStatus.DECLINED,
        since=claim.since,
        source=claim.source,
        department=claim.department,
        invited=claim.invited,
        answers=claim.answers,
        cause="" if claim.invited else OUTSIDER,
        said=claim.said,
        said_at=claim.answered_at if claim.said else None,
    )


def _is_newer(claim: Claim, since: datetime) -> bool:
    return claim.answered_at is not None and claim.answered_at > since


def _who(row: Registration, before: Registration | None, people: PeopleIndex) -> dict[str, str]:
    """Address, name and department, as they are known today."""
    person = people.find(row.email)
    name = (person.name if person else "") or row.name or (before.name if before else "")
    department = (
        (person.department if person else "") or row.department or (before.department if before else "")
    )
    email, by = people.canonical(row.email), people.canonical(row.answered_by) if row.answered_by else ""
    return {
        "email": email,
        "name": name,
        "department": department,
        "answered_by": "" if by == email else by,
    }


def _with(row: Registration, changes: Mapping[str, Any], position: int | None) -> Registration:
    """The row with what is otherwise; nearly always nothing is, and making a row anew is what costs."""
    is_so = row.position == position and all(getattr(row, name) == value for name, value in changes.items())
    return row if is_so else replace(row, position=position, **changes)


def _places(rows: Mapping[StandingKey, tuple[Registration, dict[str, Any]]]) -> dict[StandingKey, int]:
    lines: defaultdict[tuple[str, str], list[tuple[datetime, str, StandingKey]]] = defaultdict(list)
    for key, (row, changes) in rows.items():
        if row.status is WAITLISTED:
            lines[key[:2]].append((row.since, changes["email"], key))
    return {key: place for line in lines.values() for place, (_, _, key) in enumerate(sorted(line), 1)}
