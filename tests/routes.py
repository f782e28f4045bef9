"""What FastAPI reads of a route, read once in a process: hundreds of tests put the same pages up, each over books of its own.

A route's function is made anew for each site, but its code, and so what it asks of a request, is the same.
"""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import routing
from fastapi.dependencies import utils

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi.dependencies.models import Dependant


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
        made = copy.copy(asked[key])
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
        patched.setattr(routing, "_get_body_field", get_body_field)
        patched.setattr(routing, "get_typed_return_annotation", get_typed_return_annotation)
        yield
