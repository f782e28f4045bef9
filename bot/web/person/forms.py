"""What somebody asks for on a page, and what to tell them afterwards.

Read from the form and the page, no I/O.

What may be asked for is the desk's to decide; here it is only understood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.notes import LONGEST_NOTE
from bot.domain.pages import LONGEST_ADDRESS, LONGEST_REASON, OWN_WISHES
from bot.domain.registrations import RegistrationStatus

if TYPE_CHECKING:
    from bot.domain.pages import OfferingView

LIMITS = {"note": LONGEST_NOTE, "reason": LONGEST_REASON, "address": LONGEST_ADDRESS}
"""Characters."""

BY_LINK = {kind.value: kind for kind in OWN_WISHES}
"""What the addresses of the pages call what may be asked for."""

HERE = frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED, RegistrationStatus.AWAITING})

STANDS = {
    "seat": RegistrationStatus.REGISTERED,
    "line": RegistrationStatus.WAITLISTED,
    "asked": RegistrationStatus.AWAITING,
}
"""Where somebody stands of whom these notices are true."""


def still_true(done: str, about: OfferingView | None) -> bool:
    """Whether the notice in an address fits where the person stands.

    Addresses are kept, forwarded and made up.
    """
    if done in {"note", "answers"}:
        return True
    if about is None:
        return False
    match done:
        case "seat" | "line" | "asked":
            return about.status is STANDS[done]
        case "given_up" | "handed_over":
            return about.status not in HERE
        case _:
            return False
