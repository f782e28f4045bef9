"""An address is the same whatever nobody can see in it, wherever it comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import is_directory_name, plain_address
from bot.domain.events import ObservedAttendee
from bot.domain.links import owner_of
from bot.domain.people import PeopleIndex, Person
from bot.seats.import_list import is_address

ANNE = "anne.hansen@kommune.example"
INVISIBLE = "\u00ad\u034f\u061c\u115f\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2069\ufe0f\ufeff\U000e0061"
BLANK = " \t\n\r\u00a0\u2002\u2007\u202f\u3000"


@given(
    places=st.lists(st.tuples(st.integers(0, len(ANNE)), st.sampled_from(INVISIBLE)), max_size=6),
    before=st.text(BLANK, max_size=3),
    after=st.text(BLANK, max_size=3),
    upper=st.booleans(),
)
def test_whatever_is_invisible_in_an_address_and_blank_around_it_it_is_the_same(places, before, after, upper):
    written = ANNE.upper() if upper else ANNE
    for place, sign in sorted(places, reverse=True):
        written = written[:place] + sign + written[place:]
    assert plain_address(before + written + after) == ANNE
    assert plain_address(plain_address(written)) == ANNE


@pytest.mark.parametrize(
    "written", ["anne.hansen @kommune.example", "anne.hansen@\u00a0kommune.example", "\tanne.hansen\t@ kommune.example"]
)
def test_blanks_around_the_sign_can_mean_nothing_else(written):
    assert plain_address(written) == ANNE


@pytest.mark.parametrize("written", ["anne hansen@kommune.example", "anne\u00a0hansen@kommune.example", "anne\thansen@kommune.example"])
def test_a_blank_within_a_name_is_never_guessed_away(written):
    """`annehansen@` is perhaps somebody else."""
    assert not is_address(plain_address(written))


def test_letters_beyond_ascii_stay_and_are_refused_as_such():
    assert plain_address("Åse@kommune.example") == "åse@kommune.example"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=abc-anne", True),
        ("/O=KOMMUNE/OU=FIRST/CN=RECIPIENTS/CN=ANNE", True),
        ("/DC=example/DC=kommune/CN=anne", True),
        ("o/=anne@kommune.example", False),
        (ANNE, False),
    ],
)
def test_a_directory_name_is_told_from_an_address(address, expected):
    assert is_directory_name(address) is expected


def test_a_person_is_found_under_it_and_a_stranger_is_named_without():
    people = PeopleIndex([Person(email=ANNE)])
    hidden = "\ufeffAnne.\u200bHansen@kom\u00admune.example\u00a0"
    assert people.find(hidden) == Person(email=ANNE)
    assert (people.canonical(hidden), people.canonical("\u200eBo@Firma.example ")) == (ANNE, "bo@firma.example")
    assert ObservedAttendee(email=hidden).address == owner_of(None, hidden) == ANNE
