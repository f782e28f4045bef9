"""For whom a preview is, and how people are named in it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.i18n.sorting import danish_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan

SHOWN_NAMES = 6


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

    def names(self, addresses: Sequence[str]) -> str:
        """These people by name, as far as they have one, sorted; of many the first ones."""
        people = [(self.people.find(address), address) for address in addresses]
        shown = (person.name if person and person.name else address for person, address in people)
        return shortened(sorted(shown, key=danish_key), self.language)


def shortened(names: Sequence[str], language: Language) -> str:
    """Names in one text: all of a few, the first ones and the number of others of many."""
    if len(names) <= SHOWN_NAMES:
        return ", ".join(names)
    more = len(names) - SHOWN_NAMES + 1
    return text(language, "preview.and_more", names=", ".join(names[: SHOWN_NAMES - 1]), count=more)
