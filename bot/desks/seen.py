"""Which plans somebody may see, and what they are in each: the one place that decides it, for every door.

Whom a plan names stands in `bot.domain.named`. What the token does not tell is asked of the directory, and
remembered for a while: the desk shows a page in less time than a group takes to be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import GraphGone, KursusbotError
from bot.domain.named import is_named, roles_there, to_ask
from bot.log_lines import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.desks.plan_desk import PlanDesk
    from bot.desks.reach import Reach
    from bot.domain.named import Behind, Named
    from bot.domain.sign_in import Role, Visitor
    from bot.opening.work import Work
    from bot.ports.directory import Directory

LOG = get_logger("bot.desks")
KEPT = timedelta(minutes=10)
"""Who joins or leaves a group sees it this much later."""

KEPT_UNKNOWN = timedelta(seconds=30)
"""What could not be asked is not asked again for so long: each time somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansSeen:
    """Plan id to what somebody is there, in the order of the plans.

    `is_unsure`: of a plan that is not among them it is not known whether they may see it. `is_bare`: there
    is no plan at all.
    """

    roles: Mapping[str, frozenset[Role]]
    is_unsure: bool = False
    is_bare: bool = False


@dataclass(slots=True)
class _Asked:
    """What the directory said of a plan's entries, until when."""

    until: datetime
    entries: frozenset[str]
    behind: Behind


@dataclass(slots=True)
class SeenPlans:
    """By the desks of the plans, `reach` for the directory, `now` in UTC."""

    desks: Mapping[str, PlanDesk]
    reach: Reach
    now: Callable[[], datetime]
    _kept: dict[str, _Asked] = field(default_factory=dict)

    def of(self, visitor: Visitor) -> PlansSeen:
        """What somebody may see; waits for the directory where a plan needs it."""
        found: dict[str, frozenset[Role]] = {}
        is_unsure, is_bare = False, True
        for plan in [*self.desks]:
            desk = self.desks.get(plan)
            if desk is None:
                continue
            is_bare = False
            roles = self._roles(plan, desk.named, visitor)
            if roles:
                found[plan] = roles
            is_unsure = is_unsure or roles is None
        return PlansSeen(roles=found, is_unsure=is_unsure, is_bare=is_bare)

    def _roles(self, plan: str, named: Named, visitor: Visitor) -> frozenset[Role] | None:
        """None where nobody knows."""
        if not named.narrows or not visitor.roles:
            return visitor.roles
        if is_named(named.hr, visitor, {}):
            return visitor.roles
        asked = to_ask(named.hr, visitor) or to_ask(named.readers, visitor)
        behind = self._behind(plan, named.hr | named.readers) if asked else {}
        return roles_there(
            visitor,
            as_hr=is_named(named.hr, visitor, behind),
            as_reader=is_named(named.readers, visitor, behind),
        )

    def _behind(self, plan: str, entries: frozenset[str]) -> Behind:
        kept = self._kept.get(plan)
        if kept is not None and kept.entries == entries and self.now() < kept.until:
            return kept.behind
        try:
            behind = self.reach(plan, lambda work: who_is_behind(work, entries))
        except KursusbotError as error:
            LOG.warning("desk.directory_silent", plan=plan, error=error.code)
            behind = {}
        lasts = KEPT if behind.keys() >= entries else KEPT_UNKNOWN
        self._kept[plan] = _Asked(until=self.now() + lasts, entries=entries, behind=behind)
        return behind


async def who_is_behind(work: Work, entries: frozenset[str]) -> Behind:
    """The directory ids and addresses behind each entry that is one of the directory.

    What could not be asked is left out, and whoever asks again asks for it again.
    """
    found: dict[str, frozenset[str]] = {}
    for entry in sorted(entries):
        try:
            found[entry] = await _behind(work.tenant.directory, entry)
        except KursusbotError as error:
            LOG.warning("desk.directory_silent", plan=work.written.id, error=error.code)
    return found


async def _behind(directory: Directory, entry: str) -> frozenset[str]:
    """A person's own, else those of a group's members; nobody where the directory has neither."""
    person = await directory.find_person(entry) if "@" in entry else None
    if person is not None:
        return person.addresses | frozenset(filter(None, [person.directory_id]))
    try:
        members = await directory.fetch_members(entry)
    except GraphGone:
        return frozenset()
    people = [one for one in members if not isinstance(one, str)]
    return frozenset(
        {address for one in people for address in one.addresses}
        | {one.directory_id.lower() for one in people if one.directory_id}
    )
