"""A round of mailing the overview to those HR names, each edition once until another has gone.

    the books say of the message        then
    nothing                             it goes
    due, or under way                   finished, as every message is (`bot.rounds.steps.deliver_mail`)
    sent, or sent as far as anybody     nothing more
    can know
    came back                           nothing more: it would come back again
    refused, or expired before it went  it goes now

Which message an address is to get is `bot.overview.mailed`'s: also an edition that it had before, where
another one has gone to it since. What of that one is under way is looked up first; what has not gone stays
where it is, for the new one takes its place.

Nothing of the paper is kept: the books have the address and the edition, and a run that was cut off is
finished by the same command, which makes the same paper. The one who names the addresses is the one who
approves it, so no setting keeps it waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.errors import InputError
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.overview.mailed import left_behind, message_for
from bot.rounds.results import RoundResult
from bot.rounds.steps.deliver_mail import deliver_messages
from bot.rounds.steps.postman import postman_for
from bot.seats.import_list import is_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Self

    from bot.domain.messages import Message
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.overview.mail import Edition

LASTS = timedelta(days=2)
"""How long what could not go at once is worth finishing; the meeting is near."""
OVER = frozenset({DeliveryState.EXPIRED, DeliveryState.FAILED, DeliveryState.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed(RoundResult):
    """What became of it: a message for each address in the order named.

    `before` are the keys of those that had it already; left over is whatever has not gone.
    """

    messages: tuple[Message, ...]
    before: frozenset[str]

    def then(self, more: RoundResult) -> Self:
        """All of a later round of the same edition, but who had it before the first."""
        both = RoundResult.then(self, more)  # the class that `slots` makes is not the one of `super()`
        if not isinstance(more, Mailed):
            return both
        return replace(both, messages=more.messages, left_over=more.left_over)


def read_addresses(given: Iterable[str]) -> tuple[str, ...]:
    """The addresses as named, lower-cased, also with comma or semicolon between them.

    Raises InputError for what is no address, or without any.
    """
    words = [plain_address(word) for one in given for word in one.replace(";", ",").split(",")]
    found = tuple(word for word in words if word)
    for word in found:
        if not is_address(word):
            raise InputError("address_invalid", address=word)
    if not found:
        raise InputError("overview_whom")
    return found


def foreseen_mailing(
    plan: CoursePlan, stores: Stores, edition: Edition, addresses: Sequence[str], *, now: datetime
) -> Mailed:
    """What `mail_overview` would begin with: `DUE` is what it would send. Nothing is written. `now` UTC."""
    return _standing(edition, _canonical(plan, stores, addresses), _kept(plan, stores, edition), now=now)


async def mail_overview(work: Work, edition: Edition, addresses: Sequence[str]) -> Mailed:
    """Send the edition to whoever has not got it, from the mailbox of the plan in force.

    Raises RunLocked, SignInFailed, DatabaseFailed; what else Graph refuses is in the result.
    """
    plan, stores = work.plan, work.stores
    async with work.locked() as still_mine:
        now = work.now()
        emails = _canonical(plan, stores, addresses)
        postman = postman_for(
            work,
            people=PeopleIndex(stores.books.people.load_people(plan.id)),
            now=now,
            still_mine=still_mine,
        )
        kept = _kept(plan, stores, edition)
        mine = _of_edition(kept, edition)
        await deliver_messages(left_behind(kept, edition.series, emails, mine, now=now), postman)
        begin = _standing(edition, emails, _kept(plan, stores, edition), now=now)
        stores.outbox.add_messages(begin.messages)
        stores.outbox.save_message(
            *(message for message in begin.messages if message.state is DeliveryState.DUE)
        )
        to_go = [
            message
            for message in begin.messages
            if message.key not in begin.before and message.state not in OVER
        ]
        written = dict.fromkeys((one.key for one in to_go), edition.notice)
        unneeded = left_behind(
            _kept(plan, stores, edition),
            edition.series,
            emails,
            {message.key for message in begin.messages},
            now=now,
        )
        delivery = await deliver_messages([*unneeded, *to_go], replace(postman, written=written))
        after = {one.key: one for one in _kept(plan, stores, edition)}
        of_mine = tuple(message for message in delivery.messages if message.key in written)
        messages = tuple(after[message.key] for message in begin.messages)
        return replace(
            begin,
            messages=messages,
            carried=replace(delivery, messages=of_mine),
            left_over=not all(message.state is DeliveryState.SENT for message in messages),
        )


def _canonical(plan: CoursePlan, stores: Stores, addresses: Iterable[str]) -> tuple[str, ...]:
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    return tuple(dict.fromkeys(map(people.canonical, addresses)))


def _of_edition(kept: Iterable[Message], edition: Edition) -> set[str]:
    """The keys of those that are of this edition."""
    series = edition.series
    return {
        message.key for message in kept if series.has(message) and series.edition(message) == edition.digest
    }


def _kept(plan: CoursePlan, stores: Stores, edition: Edition) -> tuple[Message, ...]:
    return stores.outbox.load_messages(plan.id, kind=edition.series.kind)


def _standing(edition: Edition, emails: Iterable[str], kept: Sequence[Message], *, now: datetime) -> Mailed:
    """The message for each address, as the books have it; what is to go from the beginning is `DUE`."""
    found = tuple(
        message_for(email, edition.digest, edition.series, kept, now=now, expires_at=now + LASTS)
        for email in emails
    )
    return Mailed(
        messages=found, before=frozenset(one.key for one in found if one.state is DeliveryState.SENT)
    )
