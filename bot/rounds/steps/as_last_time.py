"""A sync that finds plan, world and books as they were when the last one found nothing to do: nor has it.

Groups and calendar are read all the same, and compared; what is left out is the weighing of every person on
every event. What a sync leaves as it is has no changes (a conflict is told each time), no lines of the seat
log, no messages, no verdict on any course and no group that could not be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.people import PeopleIndex
from bot.domain.seats import Settlement
from bot.invitations.changeset import assemble
from bot.invitations.desired import Wanted
from bot.invitations.diff import World
from bot.opening.versions import accepted_of
from bot.rounds.steps.closer_look import NOTHING_FOUND
from bot.rounds.steps.decide_seats import Decided, SeatState
from bot.rounds.steps.proposal import Proposal
from bot.rounds.steps.read_world import Reading
from bot.rounds.steps.whole_rest import look_at_whole
from bot.seats.at_rest import RestingRound

if TYPE_CHECKING:
    from bot.domain.approvals import Record
    from bot.domain.plan import CoursePlan
    from bot.opening.work import Work
    from bot.rounds.steps.carried import Carried
    from bot.rounds.steps.read_world import Seen
    from bot.rounds.steps.whole_rest import WholeLook


def look_at_world(work: Work, seen: Seen, record: Record) -> WholeLook:
    """Whether all that a proposal is made from is as the last sync left it; raises DatabaseFailed."""
    return look_at_whole(
        work,
        work.written,
        RestingRound.SYNC,
        work.written.whole,
        record,
        seen.audiences,
        # A calendar may be large, and is of no use but to be compared.
        hash(seen.observed),
        (seen.renamed, seen.groups_as_people, seen.named, seen.outdated, seen.unreached),
        work.findings,
        now=seen.now,
    )


def as_last_time(work: Work, seen: Seen, record: Record) -> Proposal:
    """The proposal to do nothing; of the seats it says nothing, because they stay as they are."""
    plan = work.written
    wanted = Wanted(events={}, held=frozenset(), absent={}, living_courses=frozenset())
    world = World(
        wanted=wanted,
        observed=seen.observed,
        ledger=seen.ledger,
        people=seen.people,
        restore=False,
        now=seen.now,
        organiser=plan.organiser.lower(),
    )
    reading = Reading(change_set=assemble(plan, world, (), seen.audiences.values()), world=world, seen=seen)
    return Proposal(
        record=record,
        written=plan,
        whole=reading,
        verdicts=(),
        going=reading,
        decided=Decided(
            state=_no_state(plan), settlement=Settlement(), standings=(), registrations=(), messages=()
        ),
        plan=plan,
        found=NOTHING_FOUND,
        courses_a_week=work.settings.courses_a_week,
    )


def found_nothing(plan: CoursePlan, proposal: Proposal, carried: Carried) -> bool:
    """Whether a sync left everything as it was, and so would do it again."""
    change_set, decided = proposal.whole.change_set, proposal.decided
    is_known = bool(proposal.whole.seen.ledger or proposal.record.versions)
    quiet = (
        not (
            change_set.changes
            or change_set.moves
            or change_set.messages
            or change_set.unknown_groups
            or change_set.renamed
        ),
        not (proposal.verdicts or proposal.words or proposal.passed),
        not (decided.settlement.transitions or decided.messages)
        and decided.registrations == decided.state.previous,
        not (carried.applied or carried.messages or carried.broken or carried.stopped or carried.wait),
        proposal.record.accepted == accepted_of(plan),
    )
    return is_known and all(quiet)


def _no_state(plan: CoursePlan) -> SeatState:
    return SeatState(
        plan=plan,
        course=None,
        people=PeopleIndex(),
        entries={},
        answers=(),
        claims=(),
        standings=(),
        last=0,
        members={},
        messages=(),
        announced={},
        sent_keys=frozenset(),
        previous=(),
    )
