"""The list at the door of one session: who is to come, who has come, and what is said of it there.

    who stands there     sees                               says it as
    HR, signed in        names, departments, walk-ins too   HR
    a helper by a link   names, walk-ins too                the door

What is said is kept word by word (`bot.domain.attendance`), each under a key that the phone made: what it
sends again after the net was gone is one word. A phone's clock may be wrong, so no word is taken to be later
than now, nor earlier than the list was open. The list is open from `OPENS_BEFORE` the session begins; a
helper's until `HELPER_UNTIL` after it has ended, or HR ends the links; HR's for as long as the course is in
the books.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desks.day.session_room import open_room
from bot.domain.actions import Action
from bot.domain.attendance import AttendanceSource, AttendanceWord
from bot.domain.door import MOST_WORDS, DoorKeeper, DoorList, Tick
from bot.domain.door_links import door_owner
from bot.domain.meeting_reports import ReportNews, are_wanted, report_news
from bot.opening.clock import clock_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desks.day.session_room import SessionRoom
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings

OPENS_BEFORE = timedelta(hours=12)
HELPER_UNTIL = timedelta(hours=24)


class DoorDesk:
    """The doors of one plan; every look reads the books anew, those of one course only."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores, *, secret: str) -> None:
        self._settings, self._plan, self._stores, self._secret = settings, plan, stores, secret

    def look(self, course: str, offering: str, session: str, keeper: DoorKeeper) -> DoorList | None:
        """The list, None where the plan has no such session (any more). Raises DatabaseFailed."""
        room, now = self._room(course, offering, session), clock_of(self._settings).now()
        if room is None:
            return None
        found = room.list_for(keeper, now)
        is_hr = keeper.source is AttendanceSource.HR
        return replace(found, reports=self._reports(room, now)) if is_hr else found

    def _reports(self, room: SessionRoom, now: datetime) -> ReportNews | None:
        """How far it is with Teams' reports, None where nobody asks for them."""
        end, everywhere = room.span()[1], self._settings.teams.attendance_reports
        threshold = room.course.attendance.threshold_minutes
        wanted = are_wanted(threshold, everywhere=everywhere, all_day=room.session.all_day)
        if end is None or not wanted or not room.course.is_online(room.offering, room.session):
            return None
        ids = room.course.id, room.offering.id, room.session.id
        return report_news(end, self._stores.attendance.load_readings(self._plan.id).get(ids), now)

    def note(
        self, course: str, offering: str, session: str, ticks: Sequence[Tick], keeper: DoorKeeper
    ) -> DoorList | None:
        """Keep what is said and give the list as it is then; nothing is kept of a list that is not open.

        What is about nobody on the list, or is said under a key that was used before, is left out. Raises
        DatabaseFailed.
        """
        now, room = clock_of(self._settings).now(), self._room(course, offering, session)
        if room is None:
            return None
        if room.why_not(keeper, now) is None:
            known = room.known()
            words = [word for tick in ticks[:MOST_WORDS] if (word := room.word(tick, known, keeper, now))]
            if words:
                self._stores.attendance.add(words, noted=[_line(self._plan.id, course, words, keeper, now)])
        return self.look(course, offering, session, keeper)

    def would_keep(
        self, course: str, offering: str, session: str, ticks: Sequence[Tick], keeper: DoorKeeper
    ) -> bool:
        """Whether `note` would leave nothing of it out. Raises DatabaseFailed."""
        now, room = clock_of(self._settings).now(), self._room(course, offering, session)
        if room is None or room.why_not(keeper, now) is not None:
            return False
        known = room.known()
        return all(room.word(tick, known, keeper, now) is not None for tick in ticks)

    def end_links(self, course: str, offering: str, session: str) -> None:
        """Let no link to this door that was given away open anything any more."""
        owner = door_owner(course, offering, session)
        self._stores.links.save_generation(
            self._plan.id, owner, self.generation(course, offering, session) + 1,
            now=clock_of(self._settings).now(),
        )  # fmt: skip

    def generation(self, course: str, offering: str, session: str) -> int:
        """How often that was done: a new link has to say so."""
        return self._stores.links.load_generations(self._plan.id).get(
            door_owner(course, offering, session), 0
        )

    def _room(self, course: str, offering: str, session: str) -> SessionRoom | None:
        return open_room(self._plan, self._stores, (course, offering, session), secret=self._secret)


def _line(
    plan: str, course: str, words: Sequence[AttendanceWord], keeper: DoorKeeper, now: datetime
) -> Action:
    """The line of the log: about one person, or how many."""
    about = {word.email for word in words if word.email}
    subject = next(iter(about)) if len(about) == 1 == len(words) else str(len(words))
    said = ", ".join(sorted({word.said.value for word in words}))
    place = f"{words[0].offering}/{words[0].session}"
    return Action(
        at=now,
        by=keeper.name,
        command="attendance",
        plan=plan,
        course=course,
        subject=subject,
        door=keeper.door,
        detail=f"{place}: {said}",
    )
