"""What the pages need from plan and books, as a protocol; `bot.desks.person` implements it for one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.domain.links import EndedLink, Grant
    from bot.domain.pages import PersonPage
    from bot.domain.seats import Refusal, SeatRequest


class Desk(Protocol):
    """What the web pages ask and decide. Synchronous: books only, a few milliseconds, no request to Graph."""

    @property
    def plan(self) -> str:
        """The id of the plan today; a link may say an older one."""

    def page(self, grant: Grant) -> PersonPage | EndedLink:
        """The page behind a link to a person and a course, or why it opens nothing any more."""

    def decide(self, request: SeatRequest) -> Refusal | None:
        """Decide a wish at once and for good; the calendar and the mails follow.

        None when it was granted (or queued).
        """

    def colleague(self, *, course: str, offering: str, address: str) -> str | None:
        """The canonical address of who could take over a seat: of the audience; None for others."""

    def save_note(self, *, email: str, course: str, text: str) -> None:
        """Keep the person's note to HR; an empty text deletes it."""

    def feed(self, grant: Grant, *, host: str) -> bytes | None:
        """The overview of the plan's courses as an iCalendar file; None where the link to it has ended."""
