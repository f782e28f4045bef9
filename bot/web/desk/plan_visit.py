"""Who comes to the drafts of a plan, and with which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import Request
from starlette.datastructures import FormData

from bot.desks.plans.drafts import DraftDesk
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.desk_plans import PlanDraft
    from bot.domain.people import Language


async def sent_form(request: Request) -> FormData:
    """What was sent, as it came."""
    return await request.form()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit to the drafts of a plan: who, where, and the draft that is meant (None: none is begun)."""

    site: DeskSite
    request: Request
    caller: Caller
    desk: PlanDesk
    drafts: DraftDesk
    draft: PlanDraft | None

    @property
    def language(self) -> Language:
        """The reader's."""
        return self.caller.language

    def address(self, path: str, **more: str) -> str:
        """An address of these pages that leads to the same draft."""
        pairs = {"plan": self.desk.as_read.id, "draft": self.draft.id if self.draft else "", **more}
        return f"{path}?{urlencode({key: said for key, said in pairs.items() if said})}"


def visit_of(site: DeskSite, request: Request, plan: str, draft: str) -> Visit:
    """Who comes to which draft; raises TurnedAway where the plan is not kept here, or the draft is gone."""
    caller = caller_of(request)
    desk = site.desk(caller, plan)
    drafts = DraftDesk(desk, caller.visitor, caller.language)
    if not drafts.is_here:
        raise TurnedAway(sorry("no_desk_plan", caller.language, 404))
    found = drafts.find(draft)
    if draft and found is None:
        raise TurnedAway(sorry("no_draft", caller.language, 404))
    return Visit(site=site, request=request, caller=caller, desk=desk, drafts=drafts, draft=found)
