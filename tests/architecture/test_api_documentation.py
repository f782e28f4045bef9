"""The page about the API names every request and every problem that there is, and no other."""

from __future__ import annotations

import tomllib

from bot.clock import SystemClock
from bot.web.api.parts import ApiParts, programs_door
from config.sign_in import SignInSettings
from tests.architecture.pages import DOCS, quoted, rows
from tests.architecture.sources import ROOT

PAGE = DOCS / "api.md"


def test_every_request_has_its_row():
    """With its method."""
    signin = SignInSettings(issuer="http://127.0.0.1:9", client_id="kursusbot", client_secret="hemmelig")
    door = programs_door(ApiParts(settings=signin, desks={}, secret="k" * 32, clock=SystemClock().now, wake=print, reach=print))
    mounted = {f"{method} {route.path}" for route in door.router.routes for method in route.methods}
    told = {quoted(row[0])[0] for row in rows(PAGE, "request", "role", "answers")}
    assert told == mounted - {"GET /api/v1/openapi.json"}


def test_every_problem_has_its_row():
    """By its code."""
    known = tomllib.loads((ROOT / "bot/i18n/da/api.toml").read_text(encoding="utf-8"))["problem"].keys()
    assert {code for row in rows(PAGE, "`code`", "status") for code in quoted(row[0])} == set(known)
