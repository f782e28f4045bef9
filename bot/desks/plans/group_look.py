"""Groups of the directory for who writes a plan at the desk: found by their beginning, and looked up.

what is asked                        is remembered
what words find                      a few minutes
a group, and how many are in it      a few minutes; that there is none, too
what could not be asked              half a minute: each time somebody waits
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desks.seen import KEPT_UNKNOWN
from bot.domain.errors import GraphError, GraphGone, GraphRefused, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.desks.reach import Reach
    from bot.domain.errors import KursusbotError
    from bot.domain.people import DirectoryGroup
    from bot.opening.work import Work

KEPT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFact:
    """How many are in a group; None with no `error` where the directory has no such group."""

    members: int | None = None
    error: KursusbotError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsFound:
    """The groups that words find; none with an `error` where the directory could not be asked."""

    groups: tuple[DirectoryGroup, ...] = ()
    error: KursusbotError | None = None


@dataclass(slots=True)
class GroupLook:
    """By `reach` for the directory, `now` in UTC. Nothing here raises: typing goes on without an answer."""

    reach: Reach
    now: Callable[[], datetime]
    _facts: dict[tuple[str, str], tuple[datetime, GroupFact]] = field(default_factory=dict)
    _found: dict[tuple[str, str], tuple[datetime, GroupsFound]] = field(default_factory=dict)

    def find(self, plan: str, words: str) -> GroupsFound:
        """The first few groups whose name or address begins so."""
        now, key = self.now(), (plan, words.casefold())
        self._found = {each: kept for each, kept in self._found.items() if now < kept[0]}
        if key in self._found:
            return self._found[key][1]
        found = self._ask_for(plan, words)
        self._found[key] = now + (KEPT_UNKNOWN if found.error else KEPT), found
        return found

    def facts(self, plan: str, groups: Iterable[str]) -> Mapping[str, GroupFact]:
        """Of each of these groups (mail or object id) what the directory says."""
        now, wanted = self.now(), dict.fromkeys(groups)
        kept = {each: one for each, one in self._facts.items() if now < one[0]}
        asked = [group for group in wanted if (plan, group.lower()) not in kept]
        for group, fact in (self._ask_of(plan, asked) if asked else {}).items():
            kept[plan, group.lower()] = now + (KEPT_UNKNOWN if fact.error else KEPT), fact
        self._facts = kept
        return {group: kept[plan, group.lower()][1] for group in wanted}

    def _ask_for(self, plan: str, words: str) -> GroupsFound:
        try:
            return GroupsFound(
                groups=self.reach(plan, lambda work: work.tenant.directory.search_groups(words))
            )
        except (GraphError, InputError) as error:
            return GroupsFound(error=error)

    def _ask_of(self, plan: str, groups: list[str]) -> Mapping[str, GroupFact]:
        try:
            return self.reach(plan, lambda work: _looked_up(work, groups))
        except (GraphError, InputError) as error:
            return dict.fromkeys(groups, GroupFact(error=error))


async def _looked_up(work: Work, groups: list[str]) -> dict[str, GroupFact]:
    """Each in turn; a directory that is silent is not asked for the others."""
    found: dict[str, GroupFact] = {}
    for group in groups:
        try:
            found[group] = GroupFact(members=await work.tenant.directory.count_members(group))
        except GraphGone:
            found[group] = GroupFact()
        except GraphRefused as error:
            found[group] = GroupFact(error=error)
        except GraphError as error:
            return dict.fromkeys(groups, GroupFact(error=error)) | found
    return found
