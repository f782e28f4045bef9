"""One person over all the plans that whoever asks may see: found, looked at, erased, given new links.

| asked for | is |
|---|---|
| who there is | everybody whom these plans know, each once (`bot.registrations.known_people`) |
| a person | where they stand, what happened, what is still to be sent, in words; only of these plans |
| erasing | what `erase` does, in every plan; refused where another plan that somebody else looks after has them |
| new links | every earlier link of theirs in these plans opens nothing any more |

Who looked, and who did what, is written down by whoever asks here (`note_look`), as the commands do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.person.links import renew_links
from bot.domain.people import PeopleIndex, Person
from bot.registrations.known_people import KnownPerson, known_people
from bot.registrations.person_lines import PersonLine, history_of, person_lines, plan_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.desks.plan_desk import PlanDesk
    from bot.domain.people import Language
    from bot.domain.sign_in import Visitor
    from bot.opening.stores import Stores
    from bot.store.erasure import Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStory:
    """What there is to tell of somebody.

    Where they stand, what is still to be sent, and what happened, the newest first.
    """

    standing: tuple[PersonLine, ...]
    coming: tuple[PersonLine, ...]
    history: tuple[PersonLine, ...]


def who_there_is(desks: Sequence[PlanDesk]) -> tuple[KnownPerson, ...]:
    """Everybody whom these plans know, by name; raises DatabaseFailed."""
    from bot.store.own_rows import load_known_people

    ids = [desk.as_read.id for desk in desks]
    found = load_known_people(desks[0].stores.database, ids)
    return known_people({plan: found.get(plan, ()) for plan in ids})


def index_of(people: Iterable[KnownPerson]) -> PeopleIndex:
    """The same people by address and directory id, for naming them."""
    return PeopleIndex(
        Person(
            email=one.email,
            name=one.name,
            aliases=one.addresses - {one.email},
            directory_id=next(iter(one.ids), None),
        )
        for one in people
    )


def story_of(desks: Sequence[PlanDesk], person: KnownPerson, language: Language) -> PersonStory:
    """What there is to tell of somebody in these plans; raises DatabaseFailed."""
    from bot.store.own_rows import load_own_rows

    plans = [desk.as_read.id for desk in desks]
    rows = load_own_rows(desks[0].stores.database, person.addresses, person.ids, plans)
    theirs = {str(row["plan"]) for found in rows.values() for row in found}
    named = plan_names(desk.books.plan for desk in desks if desk.as_read.id in theirs)
    lines = person_lines(rows, named, language)
    return PersonStory(
        standing=tuple(sorted(lines.get("registrations", ()), key=lambda one: (one.plan, one.where))),
        coming=tuple(line for line in lines.get("messages", ()) if line.is_coming),
        history=history_of(lines),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenErasure:
    """What erasing somebody would do; `elsewhere`: plans of others that have them too, so it is not done."""

    erased: Erased
    plans: tuple[str, ...]
    elsewhere: tuple[str, ...]


def foresee_erasure(
    desks: Sequence[PlanDesk], served: Collection[str], person: KnownPerson
) -> ForeseenErasure:
    """Nothing is changed. `served` are the ids of all plans, also of those that the caller does not see.

    Raises DatabaseFailed.
    """
    from bot.store.erasure import foreseen_erasure
    from bot.store.own_rows import load_plans_with

    stores, seen = desks[0].stores, {desk.as_read.id for desk in desks}
    plans = load_plans_with(stores.database, person.addresses)
    return ForeseenErasure(
        erased=foreseen_erasure(stores.database, person.email, now=desks[0].now()),
        plans=tuple(plan for plan in plans if plan in seen),
        elsewhere=tuple(plan for plan in plans if plan in served and plan not in seen),
    )


def erase(desks: Sequence[PlanDesk], person: KnownPerson, visitor: Visitor) -> Erased:
    """Take the person out of the books for good, with a line of who did it; as the command does.

    Raises DatabaseFailed (`erase_unfinished`: done, but remains may lie in the files).
    """
    from bot.store.erasure import erase_person

    # Before it, so that nobody is erased by nobody; the erasure itself takes the name out of the line.
    note_look(desks, visitor, "erase", person)
    return erase_person(desks[0].stores.database, person.email, now=desks[0].now())


def renew(desks: Sequence[PlanDesk], person: KnownPerson, visitor: Visitor) -> int:
    """End every earlier link of theirs; in how many plans there was somebody to renew them for."""
    renewed = 0
    for desk in desks:
        stores = desk.stores
        index = PeopleIndex(stores.books.people.load_people(desk.as_read.id))
        known = next(filter(None, (index.find(address) for address in sorted(person.addresses))), None)
        if known is not None:
            renew_links(desk.written, stores, known, now=desk.now())
            desk.note(visitor, "link", subject=known.email, detail="--renew")
            renewed += 1
    return renewed


def note_look(
    desks: Sequence[PlanDesk], visitor: Visitor, command: str, about: KnownPerson | int, *, detail: str = ""
) -> None:
    """Write down who looked at whom; of several how many. It belongs to a plan where there is one only."""
    subject = about.email if isinstance(about, KnownPerson) else str(about)
    desks[0].note(visitor, command, subject=subject, detail=detail, of_all_plans=len(desks) > 1)


def stores_of(desks: Sequence[PlanDesk]) -> Stores:
    """All plans of a process have the same books."""
    return desks[0].stores
