"""Over any history of joins and leaves: everybody exactly once, no part too large, and nobody ever moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import Attendee
from bot.invitations.parts import MAX_ATTENDEES, split_people
from tests.builders.samples import KEY

# A history is who joins or leaves in blocks of 40 of 1,200 people: large enough to need three parts, quick to draw.
BLOCKS = [tuple(f"p{number:04}@demo.example" for number in range(block, 1200, 30)) for block in range(30)]
crowds = st.sets(st.integers(0, len(BLOCKS) - 1)).map(lambda chosen: frozenset(email for block in chosen for email in BLOCKS[block]))


def split(crowd, seated, rooms):
    people = [Attendee(email=email) for email in sorted(crowd)]
    return {key.part: [one.email for one in members] for key, members in split_people(KEY, people, seated, rooms=rooms)}


@given(history=st.lists(crowds, min_size=1, max_size=6), rooms=st.integers(0, 3))
def test_nobody_ever_moves(history, rooms):
    seated = {}
    for crowd in history:
        parts = split(crowd, seated, rooms)
        everybody = [email for members in parts.values() for email in members]
        assert sorted(everybody) == sorted(crowd)
        assert all(members == sorted(members) for members in parts.values())
        assert all(len(members) <= MAX_ATTENDEES - (rooms if part == 1 else 0) for part, members in parts.items())
        now = {email: part for part, members in parts.items() for email in members}
        assert [email for part, members in seated.items() for email in members & crowd if now[email] != part] == []
        assert all(members or part == 1 for part, members in parts.items())
        assert split(crowd, {part: frozenset(members) for part, members in parts.items()}, rooms) == parts
        seated = {part: frozenset(members) for part, members in parts.items()}


@given(crowd=crowds, before=crowds, data=st.randoms(use_true_random=True))
def test_the_order_of_what_is_known_does_not_matter(crowd, before, data):
    seated = {part: frozenset(members) for part, members in split(before, {}, 0).items()}
    shuffled = list(seated.items())
    data.shuffle(shuffled)
    assert split(crowd, dict(shuffled), 0) == split(crowd, seated, 0)
