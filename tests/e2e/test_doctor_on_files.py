"""`doctor` about the file of a plan in SharePoint: whether it can be looked at, by which right, and how saves are seen."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from tests.e2e.examined import examined
from tests.e2e.listening import listening_to
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.e2e.driver import World

LINK = "https://norddjurs.sharepoint.example/:x:/s/hr/EaBcDeF?e=abc123"
ALL_ELSE = {
    "Calendars.ReadWrite",
    "Calendars.Read",
    "Mail.Read",
    "Mail.ReadWrite",
    "User.Read.All",
    "GroupMember.Read.All",
    "MailboxSettings.Read",
}


@pytest.fixture
def place(world: World) -> str:
    """The plan lies in SharePoint."""
    world.write(make_plan(make_course(), audiences=people("anna@norddjurs.example")))
    found = world.tenant.files.put(LINK, world.plan_file.read_bytes(), name="Kurser 2027.yaml", by="HR Skribent")
    return f"drives/{world.tenant.files.DRIVE_ID}/items/{found.item_id}"


def signed_in_with(world: World, *roles: str) -> dict[str, str]:
    """The app has these rights, and its token says so."""
    pieces = ({"alg": "none"}, {"roles": sorted({*roles, *ALL_ELSE})})
    token = ".".join([*(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in pieces), "signed"])
    world.tenant.settings.tokens.add(token)
    world.tenant.settings.roles = {*roles, *ALL_ELSE}
    return {"GRAPH__STATIC_TOKEN": token}


@pytest.mark.parametrize("role", ["Files.SelectedOperations.Selected", "Sites.Selected"])
def test_a_grant_on_the_file_is_named_and_enough(world: World, place: str, role: str) -> None:
    found = examined(world, code=0, PLAN=place, **signed_in_with(world, role))
    assert found["file"][0] == "ok"
    assert f"Filen »Kurser 2027.yaml« kan ses. Rettighed: {role}." in found["file"][1]
    assert "kigges efter ændringer hvert minut" in found["file"][1]
    assert "alle filer" not in found["file"][1]


def test_a_right_to_every_file_is_more_than_is_needed(world: World, place: str) -> None:
    found = examined(world, code=0, PLAN=place, **signed_in_with(world, "Files.Read.All"))
    assert "Files.Read.All giver adgang til alle filer" in found["file"][1]


def test_a_link_whose_file_is_not_shown_is_told_as_such(world: World, place: str) -> None:
    """Its content comes all the same."""
    found = examined(world, code=0, PLAN=LINK, **signed_in_with(world, "Files.Read.All"))
    assert found["file"][0] == "unknown"
    assert "hvert femte minut" in found["file"][1]
    assert "EaBcDeF" not in str(found)


TROUBLES: dict[str, tuple[Callable[[Any], None], int, str]] = {
    "taken away": (lambda file: setattr(file, "is_denied", True), 4, "plan"),
    "locked": (lambda file: setattr(file, "is_locked", True), 2, "plan"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_is_wrong_with_the_file_is_told_once(world: World, place: str, trouble: str) -> None:
    """A file that is held can be looked at all the same, and that is said."""
    happens, code, check = TROUBLES[trouble]
    happens(world.tenant.files.files[LINK])
    found = examined(world, code=code, PLAN=place)
    assert found[check][0] == "failed"
    assert ("file" in found) is (trouble == "locked")


def test_without_sign_in_nothing_is_asked(world: World, place: str) -> None:
    world.tenant.settings.tokens.clear()
    found = examined(world, code=4, PLAN=place)
    assert found["file"][0] in {"skipped", "failed"}


def test_no_line_about_a_file_that_lies_here(world: World) -> None:
    world.write(make_plan(make_course()))
    assert "file" not in examined(world, code=0)


def test_whether_saves_are_told_at_once_is_said_with_what_it_would_take(world: World, place: str) -> None:
    """The subscription is the service's; here it is looked for in the books."""
    world.sync()
    with listening_to(world, plan=place) as listening:
        web = {"WEB__BASE_URL": listening.address, "WEB__SECRET_KEY": "en-lang-hemmelighed-som-kun-findes-i-test"}
        world.tenant.settings.roles = {"Files.SelectedOperations.Selected", *ALL_ELSE}
        listening.renew()
        assert "hele biblioteket (Files.ReadWrite.All). Det er ikke nødvendigt" in examined(world, code=0, PLAN=place, **web)["file"][1]
        world.tenant.settings.roles = None
        listening.renew()
        assert "Microsoft siger til, når nogen gemmer, indtil" in examined(world, code=0, PLAN=place, **web)["file"][1]


def test_a_look_asks_for_a_few_properties_alone(world: World, place: str) -> None:
    world.tenant.journal.clear()
    examined(world, code=0, PLAN=place)
    looks = [one for one in world.tenant.journal.entries if "/drives/" in one.path and "content" not in one.path]
    assert len(looks) == 1
