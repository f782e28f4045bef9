"""Asking who of an audience's groups is not invited with them (async shell).

What a person who looks at a preview is told.

A round does not ask: nothing that it does depends on it, and it is a request for each group.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.errors import GraphError, SignInFailed
from bot.domain.people import LeftOutReason, PeopleIndex
from bot.invitations.audiences import known_people, live_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.people import LeftOut, Person
    from bot.domain.plan import CoursePlan
    from bot.ports.directory import Directory
    from bot.rounds.steps.read_world import Seen


async def left_out_of(plan: CoursePlan, seen: Seen, directory: Directory) -> tuple[LeftOut, ...]:
    """Those of the groups of the plan's live audiences, as they were just read. Raises SignInFailed."""
    groups = {
        group for rule in live_rules(plan) for group in rule.groups if seen.group_answers[group].error is None
    }
    return await fetch_left_out(groups, known_people(seen.audiences.values()), directory)


async def fetch_left_out(
    groups: Iterable[str], people: Iterable[Person], directory: Directory
) -> tuple[LeftOut, ...]:
    """Who is left out of each group, by group.

    Not the contacts whose address one of the `people` has, who are invited all the same.

    A group that cannot be read tells nobody. Raises SignInFailed.
    """
    invited = PeopleIndex(people)
    answers = await asyncio.gather(*(_fetch(group, directory) for group in sorted(set(groups))))
    return tuple(
        one
        for answer in answers
        for one in answer
        if one.reason is not LeftOutReason.CONTACT or not one.email or invited.find(one.email) is None
    )


async def _fetch(group: str, directory: Directory) -> tuple[LeftOut, ...]:
    try:
        return await directory.fetch_left_out(group)
    except SignInFailed:
        raise
    except GraphError:
        return ()
