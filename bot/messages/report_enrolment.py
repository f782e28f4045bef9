"""What HR's report says of the enrolment: whom HR decides about, what is new, and how things stand (pure).

section       a line for
guests        each offering, with those who were not invited, and what HR can do about it
left_without  each course, with those whose date has gone
sign_ups      each course, with those whose sign-up waits for HR's yes or no
lapsed        each day that was only reserved and is over
answers       each course: the new ones, and how many in all; with the names of those who said no
remarks       what each person wrote
silent        each course, with the deadline
seats         each offering
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.i18n.catalogue import plural, text
from bot.i18n.dates import moment_text, number_text, short_moment_text
from bot.messages.report_parts import DeskWays, ReportSection, list_section, names_text, table_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.people import Language
    from bot.domain.reports import CourseAnswers, Guests, Remarked, Report, SeatCount, Silent


def enrolment(report: Report, language: Language, desk: DeskWays) -> Iterator[ReportSection]:
    """The sections that have something in them, in the order of the table."""
    left_without = [(course.title, names_text(course.names, language)) for course in report.left_without]
    lapsed = [(day.title, moment_text(language, day.start)) for day in report.lapsed]
    remarks = [_remark(remark, language) for remark in report.remarks]
    sections = (
        _guests(report, language, desk),
        list_section(
            "left_without",
            language,
            left_without,
            lines=(text(language, "report.left_without_desk" if desk.home else "report.left_without"),),
            ways=desk.to_course(course.course for course in report.left_without),
        ),
        list_section(
            "sign_ups",
            language,
            [(course.title, names_text(course.names, language)) for course in report.sign_ups],
            lines=(text(language, "report.sign_ups"),),
            ways=desk.to_course(course.course for course in report.sign_ups),
        ),
        list_section("lapsed", language, lapsed, lines=(text(language, "report.lapsed"),)),
        _answers(report, language),
        list_section(
            "remarks", language, remarks, ways=desk.to_course(remark.course for remark in report.remarks)
        ),
        _silent(report, language),
        _seats(report, language),
    )
    yield from (section for section in sections if section.lists_something)


def _guests(report: Report, language: Language, desk: DeskWays) -> ReportSection:
    offerings = [(guests.title, _addressed(guests, language)) for guests in report.guests]
    commands = [command for guests in report.guests[:1] for command in _ways_to_decide(guests, language)]
    lines = (text(language, "report.guests.what"),)
    section = list_section(
        "guests", language, offerings, lines=lines, ways=desk.to_course(one.course for one in report.guests)
    )
    return section if desk.home else replace(section, commands=tuple(commands))


def _addressed(guests: Guests, language: Language) -> str:
    people = [
        email if name == email else f"{name} <{email}>"
        for name, email in zip(guests.names, guests.emails, strict=True)
    ]
    return names_text(people, language)


def _ways_to_decide(guests: Guests, language: Language) -> Iterator[tuple[str, str]]:
    """How HR enrols the first of them, or takes them off."""
    whom = f"{guests.course}/{guests.offering} {guests.emails[0]}"
    yield text(language, "report.guests.enrol"), f"kursusbot enrol {whom} --external"
    yield text(language, "report.guests.withdraw"), f"kursusbot withdraw {whom}"


def _answers(report: Report, language: Language) -> ReportSection:
    rows = [
        (answers.title, *_numbers(answers, language, anew=report.since is not None))
        for answers in report.answers
    ]
    declined = [
        text(language, "report.declined", title=answers.title, names=names_text(answers.declined, language))
        for answers in report.answers
        if answers.declined
    ]
    return table_section("answers", language, rows, after=tuple(declined))


def _numbers(answers: CourseAnswers, language: Language, *, anew: bool) -> Iterator[str]:
    """Yes, maybe and no: those since the last report, with how many there are in all where that says more."""
    for new, in_all in zip((answers.yes, answers.maybe, answers.no), answers.in_all, strict=True):
        number = number_text(language, new)
        if anew and in_all > new:
            number = text(language, "report.in_all", new=number, all=number_text(language, in_all))
        yield number


def _remark(remark: Remarked, language: Language) -> tuple[str, str]:
    kind = text(language, "registrations.column.note")
    if remark.response:
        answer = text(language, f"registrations.response.{remark.response}")
        kind = text(language, "registrations.with_answer", answer=answer) if answer else kind
    quoted = text(language, "registrations.quoted", text=remark.text)
    return f"{remark.title}: {remark.name}", f"{kind}: {quoted}"


def _silent(report: Report, language: Language) -> ReportSection:
    rows = [
        (silent.title, number_text(language, silent.count), _deadline(silent, language))
        for silent in report.silent
    ]
    return table_section("silent", language, rows)


def _deadline(silent: Silent, language: Language) -> str:
    if silent.deadline is None:
        return text(language, "report.no_deadline")
    when = short_moment_text(language, silent.deadline)
    return text(language, "report.deadline_past", when=when) if silent.is_past else when


def _seats(report: Report, language: Language) -> ReportSection:
    unconfirmed = [
        f"{seats.title}: {plural(language, 'report.unconfirmed', seats.unconfirmed)}"
        for seats in report.seats
        if seats.unconfirmed
    ]
    rows = [_seat_row(seats, language) for seats in report.seats]
    return table_section("seats", language, rows, after=tuple(unconfirmed))


def _seat_row(seats: SeatCount, language: Language) -> tuple[str, ...]:
    registered = number_text(language, seats.registered)
    if seats.capacity is not None:
        registered = text(
            language, "report.of", taken=registered, capacity=number_text(language, seats.capacity)
        )
    return seats.title, registered, number_text(language, seats.waiting) if seats.waiting else ""
