"""Rooms by seats and by what is in them."""

from __future__ import annotations

from bot.domain.schedules import Room
from bot.free_dates.rooms import MOST_ROOMS, are_too_small, as_they_are, rooms_that_will_do


def room(name: str, capacity: int | None, *equipment: str) -> Room:
    return Room(email=f"{name}@kommune.example", capacity=capacity, equipment=equipment)


HOUSE = [
    room("sal", 200, "Projektor", "Tavle"),
    room("loft", 12, "tavle"),
    room("stue", 40, "surface hub"),
    room("gang", None),
    room("alt", 40),
]


def names(*, seats: int, equipment: tuple[str, ...] = ()) -> list[str]:
    return [one.email.split("@")[0] for one in rooms_that_will_do(HOUSE, seats=seats, equipment=equipment)]


def test_the_smallest_that_will_do_comes_first_and_one_of_unknown_size_will_not() -> None:
    assert names(seats=13) == ["alt", "stue", "sal"]
    assert names(seats=40) == ["alt", "stue", "sal"]
    assert names(seats=201) == []


def test_every_word_has_to_stand_in_something_that_the_room_has() -> None:
    assert names(seats=1, equipment=("TAVLE",)) == ["loft", "sal"]
    assert names(seats=1, equipment=("tavle", "projektor")) == ["sal"]
    assert names(seats=1, equipment=("hub",)) == ["stue"]


def test_no_more_are_asked_about_than_one_question_takes() -> None:
    many = [room(f"rum-{number}", 10 + number) for number in range(50)]
    assert rooms_that_will_do(many, seats=1) == tuple(many[:MOST_ROOMS])


def test_what_is_named_is_taken_as_the_house_knows_it() -> None:
    unknown = room("fremmed", None)
    named = as_they_are([Room(email=HOUSE[1].email), unknown], HOUSE)
    assert named == (HOUSE[1], unknown)
    assert not are_too_small(named, seats=13), "nobody knows how many the other holds"
    assert are_too_small(named[:1], seats=13)
    assert not are_too_small(named[:1], seats=12)
    assert not are_too_small((), seats=1)
