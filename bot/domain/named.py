"""Whom a plan is narrowed to, and what a role is good for there (pure).

| `[desk]` of the plan names | HR is | a director is | a reader is |
|---|---|---|---|
| nobody at all | HR | director | reader |
| them in `hr` | HR | director | reader |
| them in `readers` only | reader | director | reader |
| only others | nobody: the plan is not there | the same | the same |

Being named gives no role; whoever has none stays without. Whether somebody is named:

| an entry is | they are |
|---|---|
| their directory id, or an address that the provider vouches for as theirs | named |
| a group of their token | named |
| an address, or an object id where the token tells no groups | as the directory says: that person, or a member of that group |
| another object id, and the token tells their groups | not named |
| a group as only the provider names it | not named; where the token tells no groups, nobody knows |

What nobody knows is no access, and is told as such: unknown is not empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.sign_in import Role

if TYPE_CHECKING:
    from bot.domain.sign_in import Visitor

OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Behind = Mapping[str, frozenset[str]]
"""Entry to the directory ids and addresses of everybody behind it, without those that could not be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The entries of one plan, in lower case; both empty: nobody is named."""

    hr: frozenset[str] = frozenset()
    readers: frozenset[str] = frozenset()

    @property
    def narrows(self) -> bool:
        """Whether anybody is named."""
        return bool(self.hr or self.readers)


def roles_there(visitor: Visitor, *, as_hr: bool | None, as_reader: bool | None) -> frozenset[Role] | None:
    """What somebody may be in a plan that names people, by the first table; None where nobody knows.

    `as_hr`, `as_reader`: whether they are named there, None where nobody knows.
    """
    if as_hr:
        return visitor.roles
    if as_reader and (as_hr is False or Role.HR not in visitor.roles):
        return frozenset(Role.READER if role is Role.HR else role for role in visitor.roles)
    return frozenset() if as_hr is False and as_reader is False else None


def to_ask(entries: frozenset[str], visitor: Visitor) -> frozenset[str]:
    """The entries to ask the directory about, by the second table; none where the token names them."""
    if _named_by_token(entries, visitor):
        return frozenset()
    return frozenset(
        entry for entry in entries if "@" in entry or (visitor.groups is None and OBJECT_ID.fullmatch(entry))
    )


def is_named(entries: frozenset[str], visitor: Visitor, behind: Behind) -> bool | None:
    """Whether one of the entries is about them, by the second table; None where nobody knows."""
    if _named_by_token(entries, visitor):
        return True
    theirs = _ids(visitor)
    asked = to_ask(entries, visitor)
    if any(behind.get(entry, frozenset()) & theirs for entry in asked):
        return True
    told_by_nobody = visitor.groups is None and any(
        "@" not in entry and not OBJECT_ID.fullmatch(entry) for entry in entries
    )
    return None if told_by_nobody or asked - behind.keys() else False


def _named_by_token(entries: frozenset[str], visitor: Visitor) -> bool:
    return bool(entries & (_ids(visitor) | (visitor.groups or frozenset())))


def _ids(visitor: Visitor) -> frozenset[str]:
    return frozenset({visitor.subject.lower()} | ({visitor.email} if visitor.vouches else set()))
