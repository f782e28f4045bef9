"""Who else a reason names.

It is shown to the person it is about, so others in it are asked about before it is kept (pure).

| in the reason | counts as somebody else |
|---|---|
| an address | that is none of the person's own |
| words with a capital, in a row | two or more of them, an initial too, of which none is the person's own; not where all are in capitals |
| one word with a capital | that is part of the name (else the address) of somebody we know, and not of the person's own |
| words of the plan (titles of courses and offerings, the organisation) | never |

A name that nobody we know has, alone or in small letters, cannot be told from other words: whoever writes is
told who reads it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.people import Person

ADDRESS = re.compile(r"[^\s,;:<>()\"»«]+@[^\s,;:<>()\"»«]+\.[^\s,;:<>()\"»«.]+")
WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
SHORTEST_NAME = 2


def others_named(
    reason: str, person: Person, known: Iterable[Person], *, plan_words: Iterable[str] = ()
) -> tuple[str, ...]:
    """Who is named beside `person`, as it is written, each once, in the order of the text.

    `known` are all people of the books.
    """
    own = _own_words(person)
    names = {
        word.casefold()
        for one in known
        for word in WORD.findall(one.name or _before_at(one.email))
        if len(word) >= SHORTEST_NAME
    }
    addresses = [one for one in ADDRESS.findall(reason) if one.lower() not in person.addresses]
    rest = ADDRESS.sub("\n", reason)
    for words in sorted(filter(None, plan_words), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "\n", rest, flags=re.IGNORECASE)
    found = []
    for run in _runs(rest):
        others = [word for word in run if word.casefold() not in own]
        is_name = len(others) == len(run) > 1 and not all(map(str.isupper, run))
        if is_name or any(word.casefold() in names for word in others):
            found.append(" ".join(others))
    return tuple(dict.fromkeys([*addresses, *found]))


def names_person(reason: str, names: Iterable[str]) -> bool:
    """Whether a person of one of these names is meant, by first name: as a word of its own with a capital."""
    first = {words[0] for name in names if (words := WORD.findall(name))}
    return not first.isdisjoint(WORD.findall(reason))


def _own_words(person: Person) -> set[str]:
    words = [person.name, *map(_before_at, person.addresses)]
    return {
        part.casefold() for one in words for word in WORD.findall(one) for part in (word, *word.split("-"))
    }


def _before_at(address: str) -> str:
    return address.partition("@")[0].replace("_", " ")


def _runs(text: str) -> Iterator[list[str]]:
    """Words with a capital in a row, with a blank between them or the point of an initial."""
    run: list[str] = []
    end = 0
    for match in WORD.finditer(text):
        is_next = text[end : match.start()] in ({" ", ". "} if run and len(run[-1]) == 1 else {" "})
        if run and not (is_next and match[0][0].isupper()):
            yield run
            run = []
        if match[0][0].isupper():
            run.append(match[0])
        end = match.end()
    if run:
        yield run
