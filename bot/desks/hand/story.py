"""What an act of HR's hand comes to, in words, before it is done (pure).

| is shown | from |
|---|---|
| who gets, loses or changes a place, offering by offering | the lines of the seat log that would be written |
| whom Outlook invites or takes off, and the invitation | the events' lists |
| each mail of ours, as its reader gets it | the messages, in the reader's language |
| how many have a seat and wait afterwards | the seats as they are then, of the offerings that somebody moved in |
| why nothing is done, and what can be done instead | the refusals, by the table `WAYS` |

Links to people's own pages are made up: a page of HR's opens nobody else's. What is shown has a digest, so
that what is carried out is what was shown.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.delivery.parcels import Parcel
from bot.delivery.words import letter
from bot.desks.hand.seat_words import moves, name_of, refusal_key, will_text
from bot.i18n.catalogue import text
from bot.invitations.preview_seats import offering_titles
from bot.messages.characters import one_line
from bot.messages.invitation import invitation_subject, render_invitation
from bot.messages.plain_text import text_of
from bot.registrations.seat_history import cause_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.desks.hand.hr import ForeseenDecision
    from bot.domain.messages import Message
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.seats import OfferingSeats, Transition
    from bot.invitations.seat_changes import ListChange

WAYS: dict[str, tuple[str, ...]] = {
    "full": ("line", "above"),
    "no_free_seat": ("above",),
    "not_invited": ("enrol_colleague",),
    "no_seat": ("enrol_colleague",),
    "not_waiting": ("enrol",),
    "has_seat": ("withdraw",),
    "no_handover": ("withdraw",),
    "nowhere": ("enrol",),
}
"""Refusal to what can be done instead: texts `hand.way.<value>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenMail:
    """One mail that would go: in one line to whom and about what, and what stands in it ("": only that)."""

    says: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedInWords:
    """Why something cannot be done, and the ways there are instead."""

    says: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandStory:
    """By the table above. `moves` are (offering, what happens to each), `mails` how many go in all."""

    moves: tuple[tuple[str, tuple[str, ...]], ...] = ()
    letters: tuple[ForeseenMail, ...] = ()
    seats: tuple[str, ...] = ()
    refused: tuple[RefusedInWords, ...] = ()
    mails: int = 0


def hand_story(
    shown: ForeseenDecision, plan: CoursePlan, language: Language, *, link: str | None, now: datetime
) -> HandStory:
    """The act in words.

    `plan` as it stands in the calendars, `link` the made-up page (None where there are no pages), `now` UTC.
    """
    titles = offering_titles(plan.courses)
    moved: dict[tuple[str, str], list[str]] = {}
    for one in moves(shown.settlement):
        says = one_line(f"{name_of(shown.people, one.after.email)} {will_text(one, language)}.")
        moved.setdefault((one.after.course, one.after.offering), []).append(says)
    return HandStory(
        moves=tuple((titles.get(where, where[1]), tuple(said)) for where, said in moved.items()),
        letters=(
            *(mail for one in shown.lists for mail in _by_outlook(one, plan, shown.people, language)),
            *(
                _by_us(one, plan, shown.people, language, link_for=lambda _email, _course: link, now=now)
                for one in shown.messages
            ),
        ),
        seats=tuple(_seats(shown.settlement.seats, moved, titles, language)),
        refused=tuple(
            RefusedInWords(says=text(language, f"hand.refused.{key}"), ways=WAYS.get(key, ()))
            for key in dict.fromkeys(map(refusal_key, shown.settlement.refusals))
        ),
        mails=shown.mails,
    )


def done_lines(
    lines: Iterable[Transition], people: PeopleIndex, titles: Mapping[str, str], language: Language
) -> tuple[str, ...]:
    """What an act did, a sentence for each line of the seat log that one can see; `titles` of offerings."""
    return tuple(
        one_line(
            f"{_lead(titles.get(one.after.offering, one.after.offering))}{name_of(people, one.after.email)} "
            f"{text(language, f'seats.cause.{cause_key(one)}')}."
        )
        for one in lines
        if one.is_seen
    )


def _lead(title: str) -> str:
    return f"{title}: " if title else ""


def digest_of(shown: ForeseenDecision) -> str:
    """16 hexadecimal digits of all that would happen; other things have another."""
    happens = {
        "moves": [
            (
                one.after.course,
                one.after.offering,
                one.after.email,
                one.before,
                one.after.status,
                one.after.cause,
            )
            for one in shown.settlement.transitions
        ],
        "refused": [
            (one.request.offering, one.request.email, one.reason) for one in shown.settlement.refusals
        ],
        "lists": [(str(one.entry.key), one.add, one.remove) for one in shown.lists],
        "messages": sorted(
            (one.kind, one.course, one.offering, one.email, sorted(one.params.items()))
            for one in shown.messages
        ),
    }
    return hashlib.sha256(json.dumps(happens, sort_keys=True).encode()).hexdigest()[:16]


def _by_outlook(
    change: ListChange, plan: CoursePlan, people: PeopleIndex, language: Language
) -> Iterator[ForeseenMail]:
    key = change.entry.key
    where = plan.session(key)
    if where is None:
        return
    course, offering, session = where
    plan = plan.for_course(course.id)
    subject = invitation_subject(course, offering, session, language=plan.language)
    for what, addresses in (("invited", change.add), ("cancelled", change.remove)):
        if addresses:
            names = ", ".join(name_of(people, address) for address in addresses)
            body = (
                text_of(render_invitation(plan, course, offering, session, language=plan.language))
                if what == "invited"
                else ""
            )
            says = text(language, f"hand.outlook.{what}", names=names, subject=subject)
            yield ForeseenMail(says=one_line(says), body=body)


def _by_us(
    message: Message,
    plan: CoursePlan,
    people: PeopleIndex,
    language: Language,
    *,
    link_for: Callable[[str, str], str | None],
    now: datetime,
) -> ForeseenMail:
    made = letter(Parcel(messages=(message,)), plan, people, link_for=link_for, now=now)
    says = text(language, "hand.mail", name=name_of(people, message.email), subject=made.subject)
    return ForeseenMail(says=one_line(says), body=text_of(made.html))


def _seats(
    seats: Iterable[OfferingSeats],
    moved: Iterable[tuple[str, str]],
    titles: dict[tuple[str, str], str],
    language: Language,
) -> Iterator[str]:
    touched = {*moved}
    for one in seats:
        if (one.course, one.offering) in touched:
            lead = _lead(titles.get((one.course, one.offering), one.offering)) if len(touched) > 1 else ""
            yield one_line(seats_text(one.registered, one.capacity, one.waiting, language, lead=lead))


def seats_text(taken: int, capacity: int | None, waiting: int, language: Language, *, lead: str = "") -> str:
    """`27 af 40 har plads, 3 venter`: the same words wherever an act counts seats."""
    form = "hand.seats.unlimited" if capacity is None else "hand.seats.limited"
    said = text(language, form, taken=taken, capacity=capacity)
    queue = text(language, "hand.seats.waiting", count=waiting) if waiting else ""
    return f"{lead}{said}{queue}."
