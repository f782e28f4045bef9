"""Papers set once in a process: the same facts are the same bytes (`bot.typesetting`, whose own tests hold that)."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import pytest
import typst

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 64
SET_ANEW = typst.compile


@contextlib.contextmanager
def papers_set_once() -> Iterator[None]:
    """While the block runs, a paper that was set in an earlier one is given again; what cannot be set is tried anew each time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typst, "compile", _compiled)
        yield


def _compiled(source: bytes, *, sys_inputs: dict[str, str], pdf_standards: list[str], **others: Any) -> Any:
    return _kept(source, tuple(sys_inputs.items()), tuple(pdf_standards), tuple(others.items()))


@functools.lru_cache(KEPT)
def _kept(source: bytes, inputs: tuple[tuple[str, str], ...], standards: tuple[str, ...], others: tuple[tuple[str, Any], ...]) -> Any:
    return SET_ANEW(source, sys_inputs=dict(inputs), pdf_standards=[*standards], **dict(others))
