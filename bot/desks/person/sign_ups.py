"""What waits for a manager's yes, and their answer: behind a signed link of their own, by the books alone.

| the link | then |
|---|---|
| the manager's links were renewed since | `renewed` |
| it is older than 60 days | `expired` |
| anything else | what waits for that address by now, which may be nothing |

| the answer to a sign-up, by whatever door | then |
|---|---|
| that waits for this manager | decided at once by the books, and in the log of who did what; the calendar and the mails follow |
| that waits no more, or for somebody else by now | nothing; said so |

`waiting_for` and `answer_sign_up` are what both doors go by: the link, and the page of whoever is signed in.
Everything raises DatabaseFailed.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import Action
from bot.domain.addresses import plain_address
from bot.domain.links import EndedLink, LinkEnd, generation_of
from bot.domain.manager_approval import DECIDED
from bot.domain.manager_pages import ManagerPage, SignUpToAnswer
from bot.domain.people import PeopleIndex
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from bot.messages.approval import waiting_sign_ups
from bot.opening.clock import clock_of
from bot.rounds.steps.ask_managers import open_asks
from bot.rounds.steps.decide_seats import decide
from bot.rounds.steps.look_at_outlook import plan_as_it_stands

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.domain.links import Grant
    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings

LINK_LASTS = timedelta(days=60)
PAGE = "page"
"""What the log of who did what calls the page behind a link."""


class ManagerDesk:
    """The sign-ups of one plan that wait for managers; every call reads the books anew."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores) -> None:
        self._settings, self._plan, self._stores = settings, plan, stores

    def behind(self, grant: Grant) -> ManagerPage | EndedLink:
        """The page behind a link to a manager's sign-ups, or why it opens nothing."""
        people = self._people()
        person = people.find(grant.person) if "@" in grant.person else people.with_id(grant.person)
        email = person.email if person else plain_address(grant.person)
        language = (person.language if person else None) or self._plan.language

        def ended(why: LinkEnd) -> EndedLink:
            return EndedLink(why=why, language=language, contact=self._plan.contact)

        if grant.generation < generation_of(
            person, email, self._stores.links.load_generations(self._plan.id)
        ):
            return ended(LinkEnd.RENEWED)
        if grant.made_at + LINK_LASTS <= clock_of(self._settings).now():
            return ended(LinkEnd.EXPIRED)
        plan, asks = plan_as_it_stands(self._plan, self._stores), self._waiting(people, email)
        return ManagerPage(
            email=email,
            name=(person.name if person else "") or next((ask.name for ask in asks), ""),
            language=language,
            organisation=plan.organisation,
            contact=plan.contact,
            waiting=sign_ups_shown(plan, asks, people, language),
        )

    def answer(self, page: ManagerPage, sign_up: str, *, yes: bool) -> bool:
        """Say yes or no to the sign-up of this id; False, and nothing is done, where it does not wait."""
        asks = self._waiting(self._people(), page.email)
        return answer_sign_up(
            self._settings, self._plan, self._stores, asks, sign_up, yes=yes, by=page.email, door=PAGE
        )

    def _people(self) -> PeopleIndex:
        return PeopleIndex(self._stores.books.people.load_people(self._plan.id))

    def _waiting(self, people: PeopleIndex, email: str) -> tuple[ApprovalAsk, ...]:
        return waiting_for(self._plan, self._stores, people, {email}, now=clock_of(self._settings).now())


def waiting_for(
    plan: CoursePlan, stores: Stores, people: PeopleIndex, addresses: Collection[str], *, now: datetime
) -> tuple[ApprovalAsk, ...]:
    """What is asked of one of these addresses and waits for it still, by the seat log of now (UTC)."""
    standing = plan_as_it_stands(plan, stores)
    return tuple(
        ask
        for ask in open_asks(standing, stores, people, now=now)
        if ask.approver and people.canonical(ask.approver) in addresses
    )


def sign_ups_shown(
    plan: CoursePlan, asks: Iterable[ApprovalAsk], people: PeopleIndex, language: Language
) -> tuple[SignUpToAnswer, ...]:
    """What waits, as a page shows it and its forms name it; `plan` as it stands in people's calendars."""
    return tuple(
        SignUpToAnswer(
            id=_id_of(one.ask),
            who=one.who,
            department=one.department,
            what=one.what,
            when=one.when,
            due=one.due,
            late=one.late,
        )
        for one in waiting_sign_ups(plan, asks, people, language)
    )


def answer_sign_up(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    asks: Iterable[ApprovalAsk],
    sign_up: str,
    *,
    yes: bool,
    by: str,
    door: str,
) -> bool:
    """Say yes or no to the one of `asks` that has this id; False, and nothing is done, where none has.

    `by` is who says it (canonical address), `door` where, for the log of who did what.
    """
    ask, now = next((one for one in asks if _id_of(one) == sign_up), None), clock_of(settings).now()
    if ask is None:
        return False
    request = SeatRequest(
        kind=RequestKind.APPROVE if yes else RequestKind.DISAPPROVE,
        course=ask.course,
        offering=ask.offering,
        email=ask.email,
        at=now,
        source=AnswerSource.WEB,
        by=by,
    )
    if decide(settings, plan, stores, [request]).refusals:
        return False
    stores.actions.note(
        Action(
            at=now,
            by=by,
            command=DECIDED,
            plan=plan.id,
            course=ask.course,
            subject=ask.email,
            door=door,
            detail="yes" if yes else "no",
        )
    )
    return True


def _id_of(ask: ApprovalAsk) -> str:
    """What a sign-up is called in forms: another one for a later sign-up of the same person."""
    said = "/".join((*ask.place, ask.wished_at.isoformat()))
    return hashlib.sha256(said.encode()).hexdigest()[:24]
