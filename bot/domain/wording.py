"""What HR says in its own words in a message: before what the template says, and after it.

| message         | in Excel              | is about the |
|---|---|---|
| invitation      | invitation            | event        |
| save_the_date   | reservér datoen       | placeholder  |
| choose          | vælg hold             | course       |
| placed_in_line  | venteliste            | date         |
| seat_offered    | plads tilbudt         | date         |
| confirmed       | tilmeldt              | date         |
| awaits_approval | venter på leder       | date         |
| sign_up_approved | lederens ja          | date         |
| sign_up_refused | lederens nej          | date         |
| assigned        | fordelt               | date         |
| moved           | flyttet               | date         |
| changed         | ny tid                | course       |
| full            | fyldt                 | date         |
| too_late        | efter fristen         | date         |
| withdrawn       | frameldt              | date         |
| handed_over     | plads givet videre    | date         |
| taken_over      | plads overtaget       | date         |
| cancelled       | aflyst                | course       |
| offering_gone   | hold udgået           | course       |
| certificate_ready | kursusbevis klar    | date         |
| certificate     | kursusbevis           | date         |

After the placeholder comes what reminder rules send, by the table of `bot.domain.templates`: about the course
where that says so, else about a date.

What may be filled in, between braces:

| field                  | event | placeholder | course | date |
|---|---|---|---|---|
| contact, organisation  | yes   | yes         | yes    | yes  |
| deadline               | yes   | no          | yes    | yes  |
| name, course           | no    | no          | yes    | yes  |
| offering, date, place  | no    | no          | no     | yes  |

What an event shows by itself would make its body another one when it changes, and each change of a body is a
mail to everybody on it; the deadline stands in the body anyhow. An event is one for all its readers. What is
about a whole course has no single date.

| for a reader of a language, HR's words are those of             |
|---|
| the course in that language                                     |
| else the plan in that language                                  |
| else, because there is nothing else, the course in another      |
| else the plan in another                                        |

| written              | is                                         |
|---|---|
| `{name}`, `{navn}`   | the field, whatever the reader's language  |
| `{{`, `}}`           | a brace                                    |
| other words in braces, a brace alone | unread: the plan is not right |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.domain.people import Language
from bot.domain.templates import TEMPLATES, MessageKind, ReminderTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

INVITATION, SAVE_THE_DATE, CERTIFICATE = "invitation", "save_the_date", "certificate"
LONGEST_WORDING: Final = 2_000
"""Characters of an opening or a closing."""


class About(StrEnum):
    """What a message is about, and so what can be filled into it."""

    EVENT = "event"
    PLACEHOLDER = "placeholder"
    COURSE = "course"
    DATE = "date"


class InsertField(StrEnum):
    """What can be filled in, by its word in English."""

    NAME = "name"
    COURSE = "course"
    OFFERING = "offering"
    DATE = "date"
    PLACE = "place"
    DEADLINE = "deadline"
    CONTACT = "contact"
    ORGANISATION = "organisation"


DANISH_FIELDS: Mapping[InsertField, str] = MappingProxyType(
    {
        InsertField.NAME: "navn",
        InsertField.COURSE: "kursus",
        InsertField.OFFERING: "hold",
        InsertField.DATE: "dato",
        InsertField.PLACE: "sted",
        InsertField.DEADLINE: "svarfrist",
        InsertField.CONTACT: "kontakt",
        InsertField.ORGANISATION: "organisation",
    }
)
FIELD_WORDS: Mapping[str, InsertField] = MappingProxyType(
    {field.value: field for field in InsertField} | {word: field for field, word in DANISH_FIELDS.items()}
)
_OF_DATE = frozenset({InsertField.OFFERING, InsertField.DATE, InsertField.PLACE})
_SHOWN_BY_OUTLOOK = _OF_DATE | {InsertField.COURSE}


def in_braces(field: InsertField, language: Language) -> str:
    """The field as somebody who writes that language writes it."""
    return f"{{{DANISH_FIELDS[field] if language is Language.DA else field.value}}}"


class NoField(StrEnum):
    """Why a field cannot be filled into a message, as the text that tells so is called."""

    SAME_FOR_ALL = "text_same_for_all"
    SHOWN_BY_OUTLOOK = "text_shown_by_outlook"
    NO_ANSWER_YET = "text_no_answer_yet"
    WHOLE_COURSE = "text_whole_course"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedMessage:
    """A row of the first table: `excel` is its Danish word in a workbook."""

    message: str
    excel: str
    about: About

    @property
    def fields(self) -> tuple[InsertField, ...]:
        """What can be filled in, in the order in which it is offered."""
        return tuple(field for field in InsertField if refusal(self.about, field) is None)


def _by_rule(row: ReminderTemplate) -> WordedMessage:
    about = About.COURSE if row.of_course else About.DATE
    return WordedMessage(message=row.kind, excel=row.excel, about=about)


def _notice(kind: MessageKind, excel: str, about: About = About.DATE) -> WordedMessage:
    return WordedMessage(message=kind, excel=excel, about=about)


WORDED: Mapping[str, WordedMessage] = MappingProxyType(
    {
        str(row.message): row
        for row in (
            WordedMessage(message=INVITATION, excel="invitation", about=About.EVENT),
            WordedMessage(message=SAVE_THE_DATE, excel="reservér datoen", about=About.PLACEHOLDER),
            *map(_by_rule, TEMPLATES.values()),
            _notice(MessageKind.CHOOSE, "vælg hold", About.COURSE),
            _notice(MessageKind.PLACED_IN_LINE, "venteliste"),
            _notice(MessageKind.SEAT_OFFERED, "plads tilbudt"),
            _notice(MessageKind.CONFIRMED, "tilmeldt"),
            _notice(MessageKind.AWAITS_APPROVAL, "venter på leder"),
            _notice(MessageKind.APPROVED, "lederens ja"),
            _notice(MessageKind.DISAPPROVED, "lederens nej"),
            _notice(MessageKind.ASSIGNED, "fordelt"),
            _notice(MessageKind.MOVED, "flyttet"),
            _notice(MessageKind.CHANGED, "ny tid", About.COURSE),
            _notice(MessageKind.FULL, "fyldt"),
            _notice(MessageKind.TOO_LATE, "efter fristen"),
            _notice(MessageKind.WITHDRAWN, "frameldt"),
            _notice(MessageKind.HANDED_OVER, "plads givet videre"),
            _notice(MessageKind.TAKEN_OVER, "plads overtaget"),
            _notice(MessageKind.CANCELLED, "aflyst", About.COURSE),
            _notice(MessageKind.OFFERING_GONE, "hold udgået", About.COURSE),
            _notice(MessageKind.CERTIFICATE_READY, "kursusbevis klar"),
            WordedMessage(message=CERTIFICATE, excel="kursusbevis", about=About.DATE),
        )
    }
)
"""By the name that the plan's format has for it; the order is the one that people read them in."""
IN_CALENDAR = frozenset({INVITATION, SAVE_THE_DATE})
"""What stands in events: to change it is to mail whoever has them."""
ON_PAPER = frozenset({CERTIFICATE})
"""What is no message, and has no template that HR may replace: it is drawn as a PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """HR's words in one message in one language: Markdown with fields, "" for none."""

    message: str
    language: Language
    opening: str = ""
    closing: str = ""


def refusal(about: About, field: InsertField) -> NoField | None:
    """Why the field cannot be filled in, by the second table; None where it can."""
    match about:
        case About.EVENT | About.PLACEHOLDER:
            if field is InsertField.NAME:
                return NoField.SAME_FOR_ALL
            if field in _SHOWN_BY_OUTLOOK:
                return NoField.SHOWN_BY_OUTLOOK
            is_early = about is About.PLACEHOLDER and field is InsertField.DEADLINE
            return NoField.NO_ANSWER_YET if is_early else None
        case About.COURSE:
            return NoField.WHOLE_COURSE if field in _OF_DATE else None
        case _:
            return None


def chosen(
    own: Sequence[Wording], plans: Sequence[Wording], message: str, language: Language
) -> Wording | None:
    """Whose words it is, by the third table; `own` are the course's. None where HR wrote none."""
    for speaks in (True, False):
        for words in (own, plans):
            for wording in words:
                if wording.message == message and (wording.language is language) is speaks:
                    return wording
    return None


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands in braces and is no field; "" for a brace alone."""

    word: str


Piece: TypeAlias = str | InsertField | Unread
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")


def pieces(text: str) -> Iterator[Piece]:
    """The text by the last table; pieces of words come as they stand between the others."""
    at = 0
    for found in _BRACES.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        at = found.end()
        word = found[1]
        if word is not None:
            yield FIELD_WORDS.get(" ".join(word.split()).casefold()) or Unread(word.strip())
        elif len(found[0]) == len("{{"):
            yield found[0][0]
        else:
            yield Unread("")
    if at < len(text):
        yield text[at:]
