"""Who belongs to each audience: the plan's rules and the directory's answers become people (pure).

Does not read the directory; `bot.invitations.run` does and hands over what it got.

    group answered           remembered members    the group is
    members                  any                   known
    nobody                   none                  known, and empty
    nobody                   some                  unknown (emptied): a directory that forgets is not an order
    an error                 any                   unknown (unreadable)

An audience with one unknown group is unknown as a whole, also when the group is excluded: without it
we would invite those who asked to be left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.people import Audience, PeopleIndex, Person, UnknownGroup, UnknownReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.plan import AudienceRule, CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """What the directory said of one group: members (people, or names of those without address) or an error's text."""

    members: tuple[Person | str, ...] = ()
    error: str | None = None


def group_names(plan: CoursePlan) -> tuple[str, ...]:
    """Every group to read, sorted, each once: those of the audiences that a live course uses, excluded ones too."""
    used = {audience for course in plan.courses for audience in _named_audiences(course.audience, course.optional_audience)}
    for course in plan.courses:
        for offering in course.offerings:
            for session in offering.sessions:
                used.update(_named_audiences(session.audience or (), session.optional_audience or ()))
    listed = {person.email for rule in plan.audiences for person in rule.people}
    found: set[str] = set()
    for rule in plan.audiences:
        if rule.id in used:
            found.update(rule.groups)
            found.update(entry for entry in rule.exclude if entry not in listed)
    return tuple(sorted(found))


def resolve_audiences(plan: CoursePlan, answers: Mapping[str, GroupAnswer], remembered: Mapping[str, int]) -> dict[str, Audience]:
    """Every audience of the plan by id.

    `answers` has one entry for each group read; an excluded address that is no group is simply
    absent from it. `remembered` maps groups to the member counts of the last good reading.
    """
    people = _merged(_everybody(plan, answers))
    return {rule.id: _resolve(rule, answers, remembered, people, organiser=plan.organiser) for rule in plan.audiences}


def known_people(audiences: Iterable[Audience]) -> tuple[Person, ...]:
    """Everybody in any of the audiences, sorted by address, each once."""
    return tuple(sorted({person.email: person for audience in audiences for person in audience.people}.values(), key=lambda one: one.email))


def good_counts(answers: Mapping[str, GroupAnswer], remembered: Mapping[str, int]) -> dict[str, int]:
    """The member counts worth remembering: of groups that answered, and did not suddenly answer nobody."""
    return {
        group: len(answer.members)
        for group, answer in answers.items()
        if answer.error is None and (answer.members or not remembered.get(group))
    }


def _named_audiences(*lists: tuple[str, ...]) -> Iterator[str]:
    for names in lists:
        yield from names


def _everybody(plan: CoursePlan, answers: Mapping[str, GroupAnswer]) -> Iterator[Person]:
    for group in sorted(answers):
        yield from sorted((one for one in answers[group].members if isinstance(one, Person)), key=lambda one: one.email)
    for rule in plan.audiences:
        yield from rule.people


def _merged(people: Iterable[Person]) -> PeopleIndex:
    """One `Person` for each human being, whatever aliases and groups they came by.

    The directory comes before the plan's list, so its address is the one to invite; the language
    that the plan gives wins, because HR wrote it on purpose.
    """
    merged: list[Person] = []
    place: dict[str, int] = {}
    for person in people:
        keys = [*sorted(person.addresses), *([f"id:{person.directory_id}"] if person.directory_id else [])]
        at = next((place[key] for key in keys if key in place), None)
        if at is None:
            at = len(merged)
            merged.append(person)
        else:
            merged[at] = _join(merged[at], person)
        for key in keys:
            place.setdefault(key, at)
    return PeopleIndex(merged)


def _join(first: Person, second: Person) -> Person:
    listed_only = second.directory_id is None
    return replace(
        first,
        name=first.name or second.name,
        language=(second.language if listed_only and second.language else first.language or second.language),
        directory_id=first.directory_id or second.directory_id,
        aliases=(first.aliases | second.addresses) - {first.email},
        department=first.department or second.department,
    )


def _resolve(
    rule: AudienceRule, answers: Mapping[str, GroupAnswer], remembered: Mapping[str, int], people: PeopleIndex, *, organiser: str
) -> Audience:
    unknown: list[UnknownGroup] = []
    nameless: set[str] = set()

    def members(group: str) -> list[Person]:
        answer = answers[group]
        if answer.error is not None:
            unknown.append(UnknownGroup(group=group, reason=UnknownReason.UNREADABLE, detail=answer.error))
        elif not answer.members and remembered.get(group):
            unknown.append(UnknownGroup(group=group, reason=UnknownReason.EMPTIED))
        nameless.update(one for one in answer.members if isinstance(one, str))
        return [one for one in answer.members if isinstance(one, Person)]

    included = {people.canonical(one.email) for group in rule.groups for one in members(group)}
    included |= {people.canonical(one.email) for one in rule.people}
    without_address = tuple(sorted(nameless))
    for entry in rule.exclude:
        if entry in answers:
            included -= {people.canonical(one.email) for one in members(entry)}
        else:
            included.discard(people.canonical(entry))
    # The mailbox that owns the event is its organiser already.
    included.discard(people.canonical(organiser))
    found = [people.find(address) for address in sorted(included)]
    return Audience(
        id=rule.id, people=tuple(one for one in found if one is not None), unknown=tuple(unknown), without_address=without_address
    )
