"""One change in words: when it is, what moves, whom it mails, why, and what became of it (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.domain.changes import Cancel, Conflict, Create, Forget, Outcome, Reason, Update
from bot.domain.errors import KursusbotError, RecipientsRejected
from bot.domain.events import EventField
from bot.i18n.catalogue import error_text, plural, text
from bot.i18n.dates import span_text
from bot.invitations.preview_clashes import clash_lines
from bot.invitations.preview_edits import edit_lines, shown_value
from bot.invitations.preview_overspending import overspent_lines
from bot.invitations.single_changes import rooms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.changes import Applied, Change
    from bot.domain.events import EventContent
    from bot.domain.people import Language
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending
    from bot.invitations.preview_page import Item
    from bot.invitations.preview_reader import Reader

WHO_IS_MISSING = {
    Reason.ROOM_DECLINED: "rooms_declined",
    Reason.SPEAKER_DECLINED: "speakers_declined",
    Reason.UNKNOWN_NAME: "namesakes",
    Reason.DIRECTORY_NAME: "nobodys",
}


def change_lines(
    change: Change, reader: Reader, clashes: Clashes, overspending: Overspending, *, done: bool
) -> Item:
    """A change with what it makes; `done`: it has been applied."""
    language = reader.language
    why = text(language, "preview.why", reason=text(language, f"preview.reason.{change.reason}"))
    return (
        change.subject or str(change.key),
        *_own_lines(change, reader),
        *clash_lines(clashes, change.key, language, reader.names),
        *overspent_lines(overspending, change.key, language, done=done),
        why,
    )


def outcome_lines(result: Applied | None, language: Language) -> tuple[str, ...]:
    """What went wrong, or why it was put off."""
    if result is None or result.error is None:
        return ()
    said = "preview.failed" if result.outcome is Outcome.FAILED else "preview.put_off"
    return (text(language, said, error=error_words(result.error, language)),)


def error_words(error: Exception, language: Language) -> str:
    """An error as HR reads it."""
    match error:
        case RecipientsRejected():
            # Masked in logs; here HR has to see which addresses to mend.
            return text(language, f"errors.{error.code}", names=", ".join(error.addresses))
        case KursusbotError():
            return error_text(language, error)
        case _:
            return str(error)


def _own_lines(change: Change, reader: Reader) -> list[str]:
    language = reader.language
    match change:
        case Create():
            return [_when(change.desired.content, language), _invited(change, language)]
        case Update():
            return _update_lines(change, reader)
        case Cancel():
            told = [text(language, "preview.told", reason=change.told)] if change.told else []
            return [
                _when(change.observed.content, language),
                plural(language, "preview.cancel", change.mails),
                *told,
            ]
        case Conflict():
            label = WHO_IS_MISSING.get(change.reason, "missing_people")
            who = text(language, f"preview.{label}", names=reader.names(change.missing))
            return [*edit_lines(change, reader.plan, language), *([who] if change.missing else [])]
        case Forget():
            return []
        case _ as unreachable:
            assert_never(unreachable)


def _invited(change: Create, language: Language) -> str:
    if change.held:
        return text(language, "preview.held")
    if not change.mails:
        return text(language, "preview.as_they_sign_up")
    return plural(language, "preview.create", change.mails)


def _update_lines(change: Update, reader: Reader) -> list[str]:
    language = reader.language
    rooms = rooms_of(change.desired, change.observed)
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
        lines += _who_comes_or_goes(what, who, rooms, reader)
    lines += [
        text(language, "preview.readdressed", name=reader.names([new]), old=old, new=new)
        for old, new in change.readdressed
    ]
    return [*lines, plural(language, "preview.again", change.again)] if change.again else lines


def _who_comes_or_goes(
    what: str, who: Iterable[str], rooms: Collection[str], reader: Reader
) -> Iterable[str]:
    """People, and apart from them the rooms, which nobody is mailed about."""
    people, booked = ([email for email in who if (email in rooms) is a_room] for a_room in (False, True))
    if people:
        yield plural(reader.language, f"preview.{what}", len(people), names=reader.names(people))
    if booked:
        yield text(reader.language, f"preview.room_{what}", names=reader.names(booked))


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
