"""What is imported by name when it is asked is what its port says: nobody else holds a name against a port before it is called."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from dataclasses import fields

import bot.ports
from bot.graph.client import GraphClient
from bot.opening.stores import Stores, open_stores
from bot.opening.tenant import Microsoft365, tenant_of
from bot.opening.when_asked import WhenAsked
from config.graph_settings import GraphSettings
from config.settings import Settings
from tests.builders.samples import make_course, make_plan


def ports():
    """Every protocol by its name."""
    modules = [importlib.import_module(f"bot.ports.{one.name}") for one in pkgutil.iter_modules(bot.ports.__path__)]
    return {name: found for module in modules for name, found in vars(module).items() if getattr(found, "_is_protocol", False)}


def asked_of(port):
    """What a caller may ask of it, its own bases' included."""
    every = (
        name
        for base in port.__mro__
        if getattr(base, "_is_protocol", False)
        for name in (*vars(base), *getattr(base, "__annotations__", ()))
    )
    return {name for name in every if not name.startswith("_")}


def parameters(function):
    """What it takes, by kind, and by name where only the name says which; without what it says of types."""
    taken = [one for one in inspect.signature(function).parameters.values() if one.name != "self"]
    return [(one.kind, one.default is one.empty, one.name if one.kind is one.KEYWORD_ONLY else "") for one in taken]


def assert_each_is_its_port(whole, made):
    """Returns how many there were."""
    known, held = ports(), 0
    for field in fields(made):
        one = getattr(whole, field.name)
        if not isinstance(one, WhenAsked):
            continue
        port = known[str(field.type).removesuffix(" | None")]
        for name in asked_of(port):
            assert hasattr(one, name), f"{field.name} has no {name}"
            wanted = getattr(port, name, None)
            if inspect.isfunction(wanted):
                assert parameters(getattr(one, name)) == parameters(wanted), f"{field.name}.{name}"
        held += 1
    return held


def test_every_book_that_is_opened_when_it_is_asked_is_what_its_port_says(tmp_path):
    """Nearly thirty of them: what most commands ask nothing."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/a.db")
    with open_stores(settings) as stores:
        assert assert_each_is_its_port(stores, Stores) > 25


def test_every_side_of_microsoft_365_that_is_opened_when_it_is_asked_is_what_its_port_says():
    """All but calendar and directory, and what has a part in every request: accounts."""
    settings = Settings(graph=GraphSettings(base_url="http://127.0.0.1:9/v1.0", credential="static_token", static_token="t" * 20))

    async def held():
        async with GraphClient(settings.graph) as client:
            return assert_each_is_its_port(tenant_of(client, settings, make_plan(make_course())), Microsoft365)

    assert asyncio.run(held()) == 10
