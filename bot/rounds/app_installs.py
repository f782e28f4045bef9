"""A round of installing the app in Teams for the audiences of the plan that is in force, each person once.

    what Graph says                      the books                          the others
    installed, or it is there already    there                              go on
    404, or refused for what it is       nowhere                            go on
    403, and of the next person too      denied, both                       wait for tomorrow: the right is missing
    403, and the next one gets it        nowhere: a policy for that person  go on
    unclear                              asked: asked again, and then it    `bot.delivery.patience`
                                         is said to be there
    throttled, or not reached            asked                              `bot.delivery.patience`

To miss the right and to meet a policy for one person is the same answer, so one alone is not believed of
everybody. Where nobody else is due it is a policy's if the books know somebody who has it, else denied.

`asked` is written before the request, so that a round that is killed in between looks like one whose answer
was lost. Who has a chat with the bot has the app; who took it away is never asked again, also when that
happens between request and answer (`bot.domain.app_installs`, which says who is due). After an installation
Teams tells the bot, which says hello: so nobody gets it outside the sending hours of the plan.

Not under the plan's lock: two rounds at once ask for the same thing, which is done once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.delivery.patience import THROTTLED, Patience
from bot.domain.app_installs import AppInstall, InstallState, due_for_install, is_denied_today
from bot.domain.errors import GraphError, GraphGone, GraphRefused, PermissionMissing
from bot.domain.people import PeopleIndex
from bot.log_lines import get_logger
from bot.reminders.moments import sending_hours
from bot.rounds.results import RoundResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.people import Person
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.work import Work

LOG = get_logger("bot.installs")
ENOUGH_TO_BELIEVE = 2
"""People who are refused before it is taken for everybody's: a policy may be for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppsInstalled(RoundResult):
    """For how many it was installed, had been there already, and cannot be.

    `error` is the latest failure; PermissionMissing: the right is missing, as found today, in this round or
    an earlier one.
    """

    installed: int = 0
    there: int = 0
    nowhere: int = 0
    error: GraphError | None = None


def people_to_have_it(plan: CoursePlan, stores: Stores) -> tuple[Person, ...]:
    """Everybody of an audience that a course in force invites, as the latest sync has read it.

    By address. Raises DatabaseFailed.
    """
    books = stores.books
    named = {name for course in plan.courses for name in (*course.invited_audiences, *course.audience)}
    people = PeopleIndex(books.people.load_people(plan.id))
    addresses = {
        address
        for name, members in books.audiences.load_members(plan.id).items()
        if name in named
        for address in members
    }
    found = {one.email: one for one in map(people.find, addresses) if one is not None}
    return tuple(found[email] for email in sorted(found))


async def install_round(work: Work) -> AppsInstalled:
    """Install it for those who are due, for nobody outside the sending hours. Raises DatabaseFailed."""
    now = work.now()
    if work.tenant.installs is None:
        return AppsInstalled()
    zone = ZoneInfo(work.plan.timezone)
    people = people_to_have_it(work.plan, work.stores)
    subjects = {one.directory_id for one in people if one.directory_id}
    known = work.stores.app_installs.load(subjects)
    if is_denied_today(known.values(), now=now, zone=zone):
        return AppsInstalled(error=_denied(), left_over=True)
    if not sending_hours(work.plan).allows(now):
        return AppsInstalled()
    with_chat = work.stores.conversations.load_personal(subjects)
    due = due_for_install(people, known, with_chat, now=now, zone=zone)
    is_known_to_work = any(one.state is InstallState.THERE for one in known.values())
    return await _Installing(work, is_known_to_work=is_known_to_work).install(due)


class _Installing:
    """One round. What became of whom stands in the books by the table above."""

    def __init__(self, work: Work, *, is_known_to_work: bool) -> None:
        self._work, self._is_known_to_work = work, is_known_to_work
        self._has_right = False
        self._denied: list[Person] = []
        self._patience = Patience()
        self._counts = dict.fromkeys(InstallState, 0)
        self._installed = 0
        self._error: GraphError | None = None

    async def install(self, due: Iterable[Person]) -> AppsInstalled:
        """One after another, until all had their turn or the others have to wait."""
        for person in due:
            # A long round does not go on into the evening.
            if not sending_hours(self._work.plan).allows(self._work.now()):
                break
            try:
                await self._one(person)
            except GraphError as error:
                LOG.warning("installs.stopped", error=str(error))
                self._error = error
                break
        self._judge_the_denied()
        if self._installed:
            LOG.info("installs.done", plan=self._work.plan.id, installed=self._installed)
        return AppsInstalled(
            installed=self._installed,
            there=self._counts[InstallState.THERE] - self._installed,
            nowhere=self._counts[InstallState.NOWHERE],
            error=self._error or self._patience.last,
            left_over=bool(self._error or self._patience.last),
        )

    async def _one(self, person: Person) -> None:
        """Raises GraphError where the others have to wait."""
        installs = self._work.tenant.installs
        assert installs is not None  # noqa: S101 - else there is no round
        self._note(person, InstallState.ASKED)
        try:
            self._installed += await installs.install(person.directory_id or "")
        except PermissionMissing:
            self._note(person, InstallState.DENIED)
            self._denied.append(person)
            if not self._has_right and len(self._denied) == ENOUGH_TO_BELIEVE:
                raise _denied() from None
            return
        except GraphError as error:
            is_theirs = isinstance(error, (GraphGone, GraphRefused)) and error.status != THROTTLED
            if not is_theirs:
                if self._patience.ends_with(error):
                    raise
                return
            LOG.warning("installs.nowhere", status=error.status, code=error.graph_code)
            self._note(person, InstallState.NOWHERE)
        else:
            self._has_right = True
            self._note(person, InstallState.THERE)
        self._patience.went_well()

    def _judge_the_denied(self) -> None:
        """Whose refusal was their own, now that it is known what others got."""
        if self._has_right or (self._is_known_to_work and len(self._denied) < ENOUGH_TO_BELIEVE):
            for person in self._denied:
                LOG.warning("installs.nowhere", status=403, code="")
                self._note(person, InstallState.NOWHERE)
        elif self._denied:
            self._error = self._error or _denied()

    def _note(self, person: Person, state: InstallState) -> None:
        self._counts[state] += 1
        self._work.stores.app_installs.note(
            AppInstall(
                subject=person.directory_id or "", email=person.email, state=state, at=self._work.now()
            )
        )


def _denied() -> PermissionMissing:
    return PermissionMissing(
        "bot_install_denied", status=403, permission="TeamsAppInstallation.ReadWriteSelfForUser.All"
    )
