"""Whom a plan is narrowed to, row by row of the tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.named import Named, is_named, roles_there, to_ask
from bot.domain.sign_in import Role, Visitor

ANNA, TEAM, OTHER = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
MAIL, TEAM_MAIL = "anna@by.example", "hr@by.example"
HR, DIRECTOR, READER = frozenset({Role.HR}), frozenset({Role.DIRECTOR}), frozenset({Role.READER})


def visitor(roles=HR, **changes):
    return Visitor(**{"subject": ANNA, "email": MAIL, "name": "Anna", "roles": roles, "proved_at": None} | changes)


@pytest.mark.parametrize(
    ("roles", "as_hr", "as_reader", "there"),
    [
        (HR, True, False, HR), (DIRECTOR, True, False, DIRECTOR), (READER, True, None, READER),
        (HR, False, True, READER), (DIRECTOR, False, True, DIRECTOR), (READER, False, True, READER),
        (HR | DIRECTOR, False, True, READER | DIRECTOR),
        (HR, False, False, frozenset()), (DIRECTOR, False, False, frozenset()), (READER, False, False, frozenset()),
        (HR, None, False, None), (HR, None, True, None), (HR, False, None, None), (READER, None, True, READER), (READER, None, None, None),
    ],
)  # fmt: skip
def test_what_a_role_is_good_for_in_a_plan_that_names_people(roles, as_hr, as_reader, there):
    """The first table; what nobody knows is no role."""
    assert roles_there(visitor(roles), as_hr=as_hr, as_reader=as_reader) == there


@pytest.mark.parametrize(
    ("entry", "about", "behind", "named"),
    [
        (ANNA, {}, {}, True), (MAIL, {"vouches": True}, {}, True), (TEAM, {"groups": frozenset({TEAM})}, {}, True),
        (MAIL, {}, {MAIL: frozenset({ANNA})}, True), (MAIL, {}, {MAIL: frozenset({OTHER})}, False), (MAIL, {}, {}, None),
        (MAIL, {}, {MAIL: frozenset({MAIL})}, False), (TEAM_MAIL, {}, {TEAM_MAIL: frozenset({ANNA})}, True),
        (TEAM_MAIL, {"vouches": True, "subject": "s"}, {TEAM_MAIL: frozenset({MAIL})}, True),
        (TEAM, {}, {TEAM: frozenset({ANNA})}, True), (TEAM, {}, {TEAM: frozenset()}, False), (TEAM, {}, {}, None),
        (OTHER, {"groups": frozenset({TEAM})}, {OTHER: frozenset({ANNA})}, False), (OTHER, {"groups": frozenset()}, {}, False),
        ("/hr", {"groups": frozenset({"/hr"})}, {}, True), ("/hr", {"groups": frozenset()}, {}, False), ("/hr", {}, {}, None),
    ],
)  # fmt: skip
def test_who_is_named(entry, about, behind, named):
    """The second table: an address that nobody vouches for says nothing by itself."""
    assert is_named(frozenset({entry}), visitor(**about), behind) is named


def test_the_directory_is_asked_only_what_the_token_leaves_open():
    """Not where one entry names them already, and not of groups that the token would tell."""
    everything = frozenset({MAIL, TEAM, "/hr"})
    assert to_ask(everything, visitor()) == {MAIL, TEAM}
    assert to_ask(everything, visitor(groups=frozenset())) == {MAIL}
    assert to_ask(everything | {ANNA}, visitor()) == frozenset()
    assert to_ask(frozenset(), visitor()) == frozenset()


def test_a_plan_that_names_nobody_is_not_narrowed():
    """Either list narrows it."""
    assert [Named().narrows, Named(hr=frozenset({MAIL})).narrows, Named(readers=frozenset({MAIL})).narrows] == [False, True, True]


ENTRIES = st.frozensets(st.sampled_from([ANNA, TEAM, OTHER, MAIL, TEAM_MAIL, "/hr"]))
KNOWN = st.sampled_from([True, False, None])


@given(entries=ENTRIES, more=ENTRIES, groups=st.none() | ENTRIES, vouches=st.booleans())
def test_naming_more_people_takes_nobody_out_and_silence_lets_nobody_in(entries, more, groups, vouches):
    """Without an answer of the directory only what the token itself says counts."""
    someone = visitor(groups=groups, vouches=vouches)
    if is_named(entries, someone, {}):
        assert is_named(entries | more, someone, {})
        assert entries & ({ANNA, MAIL} | (groups or frozenset()))


@given(roles=st.frozensets(st.sampled_from(Role), min_size=1), as_hr=KNOWN, as_reader=KNOWN)
def test_narrowing_never_gives_more(roles, as_hr, as_reader):
    """HR that only reads is the one role that becomes another."""
    there = roles_there(visitor(roles), as_hr=as_hr, as_reader=as_reader)
    assert there is None or there <= roles | ({Role.READER} if Role.HR in roles else frozenset())
