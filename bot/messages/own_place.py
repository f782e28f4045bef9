"""How somebody is told where they stand: when, what they answered, how many seats are free (pure).

The same sentences on the page behind a link and on a card in Teams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.registrations import RegistrationStatus
from bot.i18n.catalogue import text
from bot.i18n.dates import span_text
from bot.messages.characters import one_line, unbroken

if TYPE_CHECKING:
    from bot.domain.pages import OfferingView, SessionView
    from bot.domain.people import Language


def session_when(language: Language, session: SessionView) -> str:
    """The time of a session, or its period where there is no date yet."""
    if session.start is None or session.end is None:
        return one_line(session.period or "")
    return unbroken(span_text(language, session.start, session.end, all_day=session.all_day))


def state_text(language: Language, offering: OfferingView, *, over: bool = False) -> str:
    """Where the person stands with an offering, or stood, in words; "" for nowhere.

    A no to some of its sessions is told with them.
    """
    if offering.status is None:
        return ""
    tense = "was" if over else "state"
    no, rest = (
        _names(language, [one for one in offering.sessions if one.said_no is said_no])
        for said_no in (True, False)
    )
    refused = text(language, f"web.{tense}.no_to", sessions=no) if no else ""
    if no and not rest:
        return refused
    kind = offering.not_their_no or offering.status.value
    if no and offering.status is RegistrationStatus.REGISTERED:
        kind = "partly"
    place = text(
        language,
        f"web.{tense}.{kind}",
        sessions=rest,
        position=offering.position or "",
        waiting=offering.waiting,
    )
    return f"{place} {refused}".rstrip()


def _names(language: Language, sessions: list[SessionView]) -> str:
    """Sessions by their titles, those without one by their dates."""
    return "; ".join(one_line(one.title) or session_when(language, one) for one in sessions)


def seats_text(language: Language, offering: OfferingView) -> str:
    """How many seats are free, in words; "" where there is no limit."""
    return free_text(language, offering.free, offering.waiting)


def free_text(language: Language, free: int | None, waiting: int) -> str:
    """The same of an offering that is nobody's own: `free` seats, None for no limit, and who waits."""
    match free:
        case None:
            return ""
        case 0:
            return text(language, "web.seats.none", waiting=waiting)
        case 1:
            return text(language, "web.seats.one")
        case _:
            return text(language, "web.seats.other", count=free)
