"""A person's word about what waits, from the command line or a program.

It is written down; the service carries it out. The desk's pages give theirs by `bot.desks.plan`, a sync that
somebody watches by its own flags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.approvals import Consent
from bot.opening.versions import load_record
from bot.rounds.steps.approve import decide_what_waits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.approvals import Decision, Door
    from bot.opening.work import BookWork, Work
    from bot.rounds.steps.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenWord:
    """The decisions that were written down, course by course, and how things stand after them."""

    decisions: tuple[Decision, ...]
    after: Proposal

    @property
    def is_enough(self) -> bool:
        """Whether nobody else has to approve the same."""
        courses = {decision.course for decision in self.decisions}
        verdicts = (verdict for verdict in self.after.verdicts if verdict.course in courses)
        return all(verdict.consent is Consent.GIVEN for verdict in verdicts)


async def give_word(
    work: Work,
    *,
    checksum: str,
    approved: bool,
    by: str,
    door: Door,
    courses: Collection[str] = (),
    comment: str = "",
    line: Callable[[Decision], Action] | None = None,
) -> GivenWord:
    """Approve or reject what waits under a checksum: `courses` of it, or all.

    Raises as `decide_what_waits`.
    """
    decisions, after = await decide_what_waits(
        work,
        checksum=checksum,
        approved=approved,
        by=by,
        door=door,
        courses=courses,
        comment=comment,
        line=line,
    )
    return GivenWord(decisions=decisions, after=after)


def word_given(
    books: BookWork, *, approved: bool, by: str, door: Door, courses: Collection[str], since: datetime
) -> tuple[tuple[Decision, ...], bool]:
    """The decisions that the same person gave by this door since then, and whether they are enough.

    Of these courses, or all (()): for a door that does not know whether it was heard. Raises DatabaseFailed.
    """
    record = load_record(books.written, books.stores)
    found = tuple(
        one
        for one in record.decisions
        if (one.by, one.door, one.approved) == (by, door, approved)
        and one.at >= since
        and (not courses or one.course in courses)
    )
    agreed = [{said.by for said in record.decisions if said.approved and _same(said, one)} for one in found]
    return found, approved and all(len(people) >= books.settings.approvers for people in agreed)


def _same(one: Decision, other: Decision) -> bool:
    return (one.course, one.checksum) == (other.course, other.checksum)
