"""What HR's report says first: what a person has to do (pure).

section     a line for
pending     each course that waits: since when, how many mails, what it clashes with, why, and where to approve it
erasure     why old personal data waits, and how to let it go
untold      each program that was not told, since when and what to do
speakers    each speaker who cannot come, with what they wrote
clashes     each thing done in Outlook, with what to do about it
rooms       each room that said no or is silent
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.changes import Reason
from bot.i18n.catalogue import plural, text
from bot.i18n.clashes import clash_text
from bot.i18n.dates import day_text, moment_text
from bot.i18n.mails import mails_text
from bot.messages.report_parts import DeskWays, ReportSection, list_section, names_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.people import Language
    from bot.domain.reports import (
        ErasureWaits,
        Pending,
        PendingCourse,
        Report,
        ReportedClash,
        RoomTrouble,
        SpeakerTrouble,
        UntoldProgram,
    )

PEOPLE_OF_CLASH = {Reason.UNKNOWN_NAME: "namesakes", Reason.DIRECTORY_NAME: "nobodys"}
"""How the people of a clash are introduced; of any other reason they are missing."""


def to_do(report: Report, language: Language, desk: DeskWays) -> Iterator[ReportSection]:
    """The sections that have something in them, in the order of the table."""
    if report.pending is not None:
        yield _pending(report.pending, language, desk)
    if report.erasure is not None:
        yield _erasure(report.erasure, language, desk)
    if report.untold:
        yield _untold(report.untold, language, desk)
    about_speaker = text(language, "report.speaker")
    speakers = [(_speaker(speaker, language), about_speaker) for speaker in report.speakers]
    clashes = [(clash.title, *_clash(clash, language)) for clash in report.clashes]
    rooms = [_room(room, language) for room in report.rooms]
    sections = (
        list_section("speakers", language, speakers, ways=desk.to_course(_courses(report.speakers))),
        list_section("clashes", language, clashes, ways=desk.to_course(_courses(report.clashes))),
        list_section("rooms", language, rooms, ways=desk.to_course(_courses(report.rooms))),
    )
    yield from (section for section in sections if section.lists_something)


def _erasure(waits: ErasureWaits, language: Language, desk: DeskWays) -> ReportSection:
    told = [f"report.erasure.{one}" for one in ("what", waits.why, "let_go")]
    lines = [text(language, code) for code in told]
    since = (
        text(language, "report.pending.since", when=moment_text(language, waits.since)) if waits.since else ""
    )
    by_hand = (("look", "kursusbot expire"), ("by_hand", "kursusbot expire --yes"))
    return ReportSection(
        heading=text(language, "report.section.erasure"),
        lines=() if desk.home else (*lines[:2], *filter(None, [since])),
        items=((*lines, *filter(None, [since])),) if desk.home else (),
        ways=desk.to_runs(),
        commands=()
        if desk.home
        else tuple((text(language, f"report.erasure.{way}"), command) for way, command in by_hand),
    )


def _untold(programs: Iterable[UntoldProgram], language: Language, desk: DeskWays) -> ReportSection:
    items = tuple(
        (
            text(language, "report.untold.line", receiver=one.receiver, count=one.count),
            text(language, "report.pending.since", when=moment_text(language, one.since)),
            text(language, "report.untold.what"),
        )
        for one in programs
    )
    return ReportSection(
        heading=text(language, "report.section.untold"), items=items, ways=desk.to_runs() * len(items)
    )


def _room(room: RoomTrouble, language: Language) -> tuple[str, str]:
    when = f", {day_text(language, room.start)}" if room.start else ""
    answer = text(language, "report.room.declined" if room.declined else "report.room.silent")
    return f"{room.title}: {room.room}{when}", answer


def _speaker(speaker: SpeakerTrouble, language: Language) -> str:
    when = f", {moment_text(language, speaker.start)}" if speaker.start else ""
    where = f"{speaker.title}{when}"
    declined = text(language, "registrations.speaker_declined", name=speaker.name, where=where)
    if not speaker.comment:
        return declined
    return f"{declined}: {text(language, 'registrations.quoted', text=speaker.comment)}"


def _pending(pending: Pending, language: Language, desk: DeskWays) -> ReportSection:
    limits = [
        text(
            language, f"preview.limit.{limit.limit}", number=limit.number, of=limit.of, allowed=limit.allowed
        )
        for limit in pending.limits
    ]
    groups = [
        text(language, f"report.group.{reason}", group=group) for group, reason in pending.unknown_groups
    ]
    waiting = [plural(language, "report.pending.waiting", pending.waiting)] if pending.waiting else []
    return ReportSection(
        heading=text(language, "report.section.pending"),
        lines=(*limits, *groups, *waiting),
        items=tuple(_pending_course(course, language, desk) for course in pending.courses),
        ways=desk.to_change(_courses(pending.courses)),
        commands=((text(language, "report.pending.look"), "kursusbot preview"),)
        if pending.courses and not desk.home
        else (),
    )


def _pending_course(course: PendingCourse, language: Language, desk: DeskWays) -> tuple[str, ...]:
    lines = [
        course.title,
        text(language, "report.pending.since", when=moment_text(language, course.since)),
        mails_text(language, mails=course.mails, people=course.people),
    ]
    lines += [clash_text(clash, language) for clash in course.clashes]
    for reason, *details in course.reasons:
        lines += [text(language, f"approvals.reason.{reason}"), *details]
    ways = () if desk.home else ("alone", "reject_hint")
    return (
        *lines,
        *(text(language, f"approvals.{way}", program="kursusbot", checksum=course.checksum) for way in ways),
    )


def _courses(told: Iterable[RoomTrouble | SpeakerTrouble | ReportedClash | PendingCourse]) -> Iterator[str]:
    return (one.course for one in told)


def _clash(clash: ReportedClash, language: Language) -> Iterator[str]:
    yield from clash.differences
    if clash.people:
        label = PEOPLE_OF_CLASH.get(Reason(clash.reason), "missing_people")
        yield text(language, f"preview.{label}", names=names_text(clash.people, language))
    why = text(language, f"preview.reason.{clash.reason}")
    yield f"{why[:1].upper()}{why[1:]}."
