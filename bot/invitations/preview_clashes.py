"""The part of a preview that tells of clashes: with the change that makes each, and of those before in one line (pure).

People are counted and not named. JSON has all of it, by `made`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.clashes import Shared
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import span_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.clashes import Clash, Stay
    from bot.domain.events import SessionKey
    from bot.domain.people import Language
    from bot.invitations.clashes import Clashes


def clash_lines(clashes: Clashes, key: SessionKey, language: Language, names: Callable[[Sequence[str]], str]) -> tuple[str, ...]:
    """What the change of this key makes: the other thing, when it is and what they share; `names` lists speakers and rooms by address."""
    return tuple(_line(clash, key, language, names) for clash in clashes.made.get(key, ()))


def clashes_before(clashes: Clashes, language: Language) -> tuple[str, ...]:
    """One line on what was there before, or none. Two things that share both people and a room are one."""
    pairs = list(dict.fromkeys((clash.first.key, clash.second.key) for clash in clashes.before))
    if not pairs:
        return ()
    first = clashes.before[0]
    told = {"first": first.first.title, "second": first.second.title, "when": _when(first.second, language)}
    return (plural(language, "preview.clashes_before", len(pairs), **told),)


def clashes_json(clashes: Clashes) -> list[dict[str, object]]:
    """Rows of the document; times are the plan's wall clock, and `shared` has addresses of rooms and speakers only."""
    made = [(clash, True) for found in clashes.made.values() for clash in found]
    return [
        {
            "kind": clash.shared.value,
            "sessions": [str(clash.first.key), str(clash.second.key)],
            "start": clash.second.start.isoformat(),
            "end": min(clash.first.end, clash.second.end).isoformat(),
            "count": len(clash.addresses),
            "shared": [] if clash.shared is Shared.PEOPLE else sorted(clash.addresses),
            "made": is_made,
        }
        for clash, is_made in [*made, *((clash, False) for clash in clashes.before)]
    ]


def _line(clash: Clash, key: SessionKey, language: Language, names: Callable[[Sequence[str]], str]) -> str:
    is_second = (clash.second.key.course, clash.second.key.offering, clash.second.key.session) == (key.course, key.offering, key.session)
    other = clash.first if is_second else clash.second
    told = {"title": other.title, "when": _when(other, language)}
    if clash.shared is Shared.PEOPLE:
        return plural(language, "preview.clash_people", len(clash.addresses), **told)
    return text(language, f"preview.clash_{clash.shared}", names=names(sorted(clash.addresses)), **told)


def _when(stay: Stay, language: Language) -> str:
    return span_text(language, stay.start, stay.end, all_day=stay.all_day)
