"""What FastAPI reads of a route, read once in a process: hundreds of tests put the same pages up, each over books of its own.

A route's function is made anew for each site, but its code, and so what it asks of a request, is the same.
"""

from __future__ import annotations

import contextlib
from dataclasses import fields as fields_of
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import routing
from fastapi.dependencies import models, utils
from fastapi.dependencies.models import Dependant
from fastapi.utils import create_model_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHAT_IS_ASKED = [field.name for field in fields_of(Dependant)]


@contextlib.contextmanager
def routes_read_once() -> Iterator[None]:
    """While the block runs; the functions that are called are each site's own."""
    asked: dict[object, Dependant] = {}
    bodies: dict[object, tuple[list[Any], Any]] = {}
    returned: dict[object, Any] = {}
    read, body_of, return_of = utils.get_dependant, utils._get_body_field, utils.get_typed_return_annotation

    def get_dependant(*, path: str, call: Callable[..., Any], **more: Any) -> Dependant:
        code = getattr(call, "__code__", None)
        # What stands in a signature stands in a module; only what a function was given by default may differ.
        key = (path, code, repr(getattr(call, "__defaults__", None)), repr(getattr(call, "__kwdefaults__", None)), repr(more))
        if code is None:
            return read(path=path, call=call, **more)
        if key not in asked:
            asked[key] = read(path=path, call=call, **more)
        known = asked[key]
        made = Dependant(*[getattr(known, name) for name in WHAT_IS_ASKED])
        made.call, made.dependencies = call, [*made.dependencies]
        return made

    def get_body_field(*, body_params: list[Any], name: str, embed_body_fields: bool) -> Any:
        key = (name, embed_body_fields, *map(id, body_params))
        if key not in bodies:
            # Kept beside it, so that no other field gets one of these ids.
            bodies[key] = body_params, body_of(body_params=body_params, name=name, embed_body_fields=embed_body_fields)
        return bodies[key][1]

    def get_typed_return_annotation(call: Callable[..., Any]) -> Any:
        code = getattr(call, "__code__", call)
        if code not in returned:
            returned[code] = return_of(call)
        return returned[code]

    with pytest.MonkeyPatch.context() as patched:
        for module in (routing, utils):
            patched.setattr(module, "get_dependant", get_dependant)
        for kind in ("_is_gen_callable_cached", "_is_async_gen_callable_cached", "_is_coroutine_callable_cached"):
            patched.setattr(models, kind, _by_code(getattr(models, kind)))
        patched.setattr(routing, "create_model_field", _once_for_each_type(create_model_field))
        patched.setattr(routing, "_get_body_field", get_body_field)
        patched.setattr(routing, "get_typed_return_annotation", get_typed_return_annotation)
        yield


def _by_code(look: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Whether a function waits or gives piece by piece is told by its code; of all else it is found out."""
    known: dict[object, bool] = {}

    def looked(identity: Any) -> bool:
        call = identity.call
        if not isinstance(call, FunctionType) or hasattr(call, "__wrapped__"):
            return look(identity)
        if call.__code__ not in known:
            known[call.__code__] = look(identity)
        return known[call.__code__]

    return looked


def _once_for_each_type(make: Callable[..., Any]) -> Callable[..., Any]:
    """What is made of the type of an answer, under the name of its route."""
    made: dict[object, tuple[Any, Any]] = {}

    def field(*, name: str, type_: Any, **more: Any) -> Any:
        key = (name, id(type_), repr(more))
        if key not in made:
            # Kept beside it, so that no other type gets its id.
            made[key] = type_, make(name=name, type_=type_, **more)
        return made[key][1]

    return field
