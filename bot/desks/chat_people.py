"""For whom somebody in Teams presses a button (pure).

| the press says                         | it is meant for |
|---|---|
| nobody                                 | who pressed |
| their own directory id or address      | who pressed |
| somebody else                          | nobody: it is refused |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.pages import SaidBy
from bot.domain.registrations import AnswerSource

if TYPE_CHECKING:
    from bot.domain.conversations import Press
    from bot.domain.sign_in import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Whose course it is, and who speaks; `name` and `id` of whom they act for, "" for themselves."""

    visitor: Visitor
    said: SaidBy
    name: str = ""
    id: str = ""


def person_meant(visitor: Visitor, press: Press) -> Meant | None:
    """By the table above."""
    if press.acts_for and plain_address(press.acts_for) not in own_names(visitor):
        return None
    return Meant(visitor=visitor, said=SaidBy(source=AnswerSource.TEAMS))


def own_names(visitor: Visitor) -> frozenset[str]:
    """What a press may call who pressed: the id, and the address where the provider vouches for it."""
    return frozenset({visitor.subject.lower(), visitor.email if visitor.vouches else ""}) - {""}
