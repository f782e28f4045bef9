"""What somebody may ask for on a page of their own, and what is wrong with how they ask (pure).

The first that holds counts:

    the wish                                                      its answer
    is about an offering that the course has not (any more)       refused: unknown_offering
    is nothing that a person may ask for                          refused: nothing_to_do
    gives up what the page neither offers nor shows them on       refused: nothing_to_do; who was not asked about a date
                                                                  leaves it alone and does not decline it
    gives a reason that is too long                               put right: reason_too_long
    hands over, and names nobody                                  put right: colleague_missing
    hands over to who cannot take the seat                        put right: colleague_unknown
    takes a seat, and an answer is missing or cannot be kept      put right: the answers
    is any other                                                  decided by the books

Only what the page offers is worth putting right: other wishes are for the books to refuse, with what has
happened meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.registrations.typed_answers import problems_of
from bot.domain.pages import LONGEST_ADDRESS, LONGEST_REASON, ON_PAGE, OWN_WISHES, FormProblem, WishAnswer
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import RefusalReason, RequestKind, SeatRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.pages import OfferingView, OwnWish, PersonPage, SaidBy

TAKEN = {RegistrationStatus.WAITLISTED: "line", RegistrationStatus.AWAITING: "asked"}
"""What somebody has who asked for a seat and has none."""


def read_own_wish(
    page: PersonPage,
    wish: OwnWish,
    *,
    colleague: Callable[[str], str | None],
    now: datetime,
    said: SaidBy = ON_PAGE,
) -> SeatRequest | WishAnswer:
    """The wish as the books decide it, or its answer, by the table above; `now` UTC.

    `colleague` gives the canonical address of who could take over a seat, None for others.
    """
    about = page.course.offering(wish.offering)
    if about is None:
        return WishAnswer(refused=RefusalReason.UNKNOWN_OFFERING)
    kind, is_offered = wish.kind, wish.kind in about.actions
    if kind is None or kind not in OWN_WISHES:
        return WishAnswer(refused=RefusalReason.NOTHING_TO_DO)
    if kind is RequestKind.GIVE_UP and about.status is None and not is_offered:
        return WishAnswer(refused=RefusalReason.NOTHING_TO_DO)
    to, problem = _checked(wish, colleague)
    if problem is not None and is_offered:
        return WishAnswer(problem=problem)
    open_answers = problems_of(page.course.questions, wish.answers) if kind is RequestKind.CHOOSE else {}
    if open_answers and is_offered:
        return WishAnswer(answers=open_answers)
    return SeatRequest(
        kind=kind,
        course=page.course.course,
        offering=about.offering,
        email=page.email,
        at=now,
        source=said.source,
        by=said.by or page.by or page.email,
        reason=wish.reason[:LONGEST_REASON],
        to=to,
    )


def _checked(wish: OwnWish, colleague: Callable[[str], str | None]) -> tuple[str, FormProblem | None]:
    """The colleague's canonical address, "" where there is none to name, and what has to be put right."""
    if len(wish.reason) > LONGEST_REASON:
        return "", FormProblem.REASON_TOO_LONG
    if wish.kind is not RequestKind.HAND_OVER:
        return "", None
    if not wish.colleague:
        return "", FormProblem.COLLEAGUE_MISSING
    to = colleague(wish.colleague) if len(wish.colleague) <= LONGEST_ADDRESS else None
    return (to, None) if to is not None else ("", FormProblem.COLLEAGUE_UNKNOWN)


def what_happened(kind: RequestKind, after: OfferingView | None) -> str:
    """What to say once a wish was granted, the same at every door: `web.done.<value>`."""
    match kind:
        case RequestKind.CHOOSE:
            return (
                TAKEN.get(after.status, "seat") if after is not None and after.status is not None else "seat"
            )
        case RequestKind.HAND_OVER:
            return "handed_over"
        case _:
            return "given_up"


def asks_first(page: PersonPage, kind: RequestKind, about: OfferingView) -> bool:
    """Whether a person is asked before it is done: what cannot be undone, or what needs their words."""
    if kind is not RequestKind.CHOOSE:
        return True
    return about.switches or any(not one.answer for one in page.course.questions)
