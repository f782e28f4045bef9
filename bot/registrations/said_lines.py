"""What people said beside their places, in words.

Lines under a table, and the tables of a workbook (pure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import ResponseStatus
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text, short_moment_text
from bot.messages.characters import one_line
from bot.registrations.listing import wall_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.registrations.said import Remark, Said, SessionName, SpeakerAnswer

    Row = list[str | datetime | None]

UNANSWERED = frozenset({ResponseStatus.NONE, ResponseStatus.NOT_RESPONDED, ResponseStatus.ORGANIZER})


def said_text(said: Said, plan: CoursePlan, language: Language) -> str:
    """What goes under the table: speakers, rooms that said no, and what people wrote.

    "" without any of it.
    """
    sections = [
        ("speakers", [_speaker_line(one, plan, language) for one in said.speakers]),
        ("rooms", [f"{one.room}: {where_text(one.where, language)}" for one in said.rooms]),
        ("remarks", [_remark_line(one, plan, language) for one in said.remarks]),
    ]
    lines: list[str] = []
    for name, items in sections:
        if items:
            lines += [
                text(language, f"registrations.{name}"),
                *(f"    {one_line(item)}" for item in items),
                "",
            ]
    return "".join(f"{line}\n" for line in lines)


def speaker_alerts(said: Said, language: Language) -> Iterator[str]:
    """A line for each speaker who said no."""
    for one in said.cancelled_speakers:
        yield speaker_alert(one.name or one.email, where_text(one.where, language), one.comment, language)


def speaker_alert(name: str, where: str, comment: str, language: Language) -> str:
    """`Oplægsholderen har meldt afbud: Tale Talersen, Kursus, onsdag den 18.

    juni 2025 kl. 09.00: »Jeg er syg«`.
    """
    line = text(language, "registrations.speaker_declined", name=name, where=where)
    return one_line(f"{line}: {text(language, 'registrations.quoted', text=comment)}" if comment else line)


def said_sheets(
    said: Said, plan: CoursePlan, language: Language
) -> Iterator[tuple[str, tuple[str, ...], Sequence[Row]]]:
    """The tables of a workbook: a title, the codes of the columns, and the rows.

    Those with nothing in them are left out.
    """
    speakers: list[Row] = [
        [
            *_place(one.where),
            one.name,
            one.email,
            response_text(one.response, language),
            _wall(one.at, plan),
            one.comment,
        ]
        for one in said.speakers
    ]
    if speakers:
        yield (
            "speakers_sheet",
            ("course", "offering", "session", "start", "name", "email", "response", "since", "comment"),
            speakers,
        )
    if said.rooms:
        yield (
            "rooms_sheet",
            ("course", "offering", "session", "start", "room"),
            [[*_place(one.where), one.room] for one in said.rooms],
        )
    if said.remarks:
        yield (
            "remarks_sheet",
            ("course", "offering", "name", "email", "remark_kind", "remark", "since"),
            [
                [
                    one.course_title,
                    one.offering,
                    one.name,
                    one.email,
                    _kind(one, language),
                    one.text,
                    _wall(one.at, plan),
                ]
                for one in said.remarks
            ],
        )


def response_text(response: ResponseStatus, language: Language) -> str:
    """`Ja`, `Måske`, `Nej`, `Ikke svaret`."""
    code = "status.invited" if response in UNANSWERED else f"response.{response.value}"
    return text(language, f"registrations.{code}")


def where_text(where: SessionName, language: Language) -> str:
    """Course, offering and session by their titles, and when."""
    titles = " – ".join(title for title in (where.course, where.offering, where.session) if title)
    return f"{titles}, {moment_text(language, where.start)}" if where.start else titles


def _place(where: SessionName) -> Row:
    return [where.course, where.offering, where.session, where.start]


def _wall(at: datetime | None, plan: CoursePlan) -> datetime | None:
    return wall_time(at, plan) if at is not None else None


def _speaker_line(one: SpeakerAnswer, plan: CoursePlan, language: Language) -> str:
    answer = response_text(one.response, language)
    when = f" ({short_moment_text(language, wall_time(one.at, plan))})" if one.at else ""
    words = f": {text(language, 'registrations.quoted', text=one.comment)}" if one.comment else ""
    return f"{one.name} <{one.email}>  {where_text(one.where, language)}  {answer}{when}{words}"


def _remark_line(one: Remark, plan: CoursePlan, language: Language) -> str:
    where = " – ".join(part for part in (one.course_title, one.offering) if part)
    when = short_moment_text(language, wall_time(one.at, plan))
    said = text(language, "registrations.quoted", text=one.text)
    return f"{one.name or one.email} <{one.email}>  {where}  {_kind(one, language)} ({when}): {said}"


def _kind(one: Remark, language: Language) -> str:
    if one.response is None:
        return text(language, "registrations.column.note")
    return text(language, "registrations.with_answer", answer=response_text(one.response, language))
