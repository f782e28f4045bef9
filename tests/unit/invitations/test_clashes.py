"""Which clashes a difference makes, which were there before, and how both are told; the tables are in `bot.invitations.clashes`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.changes import Cancel, Conflict, Reason
from bot.domain.clashes import Shared
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.events import AttendeeType, EventField, Location, ResponseStatus
from bot.domain.plan import CourseStatus, Offering
from bot.domain.programme import Speaker, Venue
from bot.invitations.clashes import NO_CLASHES, clashes_of
from bot.invitations.preview_page import as_markdown, as_text
from tests.builders.samples import NOW, ROOM, START, make_course, make_observed, make_session
from tests.unit.invitations.clashes import AUDIENCES, DA, EN, EVERYTHING, clashes, course, create, key, page, update, world_of

LATER = START + timedelta(hours=1)


def told(*courses, **changes):
    return [(one.shared, one.first.key.course, one.second.key.course, sorted(one.addresses)) for one in clashes(*courses, **changes).before]


BOTH = [(Shared.PEOPLE, "a", "b", ["bo@demo.example"])]


@pytest.mark.parametrize(
    ("second", "clash"),
    [
        (course("b", LATER, audience=("tr",)), True),
        (course("b", LATER, audience=("tr",), status=CourseStatus.SAVE_THE_DATE), True),
        (course("b", LATER, audience=("tr",), status=CourseStatus.LISTED), True),
        (course("b", LATER, audience=("tr",), status=CourseStatus.PROPOSED), False),
        (course("b", LATER, audience=("tr",), status=CourseStatus.CANCELLED), False),
        (course("b", LATER, audience=("tr",), status=CourseStatus.DRAFT), False),
        (course("b", LATER, audience=("ukendt",)), False),
        (course("b", LATER, audience=("ukendt",), status=CourseStatus.LISTED), False),
        (course("b", LATER, audience=("ingen-har-den",), status=CourseStatus.LISTED), False),
        (course("b", LATER, audience=(), optional_audience=("tr",)), False),
        (course("b", LATER, audience=("tr",), enrolment=Enrolment(mode=EnrolmentMode.SIGNUP)), False),
        (course("b", START + timedelta(hours=3), audience=("tr",)), False),
        (course("b", session=make_session(start=None), audience=("tr",)), False),
        (course("b", session=make_session(start=START.replace(hour=0), hours=24, all_day=True), audience=("tr",)), True),
    ],
)
def test_people_of_two_audiences_who_are_to_be_in_two_places_are_found(second, clash):
    """By who they are, whatever their audiences are called; those who may come, or have no seat yet, are nowhere."""
    found = [(what, {one, other}, who) for what, one, other, who in told(course("a"), second)]
    assert found == ([(what, {one, other}, who) for what, one, other, who in BOTH] if clash else [])


def test_what_is_over_clashes_with_nothing():
    """The clock is UTC, the course ends at twelve in Copenhagen."""
    ended = NOW.replace(month=6, day=18, hour=10)
    courses = course("a"), course("b", LATER, audience=("tr",))
    assert told(*courses, now=ended - timedelta(minutes=1)) == BOTH
    assert told(*courses, now=ended) == []


def test_a_choice_is_one_place_and_rooms_and_speakers_are_told_by_address():
    sessions = [make_session(start=start) for start in (START, LATER)]
    offerings = tuple(Offering(id=f"h{number}", sessions=(one,)) for number, one in enumerate(sessions))
    shared = {"venue": Venue(room=ROOM.title()), "speakers": (Speaker(name="Eva", email="eva@demo.example"),)}
    chosen = make_course("a", offerings=offerings, enrolment=Enrolment(mode=EnrolmentMode.CHOOSE), **shared)
    assert told(chosen) == [(Shared.ROOM, "a", "a", [ROOM]), (Shared.SPEAKER, "a", "a", ["eva@demo.example"])]
    two = (*shared["speakers"], Speaker(name="Oda"))
    assert told(replace(chosen, speakers=two, venue=Venue(name="Salen"))) == []
    assert told(replace(chosen, speakers=(), venue=None, enrolment=Enrolment())) == [
        (Shared.PEOPLE, "a", "a", ["anna@demo.example", "bo@demo.example"])
    ]


def test_people_beyond_the_first_event_of_a_session_count_as_well():
    """Over five hundred stand on two events and are in one place."""
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",)))
    first = world.wanted.events[key("a")]
    parts = {key("a"): replace(first, attendees=first.attendees[:1]), key("a", part=2): replace(first, attendees=first.attendees[1:])}
    world = replace(world, wanted=replace(world.wanted, events={**world.wanted.events, **parts}))
    assert [one.addresses for one in clashes_of(plan, world, AUDIENCES, ()).before] == [frozenset({"bo@demo.example"})]


@pytest.mark.parametrize(
    ("make", "at"),
    [
        (lambda world: [create(world, "b")], key("b")),
        (lambda world: [create(world, "a")], key("a")),
        (lambda world: [create(world, "a"), create(world, "b")], key("b")),
        (lambda world: [update(world, "a", fields=(EventField.START,))], key("a")),
        (lambda world: [update(world, "a", fields=(EventField.BODY,))], None),
        (lambda world: [update(world, "a", add=("bo@demo.example",))], key("a")),
        (lambda world: [update(world, "a", add=("anna@demo.example",))], None),
        (lambda world: [update(world, "a"), update(world, "a", add=("bo@demo.example",), part=2)], key("a", part=2)),
        (lambda world: [_cancelled(world)], None),
        (lambda _: [], None),
    ],
)
def test_a_clash_is_told_at_the_change_that_makes_it_and_nowhere_else(make, at):
    """At the later of the two, where both are new; what only rewrites a text, or brings in somebody else, makes none."""
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",)))
    found = clashes_of(plan, world, AUDIENCES, make(world))
    assert list(found.made) == ([at] if at else [])
    assert [len(found.before), sum(map(len, found.made.values()))] == ([0, 1] if at else [1, 0])


@pytest.mark.parametrize(
    ("fields", "stands", "clash"),
    [
        ((EventField.START, EventField.END), {"start": LATER + timedelta(hours=4), "end": LATER + timedelta(hours=5)}, False),
        ((EventField.END,), {"end": START + timedelta(minutes=90)}, True),
        ((EventField.END,), {"end": START + timedelta(hours=1)}, False),
        ((EventField.START,), {"start": START - timedelta(hours=2), "end": LATER - timedelta(hours=2), "timezone": "UTC"}, False),
        ((EventField.START,), {"start": START - timedelta(hours=2), "end": LATER - timedelta(hours=1), "timezone": "UTC"}, True),
        ((EventField.BODY,), {"start": LATER + timedelta(hours=4), "end": LATER + timedelta(hours=5)}, True),
        ((), None, True),
    ],
)
def test_a_time_that_was_changed_in_outlook_counts_as_it_stands_there(fields, stands, clash):
    """As everywhere else, until plan and Outlook agree."""
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",)))
    content = replace(world.wanted.events[key("a")].content, **stands) if stands is not None else None
    edit = Conflict(key=key("a"), course="a", subject="a", reason=Reason.DRIFT, fields=fields, stands=content)
    assert len(clashes_of(plan, world, AUDIENCES, [edit]).before) == clash


def answered(world, name, *declined, **content):
    """The event of a course as it stands in Outlook."""
    made = make_observed(world.wanted.events[key(name)])
    attendees = tuple(
        replace(one, response=ResponseStatus.DECLINED if one.email in declined else ResponseStatus.ACCEPTED) for one in made.attendees
    )
    return replace(made, attendees=attendees, content=replace(made.content, **content))


@pytest.mark.parametrize(
    ("at", "declined", "clash"),
    [("a", "bo@demo.example", False), ("b", "bo@demo.example", False), ("a", "anna@demo.example", True), ("a", "", True)],
)
def test_who_has_said_no_to_one_of_two_is_in_one_place(at, declined, clash):
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",)))
    world = replace(world, observed=(answered(world, at, declined),))
    assert len(clashes_of(plan, world, AUDIENCES, ()).before) == clash


def test_a_speaker_who_cannot_come_is_not_in_two_places():
    speaks = {"speakers": (Speaker(name="Eva", email="eva@demo.example"),), "audience": ()}
    plan, world = world_of(course("a", **speaks), course("b", LATER, **speaks))
    assert len(clashes_of(plan, world, AUDIENCES, ()).before) == 1
    world = replace(world, observed=(answered(world, "a", "eva@demo.example"),))
    assert clashes_of(plan, world, AUDIENCES, ()) == replace(NO_CLASHES, titles={"a": "A", "b": "B"})


@pytest.mark.parametrize(
    ("reason", "missing", "clash"),
    [
        (Reason.DRIFT, ("bo@demo.example",), False),
        (Reason.UNKNOWN_NAME, ("bo@demo.example",), True),
        (Reason.DRIFT, ("anna@demo.example",), True),
        (Reason.VANISHED, (), False),
    ],
)
def test_who_was_taken_off_in_outlook_is_not_there_nor_is_anybody_where_the_event_was_deleted(reason, missing, clash):
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",)))
    by_hand = Conflict(key=key("a"), course="a", subject="a", reason=reason, missing=missing)
    assert len(clashes_of(plan, world, AUDIENCES, [by_hand]).before) == clash


def test_of_a_session_in_parts_one_that_was_deleted_leaves_the_others():
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",)))
    first = world.wanted.events[key("a")]
    parts = {key("a"): replace(first, attendees=first.attendees[:1]), key("a", part=2): replace(first, attendees=first.attendees[1:])}
    world = replace(world, wanted=replace(world.wanted, events={**world.wanted.events, **parts}))
    gone = [Conflict(key=key("a", part=part), course="a", subject="a", reason=Reason.VANISHED) for part in (1, 2)]
    assert [len(clashes_of(plan, world, AUDIENCES, [one]).before) for one in gone] == [1, 0]


OTHER_ROOM = "sal-9@demo.example"


@pytest.mark.parametrize(
    ("planned", "stands", "drifted", "clash"),
    [
        (ROOM, None, False, True),
        (ROOM, Location(name="Sal 9", room=OTHER_ROOM.upper()), True, False),
        (ROOM, Location(name="Kantinen"), True, False),
        (ROOM, None, True, False),
        (OTHER_ROOM, Location(name="Sal", room=ROOM.upper()), True, True),
        (None, Location(name="Sal", room=ROOM), False, True),
        (None, None, False, False),
    ],
)
def test_a_room_that_was_given_in_outlook_counts_as_it_stands_there(planned, stands, drifted, clash):
    """Where the plan says another as a difference that is told, and where it says none without one."""
    venue = Venue(name="Sal", room=planned) if planned else None
    plan, world = world_of(course("a", venue=venue), course("b", LATER, audience=("tr",), venue=Venue(name="Sal", room=ROOM)))
    standing = answered(world, "a", location=stands)
    world = replace(world, observed=(standing,) if stands is not None else ())
    edit = Conflict(key=key("a"), course="a", subject="a", reason=Reason.DRIFT, fields=(EventField.LOCATION,), stands=standing.content)
    found = clashes_of(plan, world, AUDIENCES, [edit] if drifted else []).before
    assert (Shared.ROOM in {one.shared for one in found}) == clash


def test_a_place_that_the_difference_takes_away_is_taken_no_more():
    plan, world = world_of(course("a"), course("b", LATER, audience=("tr",), venue=Venue(name="Sal", room=ROOM)))
    world = replace(world, observed=(answered(world, "a", location=Location(name="Sal", room=ROOM)),))
    found = clashes_of(plan, world, AUDIENCES, [update(world, "a", fields=(EventField.LOCATION,))])
    assert Shared.ROOM not in {one.shared for one in found.before}


def _cancelled(world):
    return Cancel(
        key=key("c"), course="c", subject="c", reason=Reason.GONE_FROM_PLAN, observed=make_observed(world.wanted.events[key("a")])
    )


# -- told


TWO = (course("a", **EVERYTHING), course("b", LATER, **EVERYTHING))


@pytest.mark.parametrize(
    ("language", "changed", "lines"),
    [
        (
            DA,
            "b",
            [
                "Samtidig med »A« (onsdag den 18. juni 2025 kl. 09.00–12.00): 2 personer er inviteret til begge",
                f"Samtidig med »A« (onsdag den 18. juni 2025 kl. 09.00–12.00): samme lokale, {ROOM}",
                "Samtidig med »A« (onsdag den 18. juni 2025 kl. 09.00–12.00): samme oplægsholder, Eva",
            ],
        ),
        (
            EN,
            "a",
            [
                "At the same time as “B” (Wednesday 18 June 2025 at 10:00–13:00): 2 people are invited to both",
                f"At the same time as “B” (Wednesday 18 June 2025 at 10:00–13:00): the same room, {ROOM}",
                "At the same time as “B” (Wednesday 18 June 2025 at 10:00–13:00): the same speaker, Eva",
            ],
        ),
    ],
)
def test_the_change_says_what_lies_at_the_same_time_and_what_both_share(language, changed, lines):
    shown, rows = page(*TWO, changed=changed, language=language)
    assert as_text(shown).splitlines()[-len(lines) - 3 : -3] == [f"    {line}" for line in lines]
    assert [row["kind"] for row in rows] == ["people", "room", "speaker"]
    assert [row["shared"] for row in rows] == [[], [ROOM], ["eva@demo.example"]]
    assert rows[0] == {
        "kind": "people",
        "sessions": ["demo/a/main/dag", "demo/b/main/dag"],
        "start": "2025-06-18T10:00:00",
        "end": "2025-06-18T12:00:00",
        "count": 2,
        "shared": [],
        "made": True,
    }


@pytest.mark.parametrize(
    ("language", "courses", "line"),
    [
        (DA, TWO, "Fra før er der 1 sammenfald, som ikke ændres her: »A« og »B« (onsdag den 18. juni 2025 kl. 10.00–13.00)."),
        (EN, TWO, "From before there is 1 clash that this does not change: “A” and “B” (Wednesday 18 June 2025 at 10:00–13:00)."),
        (
            DA,
            (*TWO, course("c", LATER)),
            "Fra før er der 3 sammenfald, som ikke ændres her. Det første: »A« og »B« (onsdag den 18. juni 2025 kl. 10.00–13.00).",
        ),
    ],
)
def test_what_was_there_before_is_one_line(language, courses, line):
    shown, rows = page(*courses, changed="", language=language)
    assert shown.opening[1:] == (line,)
    assert {row["made"] for row in rows} == {False}


def test_one_person_is_one_and_nothing_at_once_is_nothing():
    shown, _ = page(course("a"), course("b", LATER, audience=("tr",)))
    assert "1 person er inviteret til begge" in as_markdown(shown)
    assert page(course("a"), course("b", datetime(2025, 6, 19, 9)))[1] == []
    assert NO_CLASHES.before == ()


def test_only_who_has_to_come_is_counted():
    """A person of both kinds is required; the speaker of one who is invited to the other is in two places."""
    plan, world = world_of(course("a"), course("b", LATER, audience=(), speakers=(Speaker(name="Bo", email="bo@demo.example"),)))
    kinds = {one.email: one.type for one in world.wanted.events[key("b")].attendees}
    assert kinds == {"bo@demo.example": AttendeeType.OPTIONAL}
    assert [one.addresses for one in clashes_of(plan, world, AUDIENCES, ()).before] == [frozenset({"bo@demo.example"})]
