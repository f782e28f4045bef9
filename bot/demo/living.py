"""The demonstration that goes on living: how it stands when somebody sits down at the desk.

The first steps of the story (`bot.demo.story`) are played, and courses that are over or begin today
(`bot.demo.earlier`); then something waits for HR: two courses to approve, certificates, a speaker who said
no, an edit in Outlook, a mail that came back. From there on people answer by
themselves, and time is moved with a button.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.demo.acts import EditInOutlook, EditPlan, Step
from bot.demo.control import ControlPlane
from bot.demo.earlier import HELD, INVITED, TITLES
from bot.demo.stage import PLAN_ZONE, Stage
from bot.demo.story import HABITS, LEADER_DAY_APPROVED, MOVED_BY_A_DAY, SCRIPTS, STORY
from bot.domain.sign_in import Role
from bot.domain.times import instant
from bot.i18n.catalogue import text
from bot.sandbox.behaviour import Behaviour, Script
from bot.sandbox.issuer import Account
from bot.sandbox.municipality import DOMAIN, municipality
from bot.sandbox.serve import TOKEN, running_sandbox

if TYPE_CHECKING:
    from bot.domain.people import Language

BEGINS_AT = datetime(2025, 4, 3, 9)  # noqa: DTZ001 - wall time of the plan's zone
MED = "norddjurs/med-samarbejde/main/formiddag"
SPEAKER = f"signe.skabelonsen@foredrag.{DOMAIN}"
A_SPEAKER = EditPlan(
    before="    status: approved\n    audience: [ledere, med]",
    after=(
        f"    status: approved\n    speakers: [{{name: Signe Skabelonsen, email: {SPEAKER}}}]\n"
        "    audience: [ledere, med]"
    ),
)
NO_SPEAKER = "Jeg er desværre optaget den dag."
IN_OUTLOOK = EditInOutlook(
    session=MED,
    changes={"subject": "Et stærkt MED-samarbejde baseret på psykologisk tryghed (medbring MED-aftalen)"},
)
OFFICES = (
    ("Kommunaldirektørens sekretariat", f"kommunaldirektoerens-sekretariat@{DOMAIN}"),
    ("Social og Sundhed", f"social-og-sundhed@{DOMAIN}"),
)
"""Who looks after courses of the plan beside HR, and gets reports about them."""
WHO_SIGN_IN = (
    (Role.HR, "Hanne Prøve", "hr"), (Role.DIRECTOR, "Dorte Prøve", "director"),
    (Role.READER, "Laila Prøve", "reader"),
)  # fmt: skip
SAVED_MEANWHILE = (MOVED_BY_A_DAY, *LEADER_DAY_APPROVED)
"""What HR has written in the plan and nobody has approved yet."""

AT_ONCE = tuple(
    Script(person=f"{letters}.*", response=response, after=timedelta(seconds=seconds))
    for letters, response, seconds in (
        ("a[a-m]", "accept", 20), ("b", "accept", 45), ("f", "accept", 90), ("w", "decline", 60),
        ("p", "tentative", 75), ("y", "accept", 150),
    )
)  # fmt: skip
"""Who answers while one looks on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What stands ready: the tenant's control plane, who signs in, and what the service is given."""

    control: ControlPlane
    people: tuple[Account, ...]
    settings: dict[str, Any]
    stage: Stage


def prologue() -> tuple[Step, ...]:
    """The steps of the story that are over when somebody sits down, and what was held meanwhile."""
    _, save_the_date, spring, answers = STORY[:4]
    spring = replace(spring, acts=(*spring.acts[:5], A_SPEAKER, *spring.acts[5:]))
    return save_the_date, INVITED, spring, *HELD, answers


@contextmanager
def standing_tenant(leaders: int) -> Iterator[tuple[ControlPlane, dict[str, str], tuple[str, str, str]]]:
    """A tenant that is served while the block runs: its control plane, how it is asked, and a leader in it.

    The leader is id, address and name.
    """
    tenant = municipality(leaders=leaders, now=instant(STORY[0].at, PLAN_ZONE))
    for office, mailbox in OFFICES:
        tenant.directory.add_shared_mailbox(office, mailbox)
    for _, name, _ in WHO_SIGN_IN:
        tenant.directory.add_user(name, _address_of(name))
    leader = next(user for user in tenant.directory.users.values() if user.department == "Børn og Unge")
    eager = Script(
        person=re.escape(leader.mail or leader.upn),
        subject=TITLES,
        response="accept",
        after=timedelta(hours=1),
    )
    Behaviour(tenant, habits=HABITS, scripts=(eager, *SCRIPTS))
    with running_sandbox(tenant) as base_url:
        graph = {"base_url": base_url, "credential": "static_token", "static_token": TOKEN}
        yield ControlPlane(base_url), graph, (leader.id, leader.mail or leader.upn, leader.display_name)


@contextmanager
def set_scene(language: Language, leaders: int, web: dict[str, Any]) -> Iterator[Scene]:
    """A tenant, a plan and empty books in a folder of their own, gone when the block ends.

    `web` says where the pages are, and the secret of links to them.
    """
    with (
        standing_tenant(leaders) as (control, graph, leader),
        tempfile.TemporaryDirectory(prefix="kursusbot-demo-") as folder,
    ):
        stage = Stage(
            control=control,
            graph=graph,
            web=web,
            folder=Path(folder),
            plan_text=files("config").joinpath("plans", "norddjurs.yaml").read_text(encoding="utf-8"),
            language=language,
            leaders=leaders,
            told=lambda _done, _of: None,
        )
        yield Scene(control=control, people=_people(language, leader), settings=stage.always, stage=stage)


async def play_prologue(scene: Scene, told: Callable[[int, int], None]) -> None:
    """What happened before: two courses are invited to, answers have come, and something waits.

    `told` gets how many steps are done, and of how many.
    """
    steps = prologue()
    for number, step in enumerate(steps):
        told(number, len(steps))
        await scene.stage.perform(step)
    told(len(steps), len(steps))
    scene.control.move_clock(instant(BEGINS_AT, PLAN_ZONE) - timedelta(minutes=40))
    scene.control.answer(MED, SPEAKER, "decline", NO_SPEAKER)
    scene.stage.let_happen(IN_OUTLOOK)
    for edit in SAVED_MEANWHILE:
        scene.stage.write(edit)
    scene.control.behave(AT_ONCE, HABITS)


def _people(language: Language, leader: tuple[str, str, str]) -> tuple[Account, ...]:
    """Who can sign in: one for each role, and a leader without any."""
    made = tuple(
        Account(
            id=f"aaaaaaaa-0000-4000-8000-{number:012}",
            address=_address_of(name),
            name=name,
            roles=(role.value,),
            what=text(language, f"demo.living.{what}"),
        )
        for number, (role, name, what) in enumerate(WHO_SIGN_IN, 1)
    )
    who, address, name = leader
    what = text(language, "demo.living.leader")
    return (*made, Account(id=who, address=address, name=name, what=what))


def _address_of(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}.proeve@{DOMAIN}"
