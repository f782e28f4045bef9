"""The fictional municipality, and its people who answer."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest

from bot.sandbox.behaviour import Behaviour, Habits, Script
from bot.sandbox.clock import Clock
from bot.sandbox.directory import User
from bot.sandbox.event_input import read_event
from bot.sandbox.municipality import ALL_LEADERS, DOMAIN, ORGANISER, ROOMS, municipality
from tests.builders.graph_talk import NOW, course, person, small_tenant, when


@pytest.fixture(scope="module")
def kommune():
    return municipality()


def members(tenant, address):
    group = tenant.directory.find_group(address)
    return [m for m in tenant.directory.transitive_members(group) if isinstance(m, User)]


def ordinary(users):
    return [u for u in users if u.enabled and u.mail and u.user_type == "Member" and u.purpose == "user"]


def test_400_leaders_are_reached_and_the_odd_cases_come_on_top(kommune):
    everyone = members(kommune, ALL_LEADERS)
    assert len(ordinary(everyone)) == 400
    odd = [u for u in everyone if u not in ordinary(everyone)]
    assert Counter((u.user_type, str(u.purpose), u.mail is not None) for u in odd) == {
        ("Member", "user", True): 4,
        ("Member", "user", False): 1,
        ("Guest", "user", True): 3,
        ("Member", "shared", True): 1,
        ("Member", "room", True): 1,
    }


def test_the_same_seed_gives_the_same_people_and_another_seed_others(kommune):
    assert list(municipality().directory.users) == list(kommune.directory.users)
    assert {u.mail for u in members(municipality(seed=2, leaders=20), ALL_LEADERS)} != {u.mail for u in members(kommune, ALL_LEADERS)}


@pytest.mark.parametrize("name", ["sosu-ledere", "tr", "amr", "med", "barsel", "koncernledelse"])
def test_the_groups_that_plans_name_are_there_with_people_in_them(kommune, name):
    assert len(ordinary(members(kommune, f"{name}@{DOMAIN}"))) >= 6


def test_the_care_leaders_and_those_on_leave_are_leaders(kommune):
    leaders = {u.id for u in members(kommune, ALL_LEADERS)}
    for part in ("sosu-ledere", "barsel", "koncernledelse"):
        assert {u.id for u in members(kommune, f"{part}@{DOMAIN}")} < leaders


def test_all_addresses_are_reserved_and_the_names_have_what_breaks_programs(kommune):
    mails = [u.mail for u in kommune.directory.users.values() if u.mail]
    assert all(re.fullmatch(r"[a-z0-9.'-]+@(norddjurs|partner)\.example", m) for m in mails)
    names = " ".join(u.display_name for u in kommune.directory.users.values())
    assert set("æøåÅé'") <= set(names)
    assert {u.language for u in members(kommune, ALL_LEADERS)} >= {"da-DK", "en-GB"}
    assert any(u.aliases for u in members(kommune, ALL_LEADERS))


def test_the_organiser_and_the_rooms_are_there(kommune):
    assert kommune.directory.find_user(ORGANISER).purpose == "shared"
    assert all(kommune.directory.find_user(r).is_room for r in ROOMS)


def invite(tenant, *names, **more):
    owner = tenant.mailbox("kurser@kommune.example")
    body = course(*names) | {"attendees": [person(n) for n in names]} | more
    return tenant.calendars.create(owner, read_event(body, creating=True))[0]


def answers(event):
    return {a.address.split("@")[0]: a.response for a in event.attendees}


def test_people_answer_by_script_when_their_time_has_come():
    tenant = small_tenant()
    Behaviour(
        tenant,
        scripts=(
            Script(response="decline", person="bo@.*", after=timedelta(hours=2)),
            Script(response="silent", person="carl@.*"),
            Script(response="accept", subject="Lederdag"),
        ),
    )
    event = invite(tenant, "anna", "bo", "carl", "salen")
    tenant.clock.advance(timedelta(minutes=61))
    assert answers(event) == {"anna": "accepted", "bo": "none", "carl": "none", "salen": "accepted"}
    tenant.clock.advance(timedelta(hours=1))
    assert answers(event)["bo"] == "declined"
    assert event.attendee("bo@kommune.example").time == NOW + timedelta(hours=2)


def test_people_answer_by_chance_the_same_way_whatever_the_order_of_requests():
    def results(*order):
        tenant = small_tenant()
        for n in range(60):
            tenant.directory.add_person(f"P{n}", f"p{n}@kommune.example")
        Behaviour(tenant, seed=3, habits=Habits(accept=0.5, decline=0.2, tentative=0.1))
        made = {s: invite(tenant, *(f"p{n}" for n in range(60)), subject=s) for s in order}
        tenant.clock.advance(timedelta(days=4))
        return {s: answers(e) for s, e in sorted(made.items())}

    assert results("A", "B") == results("B", "A")
    counted = Counter(results("A")["A"].values())
    assert set(counted) == {"accepted", "declined", "tentativelyAccepted", "none"}
    assert counted["accepted"] > counted["declined"]


def test_people_answer_again_when_the_time_changed_and_not_otherwise():
    tenant = small_tenant()
    behaviour = Behaviour(tenant, scripts=(Script(response="accept"),))
    event = invite(tenant, "anna")
    tenant.clock.advance(timedelta(hours=2))
    tenant.people.edit(event, {"subject": "Nyt"})
    assert tenant.clock.pending == 0
    tenant.people.edit(event, {"start": when("2025-06-18T10:00:00")})
    assert answers(event) == {"anna": "none"}
    tenant.clock.advance(timedelta(hours=2))
    assert answers(event) == {"anna": "accepted"}
    behaviour.stop()
    tenant.people.edit(event, {"start": when("2025-06-18T11:00:00")})
    assert tenant.clock.pending == 0


def test_nobody_answers_what_was_cancelled_moved_or_taken_from_them():
    tenant = small_tenant()
    Behaviour(tenant, scripts=(Script(response="accept"),))
    cancelled, removed = invite(tenant, "anna"), invite(tenant, "anna", "bo")
    tenant.calendars.cancel(cancelled)
    tenant.people.edit(removed, {"attendees": [person("bo")]})
    tenant.clock.advance(timedelta(hours=2))
    assert answers(cancelled) == {"anna": "none"}
    assert answers(removed) == {"bo": "accepted"}


def test_members_of_an_invited_list_answer_one_by_one():
    tenant = small_tenant()
    Behaviour(tenant, scripts=(Script(response="accept"),))
    event = invite(tenant, "ledere")
    tenant.clock.advance(timedelta(hours=2))
    assert answers(event) == {"ledere": "none", "anna": "accepted", "bo": "accepted", "carl": "accepted", "dorte": "accepted"}


def test_time_that_is_set_back_runs_nothing_and_naive_time_is_refused():
    clock = Clock(NOW)
    done = []
    clock.plan(timedelta(hours=1), lambda: done.append(clock.now()))
    assert clock.set(NOW - timedelta(days=1)) == 0
    assert clock.set(NOW + timedelta(days=1)) == 1
    assert done == [NOW + timedelta(hours=1)]
    with pytest.raises(ValueError, match="aware"):
        clock.set(NOW.replace(tzinfo=None))
    clock.release()
    assert not clock.is_simulated


def test_the_control_plane_can_make_people_answer_and_stop_them(talk, tenant):
    script = {"response": "decline", "person": "bo@.*", "after_seconds": 60}
    talk.control("POST", "behaviour", {"seed": 2, "habits": {"accept": 1.0, "latest_seconds": 600}, "scripts": [script]})
    event = tenant.calendars.find(talk.create("anna", "bo")["id"])
    talk.control("POST", "clock", {"advance_seconds": 600})
    assert answers(event) == {"anna": "accepted", "bo": "declined"}
    talk.control("DELETE", "behaviour")
    talk.create("anna")
    assert tenant.clock.pending == 0
