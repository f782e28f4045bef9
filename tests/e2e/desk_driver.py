"""A service with its desk and a provider, and people with browsers at it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import httpx
import yaml

from bot.domain.sign_in import Role
from bot.sandbox.issuer import Account, Issuer
from bot.sandbox.municipality import ORGANISER
from bot.web.server import served
from jobs.registry import JOBS
from jobs.service import app_of
from tests.builders.signing_in import free_port, pressed
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import at_work, settings_for

if TYPE_CHECKING:
    from tests.builders.houses import House
    from tests.e2e.driver import World

SECRET = "0123456789abcdef0123456789abcdef"
HR = Account(id="aaaaaaaa-0000-4000-8000-000000000001", address="hanne.prove@norddjurs.example", name="Hanne Prøve", roles=(Role.HR,))
DIRECTOR = Account(
    id="aaaaaaaa-0000-4000-8000-000000000002", address="dorte.prove@norddjurs.example", name="Dorte Prøve", roles=(Role.DIRECTOR,)
)
READER = Account(
    id="aaaaaaaa-0000-4000-8000-000000000003", address="laila.prove@norddjurs.example", name="Laila Prøve", roles=(Role.READER,)
)


class Person:
    """Somebody with a browser at the desk."""

    def __init__(self, home: str) -> None:
        self.browser = httpx.Client(base_url=home, headers={"Accept-Language": "da"}, timeout=30)

    def sign_in(self, account: Account) -> httpx.Response:
        return self.browser.get(pressed(self.browser, account.id))

    def read(self, address: str) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.text

    def send(self, address: str, page: str, /, **fields: object) -> httpx.Response:
        found = re.search(r'name="proof" value="([^"]+)"', page)
        proof = found[1] if found else ""
        origin = str(self.browser.base_url).rstrip("/")
        return self.browser.post(address, data={"proof": proof} | fields, headers={"Origin": origin})


def at_the_desk(
    world: World, story: Callable[..., Awaitable[None]], *, also: tuple[Account, ...] = (), house: House | None = None, **changes: object
) -> None:
    """Play a story with a service, its pages and a provider; `person(account)` is somebody who has signed in, one of those `also` too.

    `person.token` makes a program's token, `person.app` is what answers. The pages are served by a server of their own, or in this house.
    """

    async def scene() -> None:
        theirs = free_port()
        home = house.home if house else f"http://127.0.0.1:{free_port()}"
        ours, issuer_url = int(home.rpartition(":")[2]), f"http://127.0.0.1:{theirs}"
        accounts = (HR, DIRECTOR, READER, leader(world), *also)
        issuer = Issuer(base_url=issuer_url, client_id="kursusbot", client_secret="hemmelig", accounts=accounts)
        signin = {"issuer": issuer_url, "client_id": "kursusbot", "client_secret": "hemmelig"}
        web = {"base_url": home, "secret_key": SECRET, "port": ours}
        settings = settings_for(world, signin=signin, web=web, approval="plan", **changes)
        opened: list[Person] = []

        async def person(account: Account, **spoilt: object) -> Person:
            issuer.spoil = lambda claims, _header: claims.update(spoilt)
            opened.append(Person(home))
            await asyncio.to_thread(opened[-1].sign_in, account)
            return opened[-1]

        def token(account: Account, **spoilt: object) -> str:
            issuer.spoil = lambda claims, _header: claims.update(spoilt)
            return issuer.id_token({"who": account.id, "nonce": "n", "at": str(time.time())})

        person.token = token  # type: ignore[attr-defined]
        try:
            async with at_work(settings) as service:
                app = app_of(service)
                person.app = app  # type: ignore[attr-defined]
                pages = house.lived_in(app) if house else served(app, port=ours)
                with served(issuer.app(), port=theirs), pages:
                    for label in service.plans.shelves:
                        await service.runner.run(label, JOBS["sync_plan"])
                    await story(service, person)
        finally:
            for one in opened:
                one.browser.close()

    asyncio.run(scene())


def leader(world: World) -> Account:
    """Somebody of the audience."""
    users = world.tenant.directory.users.values()
    user = next(user for user in users if user.mail and not user.is_room and user.mail != ORGANISER)
    return Account(id=user.id, address=user.mail, name=user.display_name)


def write_plan(world: World, **changes: object) -> None:
    world.write(make_plan(make_course(**changes), audiences=people(leader(world).address)))


def two_plans(world: World, **desk: list[str]) -> dict[str, str]:
    """Plan `demo` as it is, and `skole` with a `[desk]` of its own; what a service needs for both."""
    write_plan(world)
    folder = world.folder / "plans"
    folder.mkdir()
    (folder / "demo.yaml").write_text(world.plan_file.read_text(encoding="utf-8"), encoding="utf-8")
    course = make_course("skoleleder", title="Skolernes lederdag")
    plan = make_plan(course, id="skole", organisation="Skolerne", audiences=people(leader(world).address))
    (folder / "skole.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    lines = [f"{name} = {entries!r}" for name, entries in desk.items()]
    (folder / "skole.toml").write_text("\n".join(["[desk]", *lines]), encoding="utf-8")
    return {"plans": str(folder)}


def checksums(page: str) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', page)
