"""What HR's commands say: what moved, what was refused and why, whom it mails, and the seat log.

Names, titles and reasons come from outside: what would move a terminal's cursor or turn the writing around is
taken out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bot.desks.hand.seat_words import NOTHING, moved_objects, moves, name_of, refusal_key, will_text
from bot.domain.changes import Outcome, Update
from bot.domain.messages import DeliveryState
from bot.i18n.catalogue import text
from bot.i18n.dates import short_moment_text
from bot.invitations.preview import follow_up
from bot.invitations.preview_seats import offering_titles
from bot.messages.characters import one_line
from bot.registrations.listing import status_text, wall_time
from bot.registrations.seat_history import cause_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.desks.hand.hr import ForeseenDecision
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import RegistrationStatus
    from bot.domain.seats import Refusal, Settlement, Standing, Transition
    from bot.invitations.preview_reader import Reader
    from bot.rounds.results import Collected

LOG_COLUMNS = ("time", "offering", "person", "change", "cause", "source", "by", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why nothing was done.

    Where it stands in a list ("": no list), a code for programs, whom it is about, and the words.
    """

    place: str
    code: str
    email: str
    message: str


def show_text(shown: ForeseenDecision, reader: Reader, heading: str) -> str:
    """What would happen: moves as they will be, whom Outlook would write to, and our own mails.

    Nothing has been done.
    """
    language = reader.language
    lines = [heading]
    lines += [
        one_line(_title(one.after, reader, verb=will_text(one, reader.language)))
        for one in moves(shown.settlement)
    ]
    mails = [*_outlook_lines(shown.invited, shown.cancelled, reader)]
    told = follow_up((), shown.messages, (), reader)
    if not mails and not told:
        mails = [text(language, "seats.nobody_mailed")]
    return "".join(f"{line}\n" for line in [*lines, *mails]) + told


def tell_done(settlement: Settlement, followed: Collected, reader: Reader) -> None:
    """For a terminal: moves and mails that happened."""
    for one in moves(settlement):
        click.echo(
            one_line(
                _title(one.after, reader, verb=f"– {text(reader.language, f'seats.cause.{cause_key(one)}')}")
            )
        )
    if not _tell_mails(followed, reader) and moves(settlement):
        click.echo(text(reader.language, "seats.nobody_mailed"))


def refusal_text(refusal: Refusal, reader: Reader) -> str:
    """The offering, the person and why, on one line."""
    request, language = refusal.request, reader.language
    title = offering_titles(reader.courses).get((request.course, request.offering), request.offering)
    who = f": {name_of(reader.people, request.email)}" if request.email else ""
    return one_line(f"{title}{who} – {text(language, f'seats.refused.{refusal_key(refusal)}')}")


def _title(after: Standing, reader: Reader, *, verb: str) -> str:
    title = offering_titles(reader.courses).get((after.course, after.offering), after.offering)
    return f"{title}: {name_of(reader.people, after.email)} {verb}"


def _outlook_lines(added: Iterable[str], removed: Iterable[str], reader: Reader) -> Iterator[str]:
    for what, addresses in (("invited", added), ("cancelled", removed)):
        names = ", ".join(name_of(reader.people, address) for address in dict.fromkeys(addresses))
        if names:
            yield one_line(text(reader.language, f"seats.{what}", names=names))


def _tell_mails(followed: Collected, reader: Reader) -> bool:
    """Whom Outlook and we wrote to, and what failed; False when there was nothing to say."""
    carried = followed.carried
    done = [
        one.change
        for one in carried.applied
        if one.outcome is Outcome.APPLIED and isinstance(one.change, Update)
    ]
    lines = list(
        _outlook_lines(
            (who for one in done for who in one.add), (who for one in done for who in one.remove), reader
        )
    )
    for line in lines:
        click.echo(line)
    told = follow_up(
        (), [one for one in carried.messages if one.state is DeliveryState.SENT], carried.applied, reader
    )
    click.echo(told, nl=False)
    return bool(lines or told)


def shown_json(
    shown: ForeseenDecision, from_outside: Sequence[str] = (), faults: Sequence[Fault] = ()
) -> str:
    """Keys `moves`, `refused`, `strangers`, `faults`, and whom it would mail.

    `invited`, `cancelled`, `messages`.
    """
    document = _seats_json(shown.settlement, from_outside) | {
        "faults": [{"place": one.place, "code": one.code, "email": one.email} for one in faults],
        "invited": list(shown.invited),
        "cancelled": list(shown.cancelled),
        "messages": [
            {"kind": one.kind.value, "course": one.course, "email": one.email} for one in shown.messages
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def done_json(settlement: Settlement, followed: Collected, from_outside: Sequence[str] = ()) -> str:
    """Keys `moves`, `refused`, `strangers` and `mails`: how many went out."""
    by_calendar = sum(one.change.mails for one in followed.carried.applied if one.outcome is Outcome.APPLIED)
    mails = by_calendar + sum(one.state is DeliveryState.SENT for one in followed.carried.messages)
    return json.dumps(_seats_json(settlement, from_outside) | {"mails": mails}, ensure_ascii=False, indent=2)


def _seats_json(settlement: Settlement, from_outside: Sequence[str]) -> dict[str, object]:
    refused = [
        {
            "course": one.request.course,
            "offering": one.request.offering,
            "email": one.request.email,
            "reason": one.reason.value,
        }
        for one in settlement.refusals
    ]
    return {
        "moves": moved_objects(settlement.transitions),
        "refused": refused,
        "strangers": list(from_outside),
    }


def log_json(lines: Iterable[tuple[int, Transition]]) -> str:
    """The seat log for programs: (number, line) each; `since` is UTC."""
    rows = [
        {
            "seq": number,
            "since": one.after.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "offering": one.after.offering,
            "email": one.after.email,
            "from": one.before.public if one.before else None,
            "to": one.after.status.public if one.after.status else None,
            "cause": one.after.cause.value,
            "source": one.after.source.value,
            "late": one.after.late,
            "by": one.after.by,
            "reason": one.after.reason,
        }
        for number, one in lines
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def log_table(
    lines: Iterable[tuple[int, Transition]], plan: CoursePlan, people: PeopleIndex, language: Language
) -> str:
    """The seat log as aligned text under headings, times in the plan's zone."""

    def status(one: RegistrationStatus | None) -> str:
        return NOTHING if one is None else status_text(one, language)

    rows = [tuple(text(language, f"seats.log.{column}") for column in LOG_COLUMNS)]
    for _, line in lines:
        after = line.after
        cause = text(language, f"seats.cause.{cause_key(line)}")
        cells = (
            short_moment_text(language, wall_time(after.since, plan)),
            after.offering,
            name_of(people, after.email),
            f"{status(line.before)} → {status(after.status)}",
            f"{cause} ({text(language, 'seats.late')})" if after.late else cause,
            text(language, f"registrations.source.{after.source}"),
            name_of(people, after.by),
            after.reason,
        )
        rows.append(tuple(one_line(cell) for cell in cells))
    widths = [max(len(row[column]) for row in rows) for column in range(len(LOG_COLUMNS))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )
