"""The list at a session's door as a page, and what its forms and phones say.

One page for HR and for a helper. Without script each name is a form of its own; with `/static/js/door.js`
a press shows at once, and what could not be sent is kept by the phone and sent again under the same key.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.domain.attendance import LONGEST_NAME, AttendanceSaid
from bot.domain.door import LONGEST_KEY, MOST_WORDS, Tick
from bot.i18n.catalogue import plural
from bot.i18n.dates import span_text
from bot.messages.characters import typed, unbroken
from bot.registrations.attendance import teams_text
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from bot.domain.door import DoorList
    from bot.domain.people import Language

PAGES = Templates(
    words=lambda language: {"plural": partial(plural, language), "teams_text": partial(teams_text, language)}
)
LARGEST_BATCH = 256 * 1024
FAR_AWAY = timedelta(days=2)
"""A phone's clock that is further off is not believed at all."""


def draw_door(found: DoorList, language: Language, *, address: str, proof: str, **facts: object) -> str:
    """The page; `address` is where its forms go.

    `facts` are `helper_link` and `back` ("" for none), `check_in`, the QR code
    for HR, `end_links`, where HR ends the links,
    and `sheet`, where the list goes out as a workbook and comes back.
    """
    return PAGES.draw(
        "door",
        language,
        door=found,
        when=unbroken(span_text(language, found.start, found.end, all_day=found.all_day))
        if found.start and found.end
        else "",
        address=address,
        proof=proof,
        longest=LONGEST_NAME,
        new_key=lambda: secrets.token_urlsafe(12),
        **facts,
    )


def typed_tick(form: Mapping[str, str], now: datetime) -> Tick | None:
    """What one form says; None for nothing that can be said."""
    return _tick({**form, "at": now.isoformat()}, now)


def sent_ticks(said: object, now: datetime) -> tuple[Tick, ...]:
    """What a phone says, as far as it can be read; `now` UTC."""
    if not isinstance(said, Iterable) or isinstance(said, (str, bytes, Mapping)):
        return ()
    ticks = (_tick(one, now) for one in [*said][:MOST_WORDS] if isinstance(one, Mapping))
    return tuple(one for one in ticks if one is not None)


def state_of(found: DoorList) -> dict[str, Any]:
    """What a phone is told of the list: who has come, by id, and how many."""
    return {
        "lines": {line.id: line.came for line in found.lines},
        "names": {line.id: line.name for line in found.lines},
        "came": found.came,
        "expected": found.expected,
        "closed": found.closed,
        "why_not": found.why_not.value if found.why_not else "",
    }


def _tick(said: Mapping[Any, Any], now: datetime) -> Tick | None:
    texts = {name: said.get(name) or "" for name in ("key", "said", "who", "name", "at")}
    if not all(isinstance(value, str) for value in texts.values()):
        return None
    if texts["said"] not in {one.value for one in AttendanceSaid} or len(texts["key"]) > LONGEST_KEY:
        return None
    return Tick(
        key=texts["key"] or secrets.token_urlsafe(12),
        said=AttendanceSaid(texts["said"]),
        at=_moment(texts["at"], now),
        who=texts["who"],
        name=typed(texts["name"])[:LONGEST_NAME],
    )


def _moment(said: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return now
    at = at.astimezone(UTC) if at.tzinfo else now
    return at if abs(at - now) < FAR_AWAY else now
