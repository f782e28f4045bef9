"""What a sync would do, for whoever looks: at the command line and by the API. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.invitations.preview_json import as_json
from bot.rounds.preview import preview_round
from bot.rounds.steps.left_out import left_out_of

if TYPE_CHECKING:
    from bot.domain.people import Language, LeftOut
    from bot.opening.work import Work
    from bot.rounds.steps.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """The proposal, and who of the plan's groups is nobody to invite."""

    proposal: Proposal
    left_out: tuple[LeftOut, ...]

    def as_json(self, language: Language) -> str:
        """The document of `preview --format json`."""
        proposal = self.proposal
        return as_json(
            proposal.whole.change_set,
            language=language,
            verdicts=proposal.verdicts,
            clashes=proposal.clashes,
            overspending=proposal.overspending,
            left_out=self.left_out,
        )


async def previewed(work: Work) -> Previewed:
    """By the plan as it is written in `work`; raises as a preview does."""
    proposal = await preview_round(work)
    left_out = await left_out_of(work.written, proposal.whole.seen, work.tenant.directory)
    return Previewed(proposal=proposal, left_out=tuple(left_out))
