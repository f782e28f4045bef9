"""The fictional municipality: leaders in nested groups, shared mailboxes, rooms, and the odd cases.

```
alle-ledere@ ─┬─ koncernledelse@
              ├─ boern-unge-ledere@ ─┬─ skoleledere@        (a shared mailbox is in it by mistake)
              │                      └─ dagtilbudsledere@
              ├─ sosu-ledere@ ───────┬─ hjemmeplejeledere@
              │                      ├─ plejecenterledere@ ── plejecenter-nord-ledere@
              │                      └─ handicap-psykiatri-ledere@
              ├─ teknik-miljoe-ledere@                      (a room is in it by mistake)
              ├─ kultur-fritid-ledere@                      (three guests)
              ├─ arbejdsmarked-ledere@
              └─ stab-ledere@                               (one person without an address)
tr@   amr@   med@ (contains tr@)   barsel@ (some of the leaders)
```
`leaders` counts the ordinary leaders that an invitation to `alle-ledere@` is to reach; disabled accounts,
the person without an address, guests, the shared mailbox and the room come on top. Deterministic by seed.
Our Teams app is installed for all of them but every eighth leader.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files

from bot.sandbox.directory import Purpose, User
from bot.sandbox.people import MadeUpPerson, make_up_people
from bot.sandbox.tenant import Tenant

DOMAIN = "norddjurs.example"
ORGANISER = f"lederudvikling@{DOMAIN}"
HR = f"hr@{DOMAIN}"
ALL_LEADERS = f"alle-ledere@{DOMAIN}"
ROOMS = (f"sal-1@{DOMAIN}", f"sal-2@{DOMAIN}")

# Group, department, and its share of the leaders in per cent; the last takes the rest.
LEADER_GROUPS: tuple[tuple[str, str, int], ...] = (
    ("koncernledelse", "Koncernledelsen", 2),
    ("skoleledere", "Børn og Unge", 15),
    ("dagtilbudsledere", "Børn og Unge", 15),
    ("hjemmeplejeledere", "Social og Sundhed", 10),
    ("plejecenterledere", "Social og Sundhed", 10),
    ("plejecenter-nord-ledere", "Social og Sundhed", 5),
    ("handicap-psykiatri-ledere", "Social og Sundhed", 9),
    ("teknik-miljoe-ledere", "Teknik og Miljø", 12),
    ("kultur-fritid-ledere", "Kultur og Fritid", 6),
    ("arbejdsmarked-ledere", "Arbejdsmarked", 8),
    ("stab-ledere", "Stab", 8),
)
PARENTS: dict[str, tuple[str, ...]] = {
    "boern-unge-ledere": ("skoleledere", "dagtilbudsledere"),
    "plejecenterledere": ("plejecenter-nord-ledere",),
    "sosu-ledere": ("hjemmeplejeledere", "plejecenterledere", "handicap-psykiatri-ledere"),
    "alle-ledere": (
        "koncernledelse", "boern-unge-ledere", "sosu-ledere", "teknik-miljoe-ledere",
        "kultur-fritid-ledere", "arbejdsmarked-ledere", "stab-ledere",
    ),
}  # fmt: skip
EVERY_NTH_ENGLISH = 50
EVERY_NTH_ALIAS = 20
EVERY_NTH_IN_TWO_GROUPS = 25
EVERY_NTH_WITHOUT_APP = 8
DISABLED, TR, AMR, ON_LEAVE = 4, 30, 20, 6


def municipality(*, seed: int = 1, leaders: int = 400, now: datetime | None = None) -> Tenant:
    """Return the tenant of the fictional municipality with `leaders` ordinary leaders.

    `now` (aware) makes its time stand still there; None follows real time.
    """
    tenant = Tenant(DOMAIN, now=now)
    directory = tenant.directory
    directory.add_shared_mailbox("Lederudvikling", ORGANISER)
    directory.add_shared_mailbox("HR", HR)
    directory.add_room("Sal 1", ROOMS[0], capacity=200, building="Rådhuset")
    directory.add_room("Sal 2", ROOMS[1], capacity=60, building="Rådhuset")
    for name, department, _ in LEADER_GROUPS:
        directory.add_group(_title(name), _mail(name), description=department)
    for name, children in PARENTS.items():
        if directory.find_group(_mail(name)) is None:
            directory.add_group(_title(name), _mail(name))
        for child in children:
            directory.join(_mail(name), _mail(child))
    people = make_up_people(seed, DOMAIN)
    everyone = _add_leaders(tenant, people, leaders)
    _add_odd_cases(tenant, people)
    _add_representatives(tenant, people, everyone)
    without = {leader.id for leader in everyone[EVERY_NTH_WITHOUT_APP - 1 :: EVERY_NTH_WITHOUT_APP]}
    tenant.teams.publish(
        json.loads(files("config").joinpath("teams", "manifest.json").read_text(encoding="utf-8"))
    )
    tenant.teams.installed |= {
        user.id
        for user in directory.users.values()
        if user.enabled
        and user.user_type == "Member"
        and user.purpose is Purpose.USER
        and user.id not in without
    }
    return tenant


def _mail(name: str) -> str:
    return f"{name}@{DOMAIN}"


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _add_leaders(tenant: Tenant, people: Iterator[MadeUpPerson], leaders: int) -> list[User]:
    everyone: list[User] = []
    for place, (group, department, share) in enumerate(LEADER_GROUPS):
        last = place == len(LEADER_GROUPS) - 1
        count = leaders - len(everyone) if last else leaders * share // 100
        for made_up in itertools.islice(people, count):
            number = len(everyone) + 1
            everyone.append(_add_leader(tenant, made_up, group, department, number))
    _give_managers(everyone)
    return everyone


def _give_managers(everyone: list[User]) -> None:
    """The first leader of each department manages its others, and the first of all those."""
    first: dict[str | None, User] = {}
    for leader in everyone:
        head = first.setdefault(leader.department, leader)
        leader.manager = head.id if head is not leader else everyone[0].id
    if everyone:
        everyone[0].manager = None


def _add_leader(tenant: Tenant, made_up: MadeUpPerson, group: str, department: str, number: int) -> User:
    local = made_up.mail.split("@")[0]
    user = tenant.directory.add_person(
        made_up.name,
        made_up.mail,
        _mail(group),
        job_title=made_up.title,
        department=department,
        language="en-GB" if number % EVERY_NTH_ENGLISH == 0 else "da-DK",
        aliases=(f"{local}@alias.{DOMAIN}",) if number % EVERY_NTH_ALIAS == 0 else (),
    )
    if number % EVERY_NTH_IN_TWO_GROUPS == 0:
        tenant.directory.join(_mail("stab-ledere"), user.id)
    return user


def _add_odd_cases(tenant: Tenant, people: Iterator[MadeUpPerson]) -> None:
    directory = tenant.directory
    for made_up in itertools.islice(people, DISABLED):
        directory.add_person(
            made_up.name, made_up.mail, _mail("teknik-miljoe-ledere"), enabled=False, job_title=made_up.title
        )
    nameless = next(people)
    directory.add_user(
        nameless.name, None, upn=nameless.mail, groups=[_mail("stab-ledere")], job_title=nameless.title
    )
    for made_up in itertools.islice(people, 3):
        outside = made_up.mail.replace(DOMAIN, "partner.example")
        directory.add_user(made_up.name, outside, user_type="Guest", groups=[_mail("kultur-fritid-ledere")])
    office = directory.add_shared_mailbox("Skolekontoret", _mail("skolekontoret"))
    directory.join(_mail("skoleledere"), office.id)
    directory.join(_mail("teknik-miljoe-ledere"), ROOMS[1])


def _add_representatives(tenant: Tenant, people: Iterator[MadeUpPerson], leaders: list[User]) -> None:
    directory = tenant.directory
    for name, title in (
        ("tr", "Tillidsrepræsentanter"),
        ("amr", "Arbejdsmiljørepræsentanter"),
        ("med", "MED-udvalg"),
        ("barsel", "Barsel"),
    ):
        directory.add_group(title, _mail(name))
    for group, title, count in (("tr", "Tillidsrepræsentant", TR), ("amr", "Arbejdsmiljørepræsentant", AMR)):
        for made_up in itertools.islice(people, count):
            directory.add_person(made_up.name, made_up.mail, _mail(group), job_title=title, language="da-DK")
    directory.join(_mail("med"), _mail("tr"))
    for leader in leaders[::40]:
        directory.join(_mail("med"), leader.id)
    for leader in leaders[10 :: max(1, len(leaders) // ON_LEAVE)][:ON_LEAVE]:
        directory.join(_mail("barsel"), leader.id)
