"""A manager's people for whoever is signed in: their courses, and the sign-ups that wait for their word.

| whoever is signed in | sees |
|---|---|
| is asked about a sign-up, as manager or as deputy | that sign-up, and says yes or no as behind the mail's link |
| is the manager of people of the plan, as the directory said last, and the plan shows managers that | their courses |
| neither | nothing, and nothing of others |

Known by directory id, or by an address that the provider vouches for. What is told of courses:
`bot.registrations.people_of_manager`. Books only; everything raises DatabaseFailed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.person.sign_ups import answer_sign_up, sign_ups_shown, waiting_for
from bot.domain.approvals import Door
from bot.domain.manager_pages import PeoplePage
from bot.domain.people import PeopleIndex
from bot.opening.clock import clock_of
from bot.registrations.listing import wall_time
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.rounds.steps.manager_people import load_people_of_manager

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.manager_people import ManagedPerson
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.sign_in import Visitor
    from bot.opening.stores import Stores
    from config.settings import Settings


class MyPeople:
    """One plan for one visitor; the books are read once."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores, visitor: Visitor) -> None:
        self._settings, self._plan, self._stores, self._visitor = settings, plan, stores, visitor
        self._people = PeopleIndex(stores.books.people.load_people(plan.id))
        own = {visitor.email} if visitor.vouches and visitor.email else set()
        person = self._people.with_id(visitor.subject) or next(
            filter(None, map(self._people.find, own)), None
        )
        known = own | (person.addresses if person else frozenset())
        self._managed = self._load_managed(known)
        # By the directory's id also who is not among the people of the plan, and signs in by another name.
        known |= {one.manager for one in self._managed if one.manager_id == visitor.subject}
        self._addresses = frozenset(map(self._people.canonical, known))
        self._by = person.email if person else min(self._addresses, default=visitor.subject)

    @property
    def has_any(self) -> bool:
        """Whether there is anything to see."""
        return bool(self._managed or self._waiting())

    def page(self, language: Language) -> PeoplePage | None:
        """What there is to see, in words of this language; None for nothing."""
        asks = self._waiting()
        if not self._managed and not asks:
            return None
        plan = plan_as_it_stands(self._plan, self._stores)
        read_at = min((one.read_at for one in self._managed if one.read_at), default=None)
        return PeoplePage(
            plan=plan.id,
            organisation=plan.organisation,
            contact=plan.contact,
            waiting=sign_ups_shown(plan, asks, self._people, language),
            people=load_people_of_manager(
                plan, self._stores, self._people, self._managed, language, now=clock_of(self._settings).now()
            ),
            read_at=wall_time(read_at, plan) if read_at else None,
        )

    def answer(self, sign_up: str, *, yes: bool) -> bool:
        """Say yes or no to the sign-up of this id; False, and nothing is done, where it does not wait."""
        return answer_sign_up(
            self._settings,
            self._plan,
            self._stores,
            self._waiting(),
            sign_up,
            yes=yes,
            by=self._by,
            door=Door.DESK.value,
        )

    def _load_managed(self, addresses: Iterable[str]) -> tuple[ManagedPerson, ...]:
        if self._plan.managers is None:
            return ()
        return self._stores.managed_people.load_people_of(
            self._plan.id, self._visitor.subject, frozenset(addresses)
        )

    def _waiting(self) -> tuple[ApprovalAsk, ...]:
        now = clock_of(self._settings).now()
        return waiting_for(self._plan, self._stores, self._people, self._addresses, now=now)
