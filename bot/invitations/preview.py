"""A change set as something to read: one outline, for a terminal or as Markdown to paste (pure).

Sections by action, each change with when, what moves, whom it mails and why (`preview_changes`); then what
goes with them, what waits for a person, and above it all how many mails that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.changes import Outcome
from bot.i18n.catalogue import plural, text
from bot.invitations.clashes import NO_CLASHES
from bot.invitations.lookalikes import changed_id_text, changed_ids_in
from bot.invitations.overspending import NOTHING_OVERSPENT
from bot.invitations.preview_changes import change_lines, error_words, outcome_lines
from bot.invitations.preview_clashes import clashes_before
from bot.invitations.preview_overspending import overspent_before
from bot.invitations.preview_page import Outline, plain
from bot.invitations.preview_seats import seat_notes, seat_sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.changes import Applied, ChangeSet
    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.renames import Renamed
    from bot.domain.seats import Transition
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending
    from bot.invitations.preview_page import Item, Section
    from bot.invitations.preview_reader import Reader
    from bot.invitations.safety import Passed

SECTIONS = ("cancel", "update", "invite", "create", "adopt", "conflict", "forget")


def outline(
    change_set: ChangeSet,
    reader: Reader,
    *,
    passed: Sequence[Passed] = (),
    applied: Sequence[Applied] | None = None,
    sent: int = 0,
    waiting: Sequence[Item] = (),
    rejected: Sequence[Item] = (),
    rejected_mails: int = 0,
    clashes: Clashes = NO_CLASHES,
    overspending: Overspending = NOTHING_OVERSPENT,
) -> Outline:
    """The page of a preview, or with `applied` of what a sync did; `sent` messages went out with it.

    `waiting` is what a person is asked about, `rejected` what somebody has said no to; each with its lines.
    `rejected_mails` would go with the latter, and do not. `clashes` and `overspending` are told with the
    changes that make them.
    """
    language, done = reader.language, applied is not None
    renamed = [_renamed_lines(one, reader) for one in change_set.renamed]
    sections = (
        *_change_sections(change_set, reader, clashes, overspending, applied),
        *_section("renamed", renamed, language),
        *seat_sections(change_set.moves, change_set.messages, reader.courses, language, reader.names),
        *_section("waiting", waiting, language),
        *_section("rejected", rejected, language),
    )
    if sections:
        first = _mails_line(change_set, applied, sent, language)
    else:
        first = text(language, "preview.nothing_known" if change_set.unknown_groups else "preview.nothing")
    held_back = plural(language, "preview.rejected_mails", rejected_mails)
    return Outline(
        title=text(
            language,
            "preview.title_done" if done else "preview.title",
            organisation=reader.plan.organisation,
            plan=change_set.plan,
        ),
        opening=(
            first,
            *([held_back] if rejected_mails and not done else []),
            *_notes(change_set, reader, ids_are_told=bool(waiting)),
            *clashes_before(clashes, language),
            *overspent_before(overspending, language),
        ),
        sections=sections,
        closing=_closing(change_set, passed, reader, done=done) if sections else (),
    )


def follow_up(
    moves: Iterable[Transition], messages: Iterable[Message], applied: Iterable[Applied], reader: Reader
) -> str:
    """What followed from answers and wishes, for a terminal; empty when nothing did."""
    language = reader.language
    sections = seat_sections(moves, messages, reader.courses, language, reader.names)
    lines: list[str] = []
    for heading, items in sections:
        lines += [heading, *(f"  {plain(line)}" for item in items for line in item)]
    for one in applied:
        if outcome := outcome_lines(one, language):
            lines += [f"  {plain(line)}" for line in (one.change.subject, *outcome)]
    return "".join(f"{line}\n" for line in lines)


def limit_lines(change_set: ChangeSet, passed: Sequence[Passed], language: Language) -> tuple[str, ...]:
    """What the safety limits say, and the way past them; empty when none is passed."""
    if not passed:
        return ()
    lines = [
        text(language, f"preview.limit.{one.limit}", number=one.number, of=one.of, allowed=one.allowed)
        for one in passed
    ]
    return (
        f"{text(language, 'preview.limit.title')}:",
        *(f"  {line}" for line in lines),
        text(language, "preview.limit.way_out", checksum=change_set.checksum),
    )


def _change_sections(
    change_set: ChangeSet,
    reader: Reader,
    clashes: Clashes,
    overspending: Overspending,
    applied: Sequence[Applied] | None,
) -> Iterator[Section]:
    results = {id(one.change): one for one in applied or ()}
    for action in SECTIONS:
        items = [
            (
                *change_lines(change, reader, clashes, overspending, done=applied is not None),
                *outcome_lines(results.get(id(change)), reader.language),
            )
            for change in change_set.changes
            if change.action == action
        ]
        yield from _section(action, items, reader.language)


def _section(name: str, items: Sequence[Item], language: Language) -> Iterator[Section]:
    """With its heading and how many there are; no section of nothing."""
    if items:
        yield f"{text(language, f'preview.section.{name}')} ({len(items)})", tuple(items)


def _mails_line(
    change_set: ChangeSet, applied: Sequence[Applied] | None, sent: int, language: Language
) -> str:
    if applied is None:
        return plural(language, "preview.mails", change_set.mails)
    mails = sum(one.change.mails for one in applied if one.outcome is Outcome.APPLIED)
    return plural(language, "preview.mails_done", mails + sent)


def _renamed_lines(one: Renamed, reader: Reader) -> tuple[str, ...]:
    return one.subject or str(one.new), text(reader.language, "preview.renamed", old=one.old, new=one.new)


def _notes(change_set: ChangeSet, reader: Reader, *, ids_are_told: bool) -> tuple[str, ...]:
    language = reader.language
    unread = (
        text(
            language,
            f"preview.unknown_{unknown.reason}",
            group=unknown.group,
            error=error_words(unknown.error, language) if unknown.error else "",
        )
        for unknown in change_set.unknown_groups
    )
    nameless = (text(language, "preview.without_address", name=name) for name in change_set.without_address)
    unmatched = (text(language, "preview.unmatched", entry=entry) for entry in change_set.unmatched)
    groups = (text(language, "preview.group_as_person", entry=entry) for entry in change_set.groups_as_people)
    delegates = (
        text(language, "preview.unknown_delegate", entry=entry) for entry in change_set.unknown_delegates
    )
    # A changed id makes its courses wait, and is explained there.
    renamed = (
        changed_id_text(one, language) for one in (() if ids_are_told else changed_ids_in(change_set.changes))
    )
    return (
        *unread,
        *nameless,
        *unmatched,
        *groups,
        *delegates,
        *renamed,
        *seat_notes(change_set, reader.plan, reader.courses, language),
    )


def _closing(
    change_set: ChangeSet, passed: Sequence[Passed], reader: Reader, *, done: bool
) -> tuple[str, ...]:
    if passed:
        return limit_lines(change_set, passed, reader.language)
    if done or not change_set.needs_approval:
        return ()
    return (text(reader.language, "preview.checksum", checksum=change_set.checksum, program=reader.program),)
