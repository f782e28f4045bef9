"""Who of a group is not invited, and what to write where they should be (pure).

| reason | told |
|---|---|
| closed account | how many: most of them have left, and nobody is to do anything |
| a room, or a mailbox that people share | who: it is in the group by mistake |
| no address | by another line, for each |
| a contact | who, and where to write the address; where Graph hides who they are, how many and what shows it |
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.people import LeftOutReason
from bot.i18n.catalogue import text
from bot.i18n.sorting import danish_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.domain.people import Language, LeftOut

TOLD_ELSEWHERE = frozenset({LeftOutReason.NO_ADDRESS})


def left_out_lines(
    left_out: Iterable[LeftOut], language: Language, shortened: Callable[[Sequence[str]], str]
) -> Iterator[str]:
    """A line for each group and reason; `shortened` makes one text of many names."""
    for (group, reason), members in _together(left_out).items():
        if reason in TOLD_ELSEWHERE:
            continue
        seen = sorted((_called(member) for member in members if member.name or member.email), key=danish_key)
        hidden = len(members) - len(seen)
        if reason is not LeftOutReason.CONTACT or seen:
            yield text(
                language, f"preview.left_out.{reason}", group=group, count=len(seen), names=shortened(seen)
            )
        if hidden:
            yield text(language, "preview.left_out.contact_hidden", group=group, count=hidden)


def left_out_json(left_out: Iterable[LeftOut]) -> list[dict[str, object]]:
    """Rows of the document.

    How many by group and reason, and who, where they are seen and are not those that have left.
    """
    return [
        {
            "group": group,
            "reason": reason.value,
            "count": len(members),
            "people": [
                {"name": member.name, "email": member.email}
                for member in members
                if reason is not LeftOutReason.CLOSED and (member.name or member.email)
            ],
        }
        for (group, reason), members in _together(left_out).items()
    ]


def _together(left_out: Iterable[LeftOut]) -> Mapping[tuple[str, LeftOutReason], list[LeftOut]]:
    found: defaultdict[tuple[str, LeftOutReason], list[LeftOut]] = defaultdict(list)
    for member in left_out:
        found[member.group, member.reason].append(member)
    return found


def _called(member: LeftOut) -> str:
    return f"{member.name} ({member.email})" if member.name and member.email else member.name or member.email
