"""A change set and its preview."""

from __future__ import annotations

from bot.domain.events import Location
from bot.domain.people import Language, PeopleIndex
from bot.invitations.changeset import assemble
from bot.invitations.diff import compute_changes
from bot.invitations.preview import outline
from bot.invitations.preview_page import as_text
from bot.invitations.preview_reader import Reader
from tests.builders.samples import (
    make_desired,
    make_entry,
    make_observed,
    make_person,
    make_plan,
    make_world,
)

DA, EN = Language.DA, Language.EN
AHEAD = make_desired("anna", "bo", location=Location(name="Sal 1"))
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)
PEOPLE = PeopleIndex([make_person("anna"), make_person("bo")])


def changeset(wanted=AHEAD, *observed, entries=(), audiences=(), **changes):
    world = make_world(wanted, *observed, entries=entries, **changes)
    return assemble(make_plan(), world, compute_changes(world), audiences)


def text_of(found, language=DA, **changes):
    return as_text(outline(found, Reader(plan=make_plan(), people=PEOPLE, language=language), **changes))
