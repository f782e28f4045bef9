"""What HR's commands say: what moved, what was refused and why, whom it mails, and the seat log.

Names, titles and reasons come from outside: what would move a terminal's cursor or turn the writing around is taken out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from bot.domain.changes import Outcome, Update
from bot.domain.messages import DeliveryState
from bot.domain.seats import RequestKind
from bot.i18n.catalogue import text
from bot.invitations.preview import follow_up
from bot.invitations.preview_seats import offering_titles
from bot.messages.characters import one_line
from bot.registrations.listing import status_text, wall_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import RegistrationStatus
    from bot.domain.seats import SeatRequest, Settlement, Transition
    from bot.invitations.preview import Reader
    from bot.outcomes import Collected

LOG_COLUMNS = ("time", "offering", "person", "change", "cause", "source", "by", "reason")
NOTHING = "–"


def tell(settlement: Settlement, followed: Collected | None, reader: Reader) -> None:
    """For a terminal: moves and mails on stdout, what was refused on stderr. `followed` None: nothing was written."""
    titles, language = offering_titles(reader.plan), reader.language
    if followed is None:
        click.echo(text(language, "seats.preview"))
    for one in moves(settlement):
        after = one.after
        title = titles.get((after.course, after.offering), after.offering)
        click.echo(one_line(f"{title}: {name_of(reader.people, after.email)} – {text(language, f'seats.cause.{after.cause}')}"))
    for refusal in settlement.refusals:
        request = refusal.request
        title = titles.get((request.course, request.offering), request.offering)
        who = f": {name_of(reader.people, request.email)}" if request.email else ""
        click.echo(one_line(f"{title}{who} – {text(language, f'seats.refused.{refusal.reason}')}"), err=True)
    if followed is not None:
        mailed = _tell_mails(followed, reader)
        if not mailed and moves(settlement):
            click.echo(text(language, "seats.nobody_mailed"))


def tell_strangers(addresses: Iterable[str], language: Language) -> None:
    """A note on stderr about each: it may be somebody from outside, or a slip."""
    for address in addresses:
        click.echo(text(language, "seats.stranger", address=address), err=True)


def strangers(requests: Iterable[SeatRequest], known: Iterable[str], people: PeopleIndex) -> tuple[str, ...]:
    """The addresses to enrol that are neither among the people nor `known` otherwise, in their order, each once."""
    otherwise = frozenset(known)
    asked = (one.email for one in requests if one.kind is RequestKind.ENROL)
    return tuple(dict.fromkeys(email for email in asked if people.find(email) is None and email not in otherwise))


def _tell_mails(followed: Collected, reader: Reader) -> bool:
    """Whom Outlook and we wrote to, and what failed; False when there was nothing to say."""
    carried, language = followed.carried, reader.language
    done = [one.change for one in carried.applied if one.outcome is Outcome.APPLIED and isinstance(one.change, Update)]
    added, removed = [who for one in done for who in one.add], [who for one in done for who in one.remove]
    mailed = False
    for what, addresses in (("invited", added), ("cancelled", removed)):
        names = ", ".join(name_of(reader.people, address) for address in dict.fromkeys(addresses))
        if names:
            mailed = True
            click.echo(one_line(text(language, f"seats.{what}", names=names)))
    told = follow_up((), [one for one in carried.messages if one.state is DeliveryState.SENT], carried.applied, reader)
    click.echo(told, nl=False)
    return mailed or bool(told)


def as_json(settlement: Settlement, followed: Collected | None, unknown: Sequence[str] = ()) -> str:
    """Keys `moves`, `refused`, `strangers` and, where something was carried out, `mails`: how many went out."""
    moved = [
        {
            "course": one.after.course,
            "offering": one.after.offering,
            "email": one.after.email,
            "from": one.before.value if one.before else None,
            "to": one.after.status.value if one.after.status else None,
            "cause": one.after.cause.value,
        }
        for one in settlement.transitions
        if not one.noted
    ]
    refused = [
        {"course": one.request.course, "offering": one.request.offering, "email": one.request.email, "reason": one.reason.value}
        for one in settlement.refusals
    ]
    document: dict[str, object] = {"moves": moved, "refused": refused, "strangers": list(unknown)}
    if followed is not None:
        by_calendar = sum(one.change.mails for one in followed.carried.applied if one.outcome is Outcome.APPLIED)
        document["mails"] = by_calendar + sum(one.state is DeliveryState.SENT for one in followed.carried.messages)
    return json.dumps(document, ensure_ascii=False, indent=2)


def moves(settlement: Settlement) -> list[Transition]:
    """The lines that move somebody one can see."""
    return [one for one in settlement.transitions if not one.noted and (one.before is not None or one.after.status is not None)]


def log_json(lines: Iterable[tuple[int, Transition]]) -> str:
    """The seat log for programs: (number, line) each; `since` is UTC."""
    rows = [
        {
            "seq": number,
            "since": one.after.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "offering": one.after.offering,
            "email": one.after.email,
            "from": one.before.value if one.before else None,
            "to": one.after.status.value if one.after.status else None,
            "cause": one.after.cause.value,
            "source": one.after.source.value,
            "late": one.after.late,
            "by": one.after.by,
            "reason": one.after.reason,
        }
        for number, one in lines
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def log_table(lines: Iterable[tuple[int, Transition]], plan: CoursePlan, people: PeopleIndex, language: Language) -> str:
    """The seat log as aligned text under headings, times in the plan's zone."""

    def status(one: RegistrationStatus | None) -> str:
        return NOTHING if one is None else status_text(one, language)

    rows = [tuple(text(language, f"seats.log.{column}") for column in LOG_COLUMNS)]
    for _, one in lines:
        after = one.after
        cause = text(language, f"seats.cause.{after.cause}")
        cells = (
            wall_time(after.since, plan).strftime("%Y-%m-%d %H:%M"),
            after.offering,
            name_of(people, after.email),
            f"{status(one.before)} → {status(after.status)}",
            f"{cause} ({text(language, 'seats.late')})" if after.late else cause,
            text(language, f"registrations.source.{after.source}"),
            name_of(people, after.by),
            after.reason,
        )
        rows.append(tuple(one_line(cell) for cell in cells))
    widths = [max(len(row[column]) for row in rows) for column in range(len(LOG_COLUMNS))]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows)


def name_of(people: PeopleIndex, email: str) -> str:
    """The person's name, else the address."""
    person = people.find(email)
    return (person.name if person else "") or email
