"""What waits, looked at closer: everybody who would be mailed, and each text as it will look.

As the last sync found it, by the books; nothing is asked of Microsoft 365.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.people import PeopleIndex
from bot.i18n.sorting import danish_key
from bot.messages.plain_text import text_of
from bot.messages.text_changes import text_changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.approvals import MailedFor, WaitingLetter, WaitingMail
    from bot.domain.people import Person
    from bot.messages.text_changes import TextPiece
    from bot.opening.work import BookWork


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedPerson:
    """Somebody who would be mailed, at which address, and what for; `person` None where nobody knows them."""

    email: str
    person: Person | None
    why: tuple[MailedFor, ...]

    @property
    def name(self) -> str:
        """As the directory has it, else the address."""
        return (self.person.name if self.person else "") or self.email

    @property
    def department(self) -> str:
        """Empty where nobody knows it."""
        return self.person.department if self.person else ""

    def is_called(self, words: str) -> bool:
        """Whether all the words are in the name, the address, or the department."""
        said = f"{self.name}\n{self.email}\n{self.department}".casefold()
        return all(word in said for word in words.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAtLetter:
    """One text that people will get: `plain` as text, `changes` where another stands in the calendar now."""

    letter: WaitingLetter
    plain: str
    changes: tuple[TextPiece, ...] = ()


def waiting_mail_of(work: BookWork, course: str) -> WaitingMail | None:
    """None where nothing of the course waits, or no sync has said yet; raises DatabaseFailed."""
    return work.stores.approvals.load_waiting_mail(work.written.id, course)


def mailed_people(work: BookWork, mail: WaitingMail) -> tuple[MailedPerson, ...]:
    """Everybody, each once, by name; raises DatabaseFailed."""
    return _people_of(mail, work.stores.books.people.load_people(work.written.id))


def letters_to_look_at(mail: WaitingMail) -> tuple[LookedAtLetter, ...]:
    """Each text, in the order in which they were found."""
    return tuple(map(_looked_at, mail.letters))


def _people_of(mail: WaitingMail, known: Iterable[Person]) -> tuple[MailedPerson, ...]:
    people = PeopleIndex(known)
    why: dict[str, list[MailedFor]] = {}
    for reason, addresses in mail.mailed.items():
        for address in addresses:
            why.setdefault(address, []).append(reason)
    found = (
        MailedPerson(email=address, person=people.find(address), why=tuple(reasons))
        for address, reasons in why.items()
    )
    return tuple(sorted(found, key=lambda one: (danish_key(one.name), one.email)))


def _looked_at(letter: WaitingLetter) -> LookedAtLetter:
    plain = text_of(letter.html) if letter.html else letter.plain
    changes = text_changes(text_of(letter.before), plain) if letter.before else ()
    return LookedAtLetter(letter=letter, plain=plain, changes=changes)
