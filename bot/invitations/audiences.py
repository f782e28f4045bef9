"""Who belongs to each audience: the plan's rules and the directory's answers become people (pure).

Does not read the directory; `bot.rounds.steps.read_world` does and hands over what it got.

    group answered           remembered members    the group is
    members                  any                   known
    nobody                   nothing yet           unknown (first_empty): nobody has said that it is meant to be
    nobody                   0                     known, and empty: a person approved it, or it was so before
    nobody                   some                  unknown (emptied): a directory that forgets is not an order
    an error                 any                   unknown (unreadable)

An audience with one unknown group is unknown as a whole, also when the group is excluded: without it we would
invite those who asked to be left alone. What an unknown group answered is not remembered; whoever approves
that a group is empty writes the 0 (`GroupMemory.save_counts`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.people import Audience, PeopleIndex, Person, UnknownGroup, UnknownReason
from bot.domain.plan import CourseStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.domain.errors import KursusbotError
    from bot.domain.plan import AudienceRule, CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """What the directory said of one group.

    Members (people, or names of those without address) or why it could not be asked.
    """

    members: tuple[Person | str, ...] = ()
    error: KursusbotError | None = None


def live_rules(plan: CoursePlan) -> tuple[AudienceRule, ...]:
    """The rules of the audiences of a course that invites (save the date, approved), by id."""
    used: set[str] = set()
    for course in plan.courses:
        if course.status in {CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}:
            used.update(course.audience, course.optional_audience)
            for _, session in course.sessions():
                used.update(session.audience or (), session.optional_audience or ())
    return tuple(sorted((rule for rule in plan.audiences if rule.id in used), key=lambda rule: rule.id))


def group_names(plan: CoursePlan) -> tuple[str, ...]:
    """Every group to read, sorted, each once: those of the live audiences, excluded ones too.

    What is excluded may be a person instead; one that the plan lists is no group.
    """
    listed = {person.email for rule in plan.audiences for person in rule.people}
    found: set[str] = set()
    for rule in live_rules(plan):
        found.update(rule.groups)
        found.update(entry for entry in rule.exclude if entry not in listed)
    return tuple(sorted(found))


def listed_strangers(plan: CoursePlan, answers: Mapping[str, GroupAnswer]) -> frozenset[str]:
    """The listed addresses of the organiser's own domain that no group has for a member.

    Some of them may be groups.
    """
    domain = plan.organiser.rpartition("@")[2].lower()
    members = {
        address
        for answer in answers.values()
        for member in answer.members
        if isinstance(member, Person)
        for address in member.addresses
    }
    listed = {person.email for rule in live_rules(plan) for person in rule.people}
    return frozenset(address for address in listed - members if address.rpartition("@")[2] == domain)


def resolve_audiences(
    plan: CoursePlan, answers: Mapping[str, GroupAnswer], remembered: Mapping[str, int]
) -> dict[str, Audience]:
    """Every live audience of the plan by id.

    `answers` has one entry for each group read; an excluded address that is no group is simply
    absent from it. `remembered` maps groups to the member counts of the last good reading.
    """
    rules = live_rules(plan)
    people = PeopleIndex(merged_people(_everybody(rules, answers)))
    return {rule.id: _resolve(rule, answers, remembered, people, organiser=plan.organiser) for rule in rules}


def known_people(audiences: Iterable[Audience]) -> tuple[Person, ...]:
    """Everybody in any of the audiences, sorted by address, each once."""
    return tuple(
        sorted(
            {person.email: person for audience in audiences for person in audience.people}.values(),
            key=lambda one: one.email,
        )
    )


def good_counts(answers: Mapping[str, GroupAnswer], remembered: Mapping[str, int]) -> dict[str, int]:
    """The member counts worth remembering.

    Of groups that answered somebody, or nobody where that is known to be meant.
    """
    return {
        group: len(answer.members)
        for group, answer in answers.items()
        if answer.error is None and (answer.members or remembered.get(group) == 0)
    }


def merged_people(people: Iterable[Person]) -> tuple[Person, ...]:
    """One `Person` for each human being, whatever aliases and groups they came by.

    The first one's address stays.

    The same directory id is the same person under any address; another directory id is another
    person, also where the two share an alias. The language that the plan gives wins over the
    directory's, because HR wrote it on purpose.
    """
    merged: list[Person] = []
    places: dict[str, list[int]] = {}
    for person in people:
        keys = [*([f"id:{person.directory_id}"] if person.directory_id else []), *sorted(person.addresses)]
        at = next(
            (place for key in keys for place in places.get(key, ()) if _is_same(merged[place], person)),
            len(merged),
        )
        if at < len(merged):
            merged[at] = _join(merged[at], person)
        else:
            merged.append(person)
        for key in keys:
            places.setdefault(key, []).append(at)
    return tuple(merged)


def _everybody(rules: Sequence[AudienceRule], answers: Mapping[str, GroupAnswer]) -> Iterator[Person]:
    """The directory's people before the plan's, so that the directory's address is the one to invite."""
    for group in sorted(answers):
        members = (member for member in answers[group].members if isinstance(member, Person))
        yield from sorted(members, key=lambda one: (one.email, one.directory_id or "", one.name))
    for rule in rules:
        yield from sorted(rule.people, key=lambda one: one.email)


def _is_same(first: Person, second: Person) -> bool:
    return (
        first.directory_id is None or second.directory_id is None or first.directory_id == second.directory_id
    )


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
    rule: AudienceRule,
    answers: Mapping[str, GroupAnswer],
    remembered: Mapping[str, int],
    people: PeopleIndex,
    *,
    organiser: str,
) -> Audience:
    unknown: list[UnknownGroup] = []
    nameless: set[str] = set()

    def members(group: str) -> list[Person]:
        answer = answers[group]
        if answer.error is not None:
            unknown.append(UnknownGroup(group=group, reason=UnknownReason.UNREADABLE, error=answer.error))
        elif not answer.members and remembered.get(group) != 0:
            reason = UnknownReason.EMPTIED if group in remembered else UnknownReason.FIRST_EMPTY
            unknown.append(UnknownGroup(group=group, reason=reason))
        nameless.update(member for member in answer.members if isinstance(member, str))
        return [member for member in answer.members if isinstance(member, Person)]

    included = {people.canonical(member.email) for group in rule.groups for member in members(group)}
    included |= {people.canonical(person.email) for person in rule.people}
    without_address = tuple(sorted(nameless))
    unmatched: list[str] = []
    for entry in rule.exclude:
        if entry in answers:
            included -= {people.canonical(member.email) for member in members(entry)}
        elif people.find(entry) is not None:
            included.discard(people.canonical(entry))
        else:
            unmatched.append(entry)
    # The mailbox that owns the event is its organiser already.
    included.discard(people.canonical(organiser))
    found = [people.find(address) for address in sorted(included)]
    return Audience(
        id=rule.id,
        people=tuple(one for one in found if one is not None),
        unknown=tuple(unknown),
        without_address=without_address,
        unmatched=tuple(unmatched),
    )
