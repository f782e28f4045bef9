"""The words of HR's report.

The same page as a mail, for a terminal and in a browser, in the plan's language (pure).

What a person has to do comes first, then what is new, then how things stand. A section with nothing in it is
left out.

    section       a line for
    pending       each course that waits: since when, how many mails, what it clashes with, why, and how to approve it
    erasure       why old personal data waits, and how to let it go
    speakers      each speaker who cannot come, with what they wrote
    clashes       each thing done in Outlook, with what to do about it
    rooms         each room that said no or is silent
    undelivered   messages alike, with the addresses and the cause
    full_weeks    each course and message, with the people
    guests        each offering, with those who were not invited, and what HR can do about it
    left_without  each course, with those whose date has gone
    lapsed        each day that was only reserved and is over
    answers       each course: the new ones, and how many in all; with the names of those who said no
    remarks       what each person wrote
    silent        each course, with the deadline
    seats         each offering
    coming        each day, course and rule

Where the facts come from is `bot.hr_report.compose`'s. Mail: `bot/messages/templates/report.html.j2`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.changes import Reason
from bot.domain.messages import DeliveryState
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import load_area, plural, text
from bot.i18n.clashes import clash_text
from bot.i18n.dates import day_text, moment_text, number_text, short_moment_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT
from bot.messages.notice import LONGEST_SUBJECT, Rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.reports import (
        CourseAnswers,
        ErasureWaits,
        Guests,
        Pending,
        PendingCourse,
        Remarked,
        Report,
        ReportedClash,
        RoomTrouble,
        SeatCount,
        Silent,
        SpeakerTrouble,
        Undelivered,
    )

LONGEST_TITLES = 120
SHOWN_NAMES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A heading, lines under it, and what it lists.

    Things with sentences about each, or a table of short cells after a name.

    `items` are (what, sentences …), `columns` the headings of `rows`, `after` the lines below, `commands`
    (what for, command).
    """

    heading: str
    lines: tuple[str, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    after: tuple[str, ...] = ()
    commands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A report in words, every text on one line."""

    subject: str
    opening: str
    sections: tuple[ReportSection, ...]


def report_page(report: Report, plan: CoursePlan, language: Language) -> ReportPage:
    """The report in words."""
    organisation = one_line(plan.organisation)
    titles = cut_at_word(", ".join(one_line(title) for title in report.titles), LONGEST_TITLES)
    subject = text(language, "report.subject", what=titles or organisation)
    if not report.is_worth_sending:
        opening = text(language, "report.nothing")
    elif report.since is not None:
        opening = text(language, "report.since", when=moment_text(language, report.since))
    else:
        opening = text(language, "report.first")
    sections = (
        *_to_do(report, language),
        *_not_gone(report, language),
        *_enrolment(report, language),
        *_coming(report, language),
    )
    return ReportPage(
        subject=cut_at_word(one_line(subject), LONGEST_SUBJECT),
        opening=opening,
        sections=tuple(map(_on_one_line, sections)),
    )


def render_report(report: Report, plan: CoursePlan, language: Language) -> Rendered:
    """The report as a mail."""
    page = report_page(report, plan, language)
    folder = f"{language.value}/{MessageKind.HR_REPORT.value}"
    given = {
        "language": language.value,
        "font": FONT,
        "page": page,
        "organisation": one_line(plan.organisation),
        "subject": page.subject,
    }
    subject = one_line(render(f"{folder}/subject.txt.j2", given, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html)


def report_text(report: Report, plan: CoursePlan, language: Language) -> str:
    """The report for a terminal."""
    page = report_page(report, plan, language)
    lines = [text(language, "report.to", address=one_line(report.address)), page.opening]
    for section in page.sections:
        lines += ["", section.heading, "-" * len(section.heading), *section.lines]
        for what, *sentences in section.items:
            lines += [f"• {what}", *(f"    {sentence}" for sentence in sentences)]
        for first, *others in section.rows:
            told = [
                f"{column}: {cell}" if column else cell
                for column, cell in zip(section.columns[1:], others, strict=True)
                if cell
            ]
            lines.append(f"• {first}")
            lines += [f"    {line}" for line in told]
        lines += section.after
        for label, command in section.commands:
            lines += [label, f"    {command}"]
    return "\n".join(lines) + "\n"


def browser_page(reports: Sequence[Report], plan: CoursePlan, language: Language) -> str:
    """All reports on one page, each as its mail."""
    shown = [(one_line(report.address), render_report(report, plan, language)) for report in reports]
    title = text(language, "report.title", organisation=one_line(plan.organisation))
    labels = [(text(language, "report.to", address=address), notice) for address, notice in shown]
    return render("report_page.html.j2", {"language": language.value, "title": title, "reports": labels})


def cause_text(state: str, cause: str, language: Language) -> str:
    """Why a message did not go, as HR can use it."""
    known = load_area(language, "report").get(f"cause.{cause}")
    # Of what is over only: the others' reasons tell what the next round does.
    reason = (
        load_area(language, "reminders").get(f"reason.{cause}") if state == DeliveryState.FAILED else None
    )
    return known or (
        f"{reason[:1].upper()}{reason[1:]}." if reason else text(language, f"report.state.{state}")
    )


def _to_do(report: Report, language: Language) -> Iterator[ReportSection]:
    if report.pending is not None:
        yield _pending(report.pending, language)
    if report.erasure is not None:
        yield _erasure(report.erasure, language)
    if report.speakers:
        yield _list(
            "speakers",
            language,
            [(_speaker(one, language), text(language, "report.speaker")) for one in report.speakers],
        )
    if report.clashes:
        yield _list("clashes", language, [(one.title, *_clash(one, language)) for one in report.clashes])
    if report.rooms:
        answers = {
            one: text(language, "report.room.declined" if one.declined else "report.room.silent")
            for one in report.rooms
        }
        yield _list("rooms", language, [(_room(one, language), said) for one, said in answers.items()])


def _erasure(waits: ErasureWaits, language: Language) -> ReportSection:
    since = (
        (text(language, "report.pending.since", when=moment_text(language, waits.since)),)
        if waits.since
        else ()
    )
    return ReportSection(
        heading=text(language, "report.section.erasure"),
        lines=(text(language, "report.erasure.what"), text(language, f"report.erasure.{waits.why}"), *since),
        commands=tuple(
            (text(language, f"report.erasure.{way}"), command)
            for way, command in (("look", "kursusbot expire"), ("let_go", "kursusbot expire --yes"))
        ),
    )


def _room(room: RoomTrouble, language: Language) -> str:
    return f"{room.title}: {room.room}" + (f", {day_text(language, room.start)}" if room.start else "")


def _speaker(speaker: SpeakerTrouble, language: Language) -> str:
    when = f", {moment_text(language, speaker.start)}" if speaker.start else ""
    said = text(language, "registrations.speaker_declined", name=speaker.name, where=f"{speaker.title}{when}")
    return (
        f"{said}: {text(language, 'registrations.quoted', text=speaker.comment)}" if speaker.comment else said
    )


def _remark(remark: Remarked, language: Language) -> tuple[str, str]:
    answer = text(language, f"registrations.response.{remark.response}") if remark.response else ""
    kind = (
        text(language, "registrations.with_answer", answer=answer)
        if answer
        else text(language, "registrations.column.note")
    )
    return (
        f"{remark.title}: {remark.name}",
        f"{kind}: {text(language, 'registrations.quoted', text=remark.text)}",
    )


def _pending(pending: Pending, language: Language) -> ReportSection:
    limits = [
        text(language, f"preview.limit.{one.limit}", number=one.number, of=one.of, allowed=one.allowed)
        for one in pending.limits
    ]
    groups = [
        text(language, f"report.group.{reason}", group=group) for group, reason in pending.unknown_groups
    ]
    waiting = [plural(language, "report.pending.waiting", pending.waiting)] if pending.waiting else []
    return ReportSection(
        heading=text(language, "report.section.pending"),
        lines=(*limits, *groups, *waiting),
        items=tuple(_pending_course(one, language) for one in pending.courses),
        commands=((text(language, "report.pending.look"), "kursusbot preview"),) if pending.courses else (),
    )


def _pending_course(course: PendingCourse, language: Language) -> tuple[str, ...]:
    lines = [course.title, text(language, "report.pending.since", when=moment_text(language, course.since))]
    if course.mails:
        lines.append(
            f"{plural(language, 'approvals.mails', course.mails)} "
            f"{plural(language, 'approvals.people', course.people)}"
        )
    else:
        lines.append(text(language, "approvals.uncounted" if course.people else "approvals.no_mails"))
    lines += [clash_text(clash, language) for clash in course.clashes]
    for reason, *found in course.reasons:
        lines += [text(language, f"approvals.reason.{reason}"), *found]
    ways = ("alone", "reject_hint")
    return (
        *lines,
        *(text(language, f"approvals.{way}", program="kursusbot", checksum=course.checksum) for way in ways),
    )


def _clash(clash: ReportedClash, language: Language) -> Iterator[str]:
    yield from clash.differences
    if clash.people:
        label = {Reason.UNKNOWN_NAME: "namesakes", Reason.DIRECTORY_NAME: "nobodys"}.get(
            Reason(clash.reason), "missing_people"
        )
        yield text(language, f"preview.{label}", names=_names(clash.people, language))
    why = text(language, f"preview.reason.{clash.reason}")
    yield f"{why[:1].upper()}{why[1:]}."


def _not_gone(report: Report, language: Language) -> Iterator[ReportSection]:
    if report.undelivered:
        items = [
            (
                ": ".join(part for part in (text(language, f"messages.kind.{one.kind}"), one.title) if part),
                text(language, "report.to", address=_names(_readers(one, language), language)),
                cause_text(one.state, one.cause, language),
            )
            for one in report.undelivered
        ]
        yield _list("undelivered", language, items)
    if report.full_weeks:
        kinds = {one: text(language, f"messages.kind.{one.kind}") for one in report.full_weeks}
        people = [(f"{kind}: {one.title}", _names(one.people, language)) for one, kind in kinds.items()]
        yield _list("full_weeks", language, people, lines=(text(language, "report.full_weeks"),))


def _readers(one: Undelivered, language: Language) -> tuple[str, ...]:
    return tuple(address or text(language, "reminders.channel") for address in one.addresses)


def _enrolment(report: Report, language: Language) -> Iterator[ReportSection]:
    if report.guests:
        items = [(one.title, _guests(one, language)) for one in report.guests]
        choice = [
            command
            for one in report.guests[:1]
            for command in (
                (
                    text(language, "report.guests.enrol"),
                    f"kursusbot enrol {one.course}/{one.offering} {one.emails[0]} --external",
                ),
                (
                    text(language, "report.guests.withdraw"),
                    f"kursusbot withdraw {one.course}/{one.offering} {one.emails[0]}",
                ),
            )
        ]
        section = _list("guests", language, items, lines=(text(language, "report.guests.what"),))
        yield replace(section, commands=tuple(choice))
    if report.left_without:
        names = [(one.title, _names(one.names, language)) for one in report.left_without]
        yield _list("left_without", language, names, lines=(text(language, "report.left_without"),))
    if report.lapsed:
        days = [(one.title, moment_text(language, one.start)) for one in report.lapsed]
        yield _list("lapsed", language, days, lines=(text(language, "report.lapsed"),))
    if report.answers:
        numbers = [
            (one.title, *_answers(one, language, anew=report.since is not None)) for one in report.answers
        ]
        declined = [
            text(language, "report.declined", title=one.title, names=_names(one.declined, language))
            for one in report.answers
            if one.declined
        ]
        yield _table("answers", language, numbers, after=tuple(declined))
    if report.remarks:
        yield _list("remarks", language, [_remark(one, language) for one in report.remarks])
    if report.silent:
        waited_for = [
            (one.title, number_text(language, one.count), _deadline(one, language)) for one in report.silent
        ]
        yield _table("silent", language, waited_for)
    if report.seats:
        moved = [
            (one, plural(language, "report.unconfirmed", one.unconfirmed))
            for one in report.seats
            if one.unconfirmed
        ]
        after = tuple(f"{one.title}: {words}" for one, words in moved)
        yield _table("seats", language, [_seats(one, language) for one in report.seats], after=after)


def _guests(one: Guests, language: Language) -> str:
    people = [
        email if name == email else f"{name} <{email}>"
        for name, email in zip(one.names, one.emails, strict=True)
    ]
    return _names(people, language)


def _answers(one: CourseAnswers, language: Language, *, anew: bool) -> Iterator[str]:
    """Yes, maybe and no: those since the last report, with how many there are in all where that says more."""
    for new, in_all in zip((one.yes, one.maybe, one.no), one.in_all, strict=True):
        number = number_text(language, new)
        yield (
            text(language, "report.in_all", new=number, all=number_text(language, in_all))
            if anew and in_all > new
            else number
        )


def _deadline(silent: Silent, language: Language) -> str:
    if silent.deadline is None:
        return text(language, "report.no_deadline")
    when = short_moment_text(language, silent.deadline)
    return text(language, "report.deadline_past", when=when) if silent.is_past else when


def _seats(seats: SeatCount, language: Language) -> tuple[str, ...]:
    registered = number_text(language, seats.registered)
    if seats.capacity is not None:
        registered = text(
            language, "report.of", taken=registered, capacity=number_text(language, seats.capacity)
        )
    return seats.title, registered, number_text(language, seats.waiting) if seats.waiting else ""


def _coming(report: Report, language: Language) -> Iterator[ReportSection]:
    if report.coming:
        rows = []
        for one in report.coming:
            kind = text(language, f"messages.kind.{one.template}")
            day = day_text(
                language, report.at.replace(year=one.day.year, month=one.day.month, day=one.day.day)
            )
            rows.append((f"{kind}: {one.title}", day, number_text(language, one.people)))
        yield _table("coming", language, rows)


def _list(
    name: str, language: Language, items: Iterable[tuple[str, ...]], *, lines: tuple[str, ...] = ()
) -> ReportSection:
    return ReportSection(heading=text(language, f"report.section.{name}"), lines=lines, items=tuple(items))


def _table(
    name: str, language: Language, rows: Iterable[tuple[str, ...]], *, after: tuple[str, ...] = ()
) -> ReportSection:
    heading, columns = text(language, f"report.section.{name}"), _columns(name, language)
    return ReportSection(heading=heading, columns=columns, rows=tuple(rows), after=after)


def _columns(name: str, language: Language) -> tuple[str, ...]:
    area = load_area(language, "report")
    return tuple(heading for code, heading in area.items() if code.startswith(f"column.{name}."))


def _names(names: Sequence[str], language: Language) -> str:
    shown = ", ".join(one_line(name) for name in names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f"{shown} {plural(language, 'reminders.more', more)}" if more > 0 else shown


def _on_one_line(section: ReportSection) -> ReportSection:
    """Titles and names come from outside."""
    return ReportSection(
        heading=section.heading,
        lines=tuple(map(one_line, section.lines)),
        columns=section.columns,
        items=tuple(tuple(map(one_line, item)) for item in section.items),
        rows=tuple(tuple(map(one_line, row)) for row in section.rows),
        after=tuple(map(one_line, section.after)),
        commands=section.commands,
    )
