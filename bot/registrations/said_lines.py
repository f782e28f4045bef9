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
        ("speakers", [_speaker_line(speaker, plan, language) for speaker in said.speakers]),
        ("rooms", [f"{room.room}: {where_text(room.where, language)}" for room in said.rooms]),
        ("remarks", [_remark_line(remark, plan, language) for remark in said.remarks]),
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
    for speaker in said.cancelled_speakers:
        yield speaker_alert(
            speaker.name or speaker.email, where_text(speaker.where, language), speaker.comment, language
        )


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
            *_place(speaker.where),
            speaker.name,
            speaker.email,
            response_text(speaker.response, language),
            _wall(speaker.at, plan),
            speaker.comment,
        ]
        for speaker in said.speakers
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
            [[*_place(room.where), room.room] for room in said.rooms],
        )
    if said.remarks:
        yield (
            "remarks_sheet",
            ("course", "offering", "name", "email", "remark_kind", "remark", "since"),
            [
                [
                    remark.course_title,
                    remark.offering,
                    remark.name,
                    remark.email,
                    _kind(remark, language),
                    remark.text,
                    _wall(remark.at, plan),
                ]
                for remark in said.remarks
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


def _speaker_line(speaker: SpeakerAnswer, plan: CoursePlan, language: Language) -> str:
    answer = response_text(speaker.response, language)
    when = f" ({short_moment_text(language, wall_time(speaker.at, plan))})" if speaker.at else ""
    words = f": {text(language, 'registrations.quoted', text=speaker.comment)}" if speaker.comment else ""
    return f"{speaker.name} <{speaker.email}>  {where_text(speaker.where, language)}  {answer}{when}{words}"


def _remark_line(remark: Remark, plan: CoursePlan, language: Language) -> str:
    where = " – ".join(part for part in (remark.course_title, remark.offering) if part)
    when = short_moment_text(language, wall_time(remark.at, plan))
    said = text(language, "registrations.quoted", text=remark.text)
    return (
        f"{remark.name or remark.email} <{remark.email}>  {where}  {_kind(remark, language)} ({when}): {said}"
    )


def _kind(remark: Remark, language: Language) -> str:
    if remark.response is None:
        return text(language, "registrations.column.note")
    return text(language, "registrations.with_answer", answer=response_text(remark.response, language))
