"""The words of HR's report.

The same page as a mail, for a terminal and in a browser, in the plan's language (pure).

What a person has to do comes first, then what is new, then how things stand. A section with nothing in it is
left out.

    sections                                            are
    what a person has to do                             `bot.messages.report_to_do`'s
    undelivered   messages alike, with the addresses and the cause
    full_weeks    each course and message, with the people
    whom HR decides about, answers, seats               `bot.messages.report_enrolment`'s
    coming        each day, course and rule

Where the facts come from is `bot.hr_report.compose`'s. Mail: `bot/messages/templates/report.html.j2`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING

from bot.domain.messages import DeliveryState
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import load_area, text
from bot.i18n.dates import day_text, moment_text, number_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT
from bot.messages.notice import LONGEST_SUBJECT, Rendered
from bot.messages.report_enrolment import enrolment
from bot.messages.report_parts import NO_WAY, DeskWays, list_section, names_text, on_one_line, table_section
from bot.messages.report_to_do import to_do

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.reports import Report, Undelivered
    from bot.messages.report_parts import ReportSection

LONGEST_TITLES = 120
MOST_MISTAKES = 40
"""Of more than these one column is wrong, or the whole sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A report in words, every text on one line."""

    subject: str
    opening: str
    sections: tuple[ReportSection, ...]


def report_page(report: Report, plan: CoursePlan, language: Language, *, desk: str = "") -> ReportPage:
    """The report in words; `desk` is what the desk's addresses begin with, "" where there is none."""
    ways = DeskWays(home=desk, plan=plan.id, language=language)
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
        *to_do(report, language, ways),
        *_not_gone(report, language, ways),
        *enrolment(report, language, ways),
        *_coming(report, language),
    )
    return ReportPage(
        subject=cut_at_word(one_line(subject), LONGEST_SUBJECT),
        opening=opening,
        sections=tuple(map(on_one_line, sections)),
    )


def render_report(report: Report, plan: CoursePlan, language: Language, *, desk: str = "") -> Rendered:
    """The report as a mail."""
    return _as_mail(report_page(report, plan, language, desk=desk), plan, language, desk)


def render_at_once(report: Report, plan: CoursePlan, language: Language, *, desk: str) -> Rendered:
    """The mail that tells at once what has begun to wait: the report with nothing else in it."""
    courses = report.pending.courses if report.pending else ()
    titles = cut_at_word(", ".join(one_line(course.title) for course in courses), LONGEST_TITLES)
    page = replace(
        report_page(report, plan, language, desk=desk),
        subject=cut_at_word(text(language, "report.at_once.subject", what=titles), LONGEST_SUBJECT),
        opening=text(language, "report.at_once.opening"),
    )
    return _as_mail(page, plan, language, desk)


def render_mistakes(
    rows: Sequence[tuple[str, str]],
    plan: CoursePlan,
    language: Language,
    *,
    file: str,
    saved_by: str | None,
    saved_at: datetime | None,
    desk: str,
) -> Rendered:
    """The mail that tells what is wrong with a saved plan: where and what, in words.

    `file` is its name, "" where nobody knows it; `saved_by` None where the reader saved it, "" where nobody
    knows who; `saved_at` the plan's wall time.
    """
    named = f"»{one_line(file)}«" if file else text(language, "report.mistake.file")
    when = moment_text(language, saved_at) if saved_at else text(language, "report.mistake.when")
    who = one_line(saved_by or "") or text(language, "report.mistake.who")
    opening = text(
        language,
        f"report.mistake.opening.{'yours' if saved_by is None else 'others'}",
        file=named,
        when=when,
        who=who,
    )
    left_out = len(rows) - MOST_MISTAKES
    after = (text(language, "report.mistake.more", count=left_out),) if left_out > 0 else ()
    page = ReportPage(
        subject=cut_at_word(text(language, "report.mistake.subject", file=named), LONGEST_SUBJECT),
        opening=opening,
        sections=(on_one_line(table_section("mistake", language, rows[:MOST_MISTAKES], after=after)),),
    )
    return _as_mail(page, plan, language, desk)


def _as_mail(page: ReportPage, plan: CoursePlan, language: Language, desk: str) -> Rendered:
    folder = f"{language.value}/{MessageKind.HR_REPORT.value}"
    for_templates = {
        "language": language.value,
        "font": FONT,
        "page": page,
        "organisation": one_line(plan.organisation),
        "subject": page.subject,
        "desk": desk,
    }
    subject = one_line(render(f"{folder}/subject.txt.j2", for_templates, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", for_templates, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html)


def report_text(report: Report, plan: CoursePlan, language: Language, *, desk: str = "") -> str:
    """The report for a terminal."""
    page = report_page(report, plan, language, desk=desk)
    lines = [text(language, "report.to", address=one_line(report.address)), page.opening]
    for section in page.sections:
        lines += ["", section.heading, "-" * len(section.heading), *section.lines]
        for (what, *sentences), way in zip_longest(section.items, section.ways[: len(section.items)]):
            lines += [f"• {what}", *(f"    {sentence}" for sentence in sentences)]
            lines += [f"    {': '.join(way)}"] if way and way != NO_WAY else []
        for first, *others in section.rows:
            cells = zip(section.columns[1:], others, strict=True)
            named = [f"{column}: {cell}" if column else cell for column, cell in cells if cell]
            lines += [f"• {first}", *(f"    {line}" for line in named)]
        lines += section.after
        for label, command in section.commands:
            lines += [label, f"    {command}"]
    return "\n".join(lines) + "\n"


def browser_page(reports: Sequence[Report], plan: CoursePlan, language: Language, *, desk: str = "") -> str:
    """All reports on one page, each as its mail."""
    shown = [
        (one_line(report.address), render_report(report, plan, language, desk=desk)) for report in reports
    ]
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


def _not_gone(report: Report, language: Language, desk: DeskWays) -> Iterator[ReportSection]:
    undelivered = [
        (
            _kind_and_title(message.kind, message.title, language),
            text(language, "report.to", address=names_text(_readers(message, language), language)),
            cause_text(message.state, message.cause, language),
        )
        for message in report.undelivered
    ]
    full_weeks = [
        (_kind_and_title(week.kind, week.title, language), names_text(week.people, language))
        for week in report.full_weeks
    ]
    sections = (
        list_section(
            "undelivered",
            language,
            undelivered,
            ways=desk.to_course(one.course for one in report.undelivered),
        ),
        list_section("full_weeks", language, full_weeks, lines=(text(language, "report.full_weeks"),)),
    )
    yield from (section for section in sections if section.lists_something)


def _kind_and_title(kind: str, title: str, language: Language) -> str:
    return ": ".join(part for part in (text(language, f"messages.kind.{kind}"), title) if part)


def _readers(message: Undelivered, language: Language) -> tuple[str, ...]:
    return tuple(address or text(language, "reminders.channel") for address in message.addresses)


def _coming(report: Report, language: Language) -> Iterator[ReportSection]:
    rows = [
        (
            f"{text(language, f'messages.kind.{message.template}')}: {message.title}",
            day_text(language, datetime.combine(message.day, report.at.timetz())),
            number_text(language, message.people),
        )
        for message in report.coming
    ]
    if rows:
        yield table_section("coming", language, rows)
