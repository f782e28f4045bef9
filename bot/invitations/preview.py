"""A change set as something to read: text for HR, Markdown to paste, JSON for programs (pure).

The same outline feeds text and Markdown: sections by action, each change with when, what moves, whom
it mails and why. JSON keys are the public contract's.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.approvals.telling import courses_json
from bot.domain.approvals import Consent
from bot.domain.changes import Applied, Cancel, Conflict, Create, Forget, Outcome, Reason, Update
from bot.domain.events import AttendeeType, EventField
from bot.errors import KursusbotError, RecipientsRejected
from bot.i18n.catalogue import error_text, plural, text
from bot.i18n.dates import span_text
from bot.i18n.sorting import danish_key
from bot.invitations.clashes import NO_CLASHES
from bot.invitations.lookalikes import changed_id_text, changed_ids_in
from bot.invitations.overspending import NOTHING_OVERSPENT
from bot.invitations.preview_clashes import clash_lines, clashes_before, clashes_json
from bot.invitations.preview_edits import edit_json, edit_lines, shown_value
from bot.invitations.preview_left_out import left_out_json
from bot.invitations.preview_overspending import overspent_before, overspent_json, overspent_lines
from bot.invitations.preview_seats import seat_notes, seat_sections, seats_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.approvals.weighing import Verdict
    from bot.domain.changes import Change, ChangeSet
    from bot.domain.events import EventContent
    from bot.domain.messages import Message
    from bot.domain.people import Language, LeftOut, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.renames import Renamed
    from bot.domain.seats import Transition
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending
    from bot.invitations.safety import Passed

_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MARKS = re.compile(r"[\\`*_\[\]<>#&|~]")
_LIST_MARK = re.compile(r"^(\d*)([-+=.)])")

SHOWN_NAMES = 6
WHO_IS_MISSING = {
    Reason.ROOM_DECLINED: "rooms_declined",
    Reason.SPEAKER_DECLINED: "speakers_declined",
    Reason.UNKNOWN_NAME: "namesakes",
    Reason.DIRECTORY_NAME: "nobodys",
}
SECTIONS = ("cancel", "update", "invite", "create", "adopt", "conflict", "forget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A page: title, opening lines, sections of (heading, items of lines), closing lines."""

    title: str
    opening: tuple[str, ...]
    sections: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    closing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the page is.

    The plan, the names behind addresses, the language, and the program as it was called.

    `before` are courses as they were approved last: what has gone from the plan is still called by its title.
    """

    plan: CoursePlan
    people: PeopleIndex
    language: Language
    program: str = "kursusbot"
    before: tuple[Course, ...] = ()

    @property
    def courses(self) -> tuple[Course, ...]:
        """All that may be named, as the plan has them where it does."""
        return (*self.before, *self.plan.courses)


def outline(
    change_set: ChangeSet,
    reader: Reader,
    *,
    passed: Sequence[Passed] = (),
    applied: Sequence[Applied] | None = None,
    sent: int = 0,
    waiting: Sequence[tuple[str, ...]] = (),
    rejected: Sequence[tuple[str, ...]] = (),
    rejected_mails: int = 0,
    clashes: Clashes = NO_CLASHES,
    overspending: Overspending = NOTHING_OVERSPENT,
) -> Outline:
    """The page of a preview, or with `applied` of what a sync did; `sent` messages went out with it.

    `waiting` is what a person is asked about, `rejected` what somebody has said no to; each with its lines.
    `rejected_mails` would go with the latter, and do not. `clashes` and `overspending` are told with the
    changes that make them.
    """
    language = reader.language
    results = {id(one.change): one for one in applied or ()}
    done = applied is not None
    sections = []
    for action in SECTIONS:
        items = tuple(
            (
                *_lines(change, reader, clashes, overspending, done=done),
                *_outcome_lines(results.get(id(change)), language),
            )
            for change in change_set.changes
            if change.action == action
        )
        if items:
            sections.append((f"{text(language, f'preview.section.{action}')} ({len(items)})", items))
    if change_set.renamed:
        names = tuple(_renamed_lines(one, reader) for one in change_set.renamed)
        sections.append((f"{text(language, 'preview.section.renamed')} ({len(names)})", names))
    sections += seat_sections(
        change_set.moves,
        change_set.messages,
        reader.courses,
        language,
        lambda addresses: _names(addresses, reader),
    )
    for name, told in (("waiting", waiting), ("rejected", rejected)):
        if told:
            sections.append((f"{text(language, f'preview.section.{name}')} ({len(told)})", tuple(told)))
    mails = change_set.mails
    if applied is not None:
        mails = sum(one.change.mails for one in applied if one.outcome is Outcome.APPLIED) + sent
    if sections:
        opening = plural(language, "preview.mails_done" if done else "preview.mails", mails)
    else:
        opening = text(language, "preview.nothing_known" if change_set.unknown_groups else "preview.nothing")
    held_back = (
        (plural(language, "preview.rejected_mails", rejected_mails),) if rejected_mails and not done else ()
    )
    return Outline(
        title=text(
            language,
            f"preview.title{'_done' if done else ''}",
            organisation=reader.plan.organisation,
            plan=change_set.plan,
        ),
        opening=(
            opening,
            *held_back,
            *_notes(change_set, reader, ids_are_told=bool(waiting)),
            *clashes_before(clashes, language),
            *overspent_before(overspending, language),
        ),
        sections=tuple(sections),
        closing=_closing(change_set, passed, reader, done=done) if sections else (),
    )


def follow_up(
    moves: Iterable[Transition], messages: Iterable[Message], applied: Iterable[Applied], reader: Reader
) -> str:
    """What followed from answers and wishes, for a terminal; empty when nothing did."""
    language = reader.language
    sections = seat_sections(
        moves, messages, reader.courses, language, lambda addresses: _names(addresses, reader)
    )
    lines: list[str] = []
    for heading, items in sections:
        lines += [heading, *(f"  {_plain(line)}" for item in items for line in item)]
    for one in applied:
        if outcome := _outcome_lines(one, language):
            lines += [f"  {_plain(line)}" for line in (one.change.subject, *outcome)]
    return "".join(f"{line}\n" for line in lines)


def as_text(page: Outline) -> str:
    """For a terminal."""
    lines = [_plain(line) for line in (page.title, "", *page.opening)]
    for heading, items in page.sections:
        lines += ["", heading, "-" * len(heading)]
        for first, *rest in items:
            lines += [f"• {_plain(first)}", *(f"    {_plain(line)}" for line in rest)]
    return "\n".join([*lines, *([""] if page.closing else []), *page.closing]) + "\n"


def as_markdown(page: Outline) -> str:
    """For a page or a mail."""
    lines = [f"# {_escape(page.title)}", "", *(f"{_escape(line)}\n" for line in page.opening)]
    for heading, items in page.sections:
        lines += [f"## {_escape(heading)}", ""]
        for first, *rest in items:
            lines += [f"- **{_escape(first)}**", *(f"  - {_escape(line)}" for line in rest)]
        lines.append("")
    return "\n".join([*lines, *(f"{_escape(line)}\n" for line in page.closing)])


def as_json(
    change_set: ChangeSet,
    *,
    applied: Sequence[Applied] | None = None,
    language: Language,
    verdicts: Sequence[Verdict] = (),
    held: Sequence[Change] = (),
    clashes: Clashes = NO_CLASHES,
    overspending: Overspending = NOTHING_OVERSPENT,
    left_out: Sequence[LeftOut] = (),
) -> str:
    """The contract's shape.

    `outcome` (and `error`) only where something was applied; `held` waits for a person's approval.
    """
    outcomes = {id(one.change): one for one in applied or ()} | {
        id(one): Applied(change=one, outcome=Outcome.HELD) for one in held
    }
    consents, waits = {one.course: one.consent for one in verdicts}, {*map(id, held)}
    rows = []
    for change in (*change_set.changes, *held):
        consent = _consent(change, consents, is_held=id(change) in waits, is_done=applied is not None)
        row: dict[str, object] = {
            "action": change.action,
            "session": str(change.key),
            "course": change.course,
            "subject": change.subject,
            "fields": [],
            "add": [],
            "remove": [],
            "mails": change.mails,
            "reason": change.reason.value,
            "approval": consent.value,
        }
        match change:
            case Update():
                row |= {
                    "fields": [field.value for field in change.fields],
                    "add": list(change.add),
                    "remove": list(change.remove),
                }
                row |= (
                    {"readdressed": [{"was": old, "email": new} for old, new in change.readdressed]}
                    if change.readdressed
                    else {}
                )
            case Create():
                row |= {"add": [one.email for one in change.desired.attendees], "held": change.held}
            case Conflict():
                row |= {
                    "fields": [field.value for field in change.fields],
                    "missing": list(change.missing),
                    **edit_json(change),
                }
            case Cancel():
                row |= {"told": change.told}
            case Forget():
                pass
            case _ as unreachable:
                assert_never(unreachable)
        result = outcomes.get(id(change))
        if result is not None:
            row["outcome"] = result.outcome.value
            if result.error is not None:
                row["error"] = _error(result.error, language)
        rows.append(row)
    document = {
        "plan": change_set.plan,
        "revision": change_set.revision,
        "checksum": change_set.checksum,
        "mails": change_set.mails,
        "changes": rows,
        "courses": courses_json(verdicts),
        "unknown_groups": [
            {"group": one.group, "reason": one.reason.value} for one in change_set.unknown_groups
        ],
        "without_address": list(change_set.without_address),
        "unmatched": list(change_set.unmatched),
        "left_out": left_out_json(left_out),
        "groups_as_people": list(change_set.groups_as_people),
        "without_link": list(change_set.without_link),
        "renamed": [
            {"was": str(one.old), "session": str(one.new), "subject": one.subject}
            for one in change_set.renamed
        ],
        "clashes": clashes_json(clashes),
        "overspent": overspent_json(overspending),
        **seats_json(change_set),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _consent(change: Change, by_course: Mapping[str, Consent], *, is_held: bool, is_done: bool) -> Consent:
    """Whether a person has to approve the change.

    What reaches nobody needs none, nor what the world did while its course waits.
    """
    if is_held:
        return Consent.NEEDED
    reaches = change.mails > 0 or (isinstance(change, Create) and change.held)
    found = by_course.get(change.course, Consent.NOT_NEEDED) if reaches else Consent.NOT_NEEDED
    return Consent.NOT_NEEDED if is_done and found is Consent.NEEDED else found


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


def _lines(
    change: Change, reader: Reader, clashes: Clashes, overspending: Overspending, *, done: bool
) -> tuple[str, ...]:
    language = reader.language
    why = text(language, "preview.why", reason=text(language, f"preview.reason.{change.reason}"))
    head = change.subject or str(change.key)
    match change:
        case Create():
            lines = [_when(change.desired.content, language)]
            if not change.held:
                lines.append(
                    plural(language, "preview.create", change.mails)
                    if change.mails
                    else text(language, "preview.as_they_sign_up")
                )
            else:
                lines.append(text(language, "preview.held"))
        case Update():
            lines = _update_lines(change, reader)
        case Cancel():
            told = [text(language, "preview.told", reason=change.told)] if change.told else []
            lines = [
                _when(change.observed.content, language),
                plural(language, "preview.cancel", change.mails),
                *told,
            ]
        case Conflict():
            lines = edit_lines(change, reader.plan, language)
            if change.missing:
                label = WHO_IS_MISSING.get(change.reason, "missing_people")
                lines.append(text(language, f"preview.{label}", names=_names(change.missing, reader)))
        case Forget():
            lines = []
        case _ as unreachable:
            assert_never(unreachable)
    at_once = clash_lines(clashes, change.key, language, lambda addresses: _names(addresses, reader))
    return (head, *lines, *at_once, *overspent_lines(overspending, change.key, language, done=done), why)


def _renamed_lines(one: Renamed, reader: Reader) -> tuple[str, ...]:
    return one.subject or str(one.new), text(reader.language, "preview.renamed", old=one.old, new=one.new)


def _update_lines(change: Update, reader: Reader) -> list[str]:
    language = reader.language
    rooms = {one.email for one in change.desired.attendees if one.type is AttendeeType.RESOURCE}
    rooms |= {one.address for one in change.observed.attendees if one.type is AttendeeType.RESOURCE}
    exchanged = 2 * len(change.readdressed)
    staying = change.mails - change.again - exchanged - len({*change.add, *change.remove} - rooms)
    lines = [_when(change.observed.content, language), *_moves(change, language)]
    if change.fields:
        lines.append(
            plural(language, "preview.update", staying)
            if staying
            else text(language, "preview.update_nobody")
        )
    for what, who in (("add", change.add), ("remove", change.remove)):
        people, booked = ([email for email in who if (email in rooms) is a_room] for a_room in (False, True))
        lines += (
            [plural(language, f"preview.{what}", len(people), names=_names(people, reader))] if people else []
        )
        lines += [text(language, f"preview.room_{what}", names=_names(booked, reader))] if booked else []
    lines += [
        text(language, "preview.readdressed", name=_names([new], reader), old=old, new=new)
        for old, new in change.readdressed
    ]
    return [*lines, plural(language, "preview.again", change.again)] if change.again else lines


def _moves(change: Update, language: Language) -> Iterable[str]:
    for field in change.fields:
        label = text(language, f"preview.field.{field}")
        if field is EventField.BODY:
            yield label
        else:
            before, after = (
                shown_value(content, field, language)
                for content in (change.observed.content, change.desired.content)
            )
            yield text(language, "preview.moved", field=label, before=before, after=after)


def _when(content: EventContent, language: Language) -> str:
    return span_text(language, content.start, content.end, all_day=content.all_day)


def _names(addresses: Sequence[str], reader: Reader) -> str:
    people = [(reader.people.find(address), address) for address in addresses]
    shown = sorted(
        (person.name if person and person.name else address for person, address in people), key=danish_key
    )
    return shortened(shown, reader.language)


def shortened(names: Sequence[str], language: Language) -> str:
    """Names in one text: all of a few, the first ones and the number of others of many."""
    if len(names) <= SHOWN_NAMES:
        return ", ".join(names)
    more = len(names) - SHOWN_NAMES + 1
    return text(language, "preview.and_more", names=", ".join(names[: SHOWN_NAMES - 1]), count=more)


def _notes(change_set: ChangeSet, reader: Reader, *, ids_are_told: bool) -> tuple[str, ...]:
    language = reader.language
    unknown = (
        text(
            language,
            f"preview.unknown_{one.reason}",
            group=one.group,
            error=_error(one.error, language) if one.error else "",
        )
        for one in change_set.unknown_groups
    )
    nameless = (text(language, "preview.without_address", name=name) for name in change_set.without_address)
    unmatched = (text(language, "preview.unmatched", entry=entry) for entry in change_set.unmatched)
    groups = (text(language, "preview.group_as_person", entry=entry) for entry in change_set.groups_as_people)
    # A changed id makes its courses wait, and is explained there.
    renamed = (
        changed_id_text(one, language) for one in (() if ids_are_told else changed_ids_in(change_set.changes))
    )
    return (
        *unknown,
        *nameless,
        *unmatched,
        *groups,
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


def _outcome_lines(result: Applied | None, language: Language) -> tuple[str, ...]:
    if result is None or result.error is None:
        return ()
    said = "preview.failed" if result.outcome is Outcome.FAILED else "preview.put_off"
    return (text(language, said, error=_error(result.error, language)),)


def _error(error: Exception, language: Language) -> str:
    match error:
        case RecipientsRejected():
            # Masked in logs; here HR has to see which addresses to mend.
            return text(language, f"errors.{error.code}", names=", ".join(error.addresses))
        case KursusbotError():
            return error_text(language, error)
        case _:
            return str(error)


def _plain(line: str) -> str:
    """On one line, without what would move a terminal's cursor or turn the writing around.

    Titles and names come from outside.
    """
    return " ".join(_UNWANTED.sub(" ", line).split())


def _escape(line: str) -> str:
    """Shown by Markdown as it is.

    No emphasis, link, entity or HTML, and no list or heading at the beginning.
    """
    return _LIST_MARK.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", _plain(line)))
