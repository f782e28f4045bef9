"""The demonstration in words: one page for each step, and the summary at the end (pure).

A page answers three questions: what does HR do, what does kursusbot say, what did people get. What
kursusbot says is its own preview, cut down to the first changes.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from bot.approvals.telling import decided_lines, waiting_items
from bot.demo.mails import KINDS, MailCount
from bot.demo.performed import Collected, Decided, Previewed, Reminded, Reported, Wrote
from bot.demo.telling_day import day_lines
from bot.domain.errors import SafetyRefused
from bot.domain.registrations import RegistrationStatus
from bot.domain.reminder_rules import Channel
from bot.i18n.catalogue import error_text, plural, text
from bot.i18n.dates import day_text, number_text
from bot.invitations.preview import limit_lines, outline
from bot.invitations.preview_page import Outline
from bot.invitations.preview_reader import Reader
from bot.messages.report import report_page
from bot.registrations.listing import status_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.demo.performed import Performed
    from bot.domain.people import Language
    from bot.rounds.steps.read_world import Reading

    Section = tuple[str, tuple[tuple[str, ...], ...]]

WIDTH = 92
INDENT = "   "
NAME_WIDTH = 27
REPORT_LINES = 4
WAITING_SHOWN = 2
PROGRAM = "kursusbot"
STATUSES = (
    RegistrationStatus.REGISTERED,
    RegistrationStatus.TENTATIVE,
    RegistrationStatus.WAITLISTED,
    RegistrationStatus.INVITED,
    RegistrationStatus.DECLINED,
    RegistrationStatus.WITHDRAWN,
)


class Narrator:
    """Tells the steps in one language; what was noted once (a person without address) is not repeated."""

    def __init__(self, language: Language, steps: int) -> None:
        self._language = language
        self._steps = steps
        self._noted: set[str] = set()
        self._number = 0

    def opening(self) -> str:
        """What is about to be shown."""
        return "\n".join([*_wrap(text(self._language, "demo.opening"), ""), ""])

    def page(self, performed: Performed) -> str:
        """One step, ready to print."""
        self._number += 1
        step, language = performed.step, self._language
        head = f"━━ {self._number}/{self._steps}  {text(language, f'demo.step.{step.id}.title')} "
        day = f" {day_text(language, step.at)}"
        lines = [head + "━" * max(2, WIDTH - len(head) - len(day)) + day]
        lines += [text(language, "demo.question.hr"), *_wrap(text(language, f"demo.step.{step.id}.hr"))]
        lines.append(text(language, "demo.question.said"))
        for said in performed.said:
            match said:
                case Previewed():
                    lines += self._round(said) if said.unwatched else self._preview(said)
                case Wrote():
                    lines += self._writing(said)
                case Decided():
                    lines += self._decision(said)
                case Collected():
                    lines += self._registrations(said)
                case Reminded():
                    lines += self._reminders(said)
                case Reported():
                    lines += self._reports(said)
                case _:
                    lines += [wrapped for line in day_lines(said, language) for wrapped in _wrap(line)]
        lines += [text(language, "demo.question.got"), *_wrap(self._got(performed))]
        lines += _wrap(text(language, f"demo.step.{step.id}.note"), "→  ")
        lines += [f"✗  {disappointment}" for disappointment in performed.disappointments]
        return "\n".join([*lines, ""])

    def summary(self, story: Sequence[Performed], *, most_in_flight: int) -> str:
        """The table of steps, and the sums."""
        language = self._language
        lines = [
            "━" * WIDTH,
            text(language, "demo.summary.title"),
            "",
            self._row([text(language, f"demo.column.{name}") for name in COLUMNS]),
        ]
        for number, performed in enumerate(story, 1):
            title = f"{number:2}  {text(language, f'demo.step.{performed.step.id}.title')}"
            lines.append(
                self._row(
                    [title, *self._numbers(performed.requests.total(), performed.foretold, performed.sent)]
                )
            )
        requests, foretold, sent, by_people = Counter[str](), MailCount(), MailCount(), MailCount()
        for performed in story:
            requests += performed.requests
            foretold, sent = foretold.plus(performed.foretold), sent.plus(performed.sent)
            by_people = by_people.plus(performed.sent_by_people)
        lines += [
            self._row(
                [
                    f"    {text(language, 'demo.summary.all')}",
                    *self._numbers(requests.total(), foretold, sent),
                ]
            ),
            "",
        ]
        kinds = ", ".join(
            f"{method} {number_text(language, count)}" for method, count in sorted(requests.items())
        )
        lines += _wrap(
            text(
                language, "demo.summary.requests", count=number_text(language, requests.total()), kinds=kinds
            ),
            "• ",
        )
        lines += _wrap(text(language, "demo.summary.in_flight", count=most_in_flight), "• ")
        lines += _wrap(
            text(language, "demo.summary.faults", count=sum(performed.faults for performed in story)), "• "
        )
        lines += _wrap(
            text(language, "demo.summary.by_people", count=number_text(language, by_people.total)), "• "
        )
        delayed = sum(performed.delayed for performed in story)
        if delayed:
            lines += _wrap(text(language, "demo.summary.delayed", count=number_text(language, delayed)), "• ")
        total = {"foretold": number_text(language, foretold.total), "sent": number_text(language, sent.total)}
        lines += _wrap(text(language, "demo.summary.mails", **total), "• ")
        return "\n".join([*lines, ""])

    def _preview(self, said: Previewed) -> Iterator[str]:
        """What HR saw of the whole difference before applying it."""
        page = self._outline(said, said.proposal.whole)
        yield from self._opening(page)
        yield from self._sections(page.sections, said.show)
        refused = said.synced.refused
        if isinstance(refused, SafetyRefused):
            for line in limit_lines(said.proposal.whole.change_set, said.synced.passed, self._language)[:-1]:
                yield from _wrap(line)
            yield from _wrap(error_text(self._language, refused))
        yield from self._exit_code(said)

    def _round(self, said: Previewed) -> Iterator[str]:
        """What the service did with nobody watching, and what of the rest HR finds in the preview."""
        language, waits = self._language, self._waiting(said)
        page = self._outline(said, said.proposal.whole if waits else said.synced.reading, waits)
        yield from _wrap(
            plural(language, "demo.round", said.sent)
            if said.sent
            else text(language, "demo.round_without_mails")
        )
        yield from self._opening(page, notes_only=True)
        yield from self._sections(page.sections[:-1] if waits else page.sections, said.show)
        if waits:
            heading, items = page.sections[-1]
            yield from _wrap(heading)
            yield from self._items(_told_once(items), WAITING_SHOWN)
            for line in page.closing if said.show else ():
                yield from _wrap(line)
        yield from self._exit_code(said)

    def _writing(self, said: Wrote) -> Iterator[str]:
        """The lines of the plan as they stand now."""
        if said.lines is None:
            yield from _wrap(text(self._language, "demo.plan_restored"))
            return
        yield from _wrap(text(self._language, "demo.plan_says"))
        for line in said.lines:
            yield from _wrap(line, f"{INDENT}    ")

    def _decision(self, said: Decided) -> Iterator[str]:
        """The command as HR types it, and the answer."""
        command = "approve" if all(decision.approved for decision in said.made) else "reject"
        yield from _wrap(text(self._language, f"demo.{command}", checksum=said.typed))
        titles = said.plan.titles
        for line in decided_lines(said.made, titles, self._language, enough=said.enough):
            yield from _wrap(line)

    def _waiting(self, said: Previewed) -> tuple[tuple[str, ...], ...]:
        proposal = said.synced.proposal
        titles = proposal.titles(said.plan)
        return waiting_items(proposal.waiting, titles, proposal.found.lines, self._language, program=PROGRAM)

    def _outline(self, said: Previewed, reading: Reading, waits: Sequence[tuple[str, ...]] = ()) -> Outline:
        reader = Reader(plan=said.plan, people=reading.world.people, language=self._language, program=PROGRAM)
        proposal = said.proposal
        return outline(
            reading.change_set,
            reader,
            waiting=waits,
            clashes=proposal.clashes,
            overspending=proposal.overspending,
        )

    def _opening(self, page: Outline, *, notes_only: bool = False) -> Iterator[str]:
        first, *notes = page.opening
        fresh = [note for note in notes if note not in self._noted]
        self._noted.update(notes)
        for line in fresh if notes_only else (first, *fresh):
            yield from _wrap(line)

    def _sections(self, sections: Sequence[Section], most: int) -> Iterator[str]:
        """The first changes; none, and no headings either, where none are worth showing."""
        left = most
        for heading, items in sections if most else ():
            yield from _wrap(heading)
            yield from self._items(items, max(left, 0))
            left -= len(items)

    def _items(self, items: Sequence[tuple[str, ...]], most: int) -> Iterator[str]:
        for head, *rest in items[:most]:
            yield from _wrap(head, f"{INDENT}• ")
            for line in rest:
                yield from _wrap(line, f"{INDENT}    ")
        if len(items) > most:
            yield from _wrap(plural(self._language, "demo.more_changes", len(items) - most), f"{INDENT}• ")

    def _exit_code(self, said: Previewed) -> Iterator[str]:
        code = said.synced.outcome.exit_code
        if code:
            yield from _wrap(text(self._language, "demo.exit_code", code=code))

    def _registrations(self, said: Collected) -> Iterator[str]:
        language = self._language
        if said.new_answers:
            yield from _wrap(text(language, "registrations.collected", count=said.new_answers))
        counts = Counter((one.course, one.offering, one.status) for one in said.registrations)
        short = {RegistrationStatus.WAITLISTED: text(language, "demo.waiting")}
        labels = [short.get(status) or status_text(status, language) for status in STATUSES]
        yield INDENT + " " * NAME_WIDTH + "".join(f"{label:>{len(label) + 2}}" for label in labels)
        for course, offering in said.plan.offerings():
            if course.id in said.courses:
                name = _short(course.title, f" – {offering.title}" if offering.title else "")
                numbers = [counts[course.id, offering.id, status] for status in STATUSES]
                cells = "".join(
                    f"{number:>{len(label) + 2}}" for number, label in zip(numbers, labels, strict=True)
                )
                yield f"{INDENT}{name:<{NAME_WIDTH}}{cells}"

    def _reminders(self, said: Reminded) -> Iterator[str]:
        language = self._language
        titles = said.plan.titles
        counts = Counter(
            (one.item.course, one.kind, one.item.channel, one.target, one.state, str(one.reason))
            for one in said.reminders
        )
        for (course, template, channel, target, state, reason), count in counts.items():
            why = f": {text(language, f'reminders.reason.{reason}')}" if reason else ""
            people = (
                f"{plural(language, 'reminders.people', count)} "
                f"({text(language, f'reminders.target.{target}')})"
            )
            if channel == Channel.CHANNEL:
                people = text(language, "demo.to_channel")
            elif channel == Channel.TEAMS:
                people += f", {text(language, 'reminders.way.teams')}"
            kind, stands = (
                text(language, f"messages.kind.{template}"),
                text(language, f"reminders.state.{state}"),
            )
            yield from _wrap(f"{kind}: {titles[course]}. {people}. {stands}{why}.")
        if not counts:
            yield from _wrap(text(language, "reminders.none"))

    def _reports(self, said: Reported) -> Iterator[str]:
        for report in said.reports:
            page = report_page(report, said.plan, self._language)
            yield from _wrap(page.subject)
            for section in page.sections:
                things = list(section.items)
                for what, *cells in section.rows:
                    numbers = (
                        f"{column} {cell}"
                        for column, cell in zip(section.columns[1:], cells, strict=True)
                        if cell
                    )
                    things.append((f"{what}: {', '.join(numbers)}",))
                yield from _wrap(section.heading)
                yield from self._items(things, REPORT_LINES)

    def _got(self, performed: Performed) -> str:
        language = self._language
        kinds = [
            plural(language, f"demo.mail.{kind}", count)
            for kind in KINDS
            if (count := getattr(performed.sent, kind))
        ]
        mails = text(language, "demo.mails", kinds=", ".join(kinds), foretold=performed.foretold.total)
        teams = [
            plural(language, f"demo.{name}", count)
            for name, count in (("lines", performed.lines.total()), ("posts", performed.posts))
            if count
        ]
        return " ".join([mails if kinds else text(language, "demo.no_mails"), *teams])

    def _numbers(self, requests: int, foretold: MailCount, sent: MailCount) -> list[str]:
        numbers = (
            requests,
            foretold.total,
            sent.total,
            sent.invitation,
            sent.update,
            sent.cancellation,
            sent.message,
        )
        return [number_text(self._language, number) for number in numbers]

    @staticmethod
    def _row(cells: Sequence[str]) -> str:
        first, *rest = cells
        return f"{first[:37]:<38}" + "".join(
            f"{cell:>{width}}" for cell, width in zip(rest, (12, 9, 8, 8, 8, 9, 9), strict=True)
        )


COLUMNS = ("step", "requests", "foretold", "sent", "invitation", "update", "cancellation", "message")


def _told_once(items: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same items, each reason only where it comes first: why several courses wait is often one thing."""
    told: set[str] = set()
    fresh = []
    for title, mails, *rest in items:
        fresh.append((title, mails, *(line for line in rest if line not in told)))
        told.update(rest)
    return fresh


def _short(title: str, ending: str) -> str:
    """The title cut so that the ending, which tells the dates of a course apart, stays whole."""
    room = NAME_WIDTH - len(ending)
    return (title if len(title) <= room else f"{title[: room - 1].rstrip()}…") + ending


def _wrap(line: str, lead: str = INDENT) -> list[str]:
    return textwrap.wrap(
        line, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False
    ) or [lead.rstrip()]
