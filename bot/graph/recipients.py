"""When Graph refuses an invitation for a single address: everybody else is invited, the address is named.

One bad address makes Graph refuse a whole attendee list with 400 (graph-facts sections 14.20 and 16.7,
2026-11-22). Such a refusal creates nothing and mails nobody, so the list is halved and written half by
half: the first half that is accepted creates the event, every further one is an attendee change, which
mails only those it adds. Nobody is mailed twice. For one bad address among n that takes about 2·log2(n)
requests.

Addresses that cannot be addresses are left out before anything is sent. Knows no HTTP.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.addresses import is_directory_name
from bot.domain.errors import GraphRefused, RecipientsRejected
from bot.domain.events import Attendee, ObservedAttendee
from bot.masking import mask_address

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from bot.domain.events import ObservedEvent, SessionKey

JsonObject = dict[str, Any]
Guest = TypeVar("Guest", Attendee, ObservedAttendee)

# Exchange's limit for one event, rooms included (graph-facts section 1).
MOST_ATTENDEES = 500
REFUSALS = frozenset({"errorinvalidrecipients", "errorinvalidattendees"})
# Wider than what Exchange takes: only what surely is no address is left out unasked.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"_]{1,255}")


def check_addresses(attendees: Sequence[Guest]) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """Those with a possible address, and the addresses of the others.

    Raises GraphRefused for more than 500.
    """
    if len(attendees) > MOST_ATTENDEES:
        raise GraphRefused("graph_too_many_attendees", count=len(attendees), most=MOST_ATTENDEES)
    good = tuple(one for one in attendees if _is_possible(one.email))
    return good, tuple(one.email for one in attendees if not _is_possible(one.email))


def check_names(attendees: Sequence[Guest], key: SessionKey) -> None:
    """Raises GraphRefused for a list with a directory name, which is no address.

    Such a list is never sent.
    """
    if any(is_directory_name(one.email) for one in attendees):
        raise GraphRefused("graph_directory_name", session=str(key))


def is_refused_recipient(error: GraphRefused) -> bool:
    """Whether Graph refused because of an address in the list."""
    return error.status == 400 and error.graph_code.lower() in REFUSALS  # noqa: PLR2004 - HTTP: bad request


@contextmanager
def blaming(guests: Sequence[str], key: SessionKey) -> Iterator[None]:
    """Around writing those who are on the event already, which mails nobody.

    A refusal is the doing of these, whom we did not invite.
    """
    try:
        yield
    except GraphRefused as error:
        if not guests or not is_refused_recipient(error):
            raise
        names = ", ".join(mask_address(one) for one in guests)
        raise GraphRefused(
            "graph_guests_refused", status=error.status, session=str(key), names=names
        ) from None


async def write_by_halves(
    people: Sequence[Guest],
    *,
    listed: Sequence[Guest] = (),
    event: JsonObject | None = None,
    write: Callable[[JsonObject | None, Sequence[Guest]], Awaitable[JsonObject]],
) -> tuple[JsonObject, tuple[str, ...]]:
    """Write the list `listed` + `people` although it was refused whole.

    Returns the event and the addresses refused.

    `write(event, everybody)` creates the event when it is None and changes its attendees otherwise; each
    call has everybody that is on the event already.
    """
    accepted: list[Guest] = list(listed)
    refused: list[str] = []
    waiting: list[Sequence[Guest]] = _halves(people)
    refused += [one.email for one in people] if len(people) == 1 else []
    while waiting:
        some = waiting.pop(0)
        try:
            event = await write(event, accepted + list(some))
        except GraphRefused as error:
            if not is_refused_recipient(error):
                raise
            if len(some) == 1:
                refused += [some[0].email]
            waiting = _halves(some) + waiting
        else:
            accepted += some
    if event is None:
        event = await write(None, accepted)
    return event, tuple(refused)


def rejected(addresses: Sequence[str], event: ObservedEvent) -> RecipientsRejected:
    """The error that names the addresses, masked in its text and whole in `rejected`."""
    names = ", ".join(mask_address(address) for address in addresses)
    return RecipientsRejected(
        "graph_recipients_rejected", addresses=tuple(addresses), event=event, names=names
    )


def _halves(people: Sequence[Guest]) -> list[Sequence[Guest]]:
    middle = len(people) // 2
    return [people[:middle], people[middle:]] if middle else []


def _is_possible(address: str) -> bool:
    return _ADDRESS.fullmatch(address) is not None and ".." not in address
