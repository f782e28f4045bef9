"""What the pages look like is built from locked packages, complete, and from nowhere in particular."""

from __future__ import annotations

import json
import re

import pytest

from bot.web.assets.build import SCRIPTS
from bot.web.rendering import HERE, STATIC

ASSETS = HERE / "assets"


def test_the_lock_names_no_registry_and_has_a_hash_for_everything():
    """Whoever builds uses their own; the hashes make it the same packages."""
    lock = (ASSETS / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: facts for name, facts in json.loads(lock)["packages"].items() if name}
    ours = {"dkfds", "htmx.org", "htmx-ext-sse", "@microsoft/teams-js", "axe-core", "adaptivecards"}
    theirs = {"base64-js", "debug", "ms", "swiper"}
    assert packages.keys() == {f"node_modules/{name}" for name in ours | theirs}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert "://" not in lock
    assert "omit-lockfile-registry-resolved=true" in (ASSETS / ".npmrc").read_text(encoding="utf-8")


def test_everything_that_the_style_refers_to_is_there():
    """Fonts and icons beside the style sheet, and nothing from elsewhere."""
    style = (STATIC / "css" / "dkfds.css").read_text(encoding="utf-8")
    named = {name.strip("\"'") for name in re.findall(r"url\(([^)]*)\)", style)}
    ours = {name for name in named if not name.startswith("data:")}
    assert any(name.endswith(".woff2") for name in ours)
    assert [name for name in ours if not (STATIC / "css" / name.partition("?")[0]).resolve().is_file()] == []
    assert "sourceMappingURL" not in style


def test_the_style_of_ours_is_the_one_that_was_built():
    """Set-up builds again whenever it changed."""
    assert (STATIC / "css" / "site.css").read_bytes() == (ASSETS / "site.css").read_bytes()


def test_the_licences_come_with_the_files():
    """Style MIT, fonts OFL, icons Apache."""
    licence = (STATIC / "LICENSE-dkfds.md").read_text(encoding="utf-8")
    assert "MIT" in licence
    assert "SIL" in licence or "OFL" in licence


@pytest.mark.parametrize(("packed", "served"), SCRIPTS.items())
def test_a_script_is_served_as_its_package_has_it(packed, served):
    """Nothing is added, and its licence comes with it."""
    assert (STATIC / served).read_bytes() == (ASSETS / "node_modules" / packed).read_bytes()
