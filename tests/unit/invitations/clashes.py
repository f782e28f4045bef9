"""Courses, people and changes that may clash."""

from __future__ import annotations

import json

from bot.domain.changes import Create, Reason, Update
from bot.domain.events import SessionKey
from bot.domain.people import Audience, Language, PeopleIndex, UnknownGroup, UnknownReason
from bot.domain.programme import Speaker, Venue
from bot.invitations.changeset import assemble
from bot.invitations.clashes import clashes_of
from bot.invitations.desired import wanted_events
from bot.invitations.diff import World
from bot.invitations.preview import outline
from bot.invitations.preview_json import as_json
from bot.invitations.preview_reader import Reader
from tests.builders.samples import NOW, ROOM, START, make_course, make_observed, make_person, make_plan, make_session

ANNA, BO, EVA = (make_person(name) for name in ("anna", "bo", "eva"))
PEOPLE = PeopleIndex([ANNA, BO, EVA])
AUDIENCES = {
    "ledere": Audience(id="ledere", people=(ANNA, BO)),
    "tr": Audience(id="tr", people=(BO, EVA)),
    "ukendt": Audience(id="ukendt", people=(ANNA, BO), unknown=(UnknownGroup(group="g@demo.example", reason=UnknownReason.UNREADABLE),)),
}
EN, DA = Language.EN, Language.DA


def course(name, start=START, *, session=None, **changes):
    return make_course(name, session or make_session(start=start), **changes)


def world_of(*courses, now=NOW, audiences=AUDIENCES):
    plan = make_plan(*courses)
    return plan, World(wanted=wanted_events(plan, audiences, {}, PEOPLE), observed=(), ledger={}, people=PEOPLE, restore=False, now=now)


def key(name, offering="main", part=1):
    return SessionKey(plan="demo", course=name, offering=offering, session="dag", part=part)


def update(world, name, *, fields=(), add=(), part=1):
    desired = world.wanted.events[key(name)]
    return Update(
        key=key(name, part=part), course=name, subject=name, reason=Reason.PLAN, desired=desired, observed=make_observed(desired),
        fields=fields, add=add,
    )  # fmt: skip


def create(world, name):
    return Create(key=key(name), course=name, subject=name, reason=Reason.NEW, desired=world.wanted.events[key(name)])


def clashes(*courses, **changes):
    plan, world = world_of(*courses, **changes)
    return clashes_of(plan, world, AUDIENCES, ())


def page(*courses, changed=("b",), language=DA):
    plan, world = world_of(*courses)
    changes = [create(world, name) for name in changed]
    found = clashes_of(plan, world, AUDIENCES, changes)
    change_set = assemble(plan, world, changes, ())
    reader = Reader(plan=plan, people=PEOPLE, language=language)
    return outline(change_set, reader, clashes=found), json.loads(as_json(change_set, language=language, clashes=found))["clashes"]


EVERYTHING = {"venue": Venue(name="Sal 1", room=ROOM), "speakers": (Speaker(name="Eva", email="eva@demo.example"),)}
