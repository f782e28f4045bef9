"""The timer's backup: a copy that was restored once before it counts."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.e2e.as_it_was import synced
from tests.e2e.driver import REPOSITORY
from tests.e2e.plans import make_course, make_plan

if TYPE_CHECKING:
    from tests.e2e.driver import World

SCRIPT = REPOSITORY / "config/deploy/kursusbot-backup"


def backed_up(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script, as the unit calls it, with this checkout's program."""
    program = world.folder / "kursusbot"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot.cli.main "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = world.environment() | {"PYTHONPATH": str(REPOSITORY), "PROGRAM": str(program)}
    command = ["bash", str(SCRIPT), str(world.folder / "backups"), *arguments]
    return subprocess.run(command, cwd=world.folder, env=environment, capture_output=True, text=True, check=False)


def test_a_backup_that_can_be_restored_is_kept_and_old_ones_go(world: World) -> None:
    """It holds what was there, is its owner's alone, and leaves nothing else behind."""
    synced(world, make_plan(make_course()))
    before = world.registrations()
    folder = world.folder / "backups"
    folder.mkdir()
    old = folder / "kursusbot-2020-01-01T000000Z.db"
    theirs = folder / "notes.txt"
    for file in (old, theirs):
        file.touch()
        os.utime(file, (time.time() - 90 * 86400,) * 2)
    ran = backed_up(world)
    assert ran.returncode == 0, ran.stderr
    (copy,) = folder.glob("kursusbot-*.db")
    assert ran.stdout.strip() == str(copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(folder.iterdir()) == sorted([copy, theirs])
    world.lose_database()
    world.database_file.write_bytes(copy.read_bytes())
    assert world.registrations() == before
    assert world.sync().mails == ()


def test_a_plan_behind_a_link_that_nobody_reaches_is_no_reason_to_have_no_backup(world: World) -> None:
    """The copy is what is tried, at night, without a sign-in."""
    synced(world, make_plan(make_course()))
    world.settings |= {
        "PLAN": "",
        "PLANS": '["https://norddjurs.sharepoint.example/:x:/s/hr/abc"]',
        "GRAPH__BASE_URL": "http://127.0.0.1:9/v1.0",
    }
    ran = backed_up(world)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_copy_that_knows_no_plan_is_an_error_and_takes_no_old_one_along(world: World) -> None:
    """Whoever copies the wrong database for a fortnight would else have none of the right one."""
    world.write(make_plan(make_course()))
    assert world.run("db", "upgrade").code == 0
    folder = world.folder / "backups"
    folder.mkdir()
    old = folder / "kursusbot-2020-01-01T000000Z.db"
    old.touch()
    os.utime(old, (time.time() - 90 * 86400,) * 2)
    ran = backed_up(world, "1")
    assert (ran.returncode, "knows no plan" in ran.stderr, old.exists()) == (1, True, True)
