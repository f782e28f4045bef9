"""Reading the world: which groups and events are asked for, what an error means, and what is written down afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Reason
from bot.domain.errors import GraphRefused, GraphUnclear, SignInFailed
from bot.domain.people import UnknownReason
from bot.rounds.steps.read_world import remember
from tests.builders.model_rounds import Town
from tests.builders.outlook_model import Groups, Outlook, Plug
from tests.builders.samples import KEY, START, address, make_content, make_course, make_person, make_plan, make_rule

ALL, LEAVE, TR = "alle@demo.example", "barsel@demo.example", "tr@demo.example"


class Asked(Groups):
    """Remembers which groups were asked for; some answer with an error."""

    def __init__(self, members, **errors):
        super().__init__(members={group: tuple(make_person(name) for name in names) for group, names in members.items()})
        self.wondered, self.doubt = [], None
        self.asked, self.errors = [], {f"{name}@demo.example": error for name, error in errors.items()}

    async def groups_among(self, addresses):
        if self.doubt is not None:
            raise self.doubt
        self.wondered.append(set(addresses))
        return await super().groups_among(addresses)

    async def fetch_members(self, group):
        self.asked.append(group)
        if group in self.errors:
            raise self.errors[group]
        return await super().fetch_members(group)


def town_of(members, *, exclude=(), groups=(ALL,), people=(), **errors):
    town = Town(make_plan(audiences=[make_rule(groups=groups, exclude=exclude, people=people)]))
    town.groups = Asked(members, **errors)
    return town


def invited(reading):
    return [one.email.partition("@")[0] for one in reading.world.wanted.events[KEY].attendees]


# -- groups


def test_an_excluded_person_who_is_a_member_or_listed_is_not_asked_for_as_a_group():
    listed = make_person("eva", listed=True)
    town = town_of({ALL: ["anna", "bo"]}, exclude=[address("bo"), address("eva")], people=[listed])
    assert invited(town.read()) == ["anna"]
    assert town.groups.asked == [ALL]


def test_an_excluded_group_is_read():
    town = town_of({ALL: ["anna", "bo"], LEAVE: ["bo"]}, exclude=[LEAVE])
    assert invited(town.read()) == ["anna"]
    assert sorted(town.groups.asked) == [ALL, LEAVE]


def test_an_excluded_address_that_is_neither_is_nobody():
    """Somebody who left the municipality, and is still excluded in the plan."""
    reading = town_of({ALL: ["anna"]}, exclude=[address("ingen")]).read()
    assert (invited(reading), reading.change_set.unknown_groups) == (["anna"], ())


def test_an_excluded_group_that_was_there_before_and_is_gone_makes_the_audience_unknown():
    town = town_of({ALL: ["anna", "bo"], LEAVE: ["bo"]}, exclude=[LEAVE])
    town.sync()
    town.groups.members.pop(LEAVE)
    reading = town.read()
    assert [(one.group, one.reason) for one in reading.change_set.unknown_groups] == [(LEAVE, UnknownReason.UNREADABLE)]
    assert reading.change_set.changes == ()


def test_a_group_that_is_not_there_makes_the_audience_unknown():
    """A misspelt group is not an empty one."""
    reading = town_of({}).read()
    assert [(one.group, one.reason) for one in reading.change_set.unknown_groups] == [(ALL, UnknownReason.UNREADABLE)]
    assert [change.reason for change in reading.change_set.changes] == [Reason.AUDIENCE_UNKNOWN]


def test_an_error_of_a_group_is_carried_to_whoever_tells_it():
    error = GraphRefused("graph_refused", status=403, call="GET /groups")
    (unknown,) = town_of({}, alle=error).read().change_set.unknown_groups
    assert unknown.error is error


def test_a_group_that_is_suddenly_empty_keeps_what_stands():
    town = town_of({ALL: ["anna"]})
    town.sync()
    town.groups.members[ALL] = ()
    reading = town.read()
    assert reading.change_set.changes == ()
    assert [one.reason for one in reading.change_set.unknown_groups] == [UnknownReason.EMPTIED]


def test_a_group_among_the_people_is_found_and_told():
    """It would be invited as one person. Only addresses of the own domain are asked for, and none that a group has for a member."""
    town = town_of({ALL: ["anna"], TR: ["bo"]}, people=[make_person("tr", listed=True), make_person("x@partner.example", listed=True)])
    reading = town.read()
    assert reading.change_set.groups_as_people == (TR,)
    assert town.groups.wondered == [{TR}]


@pytest.mark.parametrize("error", [GraphUnclear("graph_unclear"), GraphRefused("graph_refused", status=403, call="GET /groups")])
def test_where_the_directory_does_not_tell_whether_it_is_a_group_nothing_is_told(error):
    town = town_of({ALL: ["anna"]}, people=[make_person("tr", listed=True)])
    town.groups.doubt = error
    assert town.read().change_set.groups_as_people == ()
    town.groups.doubt = SignInFailed("sign_in_failed", status=401)
    with pytest.raises(SignInFailed):
        town.read()


def test_a_failed_sign_in_while_reading_groups_ends_the_reading():
    with pytest.raises(SignInFailed):
        town_of({}, alle=SignInFailed("sign_in_failed", status=401)).read()


class Broken(Outlook):
    async def fetch_events(self, *, plan, since):
        raise GraphUnclear("graph_unclear")


def test_a_calendar_that_cannot_be_read_ends_the_reading_and_leaves_no_task_behind():
    town = town_of({ALL: ["anna"]})
    town.outlook = Broken(Plug())

    async def read():
        with pytest.raises(GraphUnclear):
            await town._read()
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(read()) == set()


# -- events


def test_an_event_that_the_list_does_not_show_is_looked_at_before_it_is_called_gone():
    town = town_of({ALL: ["anna"]})
    town.sync()
    town.outlook.events[0].unlisted = True
    assert town.read().change_set.changes == ()
    town.outlook.events[0].gone = True
    assert [change.reason for change in town.read().change_set.changes] == [Reason.VANISHED]


def test_an_event_that_somebody_moved_into_the_past_is_not_gone():
    """The list ends at now."""
    town = town_of({ALL: ["anna"]})
    town.sync()
    event = town.outlook.events[0]
    event.content = replace(event.content, start=START - timedelta(days=90), end=START - timedelta(days=90, hours=-1))
    assert [change.reason for change in town.read().change_set.changes] == [Reason.PAST]


def test_an_old_event_under_the_stamp_is_not_taken_for_a_creation_that_broke_off():
    """The session was held, forgotten, and written anew under its id."""
    town = town_of({ALL: ["anna"]})
    old = make_content(start=START - timedelta(days=90), end=START - timedelta(days=90, hours=-1))
    town.outlook.add_foreign(str(KEY), old, ())
    assert town.sync_through_a_crash(1)
    assert [change.action for change in town.read().change_set.changes] == ["create"]
    town.sync()
    assert [event.content.start for event in town.outlook.live(str(KEY))] == [old.start, START]


def test_a_creation_that_broke_off_is_found_by_its_stamp_and_compared():
    """HR has another title by now."""
    town = town_of({ALL: ["anna"]})
    assert town.sync_through_a_crash(3)
    town.outlook.events[0].unlisted = True
    town.plan = replace(town.plan, courses=(make_course(title="Nyt navn"),))
    reading, _ = town.sync()
    assert [(change.action, [field.value for field in change.fields], change.mails) for change in reading.change_set.changes] == [
        ("adopt", ["subject"], 1)
    ]
    assert town.outlook.events[0].content.subject == "Nyt navn"


# -- people and memory


def test_a_preview_writes_nothing():
    town = town_of({ALL: ["anna"]})
    town.read()
    assert (town.shelf.entries, town.shelf.counts, town.shelf.people, town.outlook.events) == ({}, {}, {}, [])


def test_a_sync_remembers_how_many_and_who():
    town = town_of({ALL: ["anna", "bo"]})
    reading = town.read()
    remember(town.plan, reading, town.books)
    assert town.shelf.counts == {ALL: 2}
    assert sorted(town.shelf.people) == [address("anna"), address("bo")]


@pytest.mark.parametrize("aliases", [(), ("bo",)])
def test_somebody_whose_address_changed_gets_no_mail_in_that_very_run(aliases):
    """Also where the directory has forgotten the old address: the books have not."""
    town = town_of({ALL: ["anna", "bo"]})
    town.sync()
    town.groups.members[ALL] = (make_person("anna"), make_person("bo-hansen", aliases=aliases, directory_id="id-bo"))
    mark = len(town.outlook.mails)
    town.sync()
    town.sync()
    assert town.outlook.mails[mark:] == []
    assert town.read().change_set.changes == ()


def test_somebody_who_left_the_audience_is_still_known_by_name():
    town = town_of({ALL: ["anna", "bo"]})
    town.sync()
    town.groups.members[ALL] = (make_person("anna"),)
    assert town.read().world.people.find(address("bo")).name == "Bo"
