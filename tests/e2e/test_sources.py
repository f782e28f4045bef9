"""Where a plan comes from makes no difference: YAML or Excel, a file or a sharing link."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml

from bot.domain.probing import Probe, found
from config.graph_settings import GateOf
from jobs.registry import JOBS
from jobs.service import open_service
from tests.e2e.driver import REPOSITORY
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import folder_of, settings_for

if TYPE_CHECKING:
    from tests.e2e.driver import World

LINK = "https://norddjurs.sharepoint.example/:x:/s/hr/EaBcDeF?e=abc123"


def test_the_municipality_s_plan_is_the_same_in_both_forms(world: World) -> None:
    """Synced from YAML, nothing is left to change from the workbook."""
    for kind in ("yaml", "xlsx"):
        shutil.copy(REPOSITORY / "config" / "plans" / f"norddjurs.{kind}", world.folder / f"norddjurs.{kind}")
    ran = world.run("--plan", "norddjurs.yaml", "sync", "--yes", "--format", "json")
    assert ran.code == 0
    assert [change["session"] for change in ran.changes] == ["norddjurs/lederdag-2025/main/dag"]
    assert len(ran.people_mailed) == ran.json["mails"]
    other = world.run("--plan", "norddjurs.xlsx", "sync", "--yes", "--format", "json")
    assert (other.code, other.changes, other.writes) == (0, [], ())
    world.tenant.calendars.events.clear()  # they carry another plan's stamp, which the rules call foreign


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
def test_a_starter_plan_can_be_synced_as_it_is(world: World, kind: str) -> None:
    """Given its mailbox and its groups."""
    assert world.run("init", "start.yaml").code == 0
    plan = yaml.safe_load((world.folder / "start.yaml").read_text(encoding="utf-8"))
    world.tenant.directory.add_shared_mailbox("Kurser", plan["organiser"])
    for audience in plan["audiences"].values():
        for group in (*audience.get("groups", ()), *audience.get("exclude", ())):
            world.tenant.directory.add_group(group, group, members=["hr@norddjurs.example"])
    assert kind == "yaml" or world.run("init", "start.xlsx").code == 0
    ran = world.run("--plan", f"start.{kind}", "preview", "--format", "json")
    assert ran.code == 0
    assert {change["action"] for change in ran.changes} <= {"create"}


def test_a_plan_behind_a_sharing_link_is_fetched_with_the_app_s_rights(world: World) -> None:
    """The token goes to Graph and not to the address that Graph points to; the link is a key and never logged."""
    world.write(make_plan(make_course(), audiences=people("anna@norddjurs.example")))
    world.tenant.files.put(LINK, world.plan_file.read_bytes(), name="kursusplan.yaml")
    ran = world.sync(PLAN=LINK)
    assert ran.json["mails"] == 1
    assert world.run("check", LINK, "--format", "json").json["ok"] is True
    assert not [line for line in ran.err.splitlines() if "EaBcDeF" in line or "abc123" in line]
    world.write(make_plan(make_course(title="Ny titel"), audiences=people("anna@norddjurs.example")))
    world.tenant.files.put(LINK, world.plan_file.read_bytes(), name="kursusplan.yaml")
    assert world.sync(PLAN=LINK).people_mailed == {("update", "anna@norddjurs.example"): 1}


def test_who_fetches_a_plan_behind_a_link_also_works_for_it_whatever_is_found_of_the_tenant(world: World) -> None:
    """One client, so one token and one count of the requests at once; a second plan with the same sign-in shares it."""
    folder = folder_of(world)
    (folder / "andet.yaml").write_text(yaml.safe_dump(make_plan(make_course(), id="andet")), "utf-8")
    world.write(make_plan(make_course(), audiences=people("anna@norddjurs.example")))
    world.tenant.files.put(LINK, world.plan_file.read_bytes(), name="kursusplan.yaml")

    async def scene() -> None:
        async with open_service(settings_for(world, plans=[LINK, str(folder / "andet.yaml")])) as service:
            (client,) = service.clients.opened.values()
            for reading, holds in (("mailbox", GateOf.MAILBOX), ("app", GateOf.APP)):
                finding = found("concurrency", reading)
                service.stores.probes.save(Probe(mailbox="proeve@by.example", at=datetime.now(UTC), findings=(finding,)))
                for plan in ("demo", "andet"):
                    run, _ = await service.runner.run(plan, JOBS["sync_plan"])
                    assert run.is_good
                await service.plans.look()
                assert [*service.clients.opened.values()] == [client]
                assert client.requests_are_of is holds

    asyncio.run(scene())


def test_a_link_that_leads_nowhere_is_told(world: World) -> None:
    ran = world.run("preview", PLAN=LINK)
    assert ran.code in {2, 4}
    assert ran.out == ""
    assert "EaBcDeF" not in ran.err


def test_a_plan_with_errors_behind_a_link_is_refused_as_any_other(world: World) -> None:
    world.tenant.files.put(LINK, b"version: 1\n", name="kursusplan.yaml")
    ran = world.run("sync", "--yes", PLAN=LINK)
    assert (ran.code, ran.out, ran.writes) == (2, "", ())
    assert "linje" in ran.err
