"""What may happen to a plan, a directory and a mailbox between two runs, as a list of (event, number) that hypothesis can shrink.

Each event takes a number and makes its choices from it; one that finds nothing to happen to does nothing.
The events are HR's, the directory's, people's in Outlook, and the clock's. Checks are in `test_histories`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.domain.events import EventField, Location, ObservedAttendee, ResponseStatus
from bot.domain.plan import CourseStatus, Offering
from bot.domain.programme import Speaker, Venue
from tests.builders.model_rounds import Town
from tests.builders.samples import ROOM, address, make_content, make_course, make_person, make_plan, make_rule, make_session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.people import Person
    from bot.domain.plan import Course, CourseSession
    from tests.builders.outlook_model import Stored

T = TypeVar("T")

FIRST_DAY = datetime(2025, 5, 5, 9, 0)
NAMES = ("anna", "bo", "cilla", "dan", "eva")
ALL, TR = "alle@demo.example", "tr@demo.example"
SPEAKER = "taler@partner.example"
STATUSES = (*CourseStatus, CourseStatus.APPROVED, CourseStatus.APPROVED)
TEXTS = ("", "Husk *madpakke*", "Se <https://kursus.example/a?b=1&c=2>")
VENUES = (None, Venue(name="Sal 1", address="Torvet 1"), Venue(name="Sal 1", room=ROOM), Venue(name="Sal 2", room="sal-2@demo.example"))


@dataclass(slots=True)
class Story:
    """The town, and what the checks need to remember. `quiet_since` is how many mails there were when the world last changed."""

    town: Town
    staff: dict[str, tuple[str, ...]] = field(default_factory=lambda: {ALL: NAMES[:4], TR: NAMES[:2]})
    renamed: dict[str, int] = field(default_factory=dict)
    foreign: list[Stored] = field(default_factory=list)
    quiet_since: int = 0

    @property
    def live(self) -> list[Stored]:
        """Events of ours that somebody can still lay hands on."""
        return [event for event in self.town.outlook.events if not event.gone and event not in self.foreign and event.end > self.town.now]

    def happen(self, event: Callable[[Story, int], None], number: int) -> None:
        event(self, number)
        self.town.groups.members = {group: tuple(self.employee(name) for name in names) for group, names in self.staff.items()}
        self.quiet_since = len(self.town.outlook.mails)

    def employee(self, name: str) -> Person:
        """Every second change of address leaves the former one as an alias."""
        times = self.renamed.get(name, 0)
        former = [name, *(f"{name}-{number}" for number in range(1, times + 1))]
        return make_person(former[-1], aliases=former[:-1] if times % 2 else (), directory_id=f"id-{name}")


def begin(*, restore: bool) -> Story:
    """Two courses with three sessions ahead, nobody invited yet, and three events in the mailbox that are none of ours."""
    rules = (make_rule(groups=[ALL], people=[make_person("gæst@partner.example", listed=True)]), make_rule("tr", groups=[TR]))
    first = make_course("k1", make_dated("s1", 20), make_dated("s2", 21), venue=VENUES[2])
    second = make_course("k2", make_dated("s1", 30), online=True, optional_audience=("tr",), speakers=(Speaker(name="T", email=SPEAKER),))
    story = Story(Town(make_plan(first, second, audiences=rules), restore=restore))
    for stamp in (None, "other/k1/main/s1", "demo2/k1/main/s1"):
        story.foreign.append(story.town.outlook.add_foreign(stamp, make_content(), (ObservedAttendee(email=address("anna")),)))
    story.happen(nothing, 0)
    return story


def make_dated(name: str, day: int) -> CourseSession:
    return make_session(name, start=FIRST_DAY + timedelta(days=day), hours=30 if day % 7 == 0 else 1)


def chosen(number: int, options: Sequence[T]) -> tuple[T, int]:
    """One of the options, and what is left of the number for the next choice."""
    return options[number % len(options)], number // len(options)


def nothing(story: Story, number: int) -> None:
    """Only time for another run."""


# -- HR


def write_plan(story: Story, courses: Sequence[Course]) -> None:
    story.town.plan = replace(story.town.plan, courses=tuple(courses))


def rewrite(story: Story, number: int, change: Callable[[Course, int], Course]) -> None:
    courses = story.town.plan.courses
    if courses:
        course, left = chosen(number, courses)
        write_plan(story, [change(one, left) if one is course else one for one in courses])


def add_course(story: Story, number: int) -> None:
    day, left = chosen(number, range(-3, 40))
    name, left = chosen(left, ["k1", "k3"])
    audience, _ = chosen(left, [("ledere",), ("ledere", "tr"), ("tr",), ()])
    course = make_course(name, make_dated("s1", day), audience=audience)
    write_plan(story, [*(one for one in story.town.plan.courses if one.id != name), course])


def remove_course(story: Story, number: int) -> None:
    write_plan(story, [one for at, one in enumerate(story.town.plan.courses) if at != number % 3])


def set_status(story: Story, number: int) -> None:
    rewrite(story, number, lambda course, left: replace(course, status=chosen(left, STATUSES)[0]))


def set_words(story: Story, number: int) -> None:
    rewrite(story, number, lambda course, left: replace(course, description=chosen(left, TEXTS)[0], title=f"Titel {left % 2}"))


def set_place(story: Story, number: int) -> None:
    rewrite(story, number, lambda course, left: replace(course, venue=chosen(left, VENUES)[0]))


def set_online(story: Story, number: int) -> None:
    rewrite(story, number, lambda course, _left: replace(course, online=not course.online))


def set_audience(story: Story, number: int) -> None:
    choices = [("ledere",), ("tr",), ("ledere", "tr"), ()]
    rewrite(story, number, lambda course, left: replace(course, audience=chosen(left, choices)[0], optional_audience=()))


def set_speakers(story: Story, number: int) -> None:
    speakers = [(), (Speaker(name="T", email=SPEAKER),), (Speaker(name="Anna", email=address("anna")),)]
    rewrite(story, number, lambda course, left: replace(course, speakers=chosen(left, speakers)[0]))


def set_sessions(story: Story, number: int) -> None:
    """Move, undate, add, remove or rename sessions."""

    def change(course: Course, left: int) -> Course:
        day, left = chosen(left, range(-3, 40))
        moved = make_dated("s1", day)
        (offering,) = course.offerings
        others = tuple(one for one in offering.sessions if one.id != "s1")
        kinds = [(moved, *others), (replace(moved, start=None, end=None), *others), (*others, replace(moved, id="s3")), others]
        return replace(course, offerings=(Offering(id="main", sessions=kinds[left % len(kinds)]),))

    rewrite(story, number, change)


# -- the directory


def change_group(story: Story, number: int) -> None:
    group, left = chosen(number, [ALL, TR])
    story.staff[group] = tuple(name for at, name in enumerate(NAMES) if left >> at & 1)


def break_group(story: Story, number: int) -> None:
    group, _ = chosen(number, [ALL, TR])
    story.town.groups.unreadable ^= {group}


def change_address(story: Story, number: int) -> None:
    name, _ = chosen(number, NAMES)
    story.renamed[name] = story.renamed.get(name, 0) + 1


# -- people in Outlook


def answer(story: Story, number: int) -> None:
    for event in story.live:
        statuses = {one.email: chosen(number + at, list(ResponseStatus))[0] for at, one in enumerate(event.attendees)}
        event.attendees = tuple(replace(one, response=statuses[one.email]) for one in event.attendees)
        event.version += 1


def edit_by_hand(story: Story, number: int) -> None:
    if story.live:
        event, left = chosen(number, story.live)
        what, left = chosen(left, [EventField.SUBJECT, EventField.LOCATION, EventField.START, EventField.SHOW_AS])
        content = replace(
            event.content,
            subject="Rettet i hånden",
            location=chosen(left, [Location(name="Kantinen"), None])[0],
            start=event.content.start - timedelta(minutes=30),
            show_as="oof",
        )
        story.town.outlook.change(event, content, [what], by_bot=False)


def delete_by_hand(story: Story, number: int) -> None:
    if story.live:
        story.town.outlook.remove(chosen(number, story.live)[0], by_bot=False)


def undelete_by_hand(story: Story, number: int) -> None:
    """Out of the waste basket again; who was on it has had a cancellation and is invited anew by the person who does it."""
    gone = [event for event in story.town.outlook.events if event.gone and event.end > story.town.now]
    if gone:
        event, _ = chosen(number, gone)
        event.gone = False
        guests, event.attendees = event.attendees, ()
        story.town.outlook.seat(event, guests, by_bot=False)


def copy_by_hand(story: Story, number: int) -> None:
    if story.live:
        story.town.outlook.copy(chosen(number, story.live)[0])


def forward(story: Story, number: int) -> None:
    if story.live:
        event, left = chosen(number, story.live)
        guest, _ = chosen(left, [address(name) for name in (*NAMES, "fremmed")])
        if guest not in {one.email for one in event.attendees}:
            story.town.outlook.seat(event, [*event.attendees, ObservedAttendee(email=guest)], by_bot=False)


def take_off(story: Story, number: int) -> None:
    if story.live:
        event, left = chosen(number, story.live)
        kept = [one for at, one in enumerate(event.attendees) if at != left % len(event.attendees)]
        story.town.outlook.seat(event, kept, by_bot=False)


# -- time and misfortune


def pass_time(story: Story, number: int) -> None:
    story.town.now += timedelta(days=chosen(number, [1, 4, 15])[0], hours=2)


def lose_the_books(story: Story, number: int) -> None:
    """Lists are whole by then: without books nothing but the list tells that an event is there."""
    story.town.shelf.entries.clear()
    for event in story.town.outlook.events:
        event.unlisted = False


def list_late(story: Story, number: int) -> None:
    """The newest event that we made does not show in lists until a whole run is through."""
    made = [event for event in story.town.outlook.events if event.by_bot]
    if story.town.shelf.entries and made:
        made[-1].unlisted = True


EVENTS = (
    nothing, add_course, remove_course, set_status, set_words, set_place, set_online, set_audience, set_speakers, set_sessions,
    change_group, break_group, change_address, answer, edit_by_hand, delete_by_hand, undelete_by_hand, copy_by_hand, forward,
    take_off, pass_time, lose_the_books, list_late,
)  # fmt: skip
