"""Who of those that a session cannot do without has said no, row by row of the table in `bot.invitations.declines`."""

from __future__ import annotations

import pytest

from bot.domain.changes import Reason
from bot.domain.events import AttendeeType, ResponseStatus
from bot.domain.people import PeopleIndex, Person
from bot.invitations.declines import declines
from tests.builders.samples import address, make_attendee, make_desired, make_observed

EVA, OLD, ROOM = address("eva"), address("eva.gammel"), address("sal-1")
PEOPLE = PeopleIndex([Person(email=EVA, aliases=frozenset({OLD}))])
NO = ResponseStatus.DECLINED
ROOM_NO = make_attendee("sal-1", response=NO, type=AttendeeType.RESOURCE)


@pytest.mark.parametrize(
    ("attendees", "leaving", "begun", "told"),
    [
        ([make_attendee("eva", response=NO)], (), False, [(Reason.SPEAKER_DECLINED, (EVA,))]),
        ([make_attendee("eva.gammel", response=NO)], (), False, [(Reason.SPEAKER_DECLINED, (EVA,))]),
        ([make_attendee("eva", response=NO)], (), True, []),
        ([make_attendee("eva", response=NO)], {EVA}, False, []),
        ([make_attendee("eva", response=ResponseStatus.ACCEPTED)], (), False, []),
        ([make_attendee("bo", response=NO)], (), False, []),
        ([ROOM_NO], (), False, [(Reason.ROOM_DECLINED, (ROOM,))]),
        ([ROOM_NO], (), True, [(Reason.ROOM_DECLINED, (ROOM,))]),
        ([ROOM_NO], {ROOM}, False, []),
        ([ROOM_NO, make_attendee("eva", response=NO)], (), False, [(Reason.ROOM_DECLINED, (ROOM,)), (Reason.SPEAKER_DECLINED, (EVA,))]),
    ],
    ids=[
        "a speaker", "by another address", "once it has begun", "who goes", "who comes", "a participant",
        "a room", "a room at any time", "a room that goes", "both",
    ],
)  # fmt: skip
def test_a_no_is_told_of_rooms_that_stay_and_of_speakers_until_it_begins(attendees, leaving, begun, told):
    event = make_observed(make_desired("anna"), attendees=tuple(attendees))
    assert list(declines(event, {EVA}, PEOPLE, leaving=leaving, begun=begun)) == told
