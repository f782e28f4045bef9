"""What the pages need from plan and books; `bot.desks.person.page` implements it for one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.check_in import CheckInAnswer, CheckInSession
    from bot.domain.door import DoorKeeper, DoorList, Tick
    from bot.domain.evaluation import WrongEvaluation
    from bot.domain.evaluation_results import CourseEvaluation
    from bot.domain.links import EndedLink, Grant
    from bot.domain.manager_pages import ManagerPage
    from bot.domain.pages import (
        FormProblem,
        OwnCertificate,
        OwnCertificates,
        OwnWish,
        PersonPage,
        SaidBy,
        WishAnswer,
    )
    from bot.domain.people import Language
    from bot.domain.questions import WrongAnswer
    from bot.domain.task_answers import OwnTasks, WrongTask


class SessionDoor(Protocol):
    """The lists at the doors of a plan's sessions."""

    def look(self, course: str, offering: str, session: str, keeper: DoorKeeper) -> DoorList | None:
        """The list, None where the plan has no such session (any more)."""

    def note(
        self, course: str, offering: str, session: str, ticks: Sequence[Tick], keeper: DoorKeeper
    ) -> DoorList | None:
        """Keep what is said, where the list is open, and give the list as it is then."""


class SessionCheckIn(Protocol):
    """The sessions of a plan that people check in to."""

    def find(self, word: str) -> CheckInSession | None:
        """The session whose QR code has this word, None where there is none (any more)."""

    def say_with_code(self, course: str, code: str, email: str) -> CheckInAnswer | None:
        """Check somebody in to the open session of a course that has this code; None where none has."""


class CertificateDoor(Protocol):
    """Certificates, as their owners and strangers may see them."""

    def behind(self, grant: Grant) -> OwnCertificates | EndedLink:
        """What a link to somebody's certificates of a course shows."""

    def file(self, certificate: OwnCertificate) -> bytes:
        """The PDF, the same whenever it is asked for."""

    def holds(self, typed: str) -> bool:
        """Whether what somebody typed is the code of a certificate that holds, of whatever plan."""


class TaskDoor(Protocol):
    """Tasks after courses, as those who have them see them."""

    def behind(self, grant: Grant) -> OwnTasks | EndedLink:
        """What a link to somebody's page of a course shows of their tasks."""

    def say(
        self, own: OwnTasks, place: str, state: str, said: str, *, language: Language
    ) -> WrongTask | None:
        """Keep what somebody says of an open task, asked in a language; or what is wrong with it."""


class ManagerDoor(Protocol):
    """The sign-ups that wait for managers."""

    def behind(self, grant: Grant) -> ManagerPage | EndedLink:
        """The page behind a link to a manager's sign-ups, or why it opens nothing."""

    def answer(self, page: ManagerPage, sign_up: str, *, yes: bool) -> bool:
        """Say yes or no to a sign-up; False, and nothing is done, where it waits for them no more."""


class Desk(Protocol):
    """What the web pages ask and decide. Synchronous: books only, a few milliseconds, no request to Graph."""

    @property
    def plan(self) -> str:
        """The id of the plan today; a link may say an older one."""

    @property
    def language(self) -> Language:
        """The plan's own."""

    def door(self, secret: str) -> SessionDoor:
        """The lists at its doors; people are named in forms by this secret."""

    def check_in(self, keys: Sequence[str]) -> SessionCheckIn:
        """What people check in to; `keys` made the codes."""

    def certificates(self) -> CertificateDoor:
        """The plan's certificates."""

    def tasks(self) -> TaskDoor:
        """The plan's tasks after courses."""

    def managers(self) -> ManagerDoor:
        """What waits for managers."""

    def page(self, grant: Grant) -> PersonPage | EndedLink:
        """The page behind a link to a person and a course, or why it opens nothing any more."""

    def note_for(self, said: SaidBy, page: PersonPage, *, did: str) -> None:
        """Write down that somebody did something for another; not what people do for themselves."""

    def decide(self, page: PersonPage, wish: OwnWish) -> WishAnswer:
        """Decide a wish of the page's person at once and for good; the calendar and the mails follow."""

    def save_note(self, page: PersonPage, text: str) -> FormProblem | None:
        """Keep the person's note to HR, an empty text deletes it; or what is wrong with it."""

    def save_answers(self, page: PersonPage, typed: Mapping[str, str]) -> Mapping[str, WrongAnswer]:
        """Keep what the person answers to the course's questions; or by question what has to be put right."""

    def evaluate(self, page: PersonPage, typed: Mapping[str, str]) -> Mapping[str, WrongEvaluation] | None:
        """Keep what the person says of the course.

        By question what has to be put right; None: not any more.
        """

    def evaluation_of(self, course: str) -> CourseEvaluation | None:
        """What may be shown of a course's evaluation; None where there is none."""

    def results_generation(self, course: str) -> int:
        """How often HR ended the links to what was said of a course."""

    def feed(self, grant: Grant, *, host: str) -> bytes | None:
        """The overview of the plan's courses as an iCalendar file; None where the link to it has ended."""
