"""A town in memory to which change sets are applied, and what became of them."""

from __future__ import annotations

from dataclasses import replace

from bot.rounds.steps.workbench import Workbench
from tests.builders.model_rounds import Town
from tests.builders.samples import make_course, make_person, make_plan

ALL = "alle@demo.example"


def town_of(*names, outlook=None, **course):
    town = Town(make_plan(make_course(**course)))
    town.outlook = outlook or town.outlook
    town.groups.members[ALL] = tuple(make_person(name) for name in names)
    return town


def staff(town, *names):
    town.groups.members[ALL] = tuple(make_person(name) for name in names)


def retitle(town, title):
    town.plan = replace(town.plan, courses=tuple(replace(course, title=title) for course in town.plan.courses))


def outcomes(applied):
    return [(one.outcome, getattr(one.error, "code", None)) for one in applied]


def told_to(outlook, mark=0):
    return sorted((mail.kind.value, mail.address.partition("@")[0]) for mail in outlook.mails[mark:])


def bench(town, **changes):
    values = {
        "calendar": town.outlook,
        "ledger": town.shelf,
        "people": town.read().world.people,
        "now": town.now,
        "comment": lambda _change: "Aflyst",
        "told": lambda _result: None,
        "still_mine": lambda: None,
    }
    return Workbench(**(values | changes))
